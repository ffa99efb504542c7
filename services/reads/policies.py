"""Who sees which rows of each table: the declaration from which the database's own policies are made.

The rules are those of `services.reads.visibility`, said of the tables' rows, with rights that the database verifies
(`right_to()`) in the place of parameters. A policy is never narrower than what statements ask for: the rows that some
read of the caller's gives them, now or as of an instant. Policies name each other's tables in one direction only.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from services.reads.visibility import (
    HIDDEN_KINDS,
    Rule,
    Sight,
    Words,
    annual_plan,
    duty,
    matter,
    notice,
    role_grant,
    topic,
    trace_entry,
)

EVERY_RIGHT = Sight(staff=True, delivery=True, department=True, own=True, member=True)
INVOLVED = "(SELECT involvements())"
"""When the caller's departments were involved in topics that are not published, by the topics' ids."""
OWN = """(SELECT array_agg(own.id) FROM department AS own
WHERE own.code = ANY ((SELECT right_to('departments'))::text[]))::uuid[]"""
NEVER = "'infinity'"
SERVICE = "(SELECT right_to('service')) IS NOT NULL"


class PolicyWords(Words):
    """What predicates say in a policy. Each right is asked for once a statement, and where a row needs it alone."""

    staff_scope = "(SELECT right_to('staff')::int8multirange)"
    delivery_scope = "(SELECT right_to('delivery')::int8multirange)"
    subject = "(SELECT right_to('subject'))"

    def __init__(self, ends: str = NEVER) -> None:
        self._ends = ends
        """When the row's version was replaced."""

    def involved(self, row: str, topic_id: str) -> str:
        """Return the predicate that a department was involved in the topic while the row's version stood."""
        version = f"tstzrange({row}.recorded_at, {self._ends})"
        return f"({INVOLVED} ->> {topic_id}::text)::tstzmultirange && {version}"

    def listed(self, topic_id: str) -> str:
        """Return the predicate that the topic with a key was published before the row's version was replaced."""
        listed = "listing.listed_at IS NOT NULL"
        if self._ends != NEVER:
            listed += (
                f" AND (listing.recorded_at < {self._ends} OR EXISTS (SELECT FROM topic_history AS was "
                f"WHERE was.id = listing.id AND was.listed_at IS NOT NULL AND was.recorded_at < {self._ends}))"
            )
        # A scalar: for EXISTS the planner would rather read the whole table into memory.
        return f"(SELECT {listed} FROM topic AS listing WHERE listing.id = {topic_id})"

    def hidden(self, row: str) -> str:
        """Return the predicate that staff hid a row's thing, whatever a former version says of that."""
        return f"EXISTS (SELECT FROM redaction AS hiding WHERE hiding.thing_id = {row}.id AND hiding.field = 'WHOLE')"

    def own_department(self, department_id: str) -> str:
        """Return the predicate that the caller acts for the department with a key."""
        return f"{department_id} = ANY ({OWN})"

    def place_of_department(self, department_id: str) -> str:
        """Return the division's number of the department with a key."""
        return f"(SELECT placed.division_number FROM department AS placed WHERE placed.id = {department_id})"

    def own_member(self, member_id: str) -> str:
        """Return the predicate that the caller has a member's role and is the member with a key."""
        own = f"(SELECT own.subject = {self.subject} FROM member AS own WHERE own.id = {member_id})"
        return f"((SELECT right_to('member')) IS NOT NULL AND {own})"

    def of_plan(self, plan_id: str, predicate: str) -> str:
        """Return the predicate that something holds for the plan with a key."""
        return f"(SELECT plan.{predicate} FROM annual_plan AS plan WHERE plan.id = {plan_id})"


WORDS = PolicyWords()


@dataclass(frozen=True, slots=True)
class Public:
    """A table whose rows everybody may see, with the reason where that is not plain.

    Columns of it that only some are shown are guarded in the model, and kept back by the statements alone.
    """

    why: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A table with rows that not everybody may see: the predicate of those that a caller does."""

    seen: str
    shown: Mapping[str, str] = field(default_factory=dict)
    """The same in words, by the kind of right that opens rows; `everybody` needs none."""


Placed = Public | Kept


def _any(*predicates: str) -> str:
    return " OR ".join(predicates)


def _of(rule: Rule) -> str:
    return rule.predicate(EVERY_RIGHT)


def _one(table: str, key: str, alias: str = "about") -> str:
    """Return the predicate that the caller sees the row of a table by its key."""
    return f"(SELECT true FROM {table} AS {alias} WHERE {alias}.id = {key})"


def _was_involved(topic_id: str, at: str) -> str:
    """Return the predicate that something came before a department's part in an unpublished topic ended."""
    return f"{at} < upper(({INVOLVED} ->> {topic_id}::text)::tstzmultirange)"


def _with_topic(table: str, at: str) -> str:
    return _any(_one("topic", f"{table}.topic_id"), _was_involved(f"{table}.topic_id", at))


