"""The database's own policies: by them alone, a statement of the readers' role gives nobody what they do not see."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping
from time import time
from typing import TypeAlias

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.core import rights
from services.core.actor import ANONYMOUS, SEES, SEES_DELIVERIES, Actor, Grant, Role
from services.core.errors import InvalidInput
from services.core.rights import SERVICE, TELL, Signer, key_of
from services.core.scope import multirange
from services.migrations.grants import Login
from services.migrations.policies import PLACED
from services.migrations.tables import metadata
from services.reads import visibility
from services.reads.policies import TABLES, Kept
from services.reads.visibility import Rule, Sight, Words
from tests import servers
from tests.conftest import fresh_name, template
from tests.servers import login_url

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

YINGZE, QINSHUI = "140106", "140521"
CALLERS = {
    "anonymous": ANONYMOUS,
    "somebody": Actor("resident"),
    "resident": Actor("resident", (Grant(Role.RESIDENT, QINSHUI),)),
    "member": Actor("member", (Grant(Role.MEMBER, YINGZE),)),
    "cadre": Actor("secretariat", (Grant(Role.CADRE, "140521100000"),)),
    "secretariat": Actor("secretariat", (Grant(Role.SECRETARIAT, QINSHUI),)),
    "approver": Actor("approver", (Grant(Role.APPROVER, YINGZE),)),
    "auditor": Actor("auditor", (Grant(Role.AUDITOR, "14"),)),
    "operator": Actor("operator", (Grant(Role.OPERATOR, QINSHUI),)),
    "department": Actor("court", (Grant(Role.DEPARTMENT, department="qinshui-court"),)),
    "department and resident": Actor(
        "resident", (Grant(Role.DEPARTMENT, department="qinshui-court"), Grant(Role.RESIDENT, YINGZE))
    ),
    "two departments": Actor(
        "court", tuple(Grant(Role.DEPARTMENT, department=code) for code in ("qinshui-court", "yingze-water"))
    ),
    "secretariat of another province": Actor("other", (Grant(Role.SECRETARIAT, "15"),)),
}
PARAMETERS: Mapping[str, Callable[[Actor], str]] = {
    "staff_scope": lambda actor: f"'{multirange(actor.scopes(SEES))}'::int8multirange",
    "delivery_scope": lambda actor: f"'{multirange(actor.scopes(SEES_DELIVERIES))}'::int8multirange",
    "or_past": lambda _actor: "",
    "subject": lambda actor: f"'{actor.subject}'" if actor.subject else "NULL::text",
    "departments": lambda actor: f"ARRAY[{', '.join(f'{code!r}' for code in actor.departments())}]::text[]",
}


class EverWords(Words):
    """Predicates of what a version of a row was while it stood, now or as of an instant."""

    def __init__(self, ends: str = "'infinity'") -> None:
        self.ends = ends

    def involved(self, row: str, topic_id: str) -> str:
        return (
            "EXISTS (SELECT FROM involvement AS part JOIN department AS own ON own.id = part.department_id "
            f"WHERE part.topic_id = {topic_id} AND own.code = ANY({{departments}}) AND part.since < {self.ends} "
            f"AND coalesce(part.until, 'infinity') > {row}.recorded_at)"
        )

    def listed(self, topic_id: str) -> str:
        return (
            "EXISTS (SELECT FROM (SELECT id, listed_at, recorded_at FROM topic "
            "UNION ALL SELECT id, listed_at, recorded_at FROM topic_history) AS listing "
            f"WHERE listing.id = {topic_id} AND listing.listed_at IS NOT NULL AND listing.recorded_at < {self.ends})"
        )

    def hidden(self, row: str) -> str:
        return f"EXISTS (SELECT FROM redaction AS hiding WHERE hiding.thing_id = {row}.id AND hiding.field = 'WHOLE')"


def seen(rule: Callable[[str, Words], Rule], table: str, *, former: bool = False) -> Callable[[Sight], str]:
    """Return what a rule says of a table's rows."""
    words = EverWords(f"{table}.replaced_at" if former else "'infinity'")
    return lambda sight: rule(table, words).predicate(sight)


