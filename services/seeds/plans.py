"""Annual plans (年度协商计划) around what was consulted on: a key topic is planned before its session is announced."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from services.plans.enums import PlanStatus
from services.platforms.enums import PlatformTier
from services.seeds import facts
from services.seeds.drafts import TopicDraft
from services.seeds.identifiers import IdSequence
from services.seeds.load import Batch, Row
from services.seeds.registry import County, Platform
from services.seeds.sessions import party_committee
from services.seeds.timeline import CUT_OFF, DAY, at, day_of, instant
from services.seeds.versions import course
from services.topics.enums import TopicKind, TopicStatus

FIRST_MEETINGS = {year: at(year, month, day, 10) for year, month, day in (
    (2021, 4, 20), (2022, 1, 28), (2023, 2, 8), (2024, 3, 1),
)}  # fmt: skip
"""When the first version of Yingze's general plan was approved, with whatever waited in the district; not told."""

OPEN_AT_CUT_OFF = {
    facts.YINGZE: PlanStatus.DRAFT,
    facts.QINSHUI: PlanStatus.RETURNED,
    "141124": PlanStatus.SUBMITTED,
}
"""Counties whose general platform has one more version of the present year's plan, and how far that one came."""

THIS_YEAR = day_of(CUT_OFF).year
OPENED_AT = CUT_OFF - 10 * DAY

RETURN_REASON = "议题与年度重点结合不够，请补充论证后再报。"
UNTIL_RETURNED = 2 * DAY
PATIENCE = 20 * DAY
"""After this long a topic without a session is planned all the same."""


TABLES = ("annual_plan", "annual_plan_history", "plan_item")


class Wish(NamedTuple):
    """A topic that a plan is to have, approved between two instants; in which quarter, where that is known."""

    topic_id: UUID
    listed_at: int
    needed_by: int
    quarter: int | None


class Place(NamedTuple):
    """Whose plan it is."""

    county: County
    platform: Platform


class Plans:
    """Collects what has to be planned, then writes as few versions as come before every session's announcement."""

    def __init__(self, *, whole: bool) -> None:
        self._whole = whole
        self._wishes: dict[tuple[str, int], list[Wish]] = defaultdict(list)
        self._places: dict[str, Place] = {}
        self._waiting: dict[str, list[Wish]] = defaultdict(list)
        self._plan_ids = IdSequence("annual_plan")
        self._item_ids = IdSequence("plan_item")
        self._rows: Batch = {table: [] for table in TABLES}

    def note(self, topic: TopicDraft, topic_id: UUID) -> None:
        """Take note of a topic: one that has to stand in plans, or that may stand in Yingze's."""
        if topic.listed_at is None:
            return
        county, code = topic.county, topic.county.place.code
        general = Place(county, county.platforms[0])
        own = Place(county, topic.platform)
        years = _needed_by(topic, topic.listed_at)
        key = topic.kind is TopicKind.KEY or topic.planned
        waits = topic.status is TopicStatus.LISTED and not years and topic.listed_at < OPENED_AT
        if key and waits and code in OPEN_AT_CUT_OFF:
            self._places[general.platform.code] = general
            self._waiting[general.platform.code].append(Wish(topic_id, topic.listed_at, CUT_OFF, None))
            return
        if key and not years:
            withdrawn = topic.withdrawn_at or CUT_OFF
            needed_by = max(topic.listed_at, min(topic.listed_at + PATIENCE, withdrawn, CUT_OFF))
            years = {day_of(topic.listed_at).year: (needed_by, None)}
        for year, (needed_by, quarter) in years.items():
            meeting = FIRST_MEETINGS[year]
            if code == facts.YINGZE and topic.listed_at <= meeting <= needed_by:
                self._wish(general, year, Wish(topic_id, topic.listed_at, meeting, quarter))
            elif key:
                self._wish(own, year, Wish(topic_id, topic.listed_at, needed_by, quarter))

    def rows(self) -> Batch:
        """Return the rows of the plans, of their items and of what plans were."""
        for (code, year), wishes in sorted(self._wishes.items()):
            versions = list(_versions(wishes))
            items: list[Wish] = []
            for number, (approved_at, added) in enumerate(versions, start=1):
                items += added
                superseded_at = versions[number][0] if number < len(versions) else None
                numbers = year, number, len(added)
                self._plan(code, numbers, _approved(self._places[code], items, approved_at, superseded_at), items)
            if year == THIS_YEAR:
                self._open(code, len(versions) + 1, items, self._waiting.pop(code, []))
        for code, waiting in sorted(self._waiting.items()):
            self._open(code, 1, [], waiting)
        return self._rows

    def _wish(self, place: Place, year: int, wish: Wish) -> None:
        self._places[place.platform.code] = place
        self._wishes[place.platform.code, year].append(wish)

    def _open(self, code: str, version: int, items: list[Wish], added: list[Wish]) -> None:
        """Write this year's version that is not approved by the cut-off, where something waits for one."""
        if added:
            self._plan(code, (THIS_YEAR, version, len(added)), _unapproved(self._places[code]), [*items, *added])

    def _plan(self, code: str, numbers: tuple[int, int, int], fate: "Fate", items: list[Wish]) -> None:
        """Write a version with its year, its number and how many topics it adds."""
        platform = self._places[code].platform
        plan_id = self._plan_ids.issue(fate.drafted_at)
        year, version, added = numbers
        states = [
            (since, (platform.id, platform.place.number, year, version, 1 + added + steps, *state.columns()))
            for since, steps, state in fate.course()
        ]
        recorded_at, former = course(plan_id, states, whole=self._whole)
        self._rows["annual_plan"].append((plan_id, *states[-1][1], recorded_at))
        self._rows["annual_plan_history"] += former
        for position, item in enumerate(items, start=1):
            key = self._item_ids.issue(fate.drafted_at)
            self._rows["plan_item"].append(
                (key, plan_id, item.topic_id, position, item.quarter, instant(fate.drafted_at))
            )