def _former(table: str) -> PolicyWords:
    return PolicyWords(f"{table}.replaced_at")


_MATTER_WAS_SEEN = "(SELECT max(was.replaced_at) FROM matter_history AS was WHERE was.id = {})"

LISTED_ONLY = "only published topics are taken by sessions and have what comes of them"

WITH_TOPIC = dict.fromkeys(("everybody", "staff", "department", "own"), "with its topic")
TOPIC_SHOWN = {
    "everybody": "published", "staff": "of the place", "department": "with a part of it", "own": "proposed by them",
}  # fmt: skip
MATTER_SHOWN = {
    "everybody": "in a published topic, unless hidden",
    "staff": "of the place",
    "department": "in a topic with a part of it, unless hidden",
    "own": "raised by them",
}
PLAN_SHOWN = {"everybody": "approved", "staff": "of the place"}
DUTY_SHOWN = {"staff": "of the place", "member": "their own"}

TABLES: Mapping[str, Placed] = {
    "alembic_version": Public(),
    "division": Public(),
    "department": Public(),
    "department_channel": Public(),
    "committee": Public(),
    "liaison_group": Public(),
    "member": Public(),
    "brand": Public(),
    "platform": Public(),
    "platform_history": Public(),
    "session": Public(LISTED_ONLY),
    "session_history": Public(LISTED_ONLY),
    "session_topic": Public(LISTED_ONLY),
    "attendance": Public(LISTED_ONLY),
    "opinion": Public(LISTED_ONLY),
    "outcome": Public(LISTED_ONLY),
    "outcome_history": Public(LISTED_ONLY),
    "commitment": Public(LISTED_ONLY),
    "commitment_history": Public(LISTED_ONLY),
    "progress": Public(LISTED_ONLY),
    "evidence": Kept(_any("evidence.commitment_id IS NOT NULL", _with_topic("evidence", "evidence.at")), WITH_TOPIC),
    "verdict": Public(LISTED_ONLY),
    "conversion": Public(LISTED_ONLY),
    "conversion_history": Public(LISTED_ONLY),
    "follow_up": Public(LISTED_ONLY),
    "follow_up_history": Public(LISTED_ONLY),
    "practice_center": Public(),
    "activity": Public(),
    "activity_member": Public(),
    "duty_scheme": Public(),
    "duty_rule": Public(),
    "duty_grade": Public(),
    "resolution_tally": Public("sums of what is published"),
    "due_tally": Public("sums of what is published"),
    "platform_tally": Public("sums of what is published"),
    "tally": Public("sums of what is published"),
    "topic": Kept(_of(topic("topic", WORDS)), TOPIC_SHOWN),
    "topic_history": Kept(_of(topic("topic_history", _former("topic_history"))), TOPIC_SHOWN),
    "involvement": Kept(
        _any("involvement.published", "part_is_seen(topic_id, department_id, since)"),
        WITH_TOPIC,
    ),
    "matter": Kept(_of(matter("matter", WORDS)), MATTER_SHOWN),
    "matter_history": Kept(_of(matter("matter_history", _former("matter_history"))), MATTER_SHOWN),
    "annual_plan": Kept(_of(annual_plan("annual_plan", WORDS)), PLAN_SHOWN),
    "annual_plan_history": Kept(_of(annual_plan("annual_plan_history", _former("annual_plan_history"))), PLAN_SHOWN),
    "plan_item": Kept(_one("annual_plan", "plan_item.plan_id"), dict.fromkeys(("everybody", "staff"), "with its plan")),
    "plan_item_history": Kept(
        WORDS.of_plan("plan_item_history.plan_id", f"division_number <@ {WORDS.staff_scope}"),
        {"staff": "of the place: items of a plan that is approved do not change"},
    ),
    "role_grant": Kept(_any(_of(role_grant("role_grant", WORDS)), SERVICE), {"delivery": "of the place"}),
    "revocation": Kept(SERVICE),
    "installation_key": Kept(SERVICE),
    "rights_key": Kept("false"),
    "idempotency_key": Kept("false"),
    "inbox_message": Kept("false"),
    "topic_number": Kept("false"),
    "restoration": Kept("false"),
    "event": Kept(
        _any(
            _with_topic("event", "event.occurred_at"),
            SERVICE,
            f"event.division_number <@ {WORDS.delivery_scope} AND is_delivered(event.id)",
            "((SELECT right_to('departments')) IS NOT NULL OR (SELECT right_to('delivery')) IS NOT NULL) "
            "AND is_told(event.id)",
        ),
        {
            **WITH_TOPIC,
            "department": "with its topic, or told of it",
            "delivery": "of the place, told any department; or told the place's departments",
        },
    ),
    "lane": Kept(
        _any(
            _one("topic", "lane.topic_id"),
            WORDS.own_department("lane.department_id"),
            f"{WORDS.place_of_department('lane.department_id')} <@ {WORDS.delivery_scope}",
            f"{INVOLVED} ->> lane.topic_id::text IS NOT NULL",
        ),
        {**WITH_TOPIC, "department": "its own, and with its topic", "delivery": "of the place's departments"},
    ),
    "delivery": Kept(
        _any(
            "delivery.receipt IS NOT NULL AND "
            "(SELECT told.topic_id IS NOT NULL FROM event AS told WHERE told.id = delivery.event_id)",
            SERVICE,
            _of(
                notice(
                    "delivery",
                    "(SELECT told.division_number FROM event AS told WHERE told.id = delivery.event_id)",
                    WORDS,
                )
            ),
        ),
        {
            **dict.fromkeys(WITH_TOPIC, "replied to, with its topic"),
            "department": "its own",
            "delivery": "of the place",
        },
    ),
    "trace_chain": Kept(
        _any(
            _one("topic", "trace_chain.topic_id"),
            _one("matter", "trace_chain.matter_id"),
            f"{INVOLVED} ->> trace_chain.topic_id::text IS NOT NULL",
            f"{_MATTER_WAS_SEEN.format('trace_chain.matter_id')} IS NOT NULL",
        ),
        dict.fromkeys(WITH_TOPIC, "with its topic or matter"),
    ),
    "trace_entry": Kept(
        "(SELECT "
        + _any(
            _one("topic", "chain.topic_id"),
            _one("matter", "chain.matter_id"),
            _was_involved("chain.topic_id", "trace_entry.at"),
            f"trace_entry.at < {_MATTER_WAS_SEEN.format('chain.matter_id')}",
        )
        + " FROM trace_chain AS chain WHERE chain.id = trace_entry.chain_id) AND "
        + _of(trace_entry("trace_entry", WORDS)),
        dict.fromkeys(WITH_TOPIC, "with its topic or matter; what was done to a plan, with that"),
    ),
    "redaction": Kept(
        "redaction.field = 'WHOLE' OR words_are_seen(redaction.thing_id)",
        {
            "everybody": "that a thing is hidden; words, with the thing",
            **dict.fromkeys(("staff", "department", "own"), "words, with the thing"),
        },
    ),
    "duty_assessment": Kept(_of(duty("duty_assessment", WORDS)), DUTY_SHOWN),
    "duty_record": Kept(_of(duty("duty_record", WORDS)), DUTY_SHOWN),
    "search_document": Kept(
        _any(
            "search_document.published",
            *(
                f"(search_document.kind = '{kind}' AND {_one(kind.lower(), 'search_document.id')})"
                for kind in HIDDEN_KINDS
            ),
        ),
        dict.fromkeys(WITH_TOPIC, "with its thing"),
    ),
}
"""Every table, public or with its rule."""


