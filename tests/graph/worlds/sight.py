"""What lies outside a caller's sight, decided row by row from docs/concepts.md and docs/privacy.md alone.

A version of a row (what it is, or was between two changes) is in sight where the caller could read it now or as of any
instant. What is said here to be in sight without need makes the second world differ less; the rest has to hold.
"""

from services.core.actor import Actor
from tests.graph.worlds.callers import Rights, lies_in
from tests.graph.worlds.rows import Row, World

PUBLIC = frozenset(
    {
        *("division", "department", "department_channel", "committee", "liaison_group", "member", "brand", "platform"),
        *("platform_history", "session", "session_history", "session_topic", "attendance", "opinion", "outcome"),
        *("outcome_history", "commitment", "commitment_history", "progress", "verdict", "conversion"),
        *("conversion_history", "follow_up", "follow_up_history", "practice_center", "activity", "activity_member"),
        *("duty_scheme", "duty_rule", "duty_grade", "resolution_tally", "due_tally", "platform_tally", "tally"),
        "redaction",
    }
)
"""Tables whose rows everybody sees, if not all of their columns."""
NOBODYS = frozenset({"idempotency_key", "inbox_message", "restoration", "revocation", "topic_number"})
"""Tables that nobody reads over the API."""


class Sight:
    """What a caller sees of a world's rows as they were read."""

    def __init__(self, world: World, actor: Actor) -> None:
        self.world = world
        self.rights = Rights.of(actor)
        self.departments = {row["id"] for row in world.rows["department"] if row["code"] in self.rights.departments}

    def staff(self, number: int) -> bool:
        """Tell whether the caller is staff of a division."""
        return lies_in(number, self.rights.staff)

    def log(self, number: int) -> bool:
        """Tell whether the caller sees the delivery log of a division."""
        return lies_in(number, self.rights.deliveries)

    def own(self, row: Row) -> bool:
        """Tell whether it is the caller who raised, proposed or said something."""
        return self.rights.subject is not None and row["subject"] == self.rights.subject

    def involved(self, topic_id: object) -> bool:
        """Tell whether a department of the caller's has or had a part in a topic."""
        return any(
            row["department_id"] in self.departments for row in self.world.of("involvement", "topic_id", topic_id)
        )

    def sees(self, table: str, row: Row) -> bool:
        """Tell whether a row, or a version of one, is in sight."""
        if table in PUBLIC or table in NOBODYS:
            return table in PUBLIC
        seen: bool = getattr(self, table.removesuffix("_history"))(row)
        return seen

    def ever(self, table: str, key: object) -> bool:
        """Tell whether any version of a row is in sight."""
        return key is not None and any(self.sees(table, version) for version in self.world.versions(table, key))

    def topic(self, row: Row) -> bool:
        """Tell whether a version of a topic is in sight."""
        listed = row["listed_at"] is not None
        return listed or self.staff(row["division_number"]) or self.own(row) or self.involved(row["id"])

    def matter(self, row: Row) -> bool:
        """Tell whether a version of a matter is in sight."""
        if self.staff(row["division_number"]) or self.own(row):
            return True
        if row["topic_id"] is None or self.redacted(row["id"], "WHOLE"):
            return False
        versions = self.world.overlapping("topic", row["topic_id"], row)
        return self.involved(row["topic_id"]) or any(one["listed_at"] is not None for one in versions)

    def annual_plan(self, row: Row) -> bool:
        """Tell whether a version of a plan is in sight."""
        return row["status"] == "APPROVED" or self.staff(row["division_number"])

    def plan_item(self, row: Row) -> bool:
        """Tell whether a version of an item is in sight: with its plan as that stood meanwhile."""
        return any(self.annual_plan(plan) for plan in self.world.overlapping("annual_plan", row["plan_id"], row))

    def involvement(self, row: Row) -> bool:
        """Tell whether a department's part is in sight: with its topic."""
        return self.ever("topic", row["topic_id"])

    def evidence(self, row: Row) -> bool:
        """Tell whether a document is in sight: with its topic, or as one of a commitment."""
        return row["topic_id"] is None or self.ever("topic", row["topic_id"])

    def trace_chain(self, row: Row) -> bool:
        """Tell whether a chain of acts is in sight: with its topic or matter."""
        return self.ever("topic", row["topic_id"]) or self.ever("matter", row["matter_id"])

    def trace_entry(self, row: Row) -> bool:
        """Tell whether an entry of a trace is in sight: with its chain, where it tells of a plan with that too."""
        if not self.trace_chain(self.world.one("trace_chain", row["chain_id"])):
            return False
        return row["subject_kind"] != "annualplan" or self.ever("annual_plan", row["subject_id"])

    def event(self, row: Row) -> bool:
        """Tell whether an event is in sight: as a change of its topic, or by a notice."""
        told = self.world.of("delivery", "event_id", row["id"])
        return self.ever("topic", row["topic_id"]) or any(self.notice(one) or self.waits(one) for one in told)

    def delivery(self, row: Row) -> bool:
        """Tell whether anything of a delivery is in sight."""
        return self.notice(row) or self.waits(row) or self.answered(row)

    def lane(self, row: Row) -> bool:
        """Tell whether anything that went by a lane is in sight."""
        return any(self.delivery(one) for one in self.world.of("delivery", "lane_id", row["id"]))

    def role_grant(self, row: Row) -> bool:
        """Tell whether a grant is in sight."""
        return self.log(row["division_number"])

    def duty_assessment(self, row: Row) -> bool:
        """Tell whether what a member's year came to is in sight."""
        member = self.world.one("member", row["member_id"])
        return self.staff(row["division_number"]) or (self.rights.member and self.own(member))

    duty_record = duty_assessment

    def notice(self, row: Row) -> bool:
        """Tell whether a delivery is in sight as a notice."""
        event = self.world.one("event", row["event_id"])
        return row["department_id"] in self.departments or self.log(event["division_number"])

    def waits(self, row: Row) -> bool:
        """Tell whether a delivery is counted with what waits on its channel, as the channel's operators see."""
        return self.log(self.world.one("department", row["department_id"])["division_number"])

    def outside(self, department: Row) -> bool:
        """Tell whether nothing that a department is told is in sight as such."""
        return department["id"] not in self.departments and not self.log(department["division_number"])

    def answered(self, row: Row) -> bool:
        """Tell whether everybody sees that a department answered, and when, for they see the topic."""
        lane = self.world.one("lane", row["lane_id"])
        return row["receipt"] is not None and self.ever("topic", lane["topic_id"])

    def redacted(self, key: object, field: str) -> bool:
        """Tell whether the public reads other words than those of a thing, or does not see it."""
        return any(row["field"] == field for row in self.world.of("redaction", "thing_id", key))
