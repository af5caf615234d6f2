"""The processes of the demo: started apart from the terminal, ended together."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE_SECONDS = 12
"""For all together; a worker finishes what it has begun within eight."""


class PortTakenError(Exception):
    """Another program listens where a node of the demo would."""


class EndedError(Exception):
    """A process of the demo has ended by itself."""


def require_free(port: int) -> None:
    """Refuse in one sentence if something listens on a port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise PortTakenError(
                f"Port {port} on 127.0.0.1 is in use. End the program that uses it "
                "(another demo, perhaps) and try again."
            ) from error


@dataclass
class Processes:
    """Everything that the demo has started; `logs` is where each writes."""

    logs: Path
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, command: str, environment: Mapping[str, str]) -> None:
        """Start one command of `netreach-server` in a session of its own.

        The terminal's Ctrl-C then reaches the demo alone, which ends the others in order.
        """
        self.logs.mkdir(parents=True, exist_ok=True)
        with (self.logs / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", "api.server.main", command],
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def require_all_running(self) -> None:
        """Say which process has ended, how, and what it said last."""
        for name, process in self.running.items():
            if process.poll() is not None:
                log = self.logs / f"{name}.log"
                last = log.read_text(errors="replace").strip().splitlines()[-1:]
                words = f"; it said last: {last[0]}" if last else ""
                raise EndedError(f"{name} has ended{_how(process.returncode)}{words} (see {log})")

    def end_all(self) -> None:
        """Ask every process to end, the last first, and make those end that do not."""
        for process in reversed(self.running.values()):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        latest = time.monotonic() + PATIENCE_SECONDS
        for process in self.running.values():
            try:
                process.wait(max(0.0, latest - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.running.clear()


def _how(code: int) -> str:
    return f" by {signal.Signals(-code).name}" if code < 0 else f" with exit code {code}"