def _ever_seen(table: str, rule: Callable[[str, Words], Rule]) -> str:
    """Return the query of whether a caller sees the row of a thing, or saw a former version; nothing for others."""
    former = f"{table}_history"
    return (
        f"(SELECT ({_of(rule(table, WORDS))}) IS TRUE OR EXISTS (SELECT FROM {former} "
        f"WHERE {former}.id = thing AND {_of(rule(former, _former(former)))}) FROM {table} WHERE {table}.id = thing)"
    )


PART_SEEN = f"""
SELECT {
    _any(
        f"EXISTS (SELECT FROM topic AS about WHERE about.id = of_topic AND {_of(topic('about', WORDS))})",
        WORDS.own_department("part"),
        _was_involved("of_topic", "began"),
    )
}
"""
DELIVERED = "SELECT EXISTS (SELECT FROM delivery WHERE delivery.event_id = event)"
WORDS_SEEN = f"SELECT coalesce({_ever_seen('matter', matter)}, {_ever_seen('topic', topic)}, true)"
WRITTEN = """
SELECT right_to('service') IS NOT NULL OR place <@ right_to('writes')::int8multirange OR EXISTS (
    SELECT FROM department AS own JOIN division ON division.number = own.division_number
    WHERE own.code = ANY (right_to('departments')::text[]) AND (
        place >= division.number AND place < division.upper OR EXISTS (
            SELECT FROM involvement AS part JOIN topic ON topic.id = part.topic_id
            WHERE part.department_id = own.id AND topic.division_number = place
        )
    )
)
"""
"""Where a caller may write: in the subtrees of their roles; a department in its own and where it has a part."""

FUNCTIONS: Mapping[str, str] = {
    "part_is_seen(of_topic uuid, part uuid, began timestamptz)": PART_SEEN,
    "is_delivered(event uuid)": DELIVERED,
    "words_are_seen(thing uuid)": WORDS_SEEN,
    "writes_in(place bigint)": WRITTEN,
}
"""Predicates that run with the owner's rights: a policy of the table that they read names theirs, or few rows need it.

A subquery in a policy makes each statement that names the table begin later, though no row asks for it.
"""