def of_topic(key: str, at: str | None = None) -> Callable[[Sight], str]:
    """Return that the topic with a key is in sight, or was when something happened."""
    ended = f"AND coalesce(part.until, 'infinity') > {at}" if at else ""

    def predicate(sight: Sight) -> str:
        now = f"EXISTS (SELECT FROM topic WHERE topic.id = {key} AND {seen(visibility.topic, 'topic')(sight)})"
        part = (
            "EXISTS (SELECT FROM involvement AS part JOIN department AS own ON own.id = part.department_id "
            f"WHERE part.topic_id = {key} AND own.code = ANY({{departments}}) {ended})"
        )
        return f"({now} OR {part})"

    return predicate


def of_matter(key: str, at: str | None = None) -> Callable[[Sight], str]:
    """Return that the matter with a key is in sight, or a version of it was that stood after something happened."""
    before = f"AND was.replaced_at > {at}" if at else ""
    return lambda sight: (
        f"(EXISTS (SELECT FROM matter WHERE matter.id = {key} AND {seen(visibility.matter, 'matter')(sight)}) "
        f"OR EXISTS (SELECT FROM matter_history AS was WHERE was.id = {key} {before} AND "
        f"{seen(visibility.matter, 'was', former=True)(sight)}))"
    )


def of_plan(key: str) -> Callable[[Sight], str]:
    """Return that the plan with a key is in sight."""
    rule = seen(visibility.annual_plan, "plan")
    return lambda sight: f"EXISTS (SELECT FROM annual_plan AS plan WHERE plan.id = {key} AND {rule(sight)})"


def told(sight: Sight) -> str:
    """Return that the notice `told` is in sight, as the delivery log gives it."""
    place = "(SELECT division_number FROM event WHERE event.id = told.event_id)"
    return visibility.notice("told", place, EverWords()).predicate(sight)


def trace(sight: Sight) -> str:
    """Return that an entry of the trace is in sight: with what its chain is of, and with the plan that it is of."""
    topic, matter = of_topic("chain.topic_id", "trace_entry.at"), of_matter("chain.matter_id", "trace_entry.at")
    return (
        "EXISTS (SELECT FROM trace_chain AS chain WHERE chain.id = trace_entry.chain_id "
        f"AND ({topic(sight)} OR {matter(sight)})) "
        f"AND {visibility.trace_entry('trace_entry', EverWords()).predicate(sight)}"
    )


def event(sight: Sight) -> str:
    """Return that an event is in sight: with its topic, or with a notice of it."""
    return (
        f"{of_topic('event.topic_id', 'event.occurred_at')(sight)} "
        "OR (division_number <@ {delivery_scope} AND EXISTS (SELECT FROM delivery WHERE event_id = event.id)) "
        f"OR EXISTS (SELECT FROM delivery AS told WHERE told.event_id = event.id AND {told(sight)})"
    )


def own(department_id: str) -> str:
    """Return that a department is one of the caller's."""
    return f"EXISTS (SELECT FROM department AS own WHERE own.id = {department_id} AND own.code = ANY({{departments}}))"


