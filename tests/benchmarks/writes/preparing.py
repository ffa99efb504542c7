"""What has to stand before a verb can be done, by bulk statements as the copy's owner: the same in each copy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias
from uuid import UUID

import asyncpg

from tests.benchmarks.writes.ground import Ground, Platform

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

PROPOSED = datetime(2026, 5, 11, 2, 0, tzinfo=UTC)
LISTED = datetime(2026, 5, 18, 2, 0, tzinfo=UTC)
HELD = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
PREPARED = "0197"
"""What the ids of prepared things begin with: they are older than those of new ones."""
ROLES = ("LEAD", "SUPPORT", "INFORMED")
TOPIC, CHAIN, PART, SESSION, OUTCOME, COMMITMENT, EVENT, DELIVERY = range(1, 9)
"""Kinds of ids."""

TOPICS = """
INSERT INTO topic (id, number, title, summary, kind, category, status, version, platform_id, division_number,
                   proposed_at, listed_at, scheduled_at, next_session_at)
SELECT id, 'B' || n, '东门外路灯失修第' || n || '题', '路灯线路归属不清,入冬前要修好。', 'MICRO',
       'OLD_NEIGHBOURHOODS', $5, 2, platform_id, division_number, $6, $7, $8, $8
FROM unnest($1::uuid[], $2::int[], $3::uuid[], $4::bigint[]) AS one(id, n, platform_id, division_number)
"""
CHAINS = """
INSERT INTO trace_chain (id, topic_id, last_sequence, last_hash)
SELECT id, topic_id, 0, decode(repeat('00', 32), 'hex') FROM unnest($1::uuid[], $2::uuid[]) AS one(id, topic_id)
"""
PARTS = """
INSERT INTO involvement (id, topic_id, department_id, role, since)
SELECT id, topic_id, department_id, role, $5
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[]) AS one(id, topic_id, department_id, role)
"""
LANES = """
INSERT INTO lane (department_id, topic_id, last_sequence)
SELECT department_id, topic_id, 1 FROM unnest($1::uuid[], $2::uuid[]) AS one(topic_id, department_id)
"""
SESSIONS = """
INSERT INTO session (id, platform_id, division_number, status, scheduled_at, venue, form, headcount_is_lower_bound)
SELECT id, platform_id, division_number, 'SCHEDULED', $4, '东社区协商议事室', 'ON_SITE', false
FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS one(id, platform_id, division_number)
"""
AGENDAS = """
INSERT INTO session_topic (session_id, topic_id, position)
SELECT session_id, topic_id, 1 FROM unnest($1::uuid[], $2::uuid[]) AS one(session_id, topic_id)
"""
OUTCOMES = """
INSERT INTO outcome (id, topic_id, division_number, agreement, reached_on)
SELECT id, topic_id, division_number, '线路由社区代管,入冬前修好并加装扶手。', $4
FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS one(id, topic_id, division_number)
"""
COMMITMENTS = """
INSERT INTO commitment (id, outcome_id, topic_id, department_id, division_number, task, status, assigned_at)
SELECT id, outcome_id, topic_id, department_id, division_number, '修复路灯', 'DONE', $6
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::bigint[])
    AS one(id, outcome_id, topic_id, department_id, division_number)
"""
EVENTS = """
INSERT INTO event (id, type, topic_id, division_number, subject, occurred_at, data)
SELECT one.id, 'topic.listed', topic.id, division_number, number, $3,
    jsonb_build_object('topic', jsonb_build_object('number', number, 'title', title))
