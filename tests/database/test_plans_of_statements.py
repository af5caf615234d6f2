from sqlalchemy import Integer, bindparam, func, select, text

from database.session import door, make_engine

OFTEN = 12
KEPT = text("""
    SELECT generic_plans, custom_plans FROM pg_prepared_statements
    WHERE statement LIKE '%current_database%' AND cardinality(parameter_types) > 0
""")


async def test_a_statement_is_planned_for_what_it_asks_however_often_it_is_asked(
    server_url: str,
) -> None:
    engine = make_engine(server_url, connections=1)
    asked = select(func.count()).where(
        func.length(func.current_database()) > bindparam("number", type_=Integer)
    )
    async with door(engine) as session:
        for _ in range(OFTEN):
            await session.execute(asked, {"number": 1})
        kept = (await session.execute(KEPT)).one()
    await engine.dispose()
    assert tuple(kept) == (0, OFTEN)
