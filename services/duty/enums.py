from services.core.choices import Choice


class DutyAct(Choice):
    """履职行为: what a member did that a scheme can give points for."""

    ATTENDED = "ATTENDED", "参加议事", "Attended a session"
    OPINION = "OPINION", "提出意见", "Gave an opinion"
    OPINION_CONVERTED = (
        "OPINION_CONVERTED",
        "成果转化",
        "Had an opinion converted",
        "It became a document.",
    )
    PROPOSAL_FILED = "PROPOSAL_FILED", "提案立案", "Had a proposal filed", "A case was opened on it."
    ACTIVITY = "ACTIVITY", "参加活动", "Took part in an activity"