NOBODY: Callable[[Sight], str] = lambda _sight: "false"  # noqa: E731 -- as the others
EXPECTED: Mapping[str, Callable[[Sight], str]] = {
    **{name: seen(visibility.topic, name, former=name != "topic") for name in ("topic", "topic_history")},
    **{name: seen(visibility.matter, name, former=name != "matter") for name in ("matter", "matter_history")},
    **{name: seen(visibility.annual_plan, name) for name in ("annual_plan", "annual_plan_history")},
    **{name: seen(visibility.duty, name) for name in ("duty_assessment", "duty_record")},
    "role_grant": seen(visibility.role_grant, "role_grant"),
    "involvement": lambda sight: (
        f"{of_topic('involvement.topic_id', 'involvement.since')(sight)} OR {own('involvement.department_id')}"
    ),
    "evidence": lambda sight: f"commitment_id IS NOT NULL OR {of_topic('evidence.topic_id', 'evidence.at')(sight)}",
    "plan_item": of_plan("plan_item.plan_id"),
    "plan_item_history": lambda sight: (
        "(SELECT division_number FROM annual_plan AS plan WHERE plan.id = plan_id) <@ {staff_scope}"
        if sight.staff
        else "false"
    ),
    "event": event,
    "lane": lambda sight: (
        f"{of_topic('lane.topic_id')(sight)} OR {own('lane.department_id')} OR "
        "(SELECT division_number FROM department WHERE department.id = department_id) <@ {delivery_scope}"
    ),
    "delivery": lambda sight: (
        f"{told(sight).replace('told.', 'delivery.')} OR delivery.receipt IS NOT NULL AND EXISTS "
        f"(SELECT FROM event WHERE event.id = delivery.event_id AND event.topic_id IS NOT NULL AND ({event(sight)}))"
    ),
    "trace_chain": lambda sight: (
        f"{of_topic('trace_chain.topic_id')(sight)} OR {of_matter('trace_chain.matter_id')(sight)}"
    ),
    "trace_entry": trace,
    "redaction": lambda sight: (
        f"field = 'WHOLE' OR NOT EXISTS (SELECT FROM matter WHERE matter.id = thing_id) "
        f"OR {of_matter('redaction.thing_id')(sight)}"
    ),
    "search_document": lambda sight: (
        f"published OR kind = 'TOPIC' AND {of_topic('search_document.id', 'NULL')(sight)} OR kind = 'MATTER' "
        "AND EXISTS (SELECT FROM matter WHERE matter.id = search_document.id "
        f"AND {seen(visibility.matter, 'matter')(sight)})"
    ),
    **dict.fromkeys(
        (
            "revocation",
            "installation_key",
            "rights_key",
            "idempotency_key",
            "inbox_message",
            "topic_number",
            "restoration",
        ),
        NOBODY,
    ),
}
"""What each table that keeps rows back shows, by the rules from which statements are compiled."""
UNREAD = frozenset({"rights_key", "idempotency_key", "inbox_message", "topic_number", "restoration"})
"""Those that readers may not ask for at all."""

