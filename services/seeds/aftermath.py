"""What is said, converted and asked around a topic's course, rolled with dice of its own."""

from services.outcomes.enums import ConversionKind, FollowUpChannel
from services.seeds.chance import Dice
from services.seeds.drafts import (
    ConversionDraft,
    FollowUpDraft,
    OpinionDraft,
    OutcomeDraft,
    SessionDraft,
    TopicDraft,
)
from services.seeds.registry import Member
from services.seeds.timeline import later
from services.sessions.enums import ParticipantRole

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
    """Give a topic the opinions, conversions and follow-ups that its course leaves room for."""
    for session in topic.sessions:
        if session.held_at is not None and session.attendances and dice.happens(SPEAKS):
            topic.opinions.append(_opinion(dice, topic, session, session.held_at))
    for outcome in topic.outcomes:
        _convert(dice, topic, outcome, outcome.reached_at, OUTCOME_CONVERTED, _author(dice, topic))
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
    submitted_at = later(since, dice.between(5, 60))
    if not dice.happens(likely):
        return
    kind, decided = dice.pick(KINDS), dice.fraction()
    filed = None if decided >= NOT_FILED else decided < FILED
    title = TITLES[kind].format(topic.subject)
    source.conversions.append(ConversionDraft(kind, title, submitted_at, filed, author))


def _ask(dice: Dice, topic: TopicDraft) -> None:
    """Ask people how they find the fix: somebody meanwhile, somebody else after it was called settled."""
    resolved_at = [resolution.evidence.at for resolution in topic.resolutions]
    if topic.commitments and dice.happens(ASKED_MEANWHILE):
        asked = _answer(dice, topic.commitments[0].assigned_at, SCORES_MEANWHILE, settled=False)
        if not resolved_at or asked.at < resolved_at[0]:
            topic.follow_ups.append(asked)
    if resolved_at and dice.happens(ASKED_WHEN_RESOLVED):
        topic.follow_ups.append(_answer(dice, resolved_at[-1], SCORES, settled=True))


def _answer(dice: Dice, since: int, scores: tuple[int, ...], *, settled: bool) -> FollowUpDraft:
    at_ms = later(since, dice.between(10, 60))
    (role, channel), score = dice.pick(ASKED), dice.pick(scores)
    return FollowUpDraft(at_ms, role, score, settled and score >= HOLDS_FROM, COMMENTS.get(score), channel)
