"""Yingze's practice center, what goes on there, Qinshui's meeting and the liaison groups' yearly weeks everywhere."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from services.seeds.chance import Dice
from services.seeds.facts import CENTER_ACTIVITIES, EXCHANGE_MEETING, PRACTICE_CENTER, QINSHUI, YINGZE
from services.seeds.identifiers import Parts
from services.seeds.load import Row
from services.seeds.registry import County, Member
from services.seeds.timeline import DAY, at, day_of, in_office

OPENING = "揭牌"
EXCHANGE = "经验交流会"
GROUPS_WEEK = "联络组活动周"
FIRST_WEEK_YEAR, WEEK = 2022, (9, 14)
"""When the counties' liaison groups have their week every year, made up."""
SMALLEST_CROWD = 24
"""Of so many members, or of all where they are more, twelve come to an activity."""


class Event(NamedTuple):
    """An activity: when, of which kind, called what."""

    at: int
    kind: str
    title: str


class Centers:
    """The rows of practice centers, activities and who took part, up to an instant."""

    def __init__(self, end: int) -> None:
        self.center_rows: list[Row] = []
        self.activity_rows: list[Row] = []
        self.member_rows: list[Row] = []
        self._end = end
        self._center_ids = Parts("practice_center")
        self._activity_ids = Parts("activity")
        self._held: Counter[tuple[int, int]] = Counter()

    def fill(self, county: County) -> None:
        """Open a county's center where it has one, and hold the county's activities."""
        everybody = county.members[county.place.code]
        if county.place.code == YINGZE and PRACTICE_CENTER.opened_at < self._end:
            self._run_center(county, everybody)
        if county.place.code == QINSHUI:
            meeting = Event(EXCHANGE_MEETING, EXCHANGE, "沁水县政协协商成果转化经验交流会")
            self._hold(Dice(county.place.number + 7), meeting, None, county, everybody)
        dice = Dice(county.place.number + 1)
        for week in _weeks(self._end):
            for code in county.groups:
                if served := county.members[code]:
                    title = f"{county.townships[code].name}联络组走访群众"
                    self._hold(dice, Event(week, GROUPS_WEEK, title), None, county, served)

    def _run_center(self, county: County, members: list[Member]) -> None:
        """Open the center that is told of; which activity it holds in which month is made up."""
        fact, dice = PRACTICE_CENTER, Dice(county.place.number + 6)
        center_id = self._center_ids.of(county.place.number, 0, fact.opened_at)
        opened_on = day_of(fact.opened_at)
        self.center_rows.append(
            (center_id, fact.name, county.place.number, opened_on, list(fact.areas), list(fact.functions))
        )
        self._hold(dice, Event(fact.opened_at, OPENING, f"{fact.name}{OPENING}"), center_id, county, members)
        for index, moment in enumerate(_months(fact.opened_at, self._end)):
            kind = CENTER_ACTIVITIES[index % len(CENTER_ACTIVITIES)]
            title = f"{county.place.name}{kind}第{index // len(CENTER_ACTIVITIES) + 1}期"
            self._hold(dice, Event(moment, kind, title), center_id, county, members)

    def _hold(self, dice: Dice, event: Event, center_id: UUID | None, county: County, members: list[Member]) -> None:
        """Hold an activity with some of the members and others beside them."""
        present = [member for member in members if dice.happens(12 / max(len(members), SMALLEST_CROWD))]
        headcount = len(present) + dice.between(5, 30)
        if event.at >= self._end:
            return
        number = county.place.number
        activity_id = self._activity_ids.of(number, self._held[number, event.at], event.at)
        self._held[number, event.at] += 1
        self.activity_rows.append(
            (activity_id, event.kind, event.title, day_of(event.at), center_id, number, headcount)
        )
        self.member_rows += [(activity_id, member.id) for member in present]


def _weeks(end: int) -> Iterator[int]:
    """Yield the beginnings of the liaison groups' weeks up to an instant."""
    for year in range(FIRST_WEEK_YEAR, day_of(end).year + 1):
        if (week := in_office(at(year, *WEEK))) < end:
            yield week


def _months(opened_at: int, end: int) -> Iterator[int]:
    """Yield an instant of office hours in each month from the opening up to an instant."""
    moment = opened_at + 30 * DAY
    while moment < end:
        yield in_office(moment)
        moment += 30 * DAY
