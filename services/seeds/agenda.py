"""The topics of the province, in the order in which they were proposed."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import count
from typing import TypeAlias
from uuid import UUID

from services.platforms.enums import PlatformTier
from services.seeds import course, facts
from services.seeds.aftermath import add_aftermath
from services.seeds.chance import Dice, shares
from services.seeds.course import Course
from services.seeds.drafts import SessionDraft, TopicDraft
from services.seeds.editions import editions_of
from services.seeds.matters import gather
from services.seeds.registry import County, Platform
from services.seeds.stories import stories_of
from services.seeds.subjects import SubjectBook
from services.seeds.timeline import DAY, OPEN_FOR, at, day_of, working_days
from services.topics.enums import TopicKind

MICRO_EVERY_WORKING_DAYS = 136
"""Working days from one micro topic to the next, per platform of a county; not told, but about what would be."""

PLATFORMS_OF_A_KEY_TOPIC = (4, 2)
"""A plan's first version has a key topic for so many platforms of the county, and so many more or fewer."""
FIRST_AFTER_OPENING = 14 * DAY
GATHERED = (12, 1), (12, 26)
"""Month and day from and to which next year's key topics are gathered."""
LEAST_TIME_TO_GATHER = 7 * DAY
GATHERED_BEFORE_SUPPLEMENT = 40 * DAY, 12 * DAY

YINGZE_TOPICS = facts.YINGZE_KEY_TOPICS + facts.YINGZE_MICRO_TOPICS
YINGZE_LAST_PROPOSED = at(2023, 11, 10)
YINGZE_WAITING = 14
"""The latest micro topics of Yingze when the figures are told, listed and without a session yet; not told."""
YINGZE_HELD_TWICE = facts.YINGZE_SESSIONS_HELD - (YINGZE_TOPICS - YINGZE_WAITING)
"""Topics of Yingze with two sessions by then; follows from the figures told."""
YINGZE_GATHERED = (
    (at(2021, 3, 2), at(2021, 3, 6)),
    (at(2021, 12, 1), at(2021, 12, 26)),
    (at(2022, 12, 1), at(2022, 12, 26)),
)
"""When the key topics told were gathered, for the plans of the launch's year and of the two next."""

HEADCOUNT_PATTERN = (3, -3, 1, -1, 2, -2, 0, 0)
"""How the headcounts in Yingze differ from their mean; each pair of neighbours sums to nothing."""

Proposal: TypeAlias = tuple[int, TopicKind]
"""When a topic is proposed, and its kind."""


def province_agenda(counties: Sequence[County], scale: int, end: int) -> Iterator[TopicDraft]:
    """Return every topic proposed before an instant, with its whole life, made one by one as they are taken."""
    return _by_proposal(
        [
            yingze_agenda(county, scale, end)
            if county.place.code == facts.YINGZE
            else county_agenda(county, scale, end)
            for county in counties
            if county.platforms[0].opened_at < end
        ]
    )


def _by_proposal(agendas: Iterable[Iterable[TopicDraft]]) -> Iterator[TopicDraft]:
    return merge(*agendas, key=lambda topic: topic.proposed_at)


def county_agenda(county: County, scale: int, end: int) -> Iterator[TopicDraft]:
    """Return a county's topics, among them those that are told."""
    stories = [story for story in stories_of(county) if story.proposed_at < end]
    return _by_proposal([stories, _elsewhere(county, scale, end)])


def _elsewhere(county: County, scale: int, end: int) -> Iterator[TopicDraft]:
    first = county.platforms[0].opened_at + FIRST_AFTER_OPENING
    hosts = Hosts(county, scale)
    yield from _go_on(hosts, merge(_micro_proposals(county, first, end), _key_proposals(county, first, end)))


