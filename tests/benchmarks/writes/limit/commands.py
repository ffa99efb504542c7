"""The limit's verbs: the rows that this service's commands write, and the same requirements of what stands."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

import asyncpg
import orjson

from services.core.clock import CHINA, china_day
from services.core.ids import new_id, node_id, node_uuid
from services.core.scope import subtree
from services.search.terms import EDITION, vector
from services.trace.rules import COMMITTED_FORM, Link, commitments, fresh_salts
from tests.benchmarks.writes.asked import SUBJECT, WITHIN
from tests.benchmarks.writes.limit import sql

Connection: TypeAlias = "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"
Input: TypeAlias = Mapping[str, Any]
Topic: TypeAlias = Mapping[str, Any]
Done: TypeAlias = tuple[str, str]
"""A thing's global id and state."""

ROLE = "SECRETARIAT"
PLACE = subtree(WITHIN)
SCHEDULED = {"LISTED": "SCHEDULED", "SCHEDULED": "SCHEDULED", "DELIBERATED": "DELIBERATED"}
DELIBERATED = {"SCHEDULED": "DELIBERATED", "DELIBERATED": "DELIBERATED", "IMPLEMENTING": "IMPLEMENTING"}


class Refused(Exception):
    """The state does not allow what was asked for."""


class Change(NamedTuple):
    """What becomes of a topic, and what departments are told of it."""

    statement: str
    status: str
    event: str
    facts: Mapping[str, object]
    more: Sequence[object] = ()
    """Further arguments of the statement."""
    scheduled_at: datetime | None = None


def require(held: object, what: str) -> None:
    """Raise Refused where something does not hold."""
    if not held:
        raise Refused(what)


def shown(at: datetime) -> str:
    """Return an instant as the trace tells it."""
    return at.astimezone(CHINA).replace(tzinfo=None).isoformat(" ", "minutes")


def said(topic: Topic, status: str, scheduled_at: datetime | None, facts: Mapping[str, object]) -> str:
    """Return an event's data."""
    told = {
        "id": node_id("topic", topic["id"]),
        "number": topic["number"],
        "title": topic["title"],
        "status": status,
        "scheduled_at": scheduled_at.isoformat() if scheduled_at else None,
    }
    return orjson.dumps({"topic": told, **facts}).decode()


async def claim(connection: Connection, verb: str, given: Input, result: UUID, now: datetime) -> None:
    """Note the request's key with what it gives."""
    digest = sha256(orjson.dumps([verb, given])).hexdigest()
    taken = await connection.fetchval(sql.CLAIM, SUBJECT, given["idempotencyKey"], digest, str(result), now)
    require(taken, "another request had this key")


async def trace(
    connection: Connection,
    act: str,
    summary: str,
    at: datetime,
    *,
    topic: UUID | None = None,
    matter: UUID | None = None,
    subject: tuple[str, UUID] | None = None,
    evidence: Sequence[Mapping[str, str | None]] = (),
    actor: str = SUBJECT,
    role: str = ROLE,
) -> None:
    """Append an entry to the chain of a topic or of a matter."""
    kind, key = ("topic", topic) if topic is not None else ("matter", matter)
    assert key is not None
    about_kind, about = subject or (kind, key)
    head = await connection.fetchrow(sql.HEAD, topic, matter, new_id())
    if head is None:
        raise Refused(f"no {kind}")
    link = Link(
        id=new_id(),
        chain=node_id(kind, key),
        sequence=head["last_sequence"] + 1,
        at=at,
        act=act,
        actor=actor,
        actor_role=role,
        subject=node_id(about_kind, about),
        summary=summary,
        evidence=evidence,
        previous_hash=head["last_hash"],
    )
    salts = fresh_salts(link.words())
    committed = commitments(link.words(), salts)
    await connection.execute(
        sql.ENTRY, link.id, head["id"], link.sequence, at, act, actor, role, about_kind, about, summary,
        orjson.dumps(evidence).decode(), link.previous_hash, link.digest(committed), COMMITTED_FORM,
        salts["actor"], committed["actor"], salts["evidence"], committed["evidence"], salts["summary"],
        committed["summary"],
    )  # fmt: skip


