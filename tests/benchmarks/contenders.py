"""Who answers the questions: the hand-written limit, this service, peers. Each is a process on a port of its own."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from deploy.addresses import variable_of
from deploy.local import login_url
from deploy.servers import processes
from deploy.servers.directory import free_port
from services.migrations.grants import Login
from tests.benchmarks.questions import Question

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PEERS = HERE / "peers"
CONNECTIONS = 8
"""Connections to PostgreSQL that each contender has."""

_START_S = 180.0
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
    functions: bool = False
    """Whether its verbs are functions in the database."""
    owns: bool = False
    """Whether it asks the database as a superuser, whom no policies bind, and not with the roles of an installation."""
    role: str | None = None
    """The role over the province that who asks has; None for anybody."""


def python(port: int, *words: str) -> Sequence[str]:
    """Return the command that serves an ASGI application on a port."""
    return [sys.executable, *_UVICORN, f"--port={port}", *words]


def _node(program: str) -> Callable[[int], Sequence[str]]:
    def command(_port: int) -> Sequence[str]:
        node = next(PEERS.glob("node_modules/node-linux-*/bin/node"))
        return [str(node), str(PEERS / program)]

    return command


SHANGLIANG = str(Path(sys.executable).with_name("shangliang"))
SERVICE = Contender("service", "this service", lambda _port: [SHANGLIANG, "serve"], peer=False)
LIMIT = Contender(
    "limit",
    "limit: hand-written SQL, asyncpg, bare ASGI",
    lambda port: python(port, "tests.benchmarks.limit.app:app"),
    peer=False,
    routes=True,
)
POSTGRAPHILE = Contender("postgraphile", "PostGraphile 5", _node("postgraphile.mjs"), node=True, foreign=True)
MERCURIUS = Contender("mercurius", "Mercurius, JIT, loaders", _node("mercurius.mjs"), node=True)
STRAWBERRY = Contender(
    "strawberry",
    "Strawberry, SQLAlchemy, DataLoader",
    lambda port: python(port, "--factory", "tests.benchmarks.strawberry_peer.app:create_app"),
)
CONTENDERS = (LIMIT, SERVICE, POSTGRAPHILE, MERCURIUS, STRAWBERRY)


@dataclass(frozen=True, slots=True)
class Running:
    """A contender that listens."""

    contender: Contender
    port: int
    started: "subprocess.Popen[bytes]"
    log_file: Path
    authorization: str | None = None

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
        if self.authorization is not None:
            headers["authorization"] = self.authorization
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
        yield [stack.enter_context(started(contender, database_url, directory)) for contender in contenders]


@contextmanager
def started(
    contender: Contender, database_url: str, directory: Path, settings: Mapping[str, str] | None = None
) -> Iterator[Running]:
    """Lend one contender, which answers; `settings` are variables of its environment beside the usual ones."""
    port = free_port()
    own = directory / f"{contender.name}-{port}"
    own.mkdir()
    log_file = own / "log"
    logins = {} if contender.owns else {variable_of(login): login_url(database_url, login) for login in Login}
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "PORT": str(port),
        "CONNECTIONS": str(CONNECTIONS),
        "NODE_ENV": "production",
        "GRAPHILE_ENV": "production",
        "SHANGLIANG_DATABASE_URL": database_url,
        **logins,
        "SHANGLIANG_PORT": str(port),
        "SHANGLIANG_READ_CONNECTIONS": str(CONNECTIONS),
        "SHANGLIANG_STATE_DIR": str(own),
        **(settings or {}),
    }
    with log_file.open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 -- the commands above
            contender.command(port), stdout=log, stderr=log, cwd=ROOT, env=environment
        )
    try:
        _wait_listening(process, port, log_file)
        yield Running(contender, port, process, log_file, _authorization(contender, environment))
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _authorization(contender: Contender, environment: Mapping[str, str]) -> str | None:
    """Return how whoever asks shows their role."""
    if contender.role is None:
        return None
    command = [SHANGLIANG, "token", "--subject", "asker", "--role", contender.role, "--within", "14"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)  # noqa: S603 -- as above
    return f"Bearer {done.stdout.strip()}"


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
