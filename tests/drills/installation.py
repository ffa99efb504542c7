"""An installation that loses its database: servers of its own, the processes, a department that listens."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg

from deploy import local
from deploy.addresses import setting_of
from deploy.servers.directory import free_port
from deploy.servers.postgres import EmbeddedPostgres
from deploy.servers.rabbitmq import PrivateRabbitMQ
from events.names import inbox
from services.core.act import Act
from services.core.actor import Role
from services.core.clock import SystemClock
from services.core.ids import node_id
from services.core.tokens import GrantClaim, LocalIssuer
from services.migrations.grants import Login
from services.migrations.run import migrate
from services.outcomes.involvements import involve_department
from services.topics.enums import InvolvementRole
from tests import servers
from tests.drills.backups import Backups
from tests.drills.load import Load
from tests.events.tools import account, depth, until
from tests.faults.department import Department
from tests.servers import BrokerAddress
from tests.serving import running, serving
from tests.world import ACTOR, World, build

COURT, FORESTRY = "qinshui-court", "qinshui-forestry"
CONSUMER = "consumer"
RECOVERY_S = 600.0
WAITING = "SELECT count(*) FROM delivery WHERE status <> 'CONFIRMED'"
IN_RECOVERY = "SELECT pg_is_in_recovery()"


@dataclass
class Installation:
    """What runs, and what it is made of. The processes stop and start together; the servers have their own times."""

    directory: Path
    backups: Backups
    postgres: EmbeddedPostgres
    rabbitmq: PrivateRabbitMQ
    court: Department
    key: Path
    load: Load
    port: int
    _processes: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def settings(self) -> dict[str, str]:
        """The settings of the processes beside the API."""
        url = self.postgres.url
        logins = {setting_of(login): servers.login_url(url, login) for login in Login if login is not Login.READ}
        broker = {"amqp_url": self.rabbitmq.url, "rabbitmq_api_url": self.rabbitmq.api_url}
        return {**logins, **broker, "state_dir": str(self.directory / "state")}

    async def start(self) -> None:
        """The relay, the intake, then the API run, and the API answers."""
        for command in ("relay", "intake"):
            log = self._processes.enter_context((self.directory / f"{command}.log").open("ab"))
            process = running("deploy", command, stderr=log.fileno(), settings=self.settings)
            await self._processes.enter_async_context(process)
        log = self._processes.enter_context((self.directory / "serve.log").open("ab"))
        state = str(self.directory / "state")
        api = serving(
            self.postgres.url, self.key, log.fileno(), port=str(self.port), budget_per_minute="0", state_dir=state
        )
        await self._processes.enter_async_context(api)

    async def stop(self) -> None:
        """None of them runs."""
        await self._processes.aclose()

    async def command(self, *words: str) -> str:
        """Return what a command of an operator prints or, where it prints nothing, says. Raises RuntimeError."""
        pipe = asyncio.subprocess.PIPE
        async with running("deploy", *words, stdout=pipe, stderr=pipe, settings=self.settings) as process:
            out, err = await process.communicate()
        if process.returncode:
            raise RuntimeError(f"shangliang {words} ended with {process.returncode}:\n{out.decode()}{err.decode()}")
        return (out or err).decode().strip()

    async def destroy(self) -> datetime:
        """The database is dead as by a power failure, with its files; its backups are left. Return when it died."""
        await asyncio.to_thread(self.postgres.kill)
        died_at = datetime.now(UTC)
        await asyncio.to_thread(self.postgres.stop)
        await asyncio.to_thread(self.backups.destroy)
        return died_at

    async def restore(self, to: datetime) -> None:
        """The database is there as of the moment, and takes writes."""
        settings = await asyncio.to_thread(self.backups.restore, to)
        self.postgres = EmbeddedPostgres(self.backups.directory, settings={**self.backups.settings, **settings})
        await asyncio.to_thread(self.postgres.start)
        async with asyncio.timeout(RECOVERY_S):
            while await self.ask(IN_RECOVERY):  # noqa: ASYNC110 -- the condition is in a database
                await asyncio.sleep(0.05)

    async def ask(self, question: str) -> object:
        """Return the one value that a question gives."""
        (row,) = await self.rows(question)
        return row[0]

    async def rows(self, question: str) -> list[tuple[object, ...]]:
        """Return the rows that a question gives, asked as the database's owner."""
        connection = await asyncpg.connect(self.postgres.url)
        try:
            return [tuple(row) for row in await connection.fetch(question)]
        finally:
            await connection.close()

    async def quiet(self) -> None:
        """Return when every notice was sent and the court has taken all of its own."""

        async def done() -> bool:
            return await self.ask(WAITING) == 0 and await depth(self.rabbitmq.url, inbox(COURT)) == 0

        await until(done, RECOVERY_S)


@asynccontextmanager
async def installation(
    way: type[Backups], *, writers: int, pause_s: float, archive_timeout_s: int
) -> AsyncIterator[Installation]:
    """Lend an installation that runs, with a department that listens and as many topics as there are to be writers."""
    with tempfile.TemporaryDirectory(prefix="shangliang-drill-") as name:
        directory = Path(name)
        directory.chmod(0o711)  # noqa: ASYNC240 -- nothing else runs yet. A server that may not run as root gets through
        backups = way(directory / "postgres", archive_timeout_s)
        rabbitmq = PrivateRabbitMQ(directory / "rabbitmq")
        made = EmbeddedPostgres(backups.directory, settings=backups.settings)
        async with AsyncExitStack() as stack:
            stack.callback(rabbitmq.remove)
            await asyncio.to_thread(rabbitmq.start)
            stack.callback(made.remove)
            await asyncio.to_thread(made.start)
            addresses = local.embedded(made)
            await migrate(made.url, passwords=addresses.passwords, key=addresses.rights_key)
            db = await servers.open_as(made.url)
            world = await build(db, made.url, codes=(COURT, FORESTRY), topics=writers)
            async with db.write() as tx:
                for topic in world.topics:
                    for code in (COURT, FORESTRY):
                        await involve_department(
                            Act(tx, ACTOR, SystemClock()), topic_id=topic.id, department=code,
                            role=InvolvementRole.SUPPORT,
                        )  # fmt: skip
            await db.close()
            await asyncio.to_thread(rabbitmq.wait_ready)
            court = Department(await account(BrokerAddress(rabbitmq.url, rabbitmq.api_url), COURT), directory)
            key, port = directory / "signing.pem", free_port()
            load = load_of(world, port, key, pause_s)
            found = Installation(directory, backups, made, rabbitmq, court, key, load, port)
            stack.callback(lambda: found.postgres.remove())  # noqa: PLW0108 -- whichever it is by then
            stack.push_async_callback(found.stop)
            await found.command("topology")
            await found.start()
            await stack.enter_async_context(found.court.consuming(CONSUMER))
            yield found


def load_of(world: World, port: int, key: Path, pause_s: float) -> Load:
    """Return writers that write as the county's secretariat, one for each topic."""
    grant = GrantClaim(role=Role.SECRETARIAT, within="140521")
    now = datetime.now(UTC)
    token = LocalIssuer.load(key, audience="shangliang").sign("drill", [grant], now=now, lifetime=timedelta(hours=6))
    platform = node_id("platform", world.topics[0].platform_id)
    topics = [node_id("topic", one.id) for one in world.topics]
    return Load(f"http://127.0.0.1:{port}", token, topics, platform, pause_s)