class Fate(NamedTuple):
    """How far a version came, and when."""

    status: PlanStatus
    drafted_at: int
    submitted_at: int | None = None
    submitted_by: str | None = None
    approved_at: int | None = None
    approving_body: str | None = None
    return_reason: str | None = None
    superseded_at: int | None = None

    def course(self) -> Iterator[tuple[int, int, "Fate"]]:
        """Give the fates that led to this one and itself: since when, after how many steps, what."""
        state = Fate(PlanStatus.DRAFT, self.drafted_at)
        yield self.drafted_at, 0, state
        if self.submitted_at is None:
            return
        state = state._replace(
            status=PlanStatus.SUBMITTED, submitted_at=self.submitted_at, submitted_by=self.submitted_by
        )
        yield self.submitted_at, 1, state
        if self.status is PlanStatus.RETURNED:
            yield self.submitted_at + UNTIL_RETURNED, 2, self
        if self.approved_at is not None:
            yield self.approved_at, 2, self._replace(superseded_at=None)
        if self.superseded_at is not None:
            yield self.superseded_at, 2, self

    def columns(self) -> Row:
        """Return the columns of the row."""
        instants = (self.drafted_at, self.submitted_at, self.approved_at, self.superseded_at)
        drafted, submitted, approved, superseded = (at_ms if at_ms is None else instant(at_ms) for at_ms in instants)
        told = (submitted, self.submitted_by, approved, self.approving_body, self.return_reason, superseded)
        return (self.status, drafted, *told)


def _approved(place: Place, items: list[Wish], approved_at: int, superseded_at: int | None) -> Fate:
    """Return the fate of an approved version, which was drawn up once the last of its topics was listed."""
    known_at = max(item.listed_at for item in items)
    return Fate(
        PlanStatus.APPROVED,
        drafted_at=known_at + (approved_at - known_at) // 4,
        submitted_at=known_at + (approved_at - known_at) // 2,
        submitted_by=_submitter(place),
        approved_at=approved_at,
        approving_body=party_committee(place.county, place.platform),
        superseded_at=superseded_at,
    )


def _unapproved(place: Place) -> Fate:
    """Return the fate of a version that is open at the cut-off."""
    status = OPEN_AT_CUT_OFF[place.county.place.code]
    if status is PlanStatus.DRAFT:
        return Fate(status, OPENED_AT)
    submitted = Fate(status, OPENED_AT, OPENED_AT + 5 * DAY, _submitter(place))
    if status is PlanStatus.RETURNED:
        return submitted._replace(return_reason=RETURN_REASON)
    return submitted


def _needed_by(topic: TopicDraft, listed_at: int) -> dict[int, tuple[int, int | None]]:
    """Return by when a topic is planned for each year in which a session takes it, and the first one's quarter."""
    found: dict[int, tuple[int, int | None]] = {}
    for session in topic.sessions:
        day = day_of(session.scheduled_at)
        # A topic that joined a session announced before it was listed did so before the session's day.
        known_at = session.announced_at if session.announced_at >= listed_at else session.scheduled_at - DAY
        if day.year not in found or known_at < found[day.year][0]:
            found[day.year] = known_at, (day.month + 2) // 3
    return found


def _versions(wishes: list[Wish]) -> Iterator[tuple[int, list[Wish]]]:
    """Return when each version is approved and what it adds: each as late as the first of its topics allows."""
    left = sorted(wishes, key=lambda wish: (wish.needed_by, wish.listed_at, wish.topic_id))
    while left:
        approved_at = left[0].needed_by
        added = [wish for wish in left if wish.listed_at <= approved_at]
        left = [wish for wish in left if wish.listed_at > approved_at]
        yield approved_at, sorted(added, key=lambda wish: (wish.quarter or 5, wish.listed_at, wish.topic_id))


def _submitter(place: Place) -> str:
    """Return the subject that submits the plans of a platform."""
    role = "secretariat" if place.platform.tier is PlatformTier.GENERAL else "cadre"
    return f"{role}-{place.platform.code.lower()}"
