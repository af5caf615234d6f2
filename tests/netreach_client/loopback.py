"""A peer on a loopback socket that answers word for word as told: slow, broken or hostile."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Answer:
    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    hang_up: bool = False
    """Read the question, then close without a word."""
    silent: bool = False
    """Keep the connection until the peer stops, without a word."""
    drip: bool = False
    """Send the body again and again, without end."""


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class Peer(ThreadingHTTPServer):
    """Gives its answers in order, the last one again and again; keeps what it was asked."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, answers: list[Answer]) -> None:
        super().__init__(("127.0.0.1", 0), Speaker)
        self.answers = answers
        self.asked: list[Asked] = []
        self.stopping = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def next_answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        return self.answers[min(len(self.asked), len(self.answers)) - 1]


class Speaker(BaseHTTPRequestHandler):
    server: Peer
    protocol_version = "HTTP/1.1"

    def speak(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        asked = Asked(self.command, self.path, dict(self.headers), body)
        answer = self.server.next_answer(asked)
        if answer.silent:
            self.server.stopping.wait()
        if answer.hang_up or answer.silent:
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if not answer.drip:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)
        with suppress(ConnectionError):
            while answer.drip and not self.server.stopping.wait(0.02):
                self.wfile.write(answer.body)

    do_GET = do_POST = do_DELETE = speak  # noqa: N815 - http.server calls these names

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@contextmanager
def peer(*answers: Answer) -> Iterator[Peer]:
    server = Peer(list(answers))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        server.stopping.set()
        server.shutdown()
        thread.join()
        server.server_close()


def good(value: Any, status: int = 200) -> Answer:
    return Answer(status, json.dumps(value).encode(), {"Content-Type": "application/json"})


def problem(status: int, code: str, title: str, **more: Any) -> Answer:
    body = {"type": "about:blank", "status": status, "code": code, "title": title, **more}
    return Answer(status, json.dumps(body).encode(), {"Content-Type": "application/problem+json"})