def _go_on(hosts: "Hosts", proposals: Iterable[Proposal]) -> Iterator[TopicDraft]:
    """Take topics on their way as it falls."""
    open_sessions: dict[UUID, SessionDraft] = {}
    for proposed_at, kind in proposals:
        topic = hosts.propose(kind, proposed_at)
        Course(hosts.dice, course.ELSEWHERE, topic, open_sessions).follow()
        yield hosts.surround(topic)


def yingze_agenda(county: County, scale: int, end: int) -> Iterator[TopicDraft]:
    """Return the topics of Yingze: as many of each kind, as many sessions and people as are told, then others."""
    stories = stories_of(county)
    hosts = Hosts(county, scale)
    headcounts = yingze_headcounts(scale)
    for topic in _by_proposal([stories, _yingze(hosts, stories, scale)]):
        if topic.proposed_at >= end:
            return
        for session in topic.sessions:
            if session.scheduled_at < facts.TOLD_FROM:
                session.headcount = next(headcounts)
                session.headcount_is_lower_bound = True
                del session.attendances[session.headcount :]
        yield topic
    proposals = merge(_micro_proposals(county, facts.TOLD_UNTIL, end), _key_proposals(county, facts.TOLD_UNTIL, end))
    yield from _go_on(hosts, proposals)


