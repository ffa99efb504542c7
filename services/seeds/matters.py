"""What people raise: matters that topics were made of, and those that were answered or declined without one."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from services.matters.enums import MatterNature, MatterStatus, ParticipantRole
from services.seeds.chance import Dice
from services.seeds.drafts import MatterDraft, TopicDraft
from services.seeds.registry import County, Platform
from services.seeds.subjects import SubjectBook
from services.seeds.timeline import BEIJING_OFFSET, DAY, HOUR, in_office, later
from services.topics.enums import Category

UNLISTED_EVERY_DAYS = 428
"""Days from one matter that becomes no topic to the next, per platform of a county; not told, as nothing of matters is
beyond the stories."""

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
REASONS = ("{}已有议题在办，不再重复受理。", "{}不属于协商范围，已告知向主管部门申请的办法。")

DECLINED = 0.1
SLOW = 0.03
"""Part of the matters whose answer takes longer than it should."""

UNTIL_ACCEPTED = (1, 3)
UNTIL_ANSWERED = (2, 10)
UNTIL_ANSWERED_SLOWLY = (16, 60)
"""In days from and to."""

DAYS_BEFORE_TOPIC = (3, 16)
RAISED_BEFORE_TOPIC = (DAYS_BEFORE_TOPIC[1] + 1) * DAY
"""Nothing is raised longer before the topic that it becomes."""

WAKING = (7 * HOUR, 22 * HOUR)
"""When people speak up, on whatever day."""


class Origin(NamedTuple):
    """Where a matter comes from."""

    county: County
    platform: Platform
    category: Category
    subject: str


def gather(dice: Dice, topic: TopicDraft) -> None:
    """Give a topic the matters that it was made of; those of a withdrawn one were answered afterwards."""
    origin = Origin(topic.county, topic.platform, topic.category, topic.subject)
    for _ in range(dice.pick(OF_A_TOPIC)):
        raised_at = _waking(dice, topic.proposed_at - dice.between(*DAYS_BEFORE_TOPIC) * DAY)
        opened_at = topic.platform.opened_at
        if raised_at <= opened_at:
            moment = opened_at + int((topic.proposed_at - opened_at) * dice.fraction())
            raised_at = min(max(_waking(dice, moment), opened_at), topic.proposed_at)
        matter = _raised(dice, origin, raised_at)
        accepted_at = min(
            in_office(raised_at + int((topic.proposed_at - raised_at) * dice.fraction())), topic.proposed_at
        )
        matter.accept(accepted_at)
        matter.advance(MatterStatus.LISTED)
        topic.matters.append(matter)
        if topic.withdrawn_at is not None:
            matter.advance(MatterStatus.ACCEPTED)
            _settle(dice, matter, topic.subject, topic.withdrawn_at)


def _waking(dice: Dice, at_ms: int) -> int:
    """Return an instant of the same day at which people speak up."""
    return at_ms - (at_ms + BEIJING_OFFSET) % DAY + WAKING[0] + int((WAKING[1] - WAKING[0]) * dice.fraction())


def unlisted_matters(counties: Sequence[County], end: int) -> Iterator[tuple[int, MatterDraft]]:
    """Yield the matters that become no topic and were raised before an instant, each with its number in its county.

    They are made one by one as they are taken.
    """
    for county in counties:
        dice = Dice(county.place.number + 3)
        subjects = SubjectBook(county.departments).subjects
        interval = UNLISTED_EVERY_DAYS * DAY // len(county.platforms)
        opened = sorted(county.platforms, key=lambda platform: platform.opened_at)
        number, moment = 0, county.platforms[0].opened_at + interval
        while moment < end:
            platform = opened[dice.below(bisect_right(opened, moment, key=lambda one: one.opened_at))]
            subject = dice.pick(subjects[county.setting(platform)])
            raised_at = _waking(dice, moment)
            matter = _raised(dice, Origin(county, platform, subject.category, subject.text), raised_at)
            matter.accept(later(raised_at, dice.between(*UNTIL_ACCEPTED)))
            _settle(dice, matter, subject.text, matter.accepted_at or raised_at)
            if platform.opened_at < raised_at:
                yield number, matter
            number, moment = number + 1, moment + interval


def _settle(dice: Dice, matter: MatterDraft, subject: str, since: int) -> None:
    """Answer or decline an accepted matter."""
    days = UNTIL_ANSWERED_SLOWLY if dice.happens(SLOW) else UNTIL_ANSWERED
    declined = dice.happens(DECLINED)
    text = dice.pick(REASONS if declined else ANSWERS).format(subject)
    answered_at = later(since, dice.between(*days))
    matter.reply(MatterStatus.DECLINED if declined else MatterStatus.ANSWERED, answered_at, text)


def _raised(dice: Dice, origin: Origin, raised_at: int) -> MatterDraft:
    """Return a matter about a subject, just raised."""
    place = origin.county.place_name(origin.platform)
    return MatterDraft(
        platform=origin.platform,
        title=dice.pick(TITLES).format(origin.subject),
        description=dice.pick(DESCRIPTIONS).format(place=place, subject=origin.subject),
        nature=dice.pick(NATURES),
        category=origin.category,
        raised_by=dice.pick(RAISED_BY),
        raised_at=raised_at,
    )