MORE = """
INSERT INTO topic (id, number, title, kind, category, status, version, platform_id, division_number, proposed_at,
                   recorded_at, subject)
SELECT md5('proposal' || id)::uuid, number || '-P', title, kind, category, 'PROPOSED', 1, platform_id, division_number,
       proposed_at, '2024-02-01T00:00:00Z', CASE WHEN right(number, 1) < '4' THEN 'resident' END FROM topic;
INSERT INTO topic_history (id, number, title, kind, category, status, version, platform_id, division_number,
                           proposed_at, recorded_at, subject, replaced_at)
SELECT id, number, title || '（草）', kind, category, status, version, platform_id, division_number, proposed_at,
       '2024-01-01T00:00:00Z', subject, recorded_at FROM topic WHERE status = 'PROPOSED' AND number LIKE '%-P';
INSERT INTO involvement (id, topic_id, department_id, role, since, until)
SELECT md5('part' || topic.id || code)::uuid, topic.id, department.id, 'SUPPORT',
       '2024-01-05T00:00:00Z', (ARRAY['2024-01-10T00:00:00Z', '2024-02-10T00:00:00Z', NULL]::timestamptz[])
           [1 + abs(hashtext(topic.id::text)) % 3]
FROM topic JOIN department ON code IN ('qinshui-court', 'yingze-water') AND abs(hashtext(topic.number || code)) % 2 = 0
WHERE topic.number LIKE '%-P';
INSERT INTO evidence (id, topic_id, at, url)
SELECT md5('shown' || id)::uuid, id, '2024-02-05T00:00:00Z', 'https://example.org/1' FROM topic WHERE number LIKE '%-P';
INSERT INTO matter (id, title, description, nature, raised_by, subject, raised_at, platform_id, division_number,
                    category, status, version, accepted_at, topic_id, recorded_at)
SELECT md5('wish' || id)::uuid, title, title, 'WORRYING', 'RESIDENT', subject, proposed_at, platform_id,
       division_number, category, 'LISTED', 2, proposed_at, id, proposed_at FROM topic WHERE number LIKE '%-P';
INSERT INTO matter_history (id, title, description, nature, raised_by, subject, raised_at, platform_id,
                            division_number, category, status, version, accepted_at, topic_id, recorded_at, replaced_at)
SELECT id, title, '初稿', nature, raised_by, subject, raised_at, platform_id, division_number, category, status, 1,
       accepted_at, topic_id, '2022-01-01T00:00:00Z', '2023-06-01T00:00:00Z' FROM matter;
INSERT INTO trace_chain (id, topic_id, last_sequence, last_hash)
SELECT md5('own chain' || id)::uuid, id, 1, sha256('') FROM topic WHERE number LIKE '%-P';
INSERT INTO trace_chain (id, matter_id, last_sequence, last_hash)
SELECT md5('own chain' || id)::uuid, id, 1, sha256('') FROM matter
WHERE NOT EXISTS (SELECT FROM trace_chain WHERE matter_id = matter.id);
INSERT INTO trace_entry (id, chain_id, sequence, at, act, actor, actor_role, subject_kind, subject_id, summary,
                         evidence, previous_hash, hash)
SELECT md5('own entry' || id)::uuid, id, 1, '2024-02-01T00:00:00Z', 'topic.proposed', 'somebody', 'CADRE',
       CASE WHEN topic_id IS NULL THEN 'matter' ELSE 'topic' END, coalesce(topic_id, matter_id), '事', '[]', sha256(''),
       sha256('') FROM trace_chain AS chain WHERE NOT EXISTS (SELECT FROM trace_entry WHERE chain_id = chain.id);
INSERT INTO annual_plan (id, platform_id, division_number, year, version, revision, status, drafted_at, recorded_at)
SELECT md5('draft' || id)::uuid, id, division_number, 2024, 40, 3, 'DRAFT', '2023-12-01T00:00:00Z',
       '2023-12-01T00:00:00Z' FROM platform WHERE tier <> 'MICRO';
INSERT INTO annual_plan_history (id, platform_id, division_number, year, version, revision, status, drafted_at,
                                 recorded_at, replaced_at)
SELECT id, platform_id, division_number, year, version, 2, 'DRAFT', drafted_at, recorded_at - interval '1 day',
       recorded_at FROM annual_plan;
INSERT INTO plan_item (id, plan_id, topic_id, position, quarter, recorded_at)
SELECT md5('item' || plan.id || topic.id)::uuid, plan.id, topic.id,
       row_number() OVER (PARTITION BY plan.id ORDER BY topic.number), 1, plan.recorded_at
FROM annual_plan AS plan JOIN topic USING (platform_id) WHERE plan.version = 40 AND topic.listed_at IS NOT NULL;
INSERT INTO plan_item_history (id, plan_id, topic_id, position, quarter, recorded_at, replaced_at)
SELECT id, plan_id, topic_id, position, 2, recorded_at - interval '5 days', recorded_at FROM plan_item;
INSERT INTO trace_entry (id, chain_id, sequence, at, act, actor, actor_role, subject_kind, subject_id, summary,
                         evidence, previous_hash, hash)
SELECT md5('planned' || item.id)::uuid, chain.id, 1000 + row_number() OVER (PARTITION BY chain.id ORDER BY item.id),
       '2024-01-05T00:00:00Z', 'plan.topic_added', 'cadre', 'CADRE', 'annualplan', item.plan_id, '列入计划草案', '[]',
       sha256(''), sha256('') FROM plan_item AS item JOIN trace_chain AS chain USING (topic_id);
INSERT INTO event (id, type, topic_id, division_number, occurred_at, actor, data)
SELECT md5('told' || id)::uuid, 'department.involved', id, division_number, '2024-01-07T00:00:00Z', 'cadre', '{}'
FROM topic WHERE number LIKE '%-P';
INSERT INTO lane (department_id, topic_id, last_sequence)
SELECT department_id, topic_id, 1 FROM involvement WHERE topic_id IN (SELECT id FROM topic WHERE number LIKE '%-P');
INSERT INTO delivery (id, event_id, department_id, lane_id, sequence, role, status, attempts, confirmed_at, receipt,
                      receipt_at, replays)
SELECT md5(lane.id::text || event.id)::uuid, event.id, lane.department_id, lane.id, 1, 'SUPPORT', 'CONFIRMED', 1, now(),
       CASE WHEN lane.id % 2 = 0 THEN 'ACCEPTED' END, CASE WHEN lane.id % 2 = 0 THEN now() END, 0
FROM lane JOIN event USING (topic_id) WHERE topic_id IN (SELECT id FROM topic WHERE number LIKE '%-P');
INSERT INTO redaction (thing_id, field, words, redacted_at)
SELECT id, field, CASE WHEN field <> 'WHOLE' THEN '一处问题' END, '2024-03-01T00:00:00Z'
FROM matter, unnest(ARRAY['TITLE', 'WHOLE']) WITH ORDINALITY AS redacted(field, nth)
WHERE abs(hashtext(id::text)) % 3 = nth;
INSERT INTO redaction (thing_id, field, words, redacted_at)
SELECT id, 'TEXT', '意见', '2024-03-01T00:00:00Z' FROM opinion WHERE abs(hashtext(id::text)) % 3 = 0;
UPDATE matter SET redacted = true WHERE id IN (SELECT thing_id FROM redaction);
UPDATE opinion SET redacted = true WHERE id IN (SELECT thing_id FROM redaction);
INSERT INTO search_document (id, kind, division_number, title, published, edition, terms)
SELECT id, 'TOPIC', division_number, title, false, 1, '' FROM topic WHERE number LIKE '%-P';
INSERT INTO search_document (id, kind, division_number, title, published, edition, terms)
SELECT id, 'MATTER', division_number, title, false, 1, '' FROM matter
ON CONFLICT DO NOTHING;
INSERT INTO inbox_message (department_id, message_id, received_at, source)
SELECT id, 'message of ' || code, '2024-01-01T00:00:00Z', code FROM department;
INSERT INTO idempotency_key (subject, key, fingerprint, at) VALUES ('resident', 'k', 'x', '2024-01-01T00:00:00Z');
INSERT INTO revocation (id, subject, revoked_by, revoked_at) VALUES (gen_random_uuid(), 'resident', 'operator', now());
INSERT INTO restoration (restored_to, told_at, first_sequence) VALUES ('2024-01-01T00:00:00Z', now(), 1000);
"""
"""What not everybody sees, beside the small province."""


