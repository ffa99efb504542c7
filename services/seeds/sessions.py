"""Sessions as they are announced, held, put off and called off."""

from services.departments.enums import DepartmentKind
from services.platforms.enums import PlatformKind, PlatformTier
from services.seeds.chance import Dice
from services.seeds.drafts import AttendanceDraft, SessionDraft, TopicDraft
from services.seeds.registry import County, Department, Platform
from services.seeds.timeline import BEIJING_OFFSET, DAY, HOUR, MINUTE, in_office, later, sitting
from services.sessions.enums import ParticipantRole, SessionForm
from services.topics.enums import InvolvementRole

COMPANIES = frozenset(
    {
        DepartmentKind.POWER,
        DepartmentKind.GAS,
        DepartmentKind.HEATING,
        DepartmentKind.PROPERTY_MANAGEMENT,
        DepartmentKind.ENTERPRISE,
    }
)

FORMS = (
    *(SessionForm.COUNCIL_HALL,) * 9,
    *(SessionForm.ON_SITE,) * 7,
    *(SessionForm.HOUSEHOLD,) * 2,
    SessionForm.ONLINE,
    SessionForm.OTHER,
)
VENUES = {
    SessionForm.COUNCIL_HALL: "协商议事厅",
    SessionForm.ON_SITE: "现场",
    SessionForm.HOUSEHOLD: "居民家中",
    SessionForm.ONLINE: "线上会议室",
    SessionForm.OTHER: "文化活动室",
}

FEWEST_PRESENT = 8
MOST_PRESENT = 40
UNCOUNTED = 0.03
WITH_MINUTES = 0.6
CONVENED_BY_GROUP = 0.4


def announce(dice: Dice, topic: TopicDraft, announced_at: int, scheduled_at: int) -> SessionDraft:
    """Return a session on a topic as it stands in the calendar."""
    place = topic.county.place_name(topic.platform)
    form = dice.pick(FORMS)
    session = SessionDraft(announced_at, scheduled_at, f"{place}{VENUES[form]}", form, _convener(topic, place))
    group = topic.platform.group
    if group and dice.happens(CONVENED_BY_GROUP):
        session.group = group
        session.convener = group.name
    return session


def hold(dice: Dice, topic: TopicDraft, session: SessionDraft) -> None:
    """Hold a session: count and write down those who came."""
    session.held_at = session.scheduled_at + dice.below(15) * MINUTE
    session.headcount = None if dice.happens(UNCOUNTED) else dice.between(FEWEST_PRESENT, MOST_PRESENT)
    if dice.happens(WITH_MINUTES):
        session.minutes = f"会议围绕{topic.subject}听取情况介绍，与会各方逐一发言，意见已记录在案。"
    session.attendances = _attendances(dice, topic, session.held_at)


def put_off(dice: Dice, session: SessionDraft) -> None:
    """Put a session off shortly before its day, and give it another one."""
    session.first_for = session.scheduled_at
    session.put_off_at = _shortly_before(session)
    session.moved_at = later(session.put_off_at, dice.between(1, 12))
    time_of_day = (session.scheduled_at + BEIJING_OFFSET) % DAY
    session.scheduled_at = sitting(max(session.moved_at, session.first_for) + dice.between(5, 20) * DAY, time_of_day)


def call_off(session: SessionDraft) -> None:
    """Cancel a session shortly before its day."""
    session.called_off_at = _shortly_before(session)


def _shortly_before(session: SessionDraft) -> int:
    return max(session.announced_at, min(in_office(session.scheduled_at - 3 * DAY), session.scheduled_at - HOUR))


def _convener(topic: TopicDraft, place: str) -> str:
    if topic.platform.tier is PlatformTier.GENERAL:
        return f"政协{place}委员会"
    return party_committee(topic.county, topic.platform)


def party_committee(county: County, platform: Platform) -> str:
    """Return the party committee of a platform's place."""
    place = county.place_name(platform)
    if platform.tier is PlatformTier.GENERAL:
        return f"中共{place}委员会"
    if platform.tier is PlatformTier.SUB:
        return f"{place}{'党工委' if place.endswith('街道') else '党委'}"
    return f"{place}{'党支部' if platform.kind is PlatformKind.VILLAGE else '党委'}"


def _attendances(dice: Dice, topic: TopicDraft, held_at: int) -> list[AttendanceDraft]:
    """Return the few of those present whose part is on record; most of the others are only counted."""
    present = [
        AttendanceDraft(ParticipantRole.MEMBER, member=dice.pick(topic.county.members_near(topic.platform))),
        AttendanceDraft(ParticipantRole.RESIDENT),
    ]
    if dice.happens(0.6):
        present.append(AttendanceDraft(ParticipantRole.CADRE))
    for part in topic.involvements:
        likely = 0.8 if part.role is InvolvementRole.LEAD else 0.2
        if part.since <= held_at and (part.until is None or part.until > held_at) and dice.happens(likely):
            present.append(attendance_of(part.department))
    if dice.happens(0.1):
        present.append(AttendanceDraft(ParticipantRole.STAKEHOLDER))
    return present


def attendance_of(department: Department) -> AttendanceDraft:
    """Return the attendance of somebody whom a department or company sent."""
    role = ParticipantRole.ENTERPRISE if department.kind in COMPANIES else ParticipantRole.DEPARTMENT
    return AttendanceDraft(role, department=department)
