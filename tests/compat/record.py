"""Record the demo that runs in a folder, for later versions to upgrade and to understand.

`python -m tests.compat.record .netreach tests/compat/0.1.0`, while `make demo` runs.
"""

import asyncio
import gzip
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import httpx2

from api.demo.postgres import start
from tests.compat.rows import dump

EVENTS = """
SELECT f.kind AS feed, f.subject, e.seq, e.kind, e.at, convert_from(e.payload, 'UTF8') AS payload
FROM feed_event e JOIN feed f ON f.id = e.feed_id WHERE e.payload IS NOT NULL
ORDER BY f.kind = 'private', f.id, e.seq
"""


async def record(folder: Path, into: Path) -> None:
    into.mkdir(parents=True, exist_ok=True)
    server = await asyncio.to_thread(start, folder / "postgres", throwaway=False)
    told = json.loads((folder / "demo.json").read_text())
    for node in told["nodes"]:
        name = node["name"].lower()
        url = server.url(name).replace("+asyncpg", "")
        await dump(url, into / f"{name}.rows.gz")
        connection = await asyncpg.connect(url)
        rows = [dict(row) for row in await connection.fetch(EVENTS)]
        await connection.close()
        with gzip.GzipFile(into / f"{name}.events.gz", "wb", mtime=0) as file:
            for row in rows:
                file.write(json.dumps(row, default=str, ensure_ascii=False).encode() + b"\n")
    async with httpx2.AsyncClient() as client:
        public = (await client.get(told["public"]["json"])).json()
    facts = {"taken_at": datetime.now(UTC).isoformat(), "pool": told["pool"]["slug"]}
    facts["hours"] = public["hours"]
    (into / "facts.json").write_text(json.dumps(facts, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    asyncio.run(record(Path(sys.argv[1]), Path(sys.argv[2])))
