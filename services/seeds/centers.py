"""Yingze's practice center, what goes on there, and the liaison groups' yearly weeks in every county."""

from collections.abc import Iterator
from uuid import UUID

from services.seeds.chance import Dice
from services.seeds.committees import REGISTERED_AT
from services.seeds.facts import PRACTICE_CENTER, YINGZE
from services.seeds.identifiers import IdSequence
from services.seeds.load import Row
from services.seeds.registry import County, Member
from services.seeds.timeline import CUT_OFF, DAY, at, day_of

MONTHLY = ("委员进中心", "界别活动月", "群众代表走进协商民主", "委员学堂")
"""Kinds of activities at the center, one of them each month in turn."""
GROUPS_WEEK = "联络组活动周"
WEEKS = (at(2022, 9, 14), at(2023, 9, 13))
"""When the counties' liaison groups had their weeks, made up."""


class Centers:
    """The rows of practice centers, activities and who took part."""

    def __init__(self) -> None:
        self.center_rows: list[Row] = []
        self.activity_rows: list[Row] = []
        self.member_rows: list[Row] = []
        self._center_ids = IdSequence("practice_center")
        self._activity_ids = IdSequence("activity")

    def fill(self, county: County) -> None:
        """Open a county's center where it has one, and hold the county's activities."""
        dice = Dice(county.place.number + 1)
        members = county.members[county.place.code]
        if county.place.code == YINGZE:
            self._run_center(county, dice, members)
        for week in WEEKS:
            for code in county.groups:
                served = county.members[code]
                if served:
                    title = f"{county.townships[code].name}联络组走访群众"
                    self._hold(dice, GROUPS_WEEK, title, week, None, county, served)

    def _run_center(self, county: County, dice: Dice, members: list[Member]) -> None:
        """Open the center that is told of and hold something there every month, which is made up."""
        fact = PRACTICE_CENTER
        center_id = self._center_ids.issue(REGISTERED_AT)
        opened_on = day_of(fact.opened_at)
        self.center_rows.append(
            (center_id, fact.name, county.place.number, opened_on, list(fact.areas), list(fact.functions))
        )
        for index, moment in enumerate(_months(fact.opened_at)):
            kind = MONTHLY[index % len(MONTHLY)]
            self._hold(
                dice,
                kind,
                f"{county.place.name}{kind}第{index // len(MONTHLY) + 1}期",
                moment,
                center_id,
                county,
                members,
            )

    def _hold(  # noqa: PLR0913, PLR0917 -- the facts of an activity
        self,
        dice: Dice,
        kind: str,
        title: str,
        moment: int,
        center_id: UUID | None,
        county: County,
        members: list[Member],
    ) -> None:
        """Hold an activity with some of the members and others beside them."""
        activity_id = self._activity_ids.issue(moment)
        present = [member for member in members if dice.happens(12 / max(len(members), 24))]
        headcount = len(present) + dice.between(5, 30)
        self.activity_rows.append((activity_id, kind, title, day_of(moment), center_id, county.place.number, headcount))
        self.member_rows += [(activity_id, member.id) for member in present]


def _months(opened_at: int) -> Iterator[int]:
    """Yield an instant in each month from the opening to the end of the seeds' time."""
    moment = opened_at
    while moment < CUT_OFF:
        yield moment
        moment += 30 * DAY
