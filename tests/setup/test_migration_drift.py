from api.server.migrate import drift


def test_models_and_migrations_agree(database_url: str) -> None:
    assert drift(database_url) == []
