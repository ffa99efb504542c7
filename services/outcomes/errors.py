from collections.abc import Mapping

from services.core.codes import Code
from services.core.errors import ConstraintRefusal, DomainError, InvalidInput, NotAllowed
from services.core.words import Words

CONSTRAINTS = {
    "fk_outcome_division_number": ConstraintRefusal(
        Code.NOT_FOUND, Words("The division does not exist.", "区划不存在。")
    ),
    "ck_commitment_status": ConstraintRefusal(
        Code.INVALID_STATE, Words("The state is not one of a commitment's.", "不是落实事项的状态。")
    ),
    "fk_commitment_topic_id": ConstraintRefusal(Code.NOT_FOUND, Words("The topic does not exist.", "议题不存在。")),
    "fk_commitment_division_number": ConstraintRefusal(
        Code.NOT_FOUND, Words("The division does not exist.", "区划不存在。")
    ),
    "pk_progress": ConstraintRefusal(Code.DUPLICATE_ID, Words("A report with this id exists.", "此编号的进展已存在。")),
    "ck_verdict_dispute_has_reason": ConstraintRefusal(
        Code.INVALID_INPUT, Words("A dispute has a reason.", "提出异议须有理由。"), ("reason",)
    ),
    "ck_verdict_role": ConstraintRefusal(
        Code.INVALID_INPUT, Words("The role is not one of the list.", "不是所列的身份。"), ("role",)
    ),
    "ck_conversion_one_source": ConstraintRefusal(
        Code.INVALID_STATE,
        Words("A conversion is of one outcome or one opinion.", "转化成果只来自一项成果或一条意见。"),
    ),
    "ck_conversion_kind": ConstraintRefusal(
        Code.INVALID_INPUT, Words("The kind is not one of the list.", "不是所列的形式。"), ("kind",)
    ),
    "uq_conversion_outcome_id_kind": ConstraintRefusal(
        Code.ALREADY_CONVERTED,
        Words("The outcome became a document of this kind before.", "该协商成果此前已转化为此种形式。"),
        ("kind",),
    ),
    "uq_conversion_opinion_id_kind": ConstraintRefusal(
        Code.ALREADY_CONVERTED,
        Words("The opinion became a document of this kind before.", "该意见此前已转化为此种形式。"),
        ("kind",),
    ),
    "fk_conversion_author_id": ConstraintRefusal(
        Code.NOT_FOUND, Words("The member does not exist.", "委员不存在。"), ("author",)
    ),
    "fk_conversion_platform_id": ConstraintRefusal(
        Code.NOT_FOUND, Words("The platform does not exist.", "协商平台不存在。")
    ),
    "fk_conversion_division_number": ConstraintRefusal(
        Code.NOT_FOUND, Words("The division does not exist.", "区划不存在。")
    ),
    "pk_follow_up": ConstraintRefusal(
        Code.DUPLICATE_ID, Words("A follow-up with this id exists.", "此编号的回访已存在。")
    ),
    "ck_follow_up_role": ConstraintRefusal(
        Code.INVALID_INPUT, Words("The role is not one of the list.", "不是所列的身份。"), ("role",)
    ),
    "ck_follow_up_channel": ConstraintRefusal(
        Code.INVALID_INPUT, Words("The channel is not one of the list.", "不是所列的回访方式。"), ("channel",)
    ),
    "ck_follow_up_recorded_by": ConstraintRefusal(
        Code.INVALID_STATE, Words("A follow-up is recorded by staff of the place.", "回访由本地工作人员代录。")
    ),
    "ck_follow_up_recorded_by_staff": ConstraintRefusal(
        Code.INVALID_STATE,
        Words(
            "Who answers themselves does so ONLINE; staff records what came otherwise.",
            "本人填写用ONLINE，其他方式由工作人员代录。",
        ),
        ("channel",),
    ),
    "ck_follow_up_own_has_subject": ConstraintRefusal(
        Code.INVALID_STATE,
        Words(
            "An answer is the caller's own, or staff's record of somebody else's.",
            "回访或为本人填写，或由工作人员代录。",
        ),
    ),
    "ck_follow_up_recorded_has_respondent": ConstraintRefusal(
        Code.INVALID_STATE,
        Words("Staff names a respondent; who answers themselves names nobody.", "代录须写明回访对象，本人填写则不写。"),
        ("respondent",),
    ),
    "uq_follow_up_topic_id_subject": ConstraintRefusal(
        Code.CONFLICT, Words("The caller answered at the same time.", "本人同时提交了回访。")
    ),
    "uq_follow_up_topic_id_respondent": ConstraintRefusal(
        Code.CONFLICT, Words("The respondent's answer was recorded just now.", "该对象的回访刚刚已登记。")
    ),
    "fk_follow_up_division_number": ConstraintRefusal(
        Code.NOT_FOUND, Words("The division does not exist.", "区划不存在。")
    ),
}


