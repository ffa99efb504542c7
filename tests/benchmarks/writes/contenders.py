"""Who does the verbs: the hand-written limit, this service, peers; each over a copy of the province of its own."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from services.migrations.grants import Login
from tests.benchmarks import contenders as reading
from tests.benchmarks.contenders import Contender, Running, python, started
from tests.benchmarks.database import Prepared
from tests.benchmarks.writes.ground import Ground, copied

SERVICE = reading.SERVICE
LIMIT = replace(
    reading.LIMIT,
    title="limit: hand-written statements, asyncpg, bare ASGI",
    command=lambda port: python(port, "tests.benchmarks.writes.limit.app:app"),
)
TEAM = replace(
    reading.STRAWBERRY,
    title="Strawberry, SQLAlchemy's ORM",
    command=lambda port: python(port, "--factory", "tests.benchmarks.strawberry_peer.writes:create_app"),
)
POSTGRAPHILE = replace(reading.POSTGRAPHILE, title="PostGraphile 5, a function", functions=True)
MERCURIUS = replace(reading.MERCURIUS, title="Mercurius, a function", functions=True)
CONTENDERS = (LIMIT, SERVICE, TEAM, POSTGRAPHILE, MERCURIUS)


@dataclass(frozen=True, slots=True)
class Writer:
    """A contender that listens, and what it acts on."""

    running: Running
    ground: Ground

    @property
    def contender(self) -> Contender:
        """Who it is."""
        return self.running.contender


@contextmanager
def writing(contender: Contender, prepared: Prepared, directory: Path, key: Path) -> Iterator[Writer]:
    """Lend a contender over a copy of its own; it has the accounts that this service's process has, and no others."""
    with copied(prepared, f"shangliang_writes_{contender.name}") as ground:
        settings = settings_of(ground, key)
        with started(contender, ground.login(Login.WRITE), directory, settings) as running:
            yield Writer(running, ground)


def settings_of(ground: Ground, key: Path) -> Mapping[str, str]:
    """Return the variables by which a contender finds its copy, and this service the key of the caller's token."""
    return {
        "READ_DATABASE_URL": ground.login(Login.READ),
        "SHANGLIANG_READ_DATABASE_URL": ground.login(Login.READ),
        "SHANGLIANG_WRITE_DATABASE_URL": ground.login(Login.WRITE),
        "SHANGLIANG_SIGNING_KEY_FILE": str(key),
    }
