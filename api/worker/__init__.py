"""The process that does what the outbox asks for: messages to partners, and jobs."""