@pytest.fixture(scope="module")
async def url() -> AsyncIterator[str]:
    """A small province with rows of every table, of which most are kept back from most."""
    name = fresh_name()
    url = await servers.create_database(name, await template("trimmed"))
    connection = await asyncpg.connect(url)
    async with connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        await connection.execute(MORE)
    await connection.execute("ANALYZE")
    await connection.close()
    yield url
    await servers.drop_databases(name)


@pytest.fixture
async def owner(url: str) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(url)
    yield connection
    await connection.close()


@pytest.fixture
async def reader(url: str) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(login_url(url, Login.READ))
    yield connection
    await connection.close()


@pytest.fixture
def signer(url: str) -> Signer:
    key = key_of(login_url(url, Login.READ))
    assert key is not None
    return Signer(key)


async def tell(connection: Connection, told: bytes) -> None:
    """Tell the database somebody's rights, for the transaction."""
    await connection.fetchval(TELL, told.decode())


async def rows(connection: Connection, table: str, predicate: str = "true") -> set[str]:
    """Return the rows of a table by where they lie."""
    found = await connection.fetch(f"SELECT ctid::text FROM {table} WHERE {predicate}")
    return {row["ctid"] for row in found}


def compiled(table: str, actor: Actor) -> str:
    """Return what statements ask for of a table on a caller's behalf, with its values."""
    predicate = re.sub(r"\{table_(\w+)\}", r"\1", EXPECTED[table](Sight.of(actor)))
    return predicate.format(**{name: value(actor) for name, value in PARAMETERS.items()})


KEPT = [name for name, placed in TABLES.items() if isinstance(placed, Kept)]


def test_every_table_says_who_sees_its_rows() -> None:
    histories = {name for name in TABLES if name.endswith("_history")}
    assert set(TABLES) == {*metadata.tables, *histories, "alembic_version"}
    assert set(EXPECTED) == set(KEPT)


