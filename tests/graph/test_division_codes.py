"""A division's code means the same wherever it is given, with zeros added to the right or without."""

from typing import Any

import pytest

from services.core.actor import Role
from services.core.tokens import GrantClaim
from tests.graph.api import Api
from tests.graph.test_access import GRANT
from tests.graph.test_registry import ACTIVITY, BRAND, CENTER, HALL, MICRO, OPEN, TALK, parent_of

PADDED = [
    ("14", "1400"),
    ("14", "140000"),
    ("14", "140000000000"),
    ("1405", "140500"),
    ("1405", "140500000"),
    ("140521", "140521000"),
    ("140521", "140521000000"),
    ("140521201", "140521201000"),
]
COUNTY = ("140521", "140521000", "140521000000")
WITHIN = """query ($code: DivisionCode!) { division(code: $code) { id code name topics { totalCount } }
  platforms(filter: {within: $code}) { totalCount } topics(filter: {within: $code}) { totalCount }
  sessions(filter: {within: $code}) { totalCount } matters(filter: {within: $code}) { totalCount }
  commitments(filter: {within: $code}) { totalCount } departments(filter: {within: $code}) { totalCount }
  grants(filter: {within: $code}) { totalCount }
  either: topics(filter: {or: [{within: $code}, {not: {within: $code}}]}) { totalCount }
  search(text: "社区", within: $code) { totalCount } }"""


@pytest.mark.parametrize(("code", "padded"), PADDED)
async def test_what_lies_within_a_padded_code_is_the_same(api: Api, code: str, padded: str) -> None:
    auditor = api.as_(Role.AUDITOR, "14")
    found = await auditor.data(WITHIN, code=code)
    assert found["division"]["code"] == code
    assert found["topics"]["totalCount"] == found["division"]["topics"]["totalCount"] > 0
    assert await auditor.data(WITHIN, code=padded) == found
    literal = WITHIN.replace("query ($code: DivisionCode!)", "").replace("$code", f'"{padded}"')
    assert await auditor.data(literal) == found
    default = WITHIN.replace("DivisionCode!", f'DivisionCode! = "{padded}"')
    assert await auditor.data(default) == found


@pytest.mark.parametrize("code", COUNTY)
async def test_an_export_takes_a_padded_code(api: Api, code: str) -> None:
    whole = await api.http.get("/export/topics.csv", params={"within": "140521"})
    assert whole.status_code == 200
    assert (await api.http.get("/export/topics.csv", params={"within": code})).text == whole.text


@pytest.mark.parametrize("code", COUNTY)
async def test_a_token_carries_a_padded_code(api: Api, code: str) -> None:
    assert GrantClaim(role=Role.CADRE, within=code) == GrantClaim(role=Role.CADRE, within="140521")
    query = """{ viewer { grants { role division { code name } } }
      topics(filter: {within: "140521", status: [PROPOSED]}) { totalCount } }"""
    as_written = GrantClaim.model_construct(role=Role.CADRE, within=code)
    found = await api.signed_in("somebody", as_written).data(query)
    assert found["viewer"]["grants"] == [{"role": "CADRE", "division": {"code": "140521", "name": "沁水县"}}]
    assert found == await api.as_(Role.CADRE, "140521").data(query)


@pytest.mark.parametrize("code", COUNTY)
async def test_an_entity_of_a_federation_has_a_padded_code(subgraph: Api, code: str) -> None:
    query = "query ($of: [_Any!]!) { _entities(representations: $of) { ... on Division { id code } } }"
    found = (await subgraph.data(query, of=[{"__typename": "Division", "code": code}]))["_entities"]
    assert found == [{"id": "division_140521", "code": "140521"}]


async def test_verbs_take_a_padded_code(writing: Api) -> None:
    county, village = "140521000000", "140521201204"
    opened = await writing.act(OPEN, input={**MICRO, "parent": await parent_of(writing), "division": village})
    assert opened["platform"]["parent"] == {"code": "P140521"}
    given: dict[str, Any] = {"name": "沁事我商量", "umbrella": "有事来商量", "division": county}
    assert (await writing.act(BRAND, input=given))["brand"]["division"] == {"code": "140521"}
    center = await writing.act(CENTER, input={**HALL, "functions": [], "division": "140521000"})
    assert center["practiceCenter"]["division"]["code"] == "140521"
    activity = await writing.act(ACTIVITY, input={**TALK, "division": county})
    assert activity["activity"]["division"] == {"code": "140521"}
    granted = await writing.act(GRANT, input={"subject": "newcomer", "role": "CADRE", "division": county})
    assert granted["grant"]["division"]["code"] == "140521"


@pytest.mark.parametrize("code", ["999999", "140521999", "140521999000"])
async def test_verbs_refuse_a_code_that_no_division_has(writing: Api, code: str) -> None:
    asked: list[tuple[str, dict[str, Any]]] = [
        (OPEN, {**MICRO, "parent": await parent_of(writing), "division": code}),
        (BRAND, {"name": "沁事我商量", "umbrella": "有事来商量", "division": code}),
        (CENTER, {**HALL, "functions": [], "division": code}),
        (ACTIVITY, {**TALK, "division": code}),
        (GRANT, {"subject": "newcomer", "role": "CADRE", "division": code}),
    ]
    for verb, given in asked:
        refused = await writing.refusal(verb, input=given)
        assert (refused["code"], refused["path"]) == ("NOT_FOUND", ["division"]), verb
