"""Everything on one machine: servers of its own, the processes, two listening departments and one scene."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from datetime import timedelta
from pathlib import Path

import httpx

from deploy import local, processes
from deploy.addresses import DatabaseAddresses, variable_of
from deploy.claim import Claim, Run, end_left
from deploy.issuer import local_issuer
from deploy.scene import Scene
from deploy.servers.directory import append_private, free_port, port_is_free
from deploy.servers.errors import ServerError, log_tail
from deploy.servers.postgres import EmbeddedPostgres
from deploy.servers.processes import listens
from deploy.servers.rabbitmq import PrivateRabbitMQ
from deploy.sign_in.persons import DISTRICT, MEMBER, PERSONS
from deploy.signals import ignore_all
from events.agency import listen
from services.core.actor import Role
from services.core.clock import SystemClock
from services.core.issuers import unfit_issuer
from services.core.settings import Settings, local_url
from services.core.tokens import GrantClaim
from services.core.variables import FILE
from services.migrations.grants import Login
from services.migrations.run import migrate
from services.seeds.seed import last_day, seed

DEPARTMENTS = ("qinshui-court", "qinshui-forestry")
READY_S = 60.0
STOP_S = 15.0
HEARD_S = 30.0
POLL_S = 0.1
LAST = "cn.shangliang.topic.resolved.v1"


class Demo:
    """One run of the demonstration. What it starts it stops; what it finds running it leaves alone."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._claim = Claim(local.state(settings))
        self._run_mark: dict[str, str] = {}
        self._began = time.monotonic()
        self._heard: set[tuple[str, str, str]] = set()
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._servers: dict[str, EmbeddedPostgres | PrivateRabbitMQ] = {}
        self._url = f"http://{settings.host}:{settings.port}"
        self._told: dict[str, str] = {}

    def say(self, message: str) -> None:
        """Print a line of progress at once; where nobody can read it any longer, go on without."""
        try:
            print(message, flush=True)
        except OSError:  # the terminal is closed, or the program that read this has ended
            nowhere = os.open(os.devnull, os.O_WRONLY)
            if os.path.sameopenfile(sys.stdout.fileno(), sys.stderr.fileno()):
                os.dup2(nowhere, sys.stderr.fileno())  # what a library logged there cannot be flushed at the end either
            os.dup2(nowhere, sys.stdout.fileno())

    def step(self, message: str) -> None:
        """Print what begins now and when."""
        self.say(f"[{time.monotonic() - self._began:5.1f} s] {message}")

    def run(self) -> int:
        """Run until Ctrl-C or the terminal's end; return the exit status."""
        run = self._claim.take(self._url)
        if run is None:
            self.say(running_already(self._claim.holder()))
            return 1
        self._run_mark = run.mark
        with ExitStack() as stack:
            stack.callback(self._claim.release)
            if left := end_left(run):
                self.say(f"Ended {left} processes that a run which was killed had left.")
            if is_taken(self._settings.host, self._settings.port):
                self.say(f"Port {self._settings.port} is taken; set SHANGLIANG_PORT to a free one.")
                return 1
            stack.callback(self.step, "stopped")
            try:
                self._run(stack)
            except KeyboardInterrupt:
                ignore_all()
                self.say("")
                self.step("stopping")
        return 0

    def _run(self, stack: ExitStack) -> None:
        """Start servers and processes, play, stay."""
        self.step("starting RabbitMQ" if self._settings.amqp_url is None else "using the broker of the settings")
        broker = stack.enter_context(local.broker(self._settings, self.say, install=True))
        named = DatabaseAddresses.of(self._settings).named
        self.step("using the settings' database" if named else "starting PostgreSQL")
        addresses = stack.enter_context(local.database(self._settings))
        if broker is not None and broker.node is not None:
            self._servers["RabbitMQ"] = broker.node
        if not named:
            self._servers["PostgreSQL"] = EmbeddedPostgres(self._settings.state_dir / "postgres")
        stack.callback(self._stop_children)
        self.step("bringing the schema up to date")
        asyncio.run(migrate(addresses.owners(), passwords=addresses.passwords, key=addresses.rights_key))
        asyncio.run(seed(addresses.owners(), until=last_day(SystemClock().now()), progress=self.step))
        self._let_sign_in(addresses)
        self._start("serve", addresses, broker, Login.READ, Login.WRITE)
        self._wait_ready()
        asyncio.run(self._play(addresses, broker))

    async def _play(self, addresses: DatabaseAddresses, broker: local.Broker | None) -> None:
        """Show the hierarchy, then, with a broker, let two departments hear of a scene; stay until interrupted."""
        grants = [GrantClaim(role=Role.SECRETARIAT, within=within) for within in ("140521", DISTRICT)]
        now = SystemClock().now()
        token = local_issuer(self._settings).sign("demo", grants, now=now, lifetime=timedelta(hours=1))
        scene = Scene(self._url, token, self.say)
        listeners: list[asyncio.Task[None]] = []
        try:
            await scene.show_hierarchy()
            if broker is not None:
                self.step("waiting for RabbitMQ")
                await asyncio.to_thread(broker.wait_ready)
                self.step(await processes.topology(self._settings, addresses, broker))
                self._start("relay", addresses, broker, Login.RELAY)
                self._start("intake", addresses, broker, Login.INTAKE)
                listeners = [asyncio.create_task(self._listen(broker.url, code)) for code in DEPARTMENTS]
            number = await scene.play(told=broker is not None)
            await scene.link(MEMBER.subject, DISTRICT)
            await self._wait_heard(number, listeners)
            self.step(f"ready: GraphQL at {self._url}/graphql, the schema at {self._url}/schema.graphql")
            self.say("  a token:        .venv/bin/shangliang token --subject me --role SECRETARIAT --within 140521")
            self.say("  Ctrl-C stops everything that this started")
            self._show_doors()
            await self._stay()
        finally:
            for listener in listeners:
                listener.cancel()
            await asyncio.gather(*listeners, return_exceptions=True)
            await scene.close()

    def _let_sign_in(self, addresses: DatabaseAddresses) -> None:
        """Start what lets people sign in by one click, at a free port where its own is taken, and tell the API of it.

        Nobody signs in where tokens come from elsewhere, nor from other machines, which would take https.
        """
        settings, port = self._settings, self._settings.sign_in_port
        if not port_is_free(port):
            port = free_port()
        url = settings.sign_in_url or local_url(settings.host, port)
        if settings.oidc_issuer is None and unfit_issuer(url, production=False) is None:
            self._told = {"SHANGLIANG_SIGN_IN_PORT": str(port), "SHANGLIANG_SIGN_IN_URL": url}
            self._start("sign-in", addresses, None)

    def _show_doors(self) -> None:
        """Print where to look, and a link for each person that one can sign in as."""
        hall = self._settings.public_url.rstrip("/")
        self.say(f"\n大厅 the hall:  {hall}/")
        if not self._told:
            return
        self.say("工作台 the desk, by one click as")
        for person in PERSONS:
            self.say(f"  {hall}/sign-in?as={person.key:<20} {person.name} ({person.name_in_english})")

    async def _wait_heard(self, number: str, listeners: list[asyncio.Task[None]]) -> None:
        """Return when every listening department has heard that the topic is resolved; say so when it takes long."""
        wanted = {(code, LAST, number) for code in DEPARTMENTS[: len(listeners)]}
        for _ in range(int(HEARD_S / POLL_S)):
            if wanted <= self._heard:
                return
            await asyncio.sleep(POLL_S)
        self.step(f"the notices of {number} have not all come; the relay's log is in {self._log('relay')}")

    async def _stay(self) -> None:
        """Return never; say when a process or a server of this run has died."""
        while True:
            await asyncio.sleep(1)
            for name, child in list(self._children.items()):
                if child.poll() is not None:
                    self.step(f"{name} has ended with status {child.returncode}; its log is in {self._log(name)}")
                    del self._children[name]
            for name, server in list(self._servers.items()):
                if server.pid is None:
                    self.step(f"{name} has ended; its log is in {server.log_file}")
                    del self._servers[name]

    async def _listen(self, amqp_url: str, code: str) -> None:
        """Print a department's notices as they arrive."""
        async for message in listen(amqp_url, code):
            event = message.body
            topic = event["data"].get("topic")
            if topic is None:  # somebody tries the channel
                continue
            self._heard.add((code, event["type"], topic["number"]))
            self.say(f"  → {code} hears {event['type']} #{event['sequence']}: {topic['number']} {topic['title']}")

    def _start(self, name: str, addresses: DatabaseAddresses, broker: local.Broker | None, *logins: Login) -> None:
        """Start one of the processes with the addresses of its own, its log in a file."""
        database = {variable_of(login): addresses.url(login) for login in logins}
        given = {"SHANGLIANG_DRAIN_S": "0", **self._run_mark, **self._told, **database}
        if broker is not None:
            given["SHANGLIANG_AMQP_URL"] = broker.url
            if broker.api_url:
                given["SHANGLIANG_RABBITMQ_API_URL"] = broker.api_url
        replaced = {"SHANGLIANG_DATABASE_URL", *given}
        kept = {name: value for name, value in os.environ.items() if name.removesuffix(FILE) not in replaced}
        log = self._log(name)
        log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with append_private(log) as file:
            self._children[name] = subprocess.Popen(  # noqa: S603 -- this project's own command
                [sys.executable, "-m", "deploy", name],
                env={**kept, **given},
                stdout=file,
                stderr=file,
                start_new_session=True,
            )
        self.step(f"started {name}")

    def _log(self, name: str) -> Path:
        """Return where a process logs."""
        return self._settings.state_dir / "log" / f"{name}.log"

    def _wait_ready(self) -> None:
        """Return when the API answers, from the process that was started here. Raises ServerError when it does not."""
        serve = self._children["serve"]
        deadline = time.monotonic() + READY_S
        while time.monotonic() < deadline and serve.poll() is None:
            if listens(serve.pid, self._settings.port):
                with suppress(httpx.HTTPError):
                    if httpx.get(f"{self._url}/readyz", trust_env=False).status_code == httpx.codes.OK:
                        return
            time.sleep(POLL_S)
        raise ServerError(
            f"The API does not answer; its log is in {self._log('serve')}:\n{log_tail(self._log('serve'))}"
        )

    def _stop_children(self) -> None:
        """Stop the processes, the one started last first."""
        for child in reversed(self._children.values()):
            child.terminate()
        for child in self._children.values():
            try:
                child.wait(STOP_S)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def is_taken(host: str, port: int) -> bool:
    """Return whether somebody answers at a port."""
    with suppress(OSError), socket.create_connection((host, port), READY_S):
        return True
    return False


def running_already(run: Run | None) -> str:
    """Return what a second start in the same folder is told."""
    if run is None:
        return "The demonstration of this folder runs already: another process has just begun it."
    return (
        f"The demonstration of this folder runs already: process {run.pid}, {run.address}/graphql. "
        f"Ctrl-C there or `kill {run.pid}` ends it."
    )
