from services.core.choices import Choice


class CommitmentStatus(Choice):
    """落实事项状态: state of a commitment."""

    ASSIGNED = "ASSIGNED", "已交办", "Assigned", "Its department has not answered yet."
    ACCEPTED = "ACCEPTED", "已受理", "Accepted", "Its department has taken it on."
    DECLINED = "DECLINED", "不受理", "Declined", "Its department does not take it on, and says why."
    IN_PROGRESS = "IN_PROGRESS", "办理中", "In progress", "Its department works on it."
    DONE = "DONE", "已办结", "Done", "Its department says so, with evidence."
    VERIFIED = "VERIFIED", "已核实", "Verified", "Somebody of the place found it done."
    DISPUTED = "DISPUTED", "有异议", "Disputed", "Somebody of the place found it not done."
    WITHDRAWN = "WITHDRAWN", "已撤销", "Withdrawn", "Its department has no longer to do it."


class FollowUpChannel(Choice):
    """回访方式: how an answer came; staff recorded all but ONLINE."""

    ONLINE = "ONLINE", "本人填写", "Given in person"
    TELEPHONE = "TELEPHONE", "电话回访", "By telephone", "Staff recorded it."
    VISIT = "VISIT", "上门回访", "On a visit", "Staff recorded it."
    MEETING = "MEETING", "座谈", "At a meeting", "Staff recorded it."
    OTHER = "OTHER", "其他", "Otherwise", "Staff recorded it."


class ConversionKind(Choice):
    """转化形式: what an outcome or an opinion was made into."""

    SUGGESTION = "SUGGESTION", "建议", "Suggestion"
    PROPOSAL = "PROPOSAL", "提案", "Proposal", "A case may be opened on it."
    SOCIAL_OPINION_REPORT = "SOCIAL_OPINION_REPORT", "社情民意信息", "Social-opinion report"