@pytest.mark.parametrize("who", CALLERS)
async def test_policies_alone_show_what_statements_ask_for_and_no_more(
    who: str, owner: Connection, reader: Connection, signer: Signer
) -> None:
    actor, wrong = CALLERS[who], {}
    told = signer.signed(actor)
    for table in set(KEPT) - UNREAD:
        async with reader.transaction():
            await tell(reader, told)
            found = await rows(reader, table)
        asked = await rows(owner, table, compiled(table, actor))
        if found != asked:
            wrong[table] = (len(found), len(asked), sorted(found - asked)[:3], sorted(asked - found)[:3])
    assert wrong == {}


async def test_parts_are_marked_by_whether_everybody_sees_their_topic(owner: Connection, reader: Connection) -> None:
    wrong = (
        "SELECT count(*) FROM involvement JOIN topic ON topic.id = topic_id WHERE published <> (listed_at IS NOT NULL)"
    )
    add = (
        "INSERT INTO involvement (id, topic_id, department_id, role, since, published) SELECT gen_random_uuid(), "
        "topic.id, department.id, 'INFORMED', now(), listed_at IS NULL FROM topic, department WHERE topic.id = $1 "
        "AND NOT EXISTS (SELECT FROM involvement WHERE topic_id = topic.id AND department_id = department.id) LIMIT 1 "
        "RETURNING published"
    )
    assert await owner.fetchval(wrong) == 0  # as they were sown
    assert await owner.fetchval("SELECT count(DISTINCT published) FROM involvement") == 2
    topic = await owner.fetchval("SELECT topic_id FROM involvement WHERE NOT published LIMIT 1")
    undone = owner.transaction()
    await undone.start()
    try:
        assert await owner.fetchval(add, topic) is False
        await owner.execute("UPDATE topic SET listed_at = now() WHERE id = $1", topic)
        assert await owner.fetchval(add, topic) is True
        assert await owner.fetchval(wrong) == 0
        # One that was added at the same time is looked up.
        await owner.execute("UPDATE involvement SET published = false WHERE topic_id = $1", topic)
        parts = f"topic_id = '{topic}'"
        asked = await rows(owner, "involvement", parts)
        await owner.execute(f"SET LOCAL ROLE {Login.READ}")
        assert await rows(owner, "involvement", parts) == asked
    finally:
        await undone.rollback()
    assert await rows(reader, "involvement", parts) == set()


async def test_service_reads_for_itself_what_nobody_else_sees(
    reader: Connection, signer: Signer, owner: Connection
) -> None:
    async with reader.transaction():
        await tell(reader, signer.signed(SERVICE))
        for table in ("revocation", "installation_key", "role_grant", "event", "delivery"):
            assert await rows(reader, table) == await rows(owner, table) != set(), table


@pytest.mark.parametrize("table", sorted(UNREAD))
async def test_what_nobody_reads_is_refused_to_readers(table: str, reader: Connection) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await rows(reader, table)


FORGED: Mapping[str, Callable[[str], str]] = {
    "unsigned": lambda signed: signed[65:],
    "with another subtree": lambda signed: signed.replace("140521000000", "140000000000"),
    "with a code that is none": lambda signed: f"{'0' * 64}{signed[64:]}",
    "with a code of another length": lambda signed: signed[1:],
    "with nothing signed": lambda signed: signed[:64],
    "signed by another key": lambda _signed: Signer(b"another").signed(CALLERS["secretariat"]).decode(),
    "no rights at all": lambda _signed: "everything",
}


@pytest.mark.parametrize("how", FORGED)
async def test_rights_that_the_service_did_not_sign_are_refused(how: str, reader: Connection, signer: Signer) -> None:
    signed = signer.signed(CALLERS["secretariat"])
    forged = FORGED[how](signed.decode()).encode()
    assert forged != signed
    for told in (forged, signed):
        async with reader.transaction():
            await tell(reader, told)
            if told is signed:
                assert await reader.fetchval("SELECT count(*) FROM role_grant") > 0
                continue
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="not signed by the service"):
                await reader.fetchval("SELECT count(*) FROM role_grant")


