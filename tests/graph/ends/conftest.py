from collections.abc import AsyncIterator

import asyncpg
import pytest

from graph.schema import Schema
from services.core.actor import Role
from services.core.ids import node_id
from services.core.tokens import LocalIssuer
from services.members.models import Committee
from services.migrations.tables import REFUSALS
from tests import servers
from tests.conftest import fresh_name, template
from tests.e2e.verbs import DEPARTMENTS, PLACE, Known
from tests.everything import everything
from tests.graph.api import Api
from tests.graph.conftest import application
from tests.graph.ends.inputs import verbs
from tests.graph.ends.office import Office, UndoneDatabase
from tests.world import build

ROLES = {
    "secretariat": (Role.SECRETARIAT, "14"),
    "cadre": (Role.CADRE, PLACE),
    "approver": (Role.APPROVER, PLACE),
    "resident": (Role.RESIDENT, PLACE),
    "member": (Role.MEMBER, PLACE),
    "operator": (Role.OPERATOR, PLACE),
}


@pytest.fixture(scope="session")
async def office(schema: Schema, issuer: LocalIssuer) -> AsyncIterator[Office]:
    """An office that takes back what is done in it."""
    name = fresh_name()
    url = await servers.create_database(name, await template("migrated"))
    db = await UndoneDatabase.open(url, refusals=REFUSALS, read_connections=1)
    kept = await servers.open_as(url, read_connections=1)
    await build(db, url, topics=0)
    committee = Committee(name="政协沁水县委员会", division_number=int(PLACE) * 10**6)
    async with db.write() as tx:
        tx.add(committee)
    connection = await asyncpg.connect(url)
    anybody = Api(application(schema, db, issuer, body_bytes=1_000_000), issuer)
    callers = {who: anybody.as_(role, within, subject=who) for who, (role, within) in ROLES.items()}
    callers |= {code: anybody.as_(Role.DEPARTMENT, department=code, subject=code) for code in DEPARTMENTS}
    known = Known()
    known.ids["platform"].append(node_id("platform", await connection.fetchval("SELECT id FROM platform")))
    known.ids["committee"].append(node_id("committee", committee.id))
    found = Office(schema.core, db, kept, callers, known, connection)
    await found.settle()
    await found.settle_beside(url)
    db.keeps = False
    for verb, type_ in verbs(schema.core).items():
        await found.find_base(verb, type_)
    before = await everything(connection)
    yield found
    after = await everything(connection)
    await found.kept.close()
    await connection.close()
    await db.close()
    await servers.drop_databases(name)
    assert after == before, "what was refused or taken back has changed something"
