"""Figures by month, quarter or year: each unit's are those of `statistics` with it as the period."""

from typing import Any

import pytest

from tests.graph.api import Api, placed

FIGURES = """platforms { total } topics { total byStatus { status count } } sessionsHeld attendances outcomes
  conversions { kind count } commitments { total done overdue } resolutionRate medianDaysToResolve satisfaction"""
PLACES = {
    "province": 'division(code: "14")',
    "county": 'division(code: "140521")',
    "town": 'division(code: "140521201")',
    "platform": 'platform(by: {code: "P140521"})',
}
UNTIL = "2024-03-15"


def asked(place: str, *arguments: str) -> str:
    return f"""query ($unit: TimeUnit!, $from: Date!, $until: Date!) {{ place: {PLACES[place]} {{
      statisticsOverTime(unit: $unit, period: {{from: $from, until: $until}}, {", ".join(arguments)}) {{
        from until statistics {{ {FIGURES} }} }} }} }}"""


async def series(api: Api, place: str, unit: str, since: str, *arguments: str) -> list[dict[str, Any]]:
    data = await api.data(asked(place, *arguments), unit=unit, **{"from": since, "until": UNTIL})
    found: list[dict[str, Any]] = data["place"]["statisticsOverTime"]
    return found


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("unit", "count"), [("MONTH", 39), ("QUARTER", 13), ("YEAR", 4)])
async def test_each_unit_has_the_figures_of_its_period(
    api: Api, statements: list[str], place: str, unit: str, count: int
) -> None:
    found = await series(api, place, unit, "2021-01-20")
    assert len(statements) == 1
    assert len(found) == count
    assert [one["from"] for one in found[1:]] == [one["until"] for one in found[:-1]]
    assert (found[0]["from"], found[-1]["until"]) == ("2021-01-20", UNTIL)
    for one in found[:: max(count // 6, 1)]:
        period = f'period: {{from: "{one["from"]}", until: "{one["until"]}"}}'
        alone = await api.data(f"{{ place: {PLACES[place]} {{ statistics({period}) {{ {FIGURES} }} }} }}")
        assert alone["place"]["statistics"] == one["statistics"]


async def test_units_add_up_to_the_period_and_empty_ones_are_there(api: Api) -> None:
    found = await series(api, "town", "MONTH", "2019-06-01")
    period = f'period: {{from: "2019-06-01", until: "{UNTIL}"}}'
    query = f"{{ place: {PLACES['town']} {{ statistics({period}) {{ {FIGURES} }} }} }}"
    whole = (await api.data(query))["place"]["statistics"]
    assert sum(one["statistics"]["sessionsHeld"] for one in found) == whole["sessionsHeld"] > 0
    assert sum(one["statistics"]["topics"]["total"] for one in found) == whole["topics"]["total"] > 0
    assert found[0]["statistics"]["sessionsHeld"] == 0
    assert found[0]["statistics"]["resolutionRate"] is None
    assert len(found) == 58


async def test_units_as_of_an_instant_are_those_of_then(api: Api) -> None:
    at = 'asOf: "2022-06-30T00:00:00+08:00"'
    found = await series(api, "county", "YEAR", "2021-01-01", at)
    period = 'period: {from: "2022-01-01", until: "2023-01-01"}'
    alone = await api.data(f"{{ place: {PLACES['county']} {{ statistics({period}, {at}) {{ {FIGURES} }} }} }}")
    assert found[1]["statistics"] == alone["place"]["statistics"]
    assert [one["statistics"]["sessionsHeld"] for one in found][2:] == [0, 0]
    assert found[1]["statistics"]["sessionsHeld"] > 0


@pytest.mark.parametrize(
    ("period", "problem"),
    [
        ('{from: "2021-01-01"}', "A period that is cut into units has both ends."),
        ('{from: null, until: "2021-01-01"}', "A period that is cut into units has both ends."),
        (
            '{from: "2014-01-01", until: "2024-01-02"}',
            "A period is cut into at most 120 units; this one has 121.",
        ),
    ],
)
async def test_period_that_cannot_be_cut_is_refused_at_its_place(api: Api, period: str, problem: str) -> None:
    query = f'{{ division(code: "14") {{ name statisticsOverTime(unit: MONTH, period: {period}) {{ from }} }} }}'
    answer = await api.answer(query)
    assert answer["data"] == {"division": {"name": "山西省", "statisticsOverTime": None}}
    (error,) = answer["errors"]
    assert error["message"] == problem
    assert error["path"] == ["division", "statisticsOverTime"]
    assert placed(error) == {"code": "BAD_USER_INPUT", "path": ["period"]}


async def test_period_that_ends_before_it_begins_has_no_units(api: Api) -> None:
    period = '{from: "2023-01-01", until: "2022-01-01"}'
    query = f'{{ division(code: "14") {{ statisticsOverTime(unit: YEAR, period: {period}) {{ from }} }} }}'
    assert (await api.data(query))["division"] == {"statisticsOverTime": []}


async def test_what_follows_figures_that_are_refused_as_of_an_instant_is_of_now(api: Api) -> None:
    refused = 'statisticsOverTime(unit: MONTH, period: {}, asOf: "2022-06-30T00:00:00+08:00") { from }'
    found = "topics(first: 1) { totalCount } id"
    answer = await api.answer(f'{{ division(code: "140521") {{ {refused} {found} }} }}')
    alone = await api.data(f'{{ division(code: "140521") {{ {found} }} }}')
    assert answer["data"] == {"division": {"statisticsOverTime": None, **alone["division"]}}
    assert [error["path"] for error in answer["errors"]] == [["division", "statisticsOverTime"]]


async def test_units_keep_their_aliases_beside_what_is_refused(api: Api) -> None:
    units = 'statisticsOverTime(unit: MONTH, period: {from: "2022-01-01", until: "2022-03-01"}) { start: from until }'
    refused = "refused: statisticsOverTime(unit: MONTH, period: {}) { from }"
    answer = await api.answer(f'{{ division(code: "14") {{ {units} {refused} }} }}')
    assert answer["data"]["division"] == {
        "statisticsOverTime": [
            {"start": "2022-01-01", "until": "2022-02-01"},
            {"start": "2022-02-01", "until": "2022-03-01"},
        ],
        "refused": None,
    }
    assert [error["path"] for error in answer["errors"]] == [["division", "refused"]]
