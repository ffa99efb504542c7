"""What people raise: matters that topics were made of, and those that were answered or declined without one."""

from collections.abc import Iterator, Sequence

from services.matters.enums import MatterNature, MatterStatus, ParticipantRole
from services.seeds.chance import Dice, shares
from services.seeds.drafts import MatterDraft, TopicDraft
from services.seeds.registry import County, Platform
from services.seeds.subjects import SUBJECTS, Subject
from services.seeds.timeline import CUT_OFF, DAY, HOUR, in_working_hours
from services.topics.enums import TopicStatus

UNLISTED = 8_000
"""Matters in the province that became no topic; not told, as nothing of matters is beyond the stories."""

OF_A_TOPIC = (0, 0, 0, 1, 1, 1, 1, 2, 2, 3)
"""How many matters a topic is made of, one as likely as another."""

RAISED_BY = (
    *(ParticipantRole.RESIDENT,) * 14,
    *(ParticipantRole.CADRE,) * 3,
    *(ParticipantRole.MEMBER,) * 2,
    ParticipantRole.DEPARTMENT,
)
NATURES = (*MatterNature, None)
TITLES = ("反映{}问题", "希望解决{}问题", "建议推进{}", "{}何时能办")
DESCRIPTIONS = (
    "{place}的{subject}问题影响日常生活，希望平台协调解决。",
    "多位居民反映{place}{subject}的需求，请予受理。",
    "{place}{subject}一事拖了较长时间，盼有明确答复。",
)
ANSWERS = (
    "已联系有关单位办理，{}近期完成。",
    "{}已列入今年计划，进展由社区公示。",
    "已上门说明{}的有关政策，反映人表示理解。",
)
REASONS = ("{}属于正在诉讼的事项，请按司法程序办理。", "{}不属于协商范围，已告知向主管部门申请的办法。")

DECLINED = 0.1
SLOW = 0.03
"""Part of the matters whose answer takes longer than it should."""

UNTIL_ACCEPTED = (1, 3)
UNTIL_ANSWERED = (2, 11)
UNTIL_ANSWERED_SLOWLY = (15, 60)
"""In days from and to."""


def gather(dice: Dice, topic: TopicDraft) -> None:
    """Give a topic the matters that it was made of; those of a withdrawn one were answered afterwards."""
    for _ in range(dice.pick(OF_A_TOPIC)):
        raised_at = max(topic.platform.opened_at, in_working_hours(topic.proposed_at - dice.between(4, 40) * DAY))
        subject = Subject(topic.category, topic.subject)
        matter = _raised(dice, topic.county, topic.platform, subject, raised_at)
        matter.accept(raised_at + int((topic.proposed_at - raised_at) * dice.fraction()) // HOUR * HOUR)
        matter.advance(MatterStatus.LISTED)
        topic.matters.append(matter)
        if topic.status is TopicStatus.WITHDRAWN and topic.withdrawn_at is not None:
            matter.advance(MatterStatus.ACCEPTED)
            _settle(dice, matter, topic.subject, topic.withdrawn_at)


def unlisted_matters(counties: Sequence[County], scale: int) -> Iterator[MatterDraft]:
    """Return the matters that became no topic, county by county, made one by one as they are taken."""
    counts = shares(UNLISTED * scale, [len(county.platforms) for county in counties])
    for county, count in zip(counties, counts, strict=True):
        dice = Dice(county.place.number + 3)
        for _ in range(count):
            yield _unlisted(dice, county)


def _unlisted(dice: Dice, county: County) -> MatterDraft:
    """Return a matter that came as far as the cut-off let it on its way to an answer."""
    platform = dice.pick(county.platforms)
    first = platform.opened_at
    raised_at = max(first, in_working_hours(first + int((CUT_OFF - DAY - first) * dice.fraction())))
    subject = dice.pick(SUBJECTS[county.setting(platform)])
    matter = _raised(dice, county, platform, subject, raised_at)
    accepted_at = raised_at + dice.between(*UNTIL_ACCEPTED) * DAY
    if accepted_at <= CUT_OFF:
        matter.accept(accepted_at)
        _settle(dice, matter, subject.text, accepted_at)
    return matter


def _settle(dice: Dice, matter: MatterDraft, subject: str, since: int) -> None:
    """Answer or decline an accepted matter, unless that falls after the cut-off."""
    days = UNTIL_ANSWERED_SLOWLY if dice.happens(SLOW) else UNTIL_ANSWERED
    at_ms = since + dice.between(*days) * DAY
    declined = dice.happens(DECLINED)
    text = dice.pick(REASONS if declined else ANSWERS).format(subject)
    if at_ms <= CUT_OFF:
        matter.reply(MatterStatus.DECLINED if declined else MatterStatus.ANSWERED, at_ms, text)


def _raised(dice: Dice, county: County, platform: Platform, subject: Subject, raised_at: int) -> MatterDraft:
    """Return a matter about a subject, just raised."""
    return MatterDraft(
        platform=platform,
        title=dice.pick(TITLES).format(subject.text),
        description=dice.pick(DESCRIPTIONS).format(place=county.place_name(platform), subject=subject.text),
        nature=dice.pick(NATURES),
        category=subject.category,
        raised_by=dice.pick(RAISED_BY),
        raised_at=raised_at,
    )
