"""A small database as lines of JSON: every table's rows, as an older version has left them."""

import gzip
import json
from pathlib import Path
from typing import Any

import asyncpg

TABLES = """
SELECT relname FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname
"""
COLUMNS = """
SELECT attname FROM pg_attribute
WHERE attrelid = quote_ident($1)::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
ORDER BY attnum
"""
REFERENCES = """
SELECT one.relname, other.relname FROM pg_constraint
JOIN pg_class one ON one.oid = conrelid
JOIN pg_class other ON other.oid = confrelid
WHERE contype = 'f' AND conrelid <> confrelid
"""
VERSION = "alembic_version"


async def dump(url: str, path: Path) -> None:
    """Write every row of a database; the rows of one table stand together."""
    connection = await asyncpg.connect(url)
    try:
        with gzip.GzipFile(path, "wb", mtime=0) as file:
            for table in await _tables(connection):
                rows = await connection.fetch(f'SELECT row_to_json(r) FROM "{table}" r')  # noqa: S608 -- a table's own name
                for row in sorted(json.loads(one[0]).items() for one in rows):
                    line = json.dumps([table, dict(row)], ensure_ascii=False)
                    file.write(line.encode() + b"\n")
    finally:
        await connection.close()


def read(path: Path) -> list[tuple[str, dict[str, Any]]]:
    """Read what `dump` wrote."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [(table, row) for table, row in map(json.loads, file)]


def version_of(rows: list[tuple[str, dict[str, Any]]]) -> str:
    """Give the migration at which a dump was taken."""
    [version] = [row["version_num"] for table, row in rows if table == VERSION]
    return str(version)


async def load(url: str, rows: list[tuple[str, dict[str, Any]]]) -> None:
    """Put rows into a database that stands at the same migration."""
    connection = await asyncpg.connect(url)
    try:
        for table in await _tables(connection):
            mine = [row for name, row in rows if name == table and name != VERSION]
            if not mine:
                continue
            names = ", ".join(f'"{row[0]}"' for row in await connection.fetch(COLUMNS, table))
            await connection.execute(
                f'INSERT INTO "{table}" ({names}) SELECT {names} '  # noqa: S608 -- its own names
                f'FROM json_populate_recordset(NULL::"{table}", $1)',
                json.dumps(mine),
            )
    finally:
        await connection.close()


async def counts(url: str) -> dict[str, int]:
    """Count the rows of every table."""
    connection = await asyncpg.connect(url)
    try:
        return {
            table: await connection.fetchval(f'SELECT count(*) FROM "{table}"')  # noqa: S608 -- a table's own name
            for table in await _tables(connection)
        }
    finally:
        await connection.close()


async def _tables(connection: Any) -> list[str]:
    """Name the tables, each after those to which it refers."""
    names = [row[0] for row in await connection.fetch(TABLES)]
    needs: dict[str, set[str]] = {name: set() for name in names}
    for table, other in await connection.fetch(REFERENCES):
        needs[table].add(other)
    ordered: list[str] = []
    while needs:
        ready = sorted(name for name, others in needs.items() if others <= set(ordered))
        ordered += ready
        for name in ready:
            del needs[name]
    return ordered
