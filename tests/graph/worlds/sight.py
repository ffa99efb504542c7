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
NOBODYS = frozenset({"idempotency_key", "inbox_message", "revocation", "topic_number"})
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
        return any(row["department_id"] in self.departments for row in self.world.of("involvement", "topic_id", topic_id))

    def sees(self, table: str, row: Row) -> bool:
        """Tell whether a row, or a version of one, is in sight."""
        if table in PUBLIC:
            return True
        if table in NOBODYS:
            return False
        match table.removesuffix("_history"):
            case "topic":
                return self.topic(row)
            case "matter":
                return self.matter(row)
            case "annual_plan":
                return row["status"] == "APPROVED" or self.staff(row["division_number"])
            case "plan_item":
                plans = self.world.overlapping("annual_plan", row["plan_id"], row)
                return any(self.sees("annual_plan", plan) for plan in plans)
            case "involvement":
                return self.ever("topic", row["topic_id"])
            case "evidence":
                return row["topic_id"] is None or self.ever("topic", row["topic_id"])
            case "trace_chain":
                return self.ever("topic", row["topic_id"]) or self.ever("matter", row["matter_id"])
            case "trace_entry":
                return self.entry(row)
            case "event":
                told = self.world.of("delivery", "event_id", row["id"])
                return self.ever("topic", row["topic_id"]) or any(self.notice(one) for one in told)
            case "delivery":
                return self.notice(row) or self.answered(row)
            case "lane":
                return any(self.sees("delivery", one) for one in self.world.of("delivery", "lane_id", row["id"]))
            case "role_grant":
                return self.log(row["division_number"])
            case "duty_assessment" | "duty_record":
                member = self.world.one("member", row["member_id"])
                return self.staff(row["division_number"]) or (self.rights.member and self.own(member))
        raise LookupError(f"nothing says who sees {table}")

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

    def entry(self, row: Row) -> bool:
        """Tell whether an entry of a trace is in sight: with its topic or matter, of a draft with the plan."""
        if not self.sees("trace_chain", self.world.one("trace_chain", row["chain_id"])):
            return False
        return row["subject_kind"] != "annualplan" or self.ever("annual_plan", row["subject_id"])

    def notice(self, row: Row) -> bool:
        """Tell whether a delivery is in sight as a notice."""
        event = self.world.one("event", row["event_id"])
        return row["department_id"] in self.departments or self.log(event["division_number"])

    def answered(self, row: Row) -> bool:
        """Tell whether everybody sees that a department answered, and when, for they see the topic."""
        lane = self.world.one("lane", row["lane_id"])
        return row["receipt"] is not None and self.ever("topic", lane["topic_id"])

    def redacted(self, key: object, field: str) -> bool:
        """Tell whether the public reads other words than those of a thing, or does not see it."""
        return any(row["field"] == field for row in self.world.of("redaction", "thing_id", key))
