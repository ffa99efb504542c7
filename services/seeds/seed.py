"""The whole province, as it has come up to a day, into a database: all of it or nothing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from time import monotonic
from uuid import UUID

import asyncpg

from services.core.clock import china_day
from services.core.errors import InvalidInput
from services.search.reindex import fill
from services.seeds.agenda import province_agenda
from services.seeds.centers import Centers
from services.seeds.collection import without_collection
from services.seeds.committees import REGISTERED_AT, Brands, Committees, found_counties
from services.seeds.consultations import Record
from services.seeds.departments import Departments
from services.seeds.divisions import Divisions, packed_table, read_divisions
from services.seeds.duty import Duty
from services.seeds.errors import DatabaseNotEmpty
from services.seeds.identifiers import marked_id
from services.seeds.load import Batch, Connection, Row, copy_rows, tables_with_rows, tidy
from services.seeds.matters import RAISED_BEFORE_TOPIC, unlisted_matters
from services.seeds.platforms import Platforms, allot, platform_rows, sites_of
from services.seeds.registry import County
from services.seeds.scaffold import without_scaffold
from services.seeds.timeline import DAY, day_of, midnight

EDITION = 13
"""Counted up whenever the seeds write other rows than those that a database seeded before has after its migrations."""

BATCH = 2_000
"""Topics whose rows are in memory at a time."""

FIRST_DAY = day_of(REGISTERED_AT)

TELL = "SELECT format('COMMENT ON TABLE brand IS %L', $1::text)"
TOLD = "SELECT obj_description('brand'::regclass)"
"""Up to which day a database was seeded is told by a comment, for it is no fact of the province."""

LOCK = 0x73656564  # "seed": one at a time, however many processes start at once

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class SeedReport:
    """What a seed did: rows written by table, none where the data was already there."""

    rows: Mapping[str, int]
    duration_s: float
    already_there: bool


async def seed(url: str, *, until: date, scale: int = 1, progress: Progress) -> SeedReport:
    """Fill the empty tables of a migrated database with the demonstration province, in one transaction.

    `until` is the last day in Beijing that is told of; sessions may be announced and work be due for later ones. The
    same edition and scale give the same rows up to a day on every machine, whatever the last day is; a database that
    has them up to any day is left as it is.
    `scale` multiplies platforms and topics; the figures told hold at 1, and only there have topics their former
    versions, and those of the told counties their traces. The role needs to own the tables.
    Raises InvalidInput for a scale below 1 and for a day before the first platform, DatabaseNotEmpty where the tables
    hold anything else.
    """
    if scale < 1:
        raise InvalidInput(f"A scale of {scale} gives no province; it is 1 or more.", path=("scale",))
    if until < FIRST_DAY:
        raise InvalidInput(f"Nothing is told up to {until}; the first day is {FIRST_DAY}.", path=("until",))
    started = monotonic()
    packed = packed_table()
    mark = _mark(scale, packed)
    connection = await asyncpg.connect(url, server_settings={"statement_timeout": "0"})
    try:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
            if await connection.fetchval("SELECT EXISTS (SELECT FROM brand WHERE id = $1)", mark):
                told = await connection.fetchval(TOLD)
                progress(f"already there, {told}")
                return SeedReport({}, monotonic() - started, already_there=True)
            if occupied := await tables_with_rows(connection):
                raise DatabaseNotEmpty(occupied)
            async with without_scaffold(connection):
                with without_collection():
                    rows = await _Load(connection, progress, scale, midnight(until) + DAY).fill(packed, mark)
                progress("checking foreign keys and building indexes")
            await connection.execute(await connection.fetchval(TELL, f"as it had come up to {until}"))
        progress("gathering statistics")
        await tidy(connection)
    finally:
        await connection.close()
    return SeedReport(rows, monotonic() - started, already_there=False)


def last_day(now: datetime) -> date:
    """Return the last day that has passed in Beijing: the latest up to which the province can be told."""
    return china_day(now) - timedelta(days=1)


def _mark(scale: int, packed: bytes) -> UUID:
    """Return the id of the province's own brand, which carries the digest of what the seed writes.

    The row goes in with all the others or not at all, so that it alone tells whether they are there.
    """
    return marked_id(REGISTERED_AT, sha256(f"{EDITION} {scale} ".encode() + packed).digest())


class _Load:
    """Fills the tables, counting."""

    def __init__(self, connection: Connection, progress: Progress, scale: int, end: int) -> None:
        self._connection = connection
        self._progress = progress
        self._scale = scale
        self._end = end
        self._rows: dict[str, int] = {}

    async def fill(self, packed: bytes, mark: UUID) -> dict[str, int]:
        """Write the province and return how many rows each table got."""
        divisions = read_divisions(packed)
        await self._copy("division", (place.row for place in divisions.places))
        counties, duty = await self._registry(divisions, mark)
        await self._consultations(counties)
        await self._assessments(duty)
        self._rows["search_document"] = await fill(self._connection)
        self._progress(f"{self._rows['search_document']} documents for search")
        return self._rows

    async def _copy(self, table: str, rows: Iterable[Row]) -> None:
        self._rows[table] = self._rows.get(table, 0) + await copy_rows(self._connection, table, rows)

    async def _registry(self, divisions: Divisions, mark: UUID) -> tuple[list[County], Duty]:
        """Write all that stands: brands, committees, departments, platforms, schemes of duty."""
        brands, committees, departments = Brands(divisions, mark), Committees(), Departments()
        centers = Centers(self._end)
        counties = found_counties(divisions, committees)
        sites = {county.place.code: sites_of(county, divisions) for county in counties}
        allotments = allot(sites)
        platforms = Platforms(brands, self._scale)
        for county in counties:
            code = county.place.code
            departments.establish(county)
            platforms.open_in(county, sites[code], allotments[code])
        for county in counties:
            centers.fill(county)
        await self._copy("brand", brands.rows)
        await self._copy("committee", committees.committee_rows)
        await self._copy("liaison_group", committees.group_rows)
        await self._copy("member", committees.member_rows)
        await self._copy("department", departments.rows)
        await self._copy("department_channel", departments.channel_rows)
        await self._copy("practice_center", centers.center_rows)
        await self._copy("activity", centers.activity_rows)
        await self._copy("activity_member", centers.member_rows)
        await self._copy("platform", platform_rows(counties, self._end))
        duty = Duty(committees.committee_rows, counties)
        await self._copy("duty_scheme", duty.scheme_rows)
        await self._copy("duty_rule", duty.rule_rows)
        await self._copy("duty_grade", duty.grade_rows)
        self._progress(f"{len(divisions.places)} divisions, {self._rows['platform']} platforms")
        return counties, duty

    async def _consultations(self, counties: list[County]) -> None:
        """Write the topics and what hangs on them, batch by batch."""
        # What people raised already may become a topic only later.
        topics = province_agenda(counties, self._scale, self._end + RAISED_BEFORE_TOPIC)
        record = Record(topics, self._end, whole=self._scale == 1)
        while any((batch := record.next_batch(BATCH)).values()):
            await self._copy_all(batch)
            self._progress(f"{self._rows['topic']} topics")
        matters = unlisted_matters(counties, self._end)
        while any((batch := record.next_matters(matters, BATCH)).values()):
            await self._copy_all(batch)
        await self._copy_all(record.plan_rows())
        await self._copy("topic_number", record.number_rows())

    async def _copy_all(self, batch: Batch) -> None:
        for table, rows in batch.items():
            await self._copy(table, rows)

    async def _assessments(self, duty: Duty) -> None:
        """Write what members' years came to by all that was written before."""
        await duty.assess(self._connection, self._end)
        await self._copy("duty_assessment", duty.assessment_rows)
        await self._copy("duty_record", duty.record_rows)
