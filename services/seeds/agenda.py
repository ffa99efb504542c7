"""The topics of the province, in the order in which they were proposed."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from uuid import UUID

from services.platforms.enums import PlatformTier
from services.seeds import course, facts
from services.seeds.aftermath import add_aftermath
from services.seeds.chance import Dice, shares
from services.seeds.course import Course
from services.seeds.drafts import SessionDraft, TopicDraft
from services.seeds.matters import gather
from services.seeds.registry import County, Platform
from services.seeds.stories import stories_of
from services.seeds.subjects import SubjectBook
from services.seeds.timeline import CUT_OFF, DAY, in_working_hours
from services.topics.enums import TopicKind

TOPICS = 20_000
"""Topics in the province; not told, but about what so many platforms would have had."""

KEY_TOPICS_ELSEWHERE = 0.2

FIRST_AFTER_OPENING = 14 * DAY
LAST_BEFORE_CUT_OFF = 15 * DAY

YINGZE_TOPICS = facts.YINGZE_KEY_TOPICS + facts.YINGZE_MICRO_TOPICS
YINGZE_WAITING = 14
"""The latest topics of Yingze, listed and without a session yet; not told."""
YINGZE_HELD_TWICE = facts.YINGZE_SESSIONS_HELD - (YINGZE_TOPICS - YINGZE_WAITING)
"""Topics of Yingze with two sessions; follows from the figures told."""

HEADCOUNT_PATTERN = (3, -3, 1, -1, 2, -2, 0, 0)
"""How the headcounts in Yingze differ from their mean; each pair of neighbours sums to nothing."""


def province_agenda(counties: Sequence[County], scale: int) -> Iterator[TopicDraft]:
    """Return every topic with what hangs on it. A county's are made one by one as they are taken."""
    others = [county for county in counties if county.place.code != facts.YINGZE]
    counts = shares((TOPICS - YINGZE_TOPICS) * scale, [len(county.platforms) for county in others])
    agendas = [county_agenda(county, count, scale) for county, count in zip(others, counts, strict=True)]
    yingze = next(county for county in counties if county.place.code == facts.YINGZE)
    return _by_proposal([yingze_agenda(yingze, scale), *agendas])


def _by_proposal(agendas: Iterable[Iterable[TopicDraft]]) -> Iterator[TopicDraft]:
    return merge(*agendas, key=lambda topic: topic.proposed_at)


def county_agenda(county: County, count: int, scale: int) -> Iterator[TopicDraft]:
    """Return a county's topics, among them those that are told."""
    stories = stories_of(county)
    return _by_proposal([stories, _elsewhere(county, count - len(stories), scale)])


def _elsewhere(county: County, count: int, scale: int) -> Iterator[TopicDraft]:
    dice, further_dice = Dice(county.place.number + 1), Dice(county.place.number + 2)
    matters = _of_matters(county)
    hosts = Hosts(county, scale, dice)
    open_sessions: dict[UUID, SessionDraft] = {}
    for proposed_at in _proposals(county, count, dice):
        kind = TopicKind.KEY if dice.happens(KEY_TOPICS_ELSEWHERE) else TopicKind.MICRO
        topic = hosts.propose(kind, proposed_at)
        Course(dice, course.ELSEWHERE, topic, open_sessions).follow()
        gather(matters, topic)
        add_aftermath(further_dice, topic)
        yield topic


def yingze_agenda(county: County, scale: int) -> Iterator[TopicDraft]:
    """Return the topics of Yingze: as many of each kind, and as many sessions and people, as are told."""
    stories = stories_of(county)
    topics = _by_proposal([stories, _yingze(county, stories, scale)])
    headcounts = yingze_headcounts(scale)
    for topic in topics:
        for session in topic.sessions:
            session.headcount = next(headcounts)
            session.headcount_is_lower_bound = True
            del session.attendances[session.headcount :]
        yield topic


