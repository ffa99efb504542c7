from datetime import date, datetime

from services.core.codes import Code
from services.core.errors import ConstraintRefusal, DomainError, InvalidInput
from services.core.words import Words

CONSTRAINTS = {
    "ck_session_held_has_instant": ConstraintRefusal(
        Code.INVALID_STATE,
        Words(
            "A session that was held, and no other, has the instant at which it was.", "已召开的议事会才有召开时间。"
        ),
    ),
    "ck_session_bound_has_headcount": ConstraintRefusal(
        Code.INVALID_INPUT, Words("Only a headcount can be a lower bound.", "只有参会人数可以是下限。"), ("headcount",)
    ),
    "ck_session_status": ConstraintRefusal(
        Code.INVALID_STATE, Words("The state is not one of a session's.", "不是议事会的状态。")
    ),
    "ck_session_form": ConstraintRefusal(
        Code.INVALID_INPUT, Words("The form is not one of a session's.", "不是会议形式。"), ("form",)
    ),
    "fk_session_division_number": ConstraintRefusal(
        Code.NOT_FOUND, Words("The division does not exist.", "区划不存在。")
    ),
    "pk_session_topic": ConstraintRefusal(
        Code.DUPLICATE_TOPIC, Words("A topic stands on an agenda once.", "同一议题在议程中只列一次。"), ("topics",)
    ),
    "fk_session_topic_topic_id": ConstraintRefusal(
        Code.NOT_FOUND, Words("The topic does not exist.", "议题不存在。"), ("topics",)
    ),
    "uq_attendance_session_id_position": ConstraintRefusal(
        Code.INVALID_STATE, Words("An attendance's place is taken.", "参会次序已被占用。")
    ),
    "ck_attendance_position_positive": ConstraintRefusal(
        Code.INVALID_STATE, Words("An attendance's place starts at 1.", "参会次序从1起。")
    ),
    "ck_attendance_role": ConstraintRefusal(
        Code.INVALID_INPUT, Words("The role is not one of the list.", "不是所列的身份。"), ("attendances",)
    ),
    "fk_attendance_member_id": ConstraintRefusal(
        Code.NOT_FOUND, Words("The member does not exist.", "委员不存在。"), ("attendances", "member")
    ),
    "fk_attendance_department_id": ConstraintRefusal(
        Code.NOT_FOUND, Words("The department does not exist.", "责任单位不存在。"), ("attendances", "department")
    ),
    "ck_opinion_role": ConstraintRefusal(
        Code.INVALID_INPUT, Words("The role is not one of the list.", "不是所列的身份。"), ("role",)
    ),
}


class SessionPast(DomainError):
    """A session was to be put into the calendar for a day that is over."""

    code = Code.SESSION_PAST
    words = Words(
        "{scheduled} is before today, {today}; schedule it for today and record when it was held.",
        "{scheduled}早于今天（{today}）；请安排在今天，再登记实际召开时间。",
    )

    def __init__(self, scheduled_at: datetime, today: date) -> None:
        super().__init__(self.words(scheduled=scheduled_at, today=today), path=("scheduled_at",))


class NothingRescheduled(InvalidInput):
    """A session was to be changed, and nothing was said of how."""

    code = Code.NOTHING_RESCHEDULED
    words = Words(
        "A session gets another time or another venue, or is postponed where that is asked for.",
        "议事会须改时间、改地点，或注明延期。",
    )

    def __init__(self) -> None:
        super().__init__(self.words, path=("scheduled_at",))


class PostponedWithTime(InvalidInput):
    """A session was to be postponed until it gets a time, and given one."""

    code = Code.POSTPONED_WITH_TIME
    words = Words(
        "A session gets another time or is postponed until it gets one, not both.", "改期与延期不能同时进行。"
    )

    def __init__(self) -> None:
        super().__init__(self.words, path=("postpone",))


