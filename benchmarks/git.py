"""The other side of what is pulled: a repository, served by git's own daemon through a relay."""

import asyncio
import os
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter

from benchmarks.figures import Scale
from benchmarks.library import Drawn, write_file
from benchmarks.places import end, free_port
from benchmarks.relay import Relay, relay

ENVIRONMENT = {
    "PATH": os.defpath,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "author",
    "GIT_AUTHOR_EMAIL": "author@example.org",
    "GIT_COMMITTER_NAME": "author",
    "GIT_COMMITTER_EMAIL": "author@example.org",
}
Counted = tuple[int, float]
"""Bytes in both directions, and seconds."""


class Git:
    """The same words in a repository, served by git's own daemon through a relay."""

    def __init__(self, folder: Path, counted: Relay) -> None:
        self.origin, self.clone = folder / "origin", folder / "clone"
        self.counted = counted
        self.drawn = Drawn.begin()
        self.texts: list[tuple[str, str]] = []
        self.first: Counted = (0, 0)

    async def fill(self, scale: Scale) -> None:
        """Commit every answer in one commit, and then some again."""
        self.origin.mkdir(parents=True)
        await self._git("init", "--quiet")
        for number in range(scale.items):
            self.texts.append((f"Answer {number}", self.drawn.text()))
            write_file(self.origin, *self.texts[-1])
        await self._commit()
        for number in range(scale.releases):
            await self.reword(number % scale.items)
        await self._git("gc", "--quiet")

    async def reword(self, number: int) -> None:
        """Commit an answer in new words."""
        title, text = self.texts[number]
        self.texts[number] = (title, self.drawn.again(text))
        write_file(self.origin, *self.texts[number])
        await self._commit()

    async def cloned(self) -> Counted:
        """Clone everything."""
        where = f"git://127.0.0.1:{self.counted.port}/origin"
        return await self._timed("clone", "--quiet", where, str(self.clone))

    async def changed(self) -> Counted:
        """Fetch one answer that has changed."""
        await self.reword(0)
        return await self.idle()

    async def idle(self) -> Counted:
        """Fetch where nothing has changed."""
        return await self._timed("-C", str(self.clone), "fetch", "--quiet")

    async def many(self, commits: int) -> None:
        """Commit as often, each time a few hundred bytes of one of many files."""
        branch = (await _told("-C", str(self.origin), "symbolic-ref", "HEAD")).strip()
        parent = (await _told("-C", str(self.origin), "rev-parse", "HEAD")).strip()
        stream = "".join(
            _as_commit(branch, parent if number == 0 else "", number, self.drawn.sentence())
            for number in range(commits)
        )
        await _git_done(
            "-C",
            str(self.origin),
            "fast-import",
            "--quiet",
            "--date-format=now",
            given=stream.encode(),
        )

    async def _timed(self, *words: str) -> Counted:
        return await timed(self.counted, lambda: _git_done(*words))

    async def _commit(self) -> None:
        await self._git("add", "--all")
        await self._git("commit", "--quiet", "--message", "Reword an answer")

    async def _git(self, *words: str) -> None:
        await _git_done("-C", str(self.origin), *words)


def _as_commit(branch: str, parent: str, number: int, words: str) -> str:
    """Write a commit as fast-import reads it."""
    lines = [f"commit {branch}", "committer author <author@example.org> now", "data 5", "Event"]
    lines += [f"from {parent}"] if parent else []
    lines += [f"M 100644 inline events/{number}.txt", f"data {len(words.encode())}", words]
    return "\n".join(lines) + "\n"


async def _git_done(*words: str, given: bytes | None = None) -> None:
    process = await asyncio.create_subprocess_exec(
        "git",
        *words,
        env=ENVIRONMENT,
        stdin=DEVNULL if given is None else PIPE,
        stdout=DEVNULL,
        stderr=DEVNULL,
    )
    await process.communicate(given)
    if process.returncode:
        raise RuntimeError(f"git {words[-1]} failed.")


async def _told(*words: str) -> str:
    process = await asyncio.create_subprocess_exec("git", *words, env=ENVIRONMENT, stdout=PIPE)
    told, _ = await process.communicate()
    return told.decode().strip()


async def timed(counted: Relay, act: Callable[[], Awaitable[None]]) -> Counted:
    """Do something, and tell what passed meanwhile and how long it took."""
    counted.passed()
    began = perf_counter()
    await act()
    return counted.passed(), perf_counter() - began


@asynccontextmanager
async def repository(folder: Path, scale: Scale) -> AsyncIterator[Git]:
    """Fill a repository, serve it, and clone it once."""
    port = free_port()
    async with relay(free_port(), port) as counted:
        git = Git(folder, counted)
        await git.fill(scale)
        daemon = await asyncio.create_subprocess_exec(
            # itself and not by way of git, which would stay between
            str(Path(await _told("--exec-path")) / "git-daemon"),
            "--export-all",
            "--listen=127.0.0.1",
            f"--port={port}",
            f"--base-path={folder}",
            stdin=DEVNULL,
            stdout=DEVNULL,
            stderr=DEVNULL,
            start_new_session=True,
        )
        try:
            await _until_it_listens(port)
            git.first = await git.cloned()
            yield git
        finally:
            await end(daemon)


async def _until_it_listens(port: int) -> None:
    async with asyncio.timeout(20):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return
