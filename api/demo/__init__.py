"""The two-node demo, and the local PostgreSQL that it and the tests run on."""
