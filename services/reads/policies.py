"""Who sees which rows of each table: the declaration from which the database's own policies are made.

The rules are those of `services.reads.visibility`, said of the tables' rows, with rights that the database verifies
(`rights()`) in the place of parameters. A policy is never narrower than what statements ask for: the rows that some
read of the caller's gives them, now or as of an instant. Policies name each other's tables in one direction only.
"""

from collections.abc import Mapping
from dataclasses import dataclass

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
OWN = "(SELECT array_agg(own.id) FROM department AS own WHERE own.code = ANY ((SELECT right_to('departments')::text[]))"
SERVICE = "(SELECT right_to('service')) IS NOT NULL"


class PolicyWords(Words):
    """What predicates say in a policy. Each right is asked for once a statement, and where a row needs it alone."""

    staff_scope = "(SELECT right_to('staff')::int8multirange)"
    delivery_scope = "(SELECT right_to('delivery')::int8multirange)"
    subject = "(SELECT right_to('subject'))"

    def __init__(self, ends: str = "'infinity'") -> None:
        self._ends = ends
        """When the row's version was replaced."""

    def involved(self, row: str, topic_id: str) -> str:
        """Return the predicate that a department was involved in the topic while the row's version stood."""
        version = f"tstzrange({row}.recorded_at, {self._ends})"
        return f"({INVOLVED} ->> {topic_id}::text)::tstzmultirange && {version}"

    def listed(self, topic_id: str) -> str:
        """Return the predicate that the topic with a key is published, by a look-up of its own for each row."""
        return f"(SELECT listing.listed_at IS NOT NULL FROM topic AS listing WHERE listing.id = {topic_id})"

    def hidden(self, key: str) -> str:
        """Return the predicate that staff hid the thing with a key."""
        return f"EXISTS (SELECT FROM redaction AS hiding WHERE hiding.thing_id = {key} AND hiding.field = 'WHOLE')"

    def own_department(self, department_id: str) -> str:
        """Return the predicate that the caller acts for the department with a key."""
        return f"{department_id} = ANY ({OWN})"

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

    `guarded` are columns that statements show to some only; rows hold nothing back of them.
    """

    why: str = ""
    guarded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A table with rows that not everybody may see: the predicate of those that a caller does."""

    seen: str
    said: str
    """The same in words."""


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