async def change(connection: Connection, topic: Topic, now: datetime, to: Change) -> None:
    """A topic, locked, is what it becomes, and its departments are told."""
    told = await connection.fetch(sql.ADDRESSEES, topic["id"])
    await connection.execute(
        to.statement, topic["id"], to.status, topic["version"] + 1, new_id(), to.event, topic["division_number"],
        topic["number"], now, SUBJECT, said(topic, to.status, to.scheduled_at, to.facts),
        [row[0] for row in told], [row[1] for row in told], [new_id() for _ in told], *to.more,
    )  # fmt: skip


async def raise_matter(connection: Connection, given: Input) -> Done:
    """A matter stands raised."""
    now, key = datetime.now(UTC), new_id()
    title, description = given["title"], given["description"]
    division = await connection.fetchval(
        sql.MATTER, key, title, description, given["nature"], SUBJECT, now, given["category"],
        node_uuid("platform", given["platform"]), china_day(now), PLACE.lower, PLACE.upper,
    )  # fmt: skip
    require(division, "no open platform")
    terms = vector(title, description)
    await connection.execute(sql.DOCUMENT, key, "MATTER", division, title, description, EDITION, terms)
    await trace(connection, "matter.raised", f"反映事项:{title}", now, matter=key)
    return f"matter_{key}", "RAISED"


async def propose_topic(connection: Connection, given: Input) -> Done:
    """A topic stands proposed under the county's next number."""
    now, key = datetime.now(UTC), new_id()
    platform, today = node_uuid("platform", given["platform"]), china_day(now)
    place = await connection.fetchrow(sql.NUMBER, platform, today, PLACE.lower, PLACE.upper, today.year)
    if place is None:
        raise Refused("no open platform")
    number = f"T{place['county_code']}-{today.year}-{place['last']:04d}"
    title, summary = given["title"], given["summary"]
    topic = {"id": key, "number": number, "title": title}
    await connection.execute(
        sql.TOPIC, key, number, title, summary, given["kind"], given["category"], platform, place["division_number"],
        now, SUBJECT, EDITION, vector(title, summary), new_id(),
        said(topic, "PROPOSED", None, {"proposed_at": now.isoformat()}),
    )  # fmt: skip
    await trace(connection, "topic.proposed", f"提出议题:{title}", now, topic=key)
    return f"topic_{key}", "PROPOSED"


async def list_topic(connection: Connection, given: Input) -> Done:
    """The topic stands on the agenda."""
    now, key = datetime.now(UTC), node_uuid("topic", given["topic"])
    topic = await locked(connection, key, "PROPOSED")
    facts = {"listed_at": now.isoformat()}
    await change(connection, topic, now, Change(sql.LISTED, "LISTED", "topic.listed", facts))
    await trace(connection, "topic.listed", "议题立项", now, topic=key)
    return f"topic_{key}", "LISTED"


async def locked(connection: Connection, key: UUID, status: str) -> Topic:
    """Return a topic of the caller's place, locked, which is in a state."""
    topic = await connection.fetchrow(sql.LOCK, key)
    if topic is None:
        raise Refused("no topic")
    require(topic["division_number"] in PLACE and topic["status"] == status, "not there, or in another state")
    return dict(topic)


