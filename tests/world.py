"""A county with three departments and a few topics: what tests of events and commands need."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.core.act import Act
from services.core.actor import Actor, Grant, Role
from services.core.clock import SystemClock
from services.core.database import Database
from services.departments.enums import DepartmentKind
from services.departments.models import Department, DepartmentChannel
from services.divisions.enums import DivisionLevel
from services.divisions.models import Division
from services.matters.enums import MatterStatus, ParticipantRole
from services.matters.models import Matter
from services.migrations.grants import Login
from services.notices.announce import Addressee, announce
from services.plans.commands import add_plan_item, approve_plan, draft_plan, submit_plan
from services.platforms.enums import PlatformKind, PlatformTier
from services.platforms.models import Platform
from services.topics.enums import Category, TopicKind, TopicStatus
from services.topics.events import TopicListed
from services.topics.models import Topic
from services.topics.records import about
from tests.servers import acting, as_owner

CODES = ("qinshui-court", "qinshui-forestry", "qinshui-power")
ACTOR = Actor("secretariat", (Grant(Role.SECRETARIAT, "14"),))
APPROVER = Actor("approver", (Grant(Role.APPROVER, "14"),))
NOW = datetime(2024, 5, 1, 1, 0, tzinfo=UTC)


@dataclass
class World:
    """A county with departments and topics, to announce events about."""

    db: Database
    url: str
    topics: list[Topic]
    departments: dict[str, Department]

    async def announce(self, *codes: str, topic: int = 0, data: str = "", poison: bool = False) -> str:
        """Commit one event about a topic to the departments; return its id. Poison has a header that fits no frame."""
        async with as_owner(self.url) if poison else self.db.write() as tx:
            event = about(TopicListed, self.topics[topic], listed_at=NOW)
            if data:
                object.__setattr__(event, "title", data)
            told = [Addressee(self.departments[code].id, "SUPPORT") for code in codes]
            event_id = await announce(Act(tx, ACTOR, SystemClock()), event, told)
            if poison:
                too_long = f"UPDATE event SET traceparent = repeat('x', 200000) WHERE id = '{event_id}'"
                await (await tx.connection()).exec_driver_sql(too_long)
            return str(event_id)

    async def raise_matter(self) -> UUID:
        """Commit a matter; return its id."""
        platform = self.topics[0].platform_id
        matter = Matter(
            title="漏水", description="管道漏水", raised_by=ParticipantRole.RESIDENT, raised_at=NOW,
            category=Category.OTHER, platform_id=platform, division_number=self.topics[0].division_number,
            status=MatterStatus.RAISED,
        )  # fmt: skip
        async with self.db.write() as tx:
            tx.add(matter)
            return matter.id

    async def plan(self, platform_id: UUID, year: int, *topic_ids: UUID) -> UUID:
        """Have a platform's plan for a year approved, with listed topics in it; return its id."""
        async with self.db.write() as tx:
            act = Act(tx, ACTOR, SystemClock())
            plan = await draft_plan(act, platform_id=platform_id, year=year)
            seen: dict[str, Any] = {"plan_id": plan, "expected_revision": None}
            for topic_id in topic_ids:
                await add_plan_item(act, **seen, topic_id=topic_id, quarter=None, position=None)
            await submit_plan(act, **seen)
            await approve_plan(replace(act, actor=APPROVER), **seen, approving_body="中共沁水县委员会")
        return plan

    def acting(self, login: Login) -> AbstractAsyncContextManager[Database]:
        """Lend the database with the rights of a process."""
        return acting(self.url, login)

    async def rows(self, statement: str) -> list[tuple[object, ...]]:
        """Return the rows of a statement, whatever it does."""
        async with as_owner(self.url) as tx:
            connection = await tx.connection()
            return [tuple(row) for row in await connection.exec_driver_sql(statement)]

    async def run(self, statement: str) -> None:
        """Run a statement that changes rows, as nobody but the owner may."""
        async with as_owner(self.url) as tx:
            await (await tx.connection()).exec_driver_sql(statement)


async def build(db: Database, url: str, *, codes: Sequence[str] = CODES, topics: int = 3) -> World:
    """Write the rows of the world."""
    county = Division(
        number=140521000000, upper=140522000000, code="140521", name="沁水县", level=DivisionLevel.COUNTY,
        parent_number=14 * 10**10,
    )  # fmt: skip
    province = Division(number=14 * 10**10, upper=15 * 10**10, code="14", name="山西省", level=DivisionLevel.PROVINCE)
    platform = Platform(
        code="P140521", name="沁水县协商平台", tier=PlatformTier.GENERAL, kind=PlatformKind.COUNTY,
        division_number=county.number,
    )  # fmt: skip
    departments = {
        code: Department(code=code, name=code, kind=DepartmentKind.OTHER, division_number=county.number)
        for code in codes
    }
    listed = [
        Topic(
            number=f"T140521-2024-{index:04d}", title="林地", kind=TopicKind.MICRO, category=Category.OTHER,
            status=TopicStatus.LISTED, platform_id=platform.id, division_number=county.number, proposed_at=NOW,
            listed_at=NOW,
        )
        for index in range(topics)
    ]  # fmt: skip
    async with as_owner(url) as tx:
        for rows in ([province], [county], [platform, *departments.values()], listed):
            tx.add_all(rows)
            await tx.flush()
        tx.add_all([DepartmentChannel(department_id=one.id) for one in departments.values()])
    return World(db, url, listed, departments)
