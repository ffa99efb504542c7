"""What a caller may see, as predicates that are compiled into every statement.

Anonymous sees published topics and what follows from them, and approved plans. Staff sees what is not yet published
in its subtree, a department what involves it, and the delivery log is for those who run it and for the department.
What somebody raised or proposed is theirs to follow until everybody sees it; members see what their own years came to.
A statement holds the alternatives that a caller's kinds of rights can open; their extent is bound.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace

from services.core.actor import SEES, SEES_DELIVERIES, Actor, Role
from services.reads.text import quote


class Words:
    """What predicates say of a caller's rights, and of other rows: here as templates of a compiled statement.

    `services.reads.policies` says the same for the database's own policies.
    """

    staff_scope = "{staff_scope}"
    delivery_scope = "{delivery_scope}"
    subject = "{subject}"

    def involved(self, _row: str, topic_id: str) -> str:
        """Return the predicate that a department of the caller's is involved in the topic with a key."""
        return (
            "EXISTS (SELECT FROM {table_involvement} AS part "
            "JOIN {table_department} AS own ON own.id = part.department_id "
            f"WHERE part.topic_id = {topic_id} AND part.until IS NULL AND own.code = ANY({{departments}}))"
        )

    def listed(self, topic_id: str) -> str:
        """Return the predicate that the topic with a key is published."""
        return (
            "EXISTS (SELECT FROM {table_topic} AS listing "
            f"WHERE listing.id = {topic_id} AND listing.listed_at IS NOT NULL)"
        )

    def hidden(self, row: str) -> str:
        """Return the predicate that staff hid a row's thing from the public."""
        return (
            f"(({row}.redacted{{or_past}}) AND EXISTS (SELECT FROM {{table_redaction}} AS hiding "
            f"WHERE hiding.thing_id = {row}.id AND hiding.field = 'WHOLE'))"
        )

    def own_department(self, department_id: str) -> str:
        """Return the predicate that the caller acts for the department with a key."""
        return (
            "EXISTS (SELECT FROM {table_department} AS own "
            f"WHERE own.id = {department_id} AND own.code = ANY({{departments}}))"
        )

    def place_of_department(self, department_id: str) -> str:
        """Return the division's number of the department with a key."""
        return f"(SELECT placed.division_number FROM {{table_department}} AS placed WHERE placed.id = {department_id})"

    def own_member(self, member_id: str) -> str:
        """Return the predicate that the caller is the member with a key."""
        return f"EXISTS (SELECT FROM {{table_member}} AS own WHERE own.id = {member_id} AND own.subject = {{subject}})"

    def of_plan(self, plan_id: str, predicate: str) -> str:
        """Return the predicate that something holds for the plan with a key."""
        return f"EXISTS (SELECT FROM {{table_annual_plan}} AS plan WHERE plan.id = {plan_id} AND plan.{predicate})"


COMPILED = Words()


@dataclass(frozen=True, slots=True)
class Sight:
    """The kinds of rights that a caller has."""

    staff: bool = False
    delivery: bool = False
    department: bool = False
    own: bool = False
    """Whether they signed in: what they raised or proposed themselves is theirs to see."""
    member: bool = False

    @classmethod
    def of(cls, actor: Actor) -> "Sight":
        """Return the kinds of an actor's rights."""
        signed_in = actor.subject is not None
        if not actor.grants:
            return SIGNED_IN if signed_in else PUBLIC
        return cls(
            staff=bool(actor.scopes(SEES)),
            delivery=bool(actor.scopes(SEES_DELIVERIES)),
            department=bool(actor.departments()),
            own=signed_in,
            member=bool(actor.scopes(frozenset({Role.MEMBER}))),
        )


PUBLIC = Sight()
SIGNED_IN = Sight(own=True)