async def schedule_session(connection: Connection, given: Input) -> Done:
    """A session stands in the calendar, and its topics are scheduled."""
    now, key = datetime.now(UTC), new_id()
    at, venue, form = datetime.fromisoformat(given["scheduledAt"]), given["venue"], given.get("form", "ON_SITE")
    require(china_day(at) >= china_day(now), "the day is past")
    await claim(connection, "scheduleSession", given, key, now)
    wanted = [node_uuid("topic", one) for one in given["topics"]]
    topics = await connection.fetch(sql.LOCK_SOME, wanted)
    require(len(topics) == len(wanted), "no topic")
    placed = await connection.fetch(
        sql.SESSION, key, at, venue, form, node_uuid("platform", given["platform"]), china_day(now),
        PLACE.lower, PLACE.upper, wanted,
    )  # fmt: skip
    require(placed, "no open platform")
    facts = {"session_id": node_id("session", key), "session_at": at.isoformat(), "venue": venue, "form": form}
    for topic in map(dict, topics):
        require(topic["division_number"] in PLACE and topic["status"] in SCHEDULED, "not there, or in another state")
        next_at, last_at = await calendar(connection, topic["id"])
        status = SCHEDULED[topic["status"]]
        to = Change(sql.IN_CALENDAR, status, "topic.scheduled", facts, (next_at, next_at or last_at), next_at)
        await change(connection, topic, now, to)
        summary = f"安排议事会:{shown(at)},{venue}"
        await trace(connection, "topic.scheduled", summary, now, topic=topic["id"], subject=("session", key))
    return f"session_{key}", "SCHEDULED"


async def calendar(connection: Connection, topic: UUID) -> tuple[datetime | None, datetime | None]:
    """Return when a topic's next session is, and when the last one held stood in the calendar."""
    row = await connection.fetchrow(sql.SETTLED, topic)
    assert row is not None
    return row["next_at"], row["last_at"]


async def record_session(connection: Connection, given: Input) -> Done:
    """The session was held, and its topics are deliberated."""
    now, key = datetime.now(UTC), node_uuid("session", given["session"])
    held_at, came = datetime.fromisoformat(given["heldAt"]), given["attendances"]
    require(held_at <= now, "the day is still to come")
    await claim(connection, "recordSession", given, key, now)
    topics = await connection.fetch(sql.LOCK_AGENDA, key)
    session = await connection.fetchrow(sql.LOCK_SESSION, key)
    if session is None:
        raise Refused("no session")
    require(session["division_number"] in PLACE and session["status"] == "SCHEDULED", "not there, or in another state")
    await connection.execute(
        sql.HELD, key, held_at, given["minutes"], len(came), [new_id() for _ in came],
        [one.get("name") for one in came], [one["role"] for one in came], [one.get("department") for one in came],
    )  # fmt: skip
    facts = {
        "session_id": node_id("session", key),
        "session_at": session["scheduled_at"].isoformat(),
        "venue": session["venue"],
        "held_at": held_at.isoformat(),
        "headcount": len(came),
    }
    for topic in map(dict, topics):
        require(topic["status"] in DELIBERATED and topic["proposed_at"] <= held_at, "in another state")
        next_at, last_at = await calendar(connection, topic["id"])
        status = DELIBERATED[topic["status"]]
        to = Change(sql.IN_CALENDAR, status, "session.held", facts, (next_at, next_at or last_at), next_at)
        await change(connection, topic, now, to)
        summary = f"召开议事会:{shown(held_at)},{session['venue']}"
        await trace(connection, "session.held", summary, now, topic=topic["id"], subject=("session", key))
    return f"session_{key}", "HELD"


async def resolve_topic(connection: Connection, given: Input) -> Done:
    """The topic is resolved, with evidence."""
    now, key = datetime.now(UTC), node_uuid("topic", given["topic"])
    shows, summary = given["evidence"], given["summary"]
    await claim(connection, "resolveTopic", given, key, now)
    topic = await locked(connection, key, "IMPLEMENTING")
    require(shows and not await connection.fetchval(sql.STANDING, key), "commitments are open")
    evidence = [{"url": one["url"], "sha256": one["sha256"]} for one in shows]
    columns = [[one.get(name) for one in shows] for name in ("url", "sha256", "note")]
    facts = {"resolved_at": now.isoformat(), "summary": summary}
    more = (summary, [new_id() for _ in shows], *columns)
    to = Change(sql.RESOLVED, "RESOLVED", "topic.resolved", facts, more, topic["next_session_at"])
    await change(connection, topic, now, to)
    await trace(connection, "topic.resolved", "议题办结", now, topic=key, evidence=evidence)
    return f"topic_{key}", "RESOLVED"