TABLES: Mapping[str, Placed] = {
    "alembic_version": Public(),
    "division": Public(),
    "department": Public(),
    "department_channel": Public(guarded=("last_error",)),
    "committee": Public(),
    "liaison_group": Public(),
    "member": Public(guarded=("subject",)),
    "brand": Public(),
    "platform": Public(),
    "platform_history": Public(),
    "session": Public(LISTED_ONLY),
    "session_history": Public(LISTED_ONLY),
    "session_topic": Public(LISTED_ONLY),
    "attendance": Public(LISTED_ONLY, guarded=("name",)),
    "opinion": Public(LISTED_ONLY, guarded=("text",)),
    "outcome": Public(LISTED_ONLY),
    "outcome_history": Public(LISTED_ONLY),
    "commitment": Public(LISTED_ONLY),
    "commitment_history": Public(LISTED_ONLY),
    "progress": Public(LISTED_ONLY),
    "evidence": Public(LISTED_ONLY),
    "verdict": Public(LISTED_ONLY),
    "conversion": Public(LISTED_ONLY),
    "conversion_history": Public(LISTED_ONLY),
    "follow_up": Public(LISTED_ONLY, guarded=("comment", "subject", "recorded_by", "respondent")),
    "follow_up_history": Public(LISTED_ONLY, guarded=("comment", "subject", "recorded_by", "respondent")),
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
    "topic": Kept(_of(topic("topic", WORDS)), "published, or the caller's place, department's or own"),
    "topic_history": Kept(_of(topic("topic_history", _former("topic_history"))), "the same, of the version itself"),
    "involvement": Kept(
        _any(
            _one("topic", "involvement.topic_id"),
            WORDS.own_department("involvement.department_id"),
            _was_involved("involvement.topic_id", "involvement.since"),
        ),
        "with its topic; a department its own",
    ),
    "matter": Kept(_of(matter("matter", WORDS)), "in a published topic and not hidden, or the caller's"),
    "matter_history": Kept(_of(matter("matter_history", _former("matter_history"))), "the same, of the version itself"),
    "annual_plan": Kept(_of(annual_plan("annual_plan", WORDS)), "approved, or of the caller's place"),
    "annual_plan_history": Kept(
        _of(annual_plan("annual_plan_history", _former("annual_plan_history"))), "the same, of the version itself"
    ),
    "plan_item": Kept(_one("annual_plan", "plan_item.plan_id"), "with its plan"),
    "plan_item_history": Kept(
        WORDS.of_plan("plan_item_history.plan_id", f"division_number <@ {WORDS.staff_scope}"),
        "staff of the plan's place: items of a plan that is approved do not change",
    ),
    "role_grant": Kept(_any(_of(role_grant("role_grant", WORDS)), SERVICE), "in the caller's place"),
    "revocation": Kept(SERVICE, "the service itself"),
    "installation_key": Kept(SERVICE, "the service itself"),
    "rights_key": Kept("false", "nobody"),
    "idempotency_key": Kept("false", "nobody"),
    "inbox_message": Kept("false", "nobody"),
    "topic_number": Kept("false", "nobody"),
    "event": Kept(
        _any(
            _with_topic("event", "event.occurred_at"),
            SERVICE,
            f"event.division_number <@ {WORDS.delivery_scope}",
            "((SELECT right_to('departments')) IS NOT NULL OR (SELECT right_to('delivery')) IS NOT NULL) "
            "AND is_told(event.id)",
        ),
        "with its topic, or with a notice of it",
    ),
    "lane": Kept(
        _any(
            _one("topic", "lane.topic_id"),
            WORDS.own_department("lane.department_id"),
            f"(SELECT own.division_number <@ {WORDS.delivery_scope} FROM department AS own "
            "WHERE own.id = lane.department_id)",
            f"{INVOLVED} ->> lane.topic_id::text IS NOT NULL",
        ),
        "with its topic or its department's notices",
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
            f"(SELECT own.division_number <@ {WORDS.delivery_scope} FROM department AS own "
            "WHERE own.id = delivery.department_id)",
        ),
        "of the caller's departments or place; one that is replied to with its topic",
    ),
    "trace_chain": Kept(
        _any(
            _one("topic", "trace_chain.topic_id"),
            _one("matter", "trace_chain.matter_id"),
            f"{INVOLVED} ->> trace_chain.topic_id::text IS NOT NULL",
            f"{_MATTER_WAS_SEEN.format('trace_chain.matter_id')} IS NOT NULL",
        ),
        "with its topic or matter",
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
        "with its topic or matter; of a plan's, with the plan",
    ),
    "redaction": Kept(
        "redaction.field = 'WHOLE' OR words_are_seen(redaction.thing_id)",
        "that a thing is hidden, everybody; words, with the thing",
    ),
    "duty_assessment": Kept(_of(duty("duty_assessment", WORDS)), "of the caller's place, or the caller's own"),
    "duty_record": Kept(_of(duty("duty_record", WORDS)), "of the caller's place, or the caller's own"),
    "search_document": Kept(
        _any(
            "search_document.published",
            *(
                f"(search_document.kind = '{kind}' AND {_one(kind.lower(), 'search_document.id')})"
                for kind in HIDDEN_KINDS
            ),
        ),
        "with its thing",
    ),
}
"""Every table, public or with its rule."""

MATTERS_SEEN = f"""
SELECT coalesce((
    SELECT {_of(matter("matter", WORDS))} OR EXISTS (
        SELECT FROM matter_history
        WHERE matter_history.id = thing AND {_of(matter("matter_history", _former("matter_history")))}
    ) FROM matter WHERE matter.id = thing
), true)
"""
FUNCTIONS: Mapping[str, str] = {
    "words_are_seen(thing uuid)": MATTERS_SEEN,
}
"""Predicates that run with the owner's rights, for a policy of the table that they read names theirs."""