class SessionNotOfTopic(DomainError):
    """The session did not take the topic, or was not held."""

    code = Code.SESSION_NOT_OF_TOPIC
    words = Words(
        "No session of this id that took topic {number} was held.", "没有此编号且讨论过议题{number}的已召开议事会。"
    )

    def __init__(self, number: str) -> None:
        super().__init__(self.words(number=number), path=("session",))


class FilingDecided(DomainError):
    """Whether a case is opened on a conversion was decided before."""

    code = Code.FILING_DECIDED
    words = Words("The conversion is decided: no case was opened on it.", "此转化成果已有结论：不予立案。")
    opened = Words("The conversion is decided: a case was opened on it.", "此转化成果已有结论：已立案。")

    def __init__(self, *, filed: bool) -> None:
        super().__init__((self.opened if filed else self.words)(filed=filed), path=("filed",))


class OwnDocument(NotAllowed):
    """Nobody decides whether a case is opened on what they said or wrote themselves."""

    code = Code.OWN_DOCUMENT
    words = Words("The document is the caller's own; somebody else decides on it.", "这是您本人的文件，须由他人决定。")

    def __init__(self) -> None:
        super().__init__(self.words, path=("conversion",))


class NotOfThePublic(InvalidInput):
    """A resident answers a follow-up as one of the public."""

    code = Code.NOT_OF_THE_PUBLIC
    words = Words(
        "A resident answers as RESIDENT or STAKEHOLDER, not as {role}.",
        "群众以居民或利益相关方身份回访，不能以“{role}”身份。",
    )

    def __init__(self, role: str) -> None:
        super().__init__(self.words(role=role), path=("role",))


class ChannelMissing(InvalidInput):
    """Staff says how it asked whom it records."""

    code = Code.CHANNEL_MISSING
    words = Words(
        "Staff records what somebody else said: channel says how they were asked, as TELEPHONE or VISIT.",
        "工作人员代录他人意见时，须注明回访方式，如电话或上门。",
    )

    def __init__(self) -> None:
        super().__init__(self.words, path=("channel",))


class RespondentMissing(InvalidInput):
    """Staff tells those whom it asked apart."""

    code = Code.RESPONDENT_MISSING
    words = Words(
        "Staff says whom it asked, by a name or a label that tells one person from another on this topic.",
        "工作人员须写明回访对象，姓名或能区分的代号均可。",
    )

    def __init__(self) -> None:
        super().__init__(self.words, path=("respondent",))


class RespondentNotAsked(InvalidInput):
    """A person who answers for themselves names somebody else."""

    code = Code.RESPONDENT_NOT_ASKED
    words = Words("Who answers ONLINE answers for themselves and names no respondent.", "本人填写时不写回访对象。")

    def __init__(self) -> None:
        super().__init__(self.words, path=("respondent",))


class OwnWork(NotAllowed):
    """A person who worked on something, or acts for the department that did, may not judge it."""

    code = Code.OWN_WORK
    words = Words(
        "The caller worked on this, or acts for the department that did; somebody else looks at it.",
        "您办理过此事或代表办理单位，须由他人评价。",
    )

    def __init__(self, path: str) -> None:
        super().__init__(self.words, path=(path,))


class CommitmentsOpen(DomainError):
    """A topic with commitments that nobody fulfilled is resolved for a reason."""

    code = Code.COMMITMENTS_OPEN
    words = Words(
        "Settle these commitments first, or say in openCommitments why each stays open: {commitments}.",
        "请先办完以下落实事项，或在openCommitments中逐项说明未完成的原因：{commitments}。",
    )

    def __init__(self, commitments: Mapping[str, str]) -> None:
        super().__init__(self.words(commitments=dict(commitments)), path=("open_commitments",))


class CommitmentNotOpen(DomainError):
    """A reason is given once for each commitment of the topic that is open."""

    code = Code.COMMITMENT_NOT_OPEN
    words = Words(
        "{commitment} is named twice, or is no open commitment of the topic.",
        "{commitment}重复列出，或不是该议题未完成的落实事项。",
    )

    def __init__(self, commitment: str) -> None:
        super().__init__(self.words(commitment=commitment), path=("open_commitments", "commitment"))


class NothingToFollowUp(DomainError):
    """Nothing was begun on the topic that people could be asked about."""

    code = Code.NOTHING_TO_FOLLOW_UP
    words = Words(
        "Topic {number} is {status}; people are asked once it is being implemented.",
        "议题{number}状态为“{status}”，落实后才能回访。",
    )

    def __init__(self, number: str, status: str) -> None:
        super().__init__(self.words(number=number, status=status), path=("topic",))
