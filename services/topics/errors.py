from services.core.codes import Code
from services.core.errors import ConstraintRefusal, DomainError
from services.core.words import Words

CONSTRAINTS = {
    "uq_topic_number": ConstraintRefusal(
        Code.TOPIC_NUMBER_TAKEN, Words("A topic with this number exists.", "此编号的议题已存在。")
    ),
    "ck_topic_number_form": ConstraintRefusal(
        Code.INVALID_STATE, Words("A number has capitals, digits and hyphens.", "编号由大写字母、数字和连字符组成。")
    ),
    "ck_topic_version_positive": ConstraintRefusal(
        Code.INVALID_STATE, Words("A topic's version starts at 1.", "议题版本号从1起。")
    ),
    "ck_topic_kind": ConstraintRefusal(
        Code.INVALID_INPUT, Words("A topic is KEY or MICRO.", "议题为重点协商议题或微课题。"), ("kind",)
    ),
    "ck_topic_category": ConstraintRefusal(
        Code.INVALID_INPUT, Words("The category is not one of the list.", "不是所列的类别。"), ("category",)
    ),
    "ck_topic_status": ConstraintRefusal(
        Code.INVALID_STATE, Words("The state is not one of a topic's.", "不是议题的状态。")
    ),
    "ck_topic_listed_has_instant": ConstraintRefusal(
        Code.INVALID_STATE, Words("A listed topic has the instant of its listing.", "已立项的议题须有立项时间。")
    ),
    "ck_topic_resolved_has_instant": ConstraintRefusal(
        Code.INVALID_STATE,
        Words("A resolved topic, and no other, has the instant of its resolution.", "已办结的议题才有办结时间。"),
    ),
    "ck_topic_withdrawn_has_instant": ConstraintRefusal(
        Code.INVALID_STATE,
        Words("A withdrawn topic, and no other, has the instant of its withdrawal.", "已撤回的议题才有撤回时间。"),
    ),
    "ck_topic_scheduled_for_next_session": ConstraintRefusal(
        Code.INVALID_STATE,
        Words("A topic is scheduled for when its next session begins.", "议题的安排时间为下次议事会的时间。"),
    ),
    "fk_topic_division_number": ConstraintRefusal(
        Code.NOT_FOUND, Words("The division does not exist.", "区划不存在。")
    ),
    "pk_topic_number": ConstraintRefusal(
        Code.CONFLICT, Words("The county's running number was taken at the same time.", "该县的流水号同时被占用。")
    ),
    "uq_involvement_current": ConstraintRefusal(
        Code.ALREADY_INVOLVED,
        Words("The department is involved in this topic already.", "该责任单位已参与此议题。"),
        ("department",),
    ),
    "uq_involvement_one_lead": ConstraintRefusal(
        Code.LEAD_TAKEN,
        Words(
            "The topic has a lead department already; release it first or involve this one otherwise.",
            "该议题已有主办单位，请先解除，或以其他分工参与。",
        ),
        ("role",),
    ),
    "ck_involvement_until_after_since": ConstraintRefusal(
        Code.INVALID_STATE, Words("A release cannot precede the involvement.", "解除时间不早于确定时间。")
    ),
    "ck_involvement_role": ConstraintRefusal(
        Code.INVALID_INPUT, Words("A role is LEAD, SUPPORT or INFORMED.", "分工为主办、协办或知会。"), ("role",)
    ),
    "pk_evidence": ConstraintRefusal(
        Code.DUPLICATE_ID, Words("Evidence with this id exists.", "此编号的佐证材料已存在。")
    ),
    "ck_evidence_one_subject": ConstraintRefusal(
        Code.INVALID_STATE,
        Words("Evidence is of one topic or of one commitment.", "佐证材料只属于一个议题或一项落实事项。"),
    ),
    "ck_evidence_sha256_form": ConstraintRefusal(
        Code.INVALID_INPUT,
        Words("A SHA-256 has 64 hexadecimal digits.", "SHA-256为64位十六进制数。"),
        ("evidence", "sha256"),
    ),
}


class NotInvolved(DomainError):
    """The department has no part in the topic."""

    code = Code.NOT_INVOLVED
    words = Words(
        "The department {department} is not involved in topic {number}.", "责任单位{department}未参与议题{number}。"
    )

    def __init__(self, department: str, number: str) -> None:
        super().__init__(self.words(department=department, number=number), path=("department",))


class TopicClosed(DomainError):
    """The topic is resolved or withdrawn: what belongs to an open topic cannot be done."""

    code = Code.TOPIC_CLOSED
    words = Words(
        "Topic {number} is {status}; this is possible while it is open.",
        "议题{number}状态为“{status}”，只有未结束的议题可以这样办理。",
    )

    def __init__(self, number: str, status: str) -> None:
        super().__init__(self.words(number=number, status=status))


class EvidenceMissing(DomainError):
    """A topic cannot be called resolved, nor a commitment completed, without evidence."""

    code = Code.EVIDENCE_MISSING
    of_topic = Words("A topic is resolved with at least one piece of evidence.", "办结议题至少要有一份佐证材料。")
    of_commitment = Words(
        "A commitment is completed with at least one piece of evidence.", "办结落实事项至少要有一份佐证材料。"
    )

    def __init__(self, words: Words) -> None:
        super().__init__(words, path=("evidence",))
