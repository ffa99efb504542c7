"""The example scheme of members' duty in two counties, and what their members' whole years came to under it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.duty.acts import ACTS, SOURCES, bounds, by_member
from services.duty.example import example_scheme
from services.duty.rules import Done, score
from services.seeds.facts import QINSHUI, YINGZE
from services.seeds.identifiers import IdSequence
from services.seeds.load import Connection, Row
from services.seeds.registry import County, Member
from services.seeds.timeline import at, day_of, in_office, instant

COUNTIES = (YINGZE, QINSHUI)
PUBLISHED_AT = at(2021, 3, 1)
ASSESSED_ON = (1, 15)
"""Month and day of the next year."""
SOURCE_COLUMNS = tuple(dict.fromkeys(SOURCES.values()))


@dataclass(frozen=True, slots=True)
class _Place:
    """A county with the members who are assessed there, and under what."""

    division_number: int
    members: Sequence[Member]
    scheme_id: UUID


class Duty:
    """The rows of schemes, of assessments under them and of the acts that these come from."""

    def __init__(self, committee_rows: Iterable[Row], counties: Iterable[County]) -> None:
        self.scheme_rows: list[Row] = []
        self.rule_rows: list[Row] = []
        self.grade_rows: list[Row] = []
        self.assessment_rows: list[Row] = []
        self.record_rows: list[Row] = []
        self._scheme = example_scheme()
        self._ids = {name: IdSequence(f"duty_{name}") for name in ("scheme", "rule", "grade", "assessment", "record")}
        committees = {number: committee_id for committee_id, _, number in committee_rows}
        self._places = [
            self._publish(committees[county.place.number], county)  # type: ignore[arg-type]
            for county in counties
            if county.place.code in COUNTIES
        ]

    def _publish(self, committee_id: UUID, county: County) -> _Place:
        """Publish the scheme for a county's committee."""
        scheme, ids = self._scheme, self._ids
        scheme_id = ids["scheme"].issue(PUBLISHED_AT)
        years = (scheme.first_year, scheme.last_year)
        self.scheme_rows.append((scheme_id, committee_id, scheme.name, 1, *years, scheme.cap, instant(PUBLISHED_AT)))
        self.rule_rows += [
            (ids["rule"].issue(PUBLISHED_AT), scheme_id, rule.act, rule.points, rule.cap) for rule in scheme.rules
        ]
        self.grade_rows += [
            (ids["grade"].issue(PUBLISHED_AT), scheme_id, grade.name, grade.threshold) for grade in scheme.grades
        ]
        return _Place(county.place.number, county.members[county.place.code], scheme_id)

    async def assess(self, connection: Connection, end: int) -> None:
        """Assess the members' years before an instant from what was written of them."""
        members = [member.id for place in self._places for member in place.members]
        for year in range(self._scheme.first_year, day_of(end).year):
            assessed_at = in_office(at(year + 1, *ASSESSED_ON))
            if assessed_at >= end:
                return
            done = by_member(tuple(row) for row in await connection.fetch(ACTS, *bounds(members, year)))
            for place in self._places:
                for member in place.members:
                    self._assess(place, member.id, (year, assessed_at), done.get(member.id, []))

    def _assess(self, place: _Place, member_id: UUID, when: tuple[int, int], done: list[Done]) -> None:
        """Write what a member's year came to."""
        scheme, (year, assessed_at) = self._scheme, when
        found = score(scheme.rules, scheme.cap, scheme.grades, done)
        assessment_id = self._ids["assessment"].issue(assessed_at)
        whose = (member_id, place.division_number)
        self.assessment_rows.append(
            (assessment_id, *whose, year, place.scheme_id, found.points, found.grade, instant(assessed_at))
        )
        for one in found.records:
            sources = [one.done.source_id if SOURCES[one.done.act] == column else None for column in SOURCE_COLUMNS]
            earned = (one.done.act, one.done.on, one.points)
            self.record_rows.append((self._ids["record"].issue(assessed_at), assessment_id, *whose, *earned, *sources))
