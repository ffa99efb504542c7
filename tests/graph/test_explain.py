import json

import pytest

from services.core.actor import Role
from tests.graph.api import Api

QUERY = """query ($within: DivisionCode!, $words: String) {
  topics(filter: {within: $within, text: $words}, first: 2) { totalCount nodes { number } } }"""
VARIABLES = {"within": "140106", "words": "机电小区"}
ASKED = {"query": QUERY, "variables": VARIABLES, "extensions": {"explain": True}}


@pytest.fixture
def operator(api: Api) -> Api:
    return api.as_(Role.OPERATOR, "14")


async def test_operator_is_shown_the_statement_and_its_plan(operator: Api, statements: list[str]) -> None:
    answer = (await operator.http.post("/graphql", json=ASKED)).json()
    explain = answer["extensions"]["explain"]
    assert answer["data"] == await operator.data(QUERY, **VARIABLES)
    assert list(explain) == ["sql", "parameters", "plan"]
    assert explain["sql"] == statements[0] == statements[-1]
    assert explain["parameters"] == ["bigint", "bigint", "text::tsquery", "text"]
    ((plan,),) = (explain["plan"],)
    assert plan["Plan"]["Node Type"] == "Result"
    assert "Actual Total Time" not in plan["Plan"]


async def test_no_value_is_in_an_explanation(operator: Api) -> None:
    explain = json.dumps((await operator.http.post("/graphql", json=ASKED)).json()["extensions"], ensure_ascii=False)
    assert all(value not in explain for value in ("140106", "140107", "机电小区"))
    assert "$3" in explain


@pytest.mark.parametrize(
    "query",
    [
        "{ viewer { subject grants { role division { name } } } }",
        '{ node(id: "division_14") { id } nodes(ids: ["division_14"]) { id } }',
        '{ division(code: "140106") { statistics(period: {from: "2022-02-01"}) { topics { total } } } }',
        '{ department(code: "qinshui-court") { notices { nodes { id } } channel { lastError } } }',
        "{ __typename }",
    ],
)
async def test_every_kind_of_read_is_explained(operator: Api, query: str) -> None:
    answer = (await operator.http.post("/graphql", json={"query": query, "extensions": {"explain": True}})).json()
    assert "errors" not in answer
    assert answer["extensions"]["explain"]["plan"][0]["Plan"]["Total Cost"] >= 0


async def test_explanation_comes_by_get_too(operator: Api) -> None:
    parameters = {"query": "{ __typename }", "extensions": json.dumps({"explain": True})}
    answer = (await operator.http.get("/graphql", params=parameters)).json()
    assert answer["data"] == {"__typename": "Query"}
    assert answer["extensions"]["explain"]["parameters"] == []


@pytest.mark.parametrize(
    ("role", "code"),
    [
        (None, "UNAUTHENTICATED"),
        (Role.RESIDENT, "FORBIDDEN"),
        (Role.SECRETARIAT, "FORBIDDEN"),
        (Role.AUDITOR, "FORBIDDEN"),
    ],
)
async def test_others_are_refused_an_explanation(api: Api, role: Role | None, code: str) -> None:
    client = api if role is None else api.as_(role, "14")
    answer = (await client.http.post("/graphql", json=ASKED)).json()
    assert answer["data"] is None
    assert [error["extensions"]["code"] for error in answer["errors"]] == [code]
    assert "extensions" not in answer


@pytest.mark.parametrize("asked", [False, None, "yes", 1, {}])
async def test_nothing_but_true_asks_for_an_explanation(api: Api, asked: object) -> None:
    answer = (await api.http.post("/graphql", json={**ASKED, "extensions": {"explain": asked}})).json()
    assert list(answer) == ["data"]


async def test_a_failed_read_is_not_explained(operator: Api) -> None:
    query = "query ($v: Boolean = true) { viewer @include(if: $v) { subject } }"
    asked = {**ASKED, "query": query, "variables": {"v": None}}
    answer = (await operator.http.post("/graphql", json=asked)).json()
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]
    assert "extensions" not in answer