def _yingze(county: County, stories: list[TopicDraft], scale: int) -> Iterator[TopicDraft]:
    dice, further_dice = Dice(county.place.number + 1), Dice(county.place.number + 2)
    matters = _of_matters(county)
    hosts = Hosts(county, scale, dice)
    told_key = sum(story.kind is TopicKind.KEY for story in stories)
    key_topics = facts.YINGZE_KEY_TOPICS * scale - told_key
    count = YINGZE_TOPICS * scale - len(stories)
    early = count // 2
    for index, proposed_at in enumerate(_proposals(county, count, dice)):
        topic = hosts.propose(TopicKind.KEY if _falls_on(index, key_topics, count) else TopicKind.MICRO, proposed_at)
        sessions = 0 if index >= count - YINGZE_WAITING * scale else 1
        if index < early and _falls_on(index, YINGZE_HELD_TWICE * scale, early):
            sessions = 2
        Course(dice, course.YINGZE, topic, {}).follow(sessions)
        gather(matters, topic)
        add_aftermath(further_dice, topic)
        yield topic


def _of_matters(county: County) -> Dice:
    """Return the dice of the matters of a county's topics: the topics' own roll as they would without them."""
    return Dice(county.place.number + 2)


def _falls_on(index: int, chosen: int, count: int) -> bool:
    """Tell whether an index is one of those chosen out of `count`, evenly spread; exactly that many are."""
    return index * chosen // count < (index + 1) * chosen // count


def yingze_headcounts(scale: int) -> Iterator[int]:
    """Return the headcount of each session in Yingze; they sum to the attendances told."""
    sessions, people = facts.YINGZE_SESSIONS_HELD * scale, facts.YINGZE_ATTENDANCES * scale
    for index in range(sessions):
        mean = (index + 1) * people // sessions - index * people // sessions
        yield mean + HEADCOUNT_PATTERN[index % len(HEADCOUNT_PATTERN)]


def _proposals(county: County, count: int, dice: Dice) -> Iterator[int]:
    """Return when each topic is proposed: evenly over the county's time, rising, in working hours."""
    first = county.platforms[0].opened_at + FIRST_AFTER_OPENING
    span = CUT_OFF - LAST_BEFORE_CUT_OFF - first
    for index in range(count):
        yield in_working_hours(first + int((index + dice.fraction()) * span / count))


class Hosts:
    """Chooses platforms and subjects for a county's topics.

    Key topics come up on the general platform and the sub-platforms, in an enlarged province on as many of the
    further ones too, so that a platform has no more topics there than at scale 1.
    """

    def __init__(self, county: County, scale: int, dice: Dice) -> None:
        self._county = county
        self._dice = dice
        self._book = SubjectBook()
        upper = [platform for platform in county.platforms if platform.tier is not PlatformTier.MICRO]
        further = county.platforms[len(county.platforms) // scale :]
        self._hosts = {
            TopicKind.KEY: _by_opening(upper + further[: len(upper) * (scale - 1)]),
            TopicKind.MICRO: _by_opening(county.platforms[1:]),
        }
        self._openings = {kind: [host.opened_at for host in hosts] for kind, hosts in self._hosts.items()}

    def propose(self, kind: TopicKind, proposed_at: int) -> TopicDraft:
        """Return a topic just proposed on a platform that is open."""
        county, platform = self._county, self._open_platform(kind, proposed_at)
        subject = self._book.next_subject(platform.place.number, county.setting(platform))
        return TopicDraft(
            county=county,
            platform=platform,
            kind=kind,
            category=subject.category,
            subject=subject.text,
            title=f"{county.place_name(platform)}{subject.text}",
            summary=f"群众反映{subject.text}的需求，经平台收集整理后提出。",
            proposed_at=proposed_at,
        )

    def _open_platform(self, kind: TopicKind, at_ms: int) -> Platform:
        open_by_then = bisect_right(self._openings[kind], at_ms)
        if not open_by_then:
            return self._county.platforms[0]
        return self._hosts[kind][self._dice.below(open_by_then)]


def _by_opening(platforms: list[Platform]) -> list[Platform]:
    return sorted(platforms, key=lambda platform: platform.opened_at)