@dataclass(frozen=True, slots=True)
class Rule:
    """A predicate over a row: what holds for everybody, and what each kind of right adds."""

    public: str | None = None
    staff: str | None = None
    delivery: str | None = None
    department: str | None = None
    own: str | None = None
    member: str | None = None

    def predicate(self, sight: Sight) -> str:
        """Return the predicate for callers of a kind; false where nothing can open the row."""
        alternatives = [
            self.public,
            self.staff if sight.staff else None,
            self.delivery if sight.delivery else None,
            self.department if sight.department else None,
            self.own if sight.own else None,
            self.member if sight.member else None,
        ]
        kept = [alternative for alternative in alternatives if alternative is not None]
        return f"({' OR '.join(kept)})" if kept else "false"


def unpublished_topic(alias: str, words: Words = COMPILED) -> Rule:
    """Return the rule for topics whether they are published or not."""
    return Rule(
        staff=f"{alias}.division_number <@ {words.staff_scope}",
        department=words.involved(alias, f"{alias}.id"),
        own=f"{alias}.subject = {words.subject}",
    )


def topic(alias: str, words: Words = COMPILED) -> Rule:
    """Return the rule for topics."""
    return replace(unpublished_topic(alias, words), public=f"{alias}.listed_at IS NOT NULL")


def matter(alias: str, words: Words = COMPILED) -> Rule:
    """Return the rule for matters."""
    shown = f"NOT {words.hidden(alias)}"
    return Rule(
        f"{words.listed(f'{alias}.topic_id')} AND {shown}",
        f"{alias}.division_number <@ {words.staff_scope}",
        department=f"{words.involved(alias, f'{alias}.topic_id')} AND {shown}",
        own=f"{alias}.subject = {words.subject}",
    )


def annual_plan(alias: str, words: Words = COMPILED) -> Rule:
    """Return the rule for plans: public once approved; until then the committee's and its approvers'."""
    return Rule(f"{alias}.status = 'APPROVED'", staff=f"{alias}.division_number <@ {words.staff_scope}")


def trace_entry(alias: str, words: Words = COMPILED) -> Rule:
    """Return the rule for entries of a trace that is seen: what was done to a plan is seen with the plan."""
    approved = words.of_plan(f"{alias}.subject_id", "status = 'APPROVED'")
    return Rule(
        f"({alias}.subject_kind IS DISTINCT FROM 'annualplan' OR {approved})",
        staff=words.of_plan(f"{alias}.subject_id", f"division_number <@ {words.staff_scope}"),
    )


def duty(alias: str, words: Words = COMPILED) -> Rule:
    """Return the rule for what a member's year came to, which is for the staff of the place and for the member."""
    return Rule(staff=f"{alias}.division_number <@ {words.staff_scope}", member=words.own_member(f"{alias}.member_id"))


def role_grant(alias: str, words: Words = COMPILED) -> Rule:
    """Return the rule for grants: who was given what is for those who run the place and for its auditors."""
    return Rule(delivery=f"{alias}.division_number <@ {words.delivery_scope}")


def notice(alias: str, division_number: str, words: Words = COMPILED) -> Rule:
    """Return the rule for notices of an event: for the department, and for who runs deliveries in either's place.

    Whoever runs a department's queue sees all that waits in it, events of other places too.
    """
    own_place = words.place_of_department(f"{alias}.department_id")
    return Rule(
        delivery=f"{division_number} <@ {words.delivery_scope} OR {own_place} <@ {words.delivery_scope}",
        department=words.own_department(f"{alias}.department_id"),
    )


def found(hidden: Mapping[str, Callable[[str], Rule]]) -> Rule:
    """Return the rule for search documents: each is seen as its thing is.

    `hidden` has the rules by kind, which is in small letters the table's name. What everybody sees is marked, and has
    an index of its own: what is hidden costs the public nothing, not even time.
    """
    rights = {field.name: list[str]() for field in fields(Rule)}
    rights["public"].append("{t}.published")
    for kind, rule in hidden.items():
        for right, predicate in asdict(replace(rule("seen"), public=None)).items():
            if predicate is not None:
                # A scalar: for EXISTS the planner would rather read the whole table into memory.
                row = f"SELECT {predicate} FROM {{table_{kind.lower()}}} AS seen WHERE seen.id = {{t}}.id"
                rights[right].append(f"({{t}}.kind = {quote(kind)} AND ({row}))")
    return Rule(**{right: " OR ".join(predicates) for right, predicates in rights.items() if predicates})