class AgendaEmpty(InvalidInput):
    """A session without a topic."""

    code = Code.AGENDA_EMPTY
    words = Words("A session takes at least one topic.", "议事会至少要有一个议题。")

    def __init__(self) -> None:
        super().__init__(self.words, path=("topics",))


class HeadcountTooSmall(InvalidInput):
    """More people are named than were counted."""

    code = Code.HEADCOUNT_TOO_SMALL
    words = Words(
        "{named} attendances are named, the headcount is {headcount}.", "名单有{named}人，参会人数为{headcount}人。"
    )

    def __init__(self, headcount: int, named: int) -> None:
        super().__init__(self.words(named=named, headcount=headcount), path=("headcount",))


class PublicNotPresent(DomainError):
    """A session on a key topic without anybody of the affected public is none that was held."""

    code = Code.PUBLIC_NOT_PRESENT
    words = Words(
        "A session that takes a key topic needs at least one attendance of a RESIDENT or STAKEHOLDER.",
        "重点协商议题的议事会至少要有一名居民或利益相关方参会。",
    )

    def __init__(self) -> None:
        super().__init__(self.words, path=("attendances",))


class MinutesRecorded(DomainError):
    """Minutes are recorded once: what was written then is only put right, with a reason."""

    code = Code.MINUTES_RECORDED
    words = Words(
        "The session has its minutes; what is wrong in them is put right by correctSession.",
        "议事会已有会议记录，有误请用correctSession更正。",
    )

    def __init__(self) -> None:
        super().__init__(self.words, path=("minutes",))


class MinutesEmpty(InvalidInput):
    """Minutes without a word."""

    code = Code.MINUTES_EMPTY
    words = Words("Minutes say something.", "会议记录不能为空。")

    def __init__(self) -> None:
        super().__init__(self.words, path=("minutes",))


class SessionNotHeld(DomainError):
    """Opinions and minutes are of a session that was held."""

    code = Code.SESSION_NOT_HELD
    words = Words(
        "The session is {status}; what was said is added once it was held.",
        "议事会状态为“{status}”，召开后才能补充内容。",
    )

    def __init__(self, status: str) -> None:
        super().__init__(self.words(status=status), path=("session",))


class TopicNotOnAgenda(DomainError):
    """The session took no such topic, or the topic was withdrawn."""

    code = Code.TOPIC_NOT_ON_AGENDA
    words = Words("The session did not take {topic}, or it was withdrawn.", "议事会没有讨论{topic}，或该议题已撤回。")

    def __init__(self, topic: str, *, path: tuple[str, ...]) -> None:
        super().__init__(self.words(topic=topic), path=path)


class MemberNotPresent(DomainError):
    """Staff writes down what a member said who was there."""

    code = Code.MEMBER_NOT_PRESENT
    words = Words(
        "{member} is not among the session's attendances; who was not there adds their opinion themselves.",
        "{member}不在参会名单中；未参会的委员请自行补充意见。",
    )

    def __init__(self, member: str, *, path: tuple[str, ...]) -> None:
        super().__init__(self.words(member=member), path=path)


class GuestNotOfDepartment(InvalidInput):
    """A department's people come in the part of a department or an enterprise."""

    code = Code.GUEST_NOT_OF_DEPARTMENT
    words = Words(
        "A department's people come as DEPARTMENT or ENTERPRISE, not as {role}.",
        "责任单位的人员以部门或企业身份参会，不能以“{role}”身份。",
    )

    def __init__(self, role: str) -> None:
        super().__init__(self.words(role=role), path=("attendances", "role"))


class AuthorNotMember(InvalidInput):
    """A known member in another part than a member's."""

    code = Code.AUTHOR_NOT_MEMBER
    words = Words(
        "Who is named as a member is there as MEMBER, not as {role}.",
        "列为委员的人以委员身份参会，不能以“{role}”身份。",
    )

    def __init__(self, role: str, *, path: tuple[str, ...]) -> None:
        super().__init__(self.words(role=role), path=path)
