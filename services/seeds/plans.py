"""Annual plans (年度协商计划): their versions, up to an instant, with the key topics that each takes in."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from services.plans.enums import PlanStatus
from services.platforms.enums import PlatformTier
from services.seeds.drafts import TopicDraft
from services.seeds.editions import Edition
from services.seeds.identifiers import Parts
from services.seeds.load import Batch, Row
from services.seeds.registry import County, Platform
from services.seeds.sessions import party_committee
from services.seeds.timeline import day_of, instant
from services.seeds.versions import versions

RETURN_REASON = "议题与年度重点结合不够，请补充论证后再报。"
TABLES = ("annual_plan", "annual_plan_history", "plan_item")
YEAR_BITS, VERSION_BITS = 7, 4


class Item(NamedTuple):
    """A topic of a plan; in which quarter, where a session was set when the plan was drawn up."""

    topic_id: UUID
    listed_at: int
    quarter: int | None


class Plans:
    """Collects what versions take in, then writes those that were begun before `end`."""

    def __init__(self, end: int, *, whole: bool) -> None:
        self._end = end
        self._whole = whole
        self._added: dict[Edition, list[Item]] = defaultdict(list)
        self._places: dict[str, tuple[County, Platform]] = {}
        self._ids = {table: Parts(table) for table in TABLES}
        self._rows: Batch = {table: [] for table in TABLES}

    def note(self, topic: TopicDraft, topic_id: UUID) -> None:
        """Take note of a topic that plans have."""
        for edition in topic.plans:
            if topic.listed_at is not None and edition.drafted_at < self._end:
                quarter = _quarter(topic, edition.year)
                self._added[edition].append(Item(topic_id, topic.listed_at, quarter))
                self._places[edition.platform_code] = next(
                    (topic.county, platform)
                    for platform in topic.county.platforms
                    if platform.code == edition.platform_code
                )

    def rows(self) -> Batch:
        """Return the rows of the plans, of their items and of what plans were."""
        years: dict[tuple[str, int], list[Edition]] = defaultdict(list)
        for edition in sorted(self._added, key=lambda edition: (edition.platform_code, edition.drafted_at)):
            years[edition.platform_code, edition.year].append(edition)
        for editions in years.values():
            items: list[Item] = []
            for version, edition in enumerate(editions, start=1):
                added = sorted(self._added[edition], key=lambda item: (item.quarter or 5, item.listed_at))
                items += added
                follower = editions[version] if version < len(editions) else None
                superseded_at = follower.approved_at if follower else None
                self._write(edition, version, superseded_at, items, len(added))
        return self._rows

    def _write(self, edition: Edition, version: int, superseded_at: int | None, items: list[Item], added: int) -> None:
        """Write a version with its items; `added` is how many of them the one before had not."""
        county, platform = self._places[edition.platform_code]
        key = platform.place.number << YEAR_BITS + VERSION_BITS | (edition.year % 100) << VERSION_BITS | version
        plan_id = self._ids["annual_plan"].of(key, 0, edition.drafted_at)
        numbers = (platform.id, platform.place.number, edition.year, version)
        states = (
            (since, (*numbers, 1 + added + steps, *state))
            for since, steps, state in _states(edition, county, platform, superseded_at)
        )
        known = versions(plan_id, states, self._end, whole=self._whole)
        self._rows["annual_plan"].append((plan_id, *known.present, known.recorded_at))
        self._rows["annual_plan_history"] += known.former
        drafted_at = instant(edition.drafted_at)
        for position, item in enumerate(items, start=1):
            item_id = self._ids["plan_item"].of(key, position, edition.drafted_at)
            self._rows["plan_item"].append((item_id, plan_id, item.topic_id, position, item.quarter, drafted_at))


def _states(
    edition: Edition, county: County, platform: Platform, superseded_at: int | None
) -> Iterator[tuple[int, int, Row]]:
    """Give the states of a version: since when, after how many steps, the columns that change."""
    drafted, submitted = instant(edition.drafted_at), instant(edition.submitted_at)
    yield edition.drafted_at, 0, (PlanStatus.DRAFT, drafted, None, None, None, None, None, None)
    handed_in = (drafted, submitted, _submitter(platform))
    yield edition.submitted_at, 1, (PlanStatus.SUBMITTED, *handed_in, None, None, None, None)
    if edition.returned_at is not None:
        yield edition.returned_at, 2, (PlanStatus.RETURNED, *handed_in, None, None, RETURN_REASON, None)
    if edition.approved_at is not None:
        approved = (PlanStatus.APPROVED, *handed_in, instant(edition.approved_at), party_committee(county, platform))
        yield edition.approved_at, 2, (*approved, None, None)
        if superseded_at is not None:
            yield superseded_at, 2, (*approved, None, instant(superseded_at))


def _quarter(topic: TopicDraft, year: int) -> int | None:
    """Return in which quarter of a year the topic is first taken up."""
    first = next((session.scheduled_at for session in topic.sessions if session.held_at is not None), None)
    return (day_of(first).month + 2) // 3 if first is not None and day_of(first).year == year else None


def _submitter(platform: Platform) -> str:
    """Return the subject that submits the plans of a platform."""
    role = "secretariat" if platform.tier is PlatformTier.GENERAL else "cadre"
    return f"{role}-{platform.code.lower()}"
