"""The facts of the province, through one nested query; and what it costs: one statement."""

import pytest

from services.core.actor import Role
from tests.graph.api import Api

HIERARCHY = """{
  division(code: "140106", asOf: "2023-11-30T23:59:59+08:00") { name brands { name launchedOn } statistics {
    platforms { total general sub micro } topics { key micro }
    sessionsHeld attendances attendancesAreLowerBound } }
  p: division(code: "14") { statistics { platforms { total } } children { name children { name } } }
}"""

FOUR_LEVELS = """{
  division(code: "1401") { name children { name platforms(deep: true, first: 5) { totalCount nodes { name
    topics(first: 3) { pageInfo { hasNextPage } nodes { number title
      sessions(first: 2) { nodes { venue scheduledAt } }
      involvements { role department { code name channel { enabled } } } } } } } } }
}"""


async def test_hierarchy_answers_the_facts_of_the_province(api: Api, statements: list[str]) -> None:
    data = await api.data(HIERARCHY)
    statistics = data["division"]["statistics"]
    attendances = statistics.pop("attendances")
    assert data["division"] == {
        "name": "迎泽区",
        "brands": [{"name": "有事来商量·欢迎来协商", "launchedOn": "2021-03-01"}],
        "statistics": {
            "platforms": {"total": 79, "general": 1, "sub": 7, "micro": 71},
            "topics": {"key": 51, "micro": 188},
            "sessionsHeld": 238,
            "attendancesAreLowerBound": True,
        },
    }
    assert attendances >= 2300
    assert data["p"]["statistics"] == {"platforms": {"total": 2197}}
    assert len(data["p"]["children"]) == 11
    assert sum(len(city["children"]) for city in data["p"]["children"]) == 117 + 4
    assert len(statements) == 1


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        ("", 23_379),
        ("level: CITY", 11),
        ("level: COUNTY", 121),
        ("level: COUNTY, kind: ADMINISTRATIVE", 117),
        ("kind: DEVELOPMENT_ZONE", 4),
        ("level: VILLAGE, kind: DEVELOPMENT_ZONE", 0),
    ],
)
async def test_counties_are_counted_without_development_zones(
    api: Api, statements: list[str], arguments: str, count: int
) -> None:
    query = f'{{ division(code: "14") {{ descendants({arguments} first: 2) {{ totalCount nodes {{ kind }} }} }} }}'
    assert (await api.data(query))["division"]["descendants"]["totalCount"] == count
    assert len(statements) == 1


async def test_four_levels_over_a_city_are_one_statement(api: Api, statements: list[str]) -> None:
    data = await api.data(FOUR_LEVELS)
    counties = data["division"]["children"]
    assert len(counties) == 11
    yingze = next(county for county in counties if county["name"] == "迎泽区")
    assert yingze["platforms"]["totalCount"] == 79
    assert len(yingze["platforms"]["nodes"]) == 5
    topics = [topic for platform in yingze["platforms"]["nodes"] for topic in platform["topics"]["nodes"]]
    assert any(topic["sessions"]["nodes"] for topic in topics)
    assert any(topic["involvements"] for topic in topics)
    assert len(statements) == 1


@pytest.mark.parametrize("first", [1, 3])
async def test_lists_cost_the_same_for_one_item_and_for_three(api: Api, statements: list[str], first: int) -> None:
    query = """query ($first: Int!) { platforms(filter: {within: "140106"}, first: $first) { nodes {
      name parent { name }
      division { name ancestors { name } } topics(first: $first) { nodes { title outcomes { agreement } } } } } }"""
    data = await api.as_(Role.AUDITOR, "14").data(query, first=first)
    assert len(data["platforms"]["nodes"]) == first
    assert len(statements) == 1


async def test_a_period_keeps_what_happened_in_it(api: Api) -> None:
    query = """query ($from: Date, $until: Date) { division(code: "140106") {
      statistics(period: {from: $from, until: $until}) { sessionsHeld topics { total } } } }"""
    spans = [(None, "2022-01-01"), ("2022-01-01", "2023-01-01"), ("2023-01-01", "2023-12-01")]
    found = [
        (await api.data(query, **{"from": since, "until": until}))["division"]["statistics"] for since, until in spans
    ]
    assert sum(one["sessionsHeld"] for one in found) == 238
    assert sum(one["topics"]["total"] for one in found) == 51 + 188
    assert all(one["sessionsHeld"] > 0 for one in found)