FROM unnest($1::uuid[], $2::uuid[]) AS one(id, topic_id) JOIN topic ON topic.id = one.topic_id
"""
DELIVERIES = """
INSERT INTO delivery (id, event_id, department_id, lane_id, sequence, role, status, attempts, confirmed_at, replays)
SELECT one.id, event_id, one.department_id, lane.id, 1, 'LEAD', 'CONFIRMED', 1, $5, 0
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[]) AS one(id, event_id, topic_id, department_id)
JOIN lane ON lane.topic_id = one.topic_id AND lane.department_id = one.department_id
"""


@dataclass(frozen=True, slots=True)
class Thing:
    """A topic that was prepared, and its platform."""

    number: int
    platform: Platform

    def id(self, kind: int, part: int = 0) -> UUID:
        """Return the id of one of its kinds of things: the same in each copy, ascending with its number."""
        return UUID(f"{PREPARED}{self.number:08x}7{kind:03x}800{part:x}{self.number:012x}")


class Preparing:
    """Makes things in a copy."""

    def __init__(self, connection: Connection, ground: Ground) -> None:
        self._connection = connection
        self._ground = ground

    def among(self, *, spread: bool) -> Sequence[Platform]:
        """Return platforms to act at."""
        return self._ground.among(spread=spread)

    def things(self, number: int, *, spread: bool) -> list[Thing]:
        """Return so many new things, at platforms in turn."""
        platforms = self.among(spread=spread)
        numbers = [next(self._ground.numbers) for _ in range(number)]
        return [Thing(one, platforms[one % len(platforms)]) for one in numbers]

    async def topics(
        self, things: Sequence[Thing], status: str, *, listed: bool = True, scheduled_at: datetime | None = None
    ) -> None:
        """Each has a topic, in which three departments have a part and were told something."""
        ids, divisions = self._ids(things, TOPIC), [one.platform.division_number for one in things]
        numbers, platforms = [one.number for one in things], [one.platform.id for one in things]
        listed_at = LISTED if listed else None
        await self._do(TOPICS, ids, numbers, platforms, divisions, status, PROPOSED, listed_at, scheduled_at)
        await self._do(CHAINS, self._ids(things, CHAIN), ids)
        parts = [(one, part) for one in things for part in range(len(ROLES))]
        of, told = [one.id(TOPIC) for one, _ in parts], [one.platform.department_ids[part] for one, part in parts]
        made, roles = [one.id(PART, part) for one, part in parts], [ROLES[part] for _, part in parts]
        await self._do(PARTS, made, of, told, roles, LISTED)
        await self._do(LANES, of, told)

    async def sessions(self, things: Sequence[Thing]) -> None:
        """Each has a session in the calendar that takes its topic."""
        ids, topics = self._ids(things, SESSION), self._ids(things, TOPIC)
        platforms = [one.platform.id for one in things], [one.platform.division_number for one in things]
        await self._do(SESSIONS, ids, *platforms, HELD)
        await self._do(AGENDAS, ids, topics)

    async def commitments(self, things: Sequence[Thing]) -> None:
        """Each has an outcome, and a commitment of its lead department that is done."""
        outcomes, topics = self._ids(things, OUTCOME), self._ids(things, TOPIC)
        divisions, leads = [one.platform.division_number for one in things], self.leads(things)
        await self._do(OUTCOMES, outcomes, topics, divisions, HELD.date())
        await self._do(COMMITMENTS, self._ids(things, COMMITMENT), outcomes, topics, leads, divisions, HELD)

    async def notices(self, things: Sequence[Thing]) -> None:
        """Each has an event that its lead department has got."""
        events, topics = self._ids(things, EVENT), self._ids(things, TOPIC)
        await self._do(EVENTS, events, topics, LISTED)
        await self._do(DELIVERIES, self._ids(things, DELIVERY), events, topics, self.leads(things), LISTED)

    @staticmethod
    def leads(things: Sequence[Thing]) -> list[UUID]:
        """Return the lead departments."""
        return [one.platform.department_ids[0] for one in things]

    @staticmethod
    def _ids(things: Sequence[Thing], kind: int) -> list[UUID]:
        return [one.id(kind) for one in things]

    async def _do(self, statement: str, *values: object) -> None:
        await self._connection.execute(statement, *values)