def _yingze(hosts: "Hosts", stories: list[TopicDraft], scale: int) -> Iterator[TopicDraft]:
    """Return the topics that are told of by their number."""
    told = {kind: sum(story.kind is kind for story in stories) for kind in TopicKind}
    key = shares(facts.YINGZE_KEY_TOPICS * scale - told[TopicKind.KEY], [1] * len(YINGZE_GATHERED))
    micro = facts.YINGZE_MICRO_TOPICS * scale - told[TopicKind.MICRO]
    proposals = [
        moment
        for (first, last), number in zip(YINGZE_GATHERED, key, strict=True)
        for moment in _proposals(hosts.county.place.number + 5, TopicKind.KEY, number, (first, last))
    ]
    since = hosts.county.platforms[0].opened_at + FIRST_AFTER_OPENING
    proposals += _proposals(hosts.county.place.number + 4, TopicKind.MICRO, micro, (since, YINGZE_LAST_PROPOSED))
    settled = micro - YINGZE_WAITING * scale
    index = 0
    for proposed_at, kind in sorted(proposals):
        topic = hosts.propose(kind, proposed_at)
        way = Course(hosts.dice, course.YINGZE, topic, {})
        if kind is TopicKind.KEY:
            way.follow(1)
        elif index >= settled:
            way.follow(1, not_before=facts.TOLD_UNTIL)
        else:
            way.follow(2 if index < micro // 2 and _falls_on(index, YINGZE_HELD_TWICE * scale, micro // 2) else 1)
        index += kind is TopicKind.MICRO
        yield hosts.surround(topic)


def _falls_on(index: int, chosen: int, count: int) -> bool:
    """Tell whether an index is one of those chosen out of `count`, evenly spread; exactly that many are."""
    return index * chosen // count < (index + 1) * chosen // count


def yingze_headcounts(scale: int) -> Iterator[int]:
    """Return the headcount of each session in Yingze that is told of; they sum to the attendances told."""
    sessions, people = facts.YINGZE_SESSIONS_HELD * scale, facts.YINGZE_ATTENDANCES * scale
    for index in range(sessions):
        mean = (index + 1) * people // sessions - index * people // sessions
        yield mean + HEADCOUNT_PATTERN[index % len(HEADCOUNT_PATTERN)]


def _proposals(seed: int, kind: TopicKind, number: int, within: tuple[int, int]) -> list[Proposal]:
    """Return so many proposals, evenly over the working days within two instants, rising."""
    days, dice = working_days(*within), Dice(seed + within[0] // DAY)
    places = ((index + dice.fraction()) * len(days) / number for index in range(number))
    return [(_in_day(days, place), kind) for place in places]


def _in_day(days: list[int], place: float) -> int:
    """Return the instant at a place among working days: its whole part tells which day, the rest when in it."""
    return days[int(place)] + int(place % 1 * OPEN_FOR)


def _micro_proposals(county: County, first: int, end: int) -> Iterator[Proposal]:
    """Yield when a county's micro topics are proposed: one after the other in about the same time, for ever."""
    days, dice = working_days(first, end), Dice(county.place.number + 4)
    interval = MICRO_EVERY_WORKING_DAYS / len(county.platforms)
    for index in count():
        place = (index + dice.fraction()) * interval
        if place >= len(days):
            return
        yield _in_day(days, place), TopicKind.MICRO


def _key_proposals(county: County, first: int, end: int) -> Iterator[Proposal]:
    """Yield when a county's key topics are proposed: before each plan is drawn up."""
    general, share = county.platforms[0], PLATFORMS_OF_A_KEY_TOPIC
    seed, sizes = county.place.number + 5, Dice(county.place.number + 6)
    for year in range(day_of(first).year + 1, day_of(end).year + 2):
        number = max(2, len(county.platforms) // sizes.between(share[0] - share[1], share[0] + share[1]))
        within = max(first, at(year - 1, *GATHERED[0])), at(year - 1, *GATHERED[1])
        if within[0] > within[1] - LEAST_TIME_TO_GATHER or within[0] >= end:
            continue
        yield from (proposal for proposal in _proposals(seed, TopicKind.KEY, number, within) if proposal[0] < end)
        for edition in editions_of(general.place.number, general.code, year)[1:]:
            before = GATHERED_BEFORE_SUPPLEMENT
            within = edition.drafted_at - before[0], edition.drafted_at - before[1]
            more = _proposals(seed, TopicKind.KEY, max(1, number // 4), within)
            yield from (proposal for proposal in more if proposal[0] < end)


class Hosts:
    """Chooses platforms and subjects for a county's topics.

    Key topics come up on the general platform and the sub-platforms, in an enlarged province on as many of the
    further ones too, so that a platform has no more topics there than at scale 1.
    """

    def __init__(self, county: County, scale: int) -> None:
        self.county = county
        self.dice = Dice(county.place.number + 1)
        self._further_dice = Dice(county.place.number + 2)
        self._book = SubjectBook(county.departments)
        upper = [platform for platform in county.platforms if platform.tier is not PlatformTier.MICRO]
        further = county.platforms[len(county.platforms) // scale :]
        self._hosts = {
            TopicKind.KEY: _by_opening(upper + further[: len(upper) * (scale - 1)]),
            TopicKind.MICRO: _by_opening(county.platforms[1:]),
        }
        self._openings = {kind: [host.opened_at for host in hosts] for kind, hosts in self._hosts.items()}

    def propose(self, kind: TopicKind, proposed_at: int) -> TopicDraft:
        """Return a topic just proposed on a platform that is open."""
        county, platform = self.county, self._open_platform(kind, proposed_at)
        subject = self._book.next_subject(platform.place.number, county.setting(platform))
        return TopicDraft(
            county=county,
            platform=platform,
            kind=kind,
            category=subject.category,
            subject=subject.text,
            work=subject.work,
            title=f"{county.place_name(platform)}{subject.text}",
            summary=f"群众反映{subject.text}的需求，经平台收集整理后提出。",
            proposed_at=proposed_at,
            lead=subject.lead,
        )

    def surround(self, topic: TopicDraft) -> TopicDraft:
        """Give a topic what came before its course and what was said around it."""
        gather(self._further_dice, topic)
        add_aftermath(self._further_dice, topic)
        return topic

    def _open_platform(self, kind: TopicKind, at_ms: int) -> Platform:
        open_by_then = bisect_right(self._openings[kind], at_ms)
        if not open_by_then:
            return self.county.platforms[0]
        return self._hosts[kind][self.dice.below(open_by_then)]


def _by_opening(platforms: list[Platform]) -> list[Platform]:
    return sorted(platforms, key=lambda platform: platform.opened_at)
