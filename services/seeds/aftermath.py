"""What is said, judged, converted and asked around a topic's course, rolled with dice of its own."""

from services.outcomes.enums import CommitmentStatus, ConversionKind, FollowUpChannel
from services.seeds.chance import Dice
from services.seeds.drafts import (
    CommitmentDraft,
    ConversionDraft,
    FollowUpDraft,
    OpinionDraft,
    OutcomeDraft,
    SessionDraft,
    TopicDraft,
    VerdictDraft,
)
from services.seeds.registry import Member
from services.seeds.timeline import CUT_OFF, DAY, day_of
from services.sessions.enums import ParticipantRole
from services.topics.enums import TopicStatus

SPEAKS = 0.55
SPEAKS_OF_THE_TOPIC = 0.9
OUTCOME_CONVERTED = 0.1
OPINION_CONVERTED = 0.2
FILED, NOT_FILED = 0.55, 0.7
"""The one who rolls below the first has a case opened on it, below the second none, above it nobody has decided."""
ASKED_WHEN_RESOLVED = 0.5
ASKED_MEANWHILE = 0.15

WORDS = {
    ParticipantRole.MEMBER: "建议推进{}前先听取居民意见，把方案和时间表公开。",
    ParticipantRole.CADRE: "由平台收集{}的后续意见，及时反馈给各方。",
    ParticipantRole.DEPARTMENT: "将派人到现场查看，按职责办理{}。",
    ParticipantRole.ENTERPRISE: "愿意配合推进{}。",
    ParticipantRole.RESIDENT: "希望{}尽快落实，少影响日常生活。",
    ParticipantRole.STAKEHOLDER: "{}涉及自家，希望提前通知、把方案讲清楚。",
}
TITLES = {
    ConversionKind.SUGGESTION: "关于推进{}的建议",
    ConversionKind.PROPOSAL: "关于做好{}的提案",
    ConversionKind.SOCIAL_OPINION_REPORT: "群众反映{}有关情况",
}
KINDS = (
    *(ConversionKind.SUGGESTION,) * 4,
    *(ConversionKind.PROPOSAL,) * 2,
    *(ConversionKind.SOCIAL_OPINION_REPORT,) * 3,
)
VERIFIERS = (*(ParticipantRole.RESIDENT,) * 3, ParticipantRole.CADRE)
DISPUTE = "现场查看后仍有未完成的部分，请继续落实"
ASKED = (
    *((ParticipantRole.RESIDENT, FollowUpChannel.ONLINE),) * 12,
    *((ParticipantRole.RESIDENT, FollowUpChannel.TELEPHONE),) * 3,
    (ParticipantRole.RESIDENT, FollowUpChannel.VISIT),
    (ParticipantRole.STAKEHOLDER, FollowUpChannel.ONLINE),
    (ParticipantRole.STAKEHOLDER, FollowUpChannel.VISIT),
    (ParticipantRole.MEMBER, FollowUpChannel.TELEPHONE),
    (ParticipantRole.MEMBER, FollowUpChannel.VISIT),
)
"""Who is asked, and how their answer comes."""
SCORES = (5, 5, 5, 5, 4, 4, 4, 3, 3, 2)
SCORES_MEANWHILE = (4, 3, 3, 2)
HOLDS_FROM = 3
COMMENTS = {5: "问题解决了，很满意", 3: "基本解决，个别地方还要再看看", 2: "问题又出现了"}


def add_aftermath(dice: Dice, topic: TopicDraft) -> None:
    """Give a topic the opinions, verdicts, conversions and follow-ups that its course leaves room for."""
    for session in topic.sessions:
        if session.held_at is not None and session.attendances and dice.happens(SPEAKS):
            topic.opinions.append(_opinion(dice, topic, session, session.held_at))
    for outcome in topic.outcomes:
        _convert(dice, topic, outcome, outcome.reached_at, OUTCOME_CONVERTED, _author(dice, topic))
        for commitment in outcome.commitments:
            _judge(dice, commitment)
    _ask(dice, topic)


def _opinion(dice: Dice, topic: TopicDraft, session: SessionDraft, held_at: int) -> OpinionDraft:
    guest = dice.pick(session.attendances)
    text = WORDS[guest.role].format(topic.subject)
    opinion = OpinionDraft(session, guest.role, text, held_at, guest.member, dice.happens(SPEAKS_OF_THE_TOPIC))
    if guest.member:
        _convert(dice, topic, opinion, held_at, OPINION_CONVERTED, guest.member)
    return opinion


def _author(dice: Dice, topic: TopicDraft) -> Member:
    return dice.pick(topic.county.members_near(topic.platform))


def _convert(  # noqa: PLR0913, PLR0917 -- the facts of a conversion
    dice: Dice, topic: TopicDraft, source: OutcomeDraft | OpinionDraft, since: int, likely: float, author: Member
) -> None:
    """Make a source into a document, perhaps, and have it decided, perhaps, whether a case is opened on it."""
    submitted_at = since + dice.between(5, 60) * DAY
    if not dice.happens(likely) or submitted_at > CUT_OFF:
        return
    kind, decided = dice.pick(KINDS), dice.fraction()
    filed = None if decided >= NOT_FILED else decided < FILED
    title = TITLES[kind].format(topic.subject)
    source.conversions.append(ConversionDraft(kind, title, day_of(submitted_at), filed, author))


def _judge(dice: Dice, commitment: CommitmentDraft) -> None:
    """Say who found a commitment done, or not done."""
    if commitment.status not in {CommitmentStatus.VERIFIED, CommitmentStatus.DISPUTED}:
        return
    at_ms = min(commitment.evidence[-1].at + dice.between(1, 10) * DAY, CUT_OFF)
    fulfilled = commitment.status is CommitmentStatus.VERIFIED
    role = dice.pick(VERIFIERS)
    commitment.verdicts.append(VerdictDraft(at_ms, role, fulfilled, None if fulfilled else DISPUTE))


def _ask(dice: Dice, topic: TopicDraft) -> None:
    """Ask people how they find the fix, after it was called done or meanwhile."""
    if topic.resolved_at is not None:
        if dice.happens(ASKED_WHEN_RESOLVED):
            _answer(dice, topic, topic.resolved_at, SCORES)
    elif topic.status is TopicStatus.IMPLEMENTING and dice.happens(ASKED_MEANWHILE):
        _answer(dice, topic, topic.outcomes[0].commitments[0].assigned_at, SCORES_MEANWHILE)


def _answer(dice: Dice, topic: TopicDraft, since: int, scores: tuple[int, ...]) -> None:
    at_ms = since + dice.between(10, 60) * DAY
    (role, channel), score = dice.pick(ASKED), dice.pick(scores)
    if at_ms <= CUT_OFF:
        holds = topic.resolved_at is not None and score >= HOLDS_FROM
        topic.follow_ups.append(FollowUpDraft(at_ms, role, score, holds, COMMENTS.get(score), channel))
