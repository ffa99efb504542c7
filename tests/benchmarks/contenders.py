"""Who answers the questions: the hand-written limit, this service, peers. Each is a process on a port of its own."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from deploy.servers import processes
from deploy.servers.directory import free_port
from tests.benchmarks.questions import Question

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PEERS = HERE / "peers"
CONNECTIONS = 8
"""Connections to PostgreSQL that each contender has."""

_START_S = 60.0
_STOP_S = 10.0
_UVICORN = ("-m", "uvicorn", "--loop=uvloop", "--http=httptools", "--no-access-log", "--log-level=warning")


class ContenderFailed(Exception):
    """A contender that did not start or did not answer."""


@dataclass(frozen=True, slots=True)
class Contender:
    """A way to answer the questions. `command` is called with the port."""

    name: str
    title: str
    command: Callable[[int], Sequence[str]]
    peer: bool = True
    node: bool = False
    foreign: bool = False
    """Whether it has a schema of its own."""
    routes: bool = False
    """Whether each question has a path of its own."""


def _python(port: int, *words: str) -> Sequence[str]:
    return [sys.executable, *_UVICORN, f"--port={port}", *words]


def _node(program: str) -> Callable[[int], Sequence[str]]:
    def command(_port: int) -> Sequence[str]:
        node = next(PEERS.glob("node_modules/node-linux-*/bin/node"))
        return [str(node), str(PEERS / program)]

    return command


SERVICE = Contender(
    "service", "this service", lambda _port: [str(Path(sys.executable).with_name("shangliang")), "serve"], peer=False
)
LIMIT = Contender(
    "limit",
    "limit: hand-written SQL, asyncpg, bare ASGI",
    lambda port: _python(port, "tests.benchmarks.limit.app:app"),
    peer=False,
    routes=True,
)
CONTENDERS = (
    LIMIT,
    SERVICE,
    Contender("postgraphile", "PostGraphile 5", _node("postgraphile.mjs"), node=True, foreign=True),
    Contender("mercurius", "Mercurius, JIT, loaders", _node("mercurius.mjs"), node=True),
    Contender(
        "strawberry",
        "Strawberry, SQLAlchemy, DataLoader",
        lambda port: _python(port, "--factory", "tests.benchmarks.strawberry_peer.app:create_app"),
    ),
)


@dataclass(frozen=True, slots=True)
class Running:
    """A contender that listens."""

    contender: Contender
    port: int
    started: "subprocess.Popen[bytes]"
    log_file: Path

    @property
    def process(self) -> int:
        """The process's id."""
        return self.started.pid

    def state(self) -> str:
        """Return whether it still runs, and the last that it said."""
        return f"{self.contender.name}, exit status {self.started.poll()}: {self.log_file.read_text()[-2000:]}"

    def url(self, question: Question) -> str:
        """Return where the question is posted."""
        path = question.name.lower() if self.contender.routes else "graphql"
        return f"http://127.0.0.1:{self.port}/{path}"

    def body(self, question: Question) -> bytes:
        """Return what is posted."""
        return question.foreign_body if self.contender.foreign else question.body

    def answer(self, question: Question) -> bytes:
        """Return one answer's body. Raises ContenderFailed for any status but 200."""
        headers = {"content-type": "application/json"}
        response = httpx.post(self.url(question), content=self.body(question), headers=headers, timeout=120)
        if response.status_code != httpx.codes.OK:
            raise ContenderFailed(f"{self.contender.name} {question.name}: {response.status_code} {response.text}")
        return response.content

    def translated(self, question: Question, answer: bytes) -> Any:
        """Return an answer as a JSON value in this service's schema."""
        value = json.loads(answer)
        return question.translated(value) if self.contender.foreign else value


@contextmanager
def running(contenders: Sequence[Contender], database_url: str, directory: Path) -> Iterator[list[Running]]:
    """Lend the contenders, all started and answering; what they say is in files of the directory."""
    with ExitStack() as stack:
        yield [stack.enter_context(_started(contender, database_url, directory)) for contender in contenders]


@contextmanager
def _started(contender: Contender, database_url: str, directory: Path) -> Iterator[Running]:
    port = free_port()
    own = directory / f"{contender.name}-{port}"
    own.mkdir()
    log_file = own / "log"
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "PORT": str(port),
        "CONNECTIONS": str(CONNECTIONS),
        "NODE_ENV": "production",
        "GRAPHILE_ENV": "production",
        "SHANGLIANG_DATABASE_URL": database_url,
        "SHANGLIANG_PORT": str(port),
        "SHANGLIANG_READ_CONNECTIONS": str(CONNECTIONS),
        "SHANGLIANG_STATE_DIR": str(own),
    }
    with log_file.open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 -- the commands above
            contender.command(port), stdout=log, stderr=log, cwd=ROOT, env=environment
        )
    try:
        _wait_listening(process, port, log_file)
        yield Running(contender, port, process, log_file)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_listening(process: "subprocess.Popen[bytes]", port: int, log_file: Path) -> None:
    def answers() -> bool:
        if process.poll() is not None:
            return True
        try:
            httpx.get(f"http://127.0.0.1:{port}/", timeout=5)
        except httpx.HTTPError:
            return False
        return True

    if not processes.wait_until(answers, _START_S) or process.poll() is not None:
        raise ContenderFailed(f"{log_file.parent.name} did not start ({process.poll()}):\n{log_file.read_text()}")
    time.sleep(0.2)


def install_node_peers() -> str | None:
    """Leave the peers' packages installed as pinned; return why they cannot be, None when they are."""
    pinned, stamp = PEERS / "package.json", PEERS / "node_modules" / "installed.json"
    if stamp.exists() and stamp.read_bytes() == pinned.read_bytes():
        return None
    npm = shutil.which("npm")
    if npm is None:
        return "npm is not installed"
    done = subprocess.run(  # noqa: S603 -- fixed command
        [npm, "install", "--no-audit", "--no-fund"], cwd=PEERS, capture_output=True, text=True, check=False
    )
    if done.returncode != 0 or not list(PEERS.glob("node_modules/node-linux-*/bin/node")):
        return f"npm install failed: {done.stderr.strip()[-500:]}"
    stamp.write_bytes(pinned.read_bytes())
    return None