TOPIC = topic("{t}")

TOPIC_CHANGE = topic("{topic}")
"""What happens to a topic is seen with it."""

MATTER = matter("{t}")

HIDDEN_KINDS = {"TOPIC": topic, "MATTER": matter}
"""The kinds of search documents that not everybody sees, with their things' rules."""

SEARCH = found(HIDDEN_KINDS)

ROLE_GRANT = role_grant("{t}")

ANNUAL_PLAN = annual_plan("{t}")

TRACE_ENTRY = trace_entry("{t}")

DUTY = duty("{t}")

NOTICE = notice("{t}", "{event}.division_number")

_STAFF = "{t}.division_number <@ {staff_scope}"
_OF_COMMITMENT = (
    "(SELECT held.division_number FROM {table_commitment} AS held WHERE held.id = {t}.commitment_id) <@ {staff_scope}"
)
_OF_TOPIC = "(SELECT held.division_number FROM {table_topic} AS held WHERE held.id = {t}.topic_id) <@ {staff_scope}"

WORDS: Mapping[str, Rule] = {
    "topic": Rule(staff=_STAFF, own="{t}.subject = {subject}"),
    "matter": Rule(staff=_STAFF, own="{t}.subject = {subject}"),
    "session": Rule(staff=_STAFF),
    "opinion": Rule(
        staff="(SELECT held.division_number FROM {table_session} AS held WHERE held.id = {t}.session_id) "
        "<@ {staff_scope}"
    ),
    "outcome": Rule(staff=_STAFF),
    "commitment": Rule(staff=_STAFF),
    "progress": Rule(staff=_OF_COMMITMENT),
    "verdict": Rule(staff=_OF_COMMITMENT),
    "evidence": Rule(staff=f"({_OF_COMMITMENT} OR {_OF_TOPIC})"),
    "conversion": Rule(staff=_STAFF),
    "follow_up": Rule(staff=_STAFF, own="{t}.subject = {subject}"),
    "activity": Rule(staff=_STAFF),
}
"""Who reads the redactable texts of a table as they were written; all others read them as they are published."""


def sees_words_of(table: str) -> str:
    """Return the name of the rule of WORDS for a table."""
    return f"sees_words_of_{table}"


RULES = {
    "sees_channel": Rule(
        delivery="{department}.division_number <@ {delivery_scope}",
        department="{department}.code = ANY({departments})",
    ),
    "sees_attendance_name": Rule(staff="{session}.division_number <@ {staff_scope}"),
    "sees_reply": notice(
        "{t}", "(SELECT told.division_number FROM {table_event} AS told WHERE told.id = {t}.event_id)"
    ),
    "sees_respondent": Rule(staff="{t}.division_number <@ {staff_scope}"),
    "sees_unpublished": unpublished_topic("counted"),
    "sees_raised": matter("raised"),
    "sees_seal": Rule(
        staff="(SELECT coalesce(told.division_number, raised.division_number) FROM {table_trace_chain} AS chain "
        "LEFT JOIN {table_topic} AS told ON told.id = chain.topic_id "
        "LEFT JOIN {table_matter} AS raised ON raised.id = chain.matter_id WHERE chain.id = {t}.chain_id) "
        "<@ {staff_scope}"
    ),
    "searches": Rule("found.published", own="true"),
    **{sees_words_of(table): rule for table, rule in WORDS.items()},
}
"""Rules that templates name: what waits on a channel, and why it is paused, is for its operators and for itself, and
what a department replied in words for those who see the notice; who sat where by name, and whom staff asked, is for
the staff of the place; words in place of which the public reads others; topics that a roll-up counts beyond the
published ones; matters whose acts stand in a topic's trace; documents among which topics are kept by their words."""
