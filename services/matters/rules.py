from services.core.actor import Role
from services.matters.enums import MatterStatus, ParticipantRole

LIFECYCLE: dict[tuple[MatterStatus, str], MatterStatus] = {
    (MatterStatus.RAISED, "accept"): MatterStatus.ACCEPTED,
    (MatterStatus.ACCEPTED, "answer"): MatterStatus.ANSWERED,
    (MatterStatus.ACCEPTED, "decline"): MatterStatus.DECLINED,
    (MatterStatus.ACCEPTED, "list"): MatterStatus.LISTED,
    (MatterStatus.LISTED, "give back"): MatterStatus.ACCEPTED,
}
"""Matter × action → matter. A matter is given back when the topic that it was taken into is withdrawn."""

PARTS: dict[Role, ParticipantRole] = {
    Role.CADRE: ParticipantRole.CADRE,
    Role.SECRETARIAT: ParticipantRole.CADRE,
    Role.MEMBER: ParticipantRole.MEMBER,
    Role.DEPARTMENT: ParticipantRole.DEPARTMENT,
    Role.RESIDENT: ParticipantRole.RESIDENT,
}
"""Roles that may raise a matter, and the part in which each does; who has several speaks in the first unless they
say in which."""
