from collections.abc import Mapping

LISTS: Mapping[str, tuple[str, ...]] = {
    "platforms": (
        *("code", "name", "tier", "kind", "brand.name", "parent.code", "division.code", "division.name"),
        *("openedOn", "closedOn"),
    ),
    "topics": (
        *("number", "title", "summary", "kind", "category", "status", "platform.code", "platform.name"),
        *("platform.division.code", "platform.division.name", "proposedAt", "listedAt", "scheduledAt"),
        *("resolvedAt", "resolution"),
    ),
    "sessions": (
        *("id", "status", "platform.code", "platform.name", "platform.division.code", "platform.division.name"),
        *("topics.number", "topics.title", "scheduledAt", "heldAt", "venue", "form", "convener", "headcount"),
        *("minutes", "minutesOverdue"),
    ),
    "matters": (
        *("id", "title", "description", "nature", "raisedBy", "raisedAt", "category", "status", "platform.code"),
        *("platform.name", "platform.division.code", "platform.division.name", "acceptedAt", "answer", "answeredAt"),
        *("overdue", "topic.number"),
    ),
    "commitments": (
        *("id", "task", "department.code", "department.name", "dueOn", "status", "overdue", "outcome.agreement"),
        *("outcome.reachedOn", "outcome.topic.number", "outcome.topic.title"),
    ),
    "departments": (
        *("code", "name", "kind", "division.code", "division.name", "channel.enabled", "channel.pending"),
        "channel.parked",
    ),
    "notices": (
        *("id", "eventId", "type", "department.code", "department.name", "topic.number", "sequence", "status"),
        *("occurredAt", "confirmedAt", "attempts", "lastError", "receipt.status", "receipt.at", "receipt.note"),
    ),
    "grants": (
        *("id", "subject", "role", "division.code", "division.name", "department.code", "grantedBy", "grantedAt"),
        *("revokedBy", "revokedAt"),
    ),
}
"""What can be exported, each with its default columns."""
