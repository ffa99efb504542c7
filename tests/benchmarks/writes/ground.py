"""What verbs act on: a contender's own copy of the province, its platforms with departments, and who acts."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import UUID

import asyncpg
from sqlalchemy.engine import make_url

from services.core.actor import Role
from services.core.rights import SERVICE, SETTING, key_of, signed, told
from services.core.tokens import GrantClaim, LocalIssuer
from services.migrations.grants import Login
from services.migrations.roles import make_roles
from services.search.terms import EDITION
from tests.benchmarks.database import Prepared
from tests.benchmarks.writes.asked import SUBJECT, WITHIN
from tests.servers import login_url

COUNTY = 140106
"""Where all happens that happens in one county."""
AUDIENCE = "shangliang"
RIGHTS_S = 86_400
"""For how long contenders may write."""
FUNCTIONS = Path(__file__).parent.parent / "peers" / "writes.sql"
"""The verbs as functions, with `:subject` and `:edition` in the place of who acts and of the edition of terms."""

PLATFORMS = """
SELECT platform.id, platform.division_number, told.ids, told.codes
FROM platform JOIN LATERAL (
    SELECT array_agg(id) AS ids, array_agg(code) AS codes FROM (
        SELECT id, code FROM department
        WHERE division_number = platform.division_number / 1000000 * 1000000 ORDER BY code LIMIT 3
    ) AS first_three
) AS told ON cardinality(told.ids) = 3
WHERE platform.closed_on IS NULL ORDER BY platform.code
"""


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform, and the departments that have a part in its topics."""

    id: UUID
    division_number: int
    department_ids: Sequence[UUID]
    departments: Sequence[str]

    @property
    def county(self) -> int:
        """The county's six digits."""
        return self.division_number // 1_000_000


@dataclass(slots=True)
class Ground:
    """A copy of the province."""

    url: str
    """As its owner."""
    platforms: Sequence[Platform]
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    """Each numbers one thing that was prepared: copies have the same things under the same ids."""

    def login(self, login: Login) -> str:
        """Return the address with a role's account."""
        return login_url(self.url, login)

    def among(self, *, spread: bool) -> Sequence[Platform]:
        """Return platforms to act at: one of each county, or all of one county."""
        if spread:
            return list({platform.county: platform for platform in self.platforms}.values())
        return [platform for platform in self.platforms if platform.county == COUNTY]


@contextmanager
def copied(prepared: Prepared, name: str) -> Iterator[Ground]:
    """Lend a copy of the province, with the roles' accounts."""
    url = make_url(prepared.url).set(database=name).render_as_string(hide_password=False)
    asyncio.run(_make(prepared.url, name))
    try:
        yield asyncio.run(ground_of(url))
    finally:
        asyncio.run(_drop(prepared.url, name))


async def _make(template_url: str, name: str) -> None:
    await make_roles(template_url, {login: make_url(login_url(template_url, login)).password for login in Login})
    await _drop(template_url, name)
    template = make_url(template_url).database
    await _administer(template_url, f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')


async def _drop(template_url: str, name: str) -> None:
    await _administer(template_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


async def _administer(template_url: str, statement: str) -> None:
    """Run a statement about databases from one that nobody copies."""
    other = make_url(template_url).set(database="postgres").render_as_string(hide_password=False)
    connection = await asyncpg.connect(other)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def ground_of(url: str) -> Ground:
    """Return a copy of the province, in which the functions are from now on."""
    connection = await asyncpg.connect(url)
    try:
        text = FUNCTIONS.read_text().replace(":edition", str(EDITION)).replace(":subject", SUBJECT)
        await connection.execute(text)
        await _let_write(connection, url)
        return Ground(url, [Platform(*row) for row in await connection.fetch(PLATFORMS)])
    finally:
        await connection.close()


async def _let_write(connection: "asyncpg.Connection[asyncpg.Record]", url: str) -> None:
    """Let contenders that tell no rights of their own write rows of every place, as whoever acts may."""
    key = key_of(login_url(url, Login.READ))
    said = told(SERVICE, int(datetime.now(UTC).timestamp()) + RIGHTS_S)
    if key is None or said is None:
        raise ValueError("the readers' address has no password")
    database = make_url(url).database
    rights = signed(key, said).decode()
    await connection.execute(f"""ALTER ROLE {Login.WRITE.value} IN DATABASE "{database}" SET {SETTING} = '{rights}'""")


def token(key: Path) -> str:
    """Return a token of whoever acts, signed by the key in a file, which is made where it is not there."""
    issuer = LocalIssuer.load(key, audience=AUDIENCE)
    grants = [GrantClaim(role=Role.SECRETARIAT, within=WITHIN)]
    return issuer.sign(SUBJECT, grants, now=datetime.now(UTC), lifetime=timedelta(days=1))