async def test_rights_end_and_end_with_their_transaction(
    reader: Connection, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = "SELECT count(*) FROM role_grant"
    now = time()
    for age_s, holds in ((0, True), (rights.VALID_S - 30, True), (rights.VALID_S + 30, False)):
        monkeypatch.setattr("services.core.rights.time", lambda at=now - age_s: at)
        told = Signer(signer._key).signed(CALLERS["secretariat"])  # noqa: SLF001 -- at another time
        async with reader.transaction():
            await tell(reader, told)
            if holds:
                assert await reader.fetchval(count) > 0
                continue
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="have ended"):
                await reader.fetchval(count)
    assert await reader.fetchval(count) == 0


async def test_rights_are_signed_anew_before_they_end(monkeypatch: pytest.MonkeyPatch, signer: Signer) -> None:
    now, actor = 1_700_000_000.0, CALLERS["secretariat"]
    told = []
    for age_s in (0, rights.VALID_S - rights.RENEWED_S - 1, rights.VALID_S - rights.RENEWED_S + 1):
        monkeypatch.setattr("services.core.rights.time", lambda at=now + age_s: at)
        told.append(signer.signed(actor))
    assert told[0] == told[1] != told[2]


async def test_reads_on_one_connection_have_each_their_callers_rights(url: str) -> None:
    """Many at once, sent down one connection behind each other."""
    count = "SELECT count(*)::text FROM role_grant"
    db = await servers.open_as(url)
    try:
        one_by_one = {who: await db.reads.read_json(count, (), actor) for who, actor in CALLERS.items()}
        at_once = await asyncio.gather(*(db.reads.read_json(count, (), CALLERS[who]) for who in [*CALLERS] * 20))
        assert at_once == [one_by_one[who] for who in [*CALLERS] * 20]
        assert one_by_one["anonymous"] == b"0" != one_by_one["secretariat"] != one_by_one["auditor"]
    finally:
        await db.close()


async def test_read_that_fails_leaves_no_rights_behind(url: str) -> None:
    db = await servers.open_as(url)
    try:
        with pytest.raises(InvalidInput):
            await db.reads.read_json("SELECT (1 / 0)::text", (), CALLERS["auditor"])
        assert await db.reads.read_json("SELECT current_setting('shangliang.rights', true)", ()) == b""
        assert await db.reads.read_json("SELECT count(*)::text FROM role_grant", ()) == b"0"
    finally:
        await db.close()


KEEP = "SELECT set_config('shangliang.rights', current_setting('shangliang.rights'), false)"
"""What leaves the rights of a transaction to those after it."""


async def test_rights_that_a_read_leaves_behind_are_nobody_elses(url: str) -> None:
    db = await servers.open_as(url)
    try:
        assert await db.reads.read_json(KEEP, (), CALLERS["auditor"])
        for who in ("somebody", "anonymous"):
            assert await db.reads.read_json("SELECT count(*)::text FROM role_grant", (), CALLERS[who]) == b"0"
    finally:
        await db.close()


async def test_rights_that_a_write_leaves_behind_are_nobody_elses(url: str) -> None:
    row = WRITES["a row"].format(code=QINSHUI)
    db = await servers.open_as(url)
    try:
        async with db.write(CALLERS["secretariat"]) as tx:
            await tx.execute(text(KEEP))
        for who in ("somebody", "anonymous"):
            with pytest.raises(DBAPIError, match="violates row-level security policy"):
                async with db.write(CALLERS[who]) as tx:
                    await tx.execute(text(row))
    finally:
        await db.close()


async def test_export_has_its_callers_rights(url: str) -> None:
    db = await servers.open_as(url)
    try:
        for who, some in (("auditor", True), ("anonymous", False)):
            batches = [one async for one in db.rows.batches("SELECT id::text FROM role_grant", (), CALLERS[who])]
            assert bool(batches) == some
    finally:
        await db.close()


async def standing(connection: Connection) -> dict[str, tuple[bool, list[tuple[str, ...]]]]:
    """Return which tables have row security, forced, and their policies."""
    found = await connection.fetch(
        "SELECT relname, relrowsecurity AND relforcerowsecurity AS forced, ARRAY(SELECT ROW(policyname, roles, cmd, "
        "qual, with_check)::text FROM pg_policies WHERE tablename = relname ORDER BY policyname) AS policies "
        "FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' "
        "AND (relrowsecurity OR relforcerowsecurity)"
    )
    return {row["relname"]: (row["forced"], row["policies"]) for row in found}


