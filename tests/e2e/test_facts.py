"""What is published about Shanxi's platforms, each fact as one query over the demonstration province.

A fact is a pair of files in `facts`: the query and its whole answer.
"""

import json
from pathlib import Path

import pytest

from tests.graph.api import Api

FACTS = Path(__file__).parent / "facts"
COUNTIES = (
    '{ division(code: "14") { children { name children { code committee { name } platforms { totalCount } } } } }'
)
ZONES = {"140171", "140271", "140671", "140971"}


@pytest.mark.parametrize("fact", sorted(path.stem for path in FACTS.glob("*.graphql")))
async def test_fact_is_one_query(api: Api, statements: list[str], fact: str) -> None:
    statements.clear()
    answer = await api.data((FACTS / f"{fact}.graphql").read_text())
    assert len(statements) == 1
    assert answer == json.loads((FACTS / f"{fact}.json").read_text())


async def test_every_county_but_the_development_zones_has_a_committee_and_a_platform(api: Api) -> None:
    cities = (await api.data(COUNTIES))["division"]["children"]
    counties = [county for city in cities for county in city["children"]]
    assert len(cities) == 11
    with_platform = {county["code"] for county in counties if county["platforms"]["totalCount"] >= 1}
    with_committee = {county["code"] for county in counties if county["committee"] is not None}
    assert with_platform == with_committee == {county["code"] for county in counties} - ZONES
    assert len(with_committee) == 117
