"""The ground: table base, ids, session, outbox, migrations. Nothing else moves in."""