BY_HAND = """
CREATE POLICY more ON matter FOR SELECT TO PUBLIC USING (true);
DROP POLICY read ON topic;
ALTER POLICY read ON lane USING (true);
ALTER TABLE annual_plan NO FORCE ROW LEVEL SECURITY;
ALTER TABLE duty_record DISABLE ROW LEVEL SECURITY;
ALTER TABLE division ENABLE ROW LEVEL SECURITY;
"""


async def test_policies_are_those_of_the_declaration_after_each_migration(migrated_url: str) -> None:
    """What was made by hand is taken back, and a table that is as it should be keeps its policies."""
    connection = await asyncpg.connect(migrated_url)
    try:
        first = await standing(connection)
        assert set(first) == {*KEPT, *PLACED}
        assert all(forced for forced, _ in first.values())
        await connection.execute(BY_HAND)
        assert await standing(connection) != first
        kept = await connection.fetchval("SELECT oid FROM pg_policy WHERE polrelid = 'role_grant'::regclass LIMIT 1")
        assert (await servers.migrate(migrated_url)).left_open == ()
        assert await standing(connection) == first
        assert kept is not None
        assert await connection.fetchval("SELECT count(*) FROM pg_policy WHERE oid = $1", kept) == 1
    finally:
        await connection.close()


ELSEWHERE = "1402"
"""Where nobody who tries has a role, and no department of theirs a part."""
WRITES = {
    "a row": "INSERT INTO brand (id, name, umbrella, division_number, launched_on) "
    "SELECT gen_random_uuid(), '另一', false, number, '2024-01-01' FROM division WHERE code = '{code}'",
    "a row that comes to lie elsewhere": "UPDATE topic SET division_number = rpad('{code}', 12, '0')::bigint "
    "WHERE id = (SELECT id FROM topic WHERE division_number / 1000000 = 140521 ORDER BY id LIMIT 1)",
}


@pytest.mark.parametrize("what", WRITES)
@pytest.mark.parametrize(
    ("who", "places"),
    [
        ("anonymous", set()),
        ("somebody", set()),
        ("auditor", set()),
        ("resident", {QINSHUI}),
        ("secretariat", {QINSHUI}),
        ("operator", {QINSHUI}),
        ("department", {QINSHUI}),
        ("service", {QINSHUI, ELSEWHERE}),
    ],
)
async def test_writers_write_rows_of_their_callers_places_alone(
    who: str, places: set[str], what: str, url: str, signer: Signer
) -> None:
    told = signer.signed(SERVICE if who == "service" else CALLERS[who])
    writer = await asyncpg.connect(login_url(url, Login.WRITE))
    try:
        for code in (QINSHUI, ELSEWHERE):
            undone = writer.transaction()
            await undone.start()
            await tell(writer, told)
            if code in places:
                assert (await writer.execute(WRITES[what].format(code=code))).endswith(" 1")
            else:
                with pytest.raises(asyncpg.InsufficientPrivilegeError, match="violates row-level security policy"):
                    await writer.execute(WRITES[what].format(code=code))
            await undone.rollback()
    finally:
        await writer.close()


ALONE = {
    "staff": "approver",
    "delivery": "operator",
    "department": "two departments",
    "own": "somebody",
    "member": "member",
}
"""By the kind of right, who has it and no other that opens rows beside what a subject does."""


@pytest.mark.parametrize(
    "table", [name for name, placed in TABLES.items() if isinstance(placed, Kept) and placed.shown]
)
async def test_rights_that_are_said_to_open_rows_are_those_that_do(
    table: str, reader: Connection, signer: Signer
) -> None:
    async def seen_by(who: str) -> set[str]:
        async with reader.transaction():
            await tell(reader, signer.signed(CALLERS[who]))
            return await rows(reader, table)

    placed = TABLES[table]
    assert isinstance(placed, Kept)
    everybody = await seen_by("anonymous")
    assert bool(everybody) == ("everybody" in placed.shown)
    opens = {right for right, who in ALONE.items() if await seen_by(who) > everybody}
    assert opens == set(placed.shown) - {"everybody"}
