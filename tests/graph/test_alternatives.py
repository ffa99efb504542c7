"""Objects in `and` and `or` of filters: any number of one form is one statement that finds what each of them finds."""

import random
from itertools import product
from typing import Any

import pytest

from graph.alternatives import FEW, SIZES
from services.reads.filters import MOST_BRANCHES
from services.reads.ordering import MOST_KEYS
from tests.graph.api import Api

QUERY = "query ($f: TopicFilter) { topics(filter: $f, first: 100) { totalCount nodes { id } } }"
STATUSES = ["LISTED", "SCHEDULED", "DELIBERATED", "IMPLEMENTING", "RESOLVED", "WITHDRAWN"]
FROM = ["2021-01-01T00:00:00Z", "2022-06-01T00:00:00Z", "2023-01-01T00:00:00Z"]
FORMS: dict[str, list[dict[str, Any]]] = {
    "lists": [{"status": [status]} for status in STATUSES],
    "several lists": [{"status": [one, other], "kind": ["KEY"]} for one, other in product(STATUSES[:3], STATUSES[3:])],
    "ranges": [{"proposed": {"from": instant}, "status": ["RESOLVED"]} for instant in FROM * 2],
    "not": [{"not": {"status": [status], "kind": ["MICRO"]}} for status in STATUSES],
    "related": [{"departmentKind": [kind]} for kind in ["WATER", "HEATING", "GAS", "COURT", "POWER"]],
    "switches": [{"planned": True}] * 6,
    "nulls": [{"status": [status], "kind": None} for status in STATUSES],
    "words": [{"text": text} for text in ["供水", "小区", "停车", "道路", "电梯"]],
    "places": [{"within": code} for code in ["140106", "140105", "1402", "1403", "140521"]],
    "nested": [{"or": [{"status": [status]}, {"kind": ["KEY"]}]} for status in STATUSES],
}
ONE_STATEMENT = FORMS.keys() - {"words", "places", "nested"}


async def found(api: Api, condition: Any) -> set[str]:
    """Return the topics that a condition holds for, to the last."""
    query = "query ($f: TopicFilter, $c: String) { topics(filter: $f, first: 100, after: $c) {"
    query += " nodes { id } pageInfo { endCursor hasNextPage } } }"
    ids: set[str] = set()
    page: dict[str, Any] = {"hasNextPage": True, "endCursor": None}
    while page["hasNextPage"]:
        topics = (await api.data(query, f=condition, c=page["endCursor"]))["topics"]
        ids |= {node["id"] for node in topics["nodes"]}
        page = topics["pageInfo"]
    return ids


@pytest.mark.parametrize("form", FORMS)
async def test_alternatives_find_what_each_finds(api: Api, form: str) -> None:
    within = {"within": "1401"}
    each = [await found(api, {"and": [within, one]}) for one in FORMS[form]]
    assert await found(api, {**within, "or": FORMS[form]}) == each[0].union(*each)
    assert await found(api, {**within, "and": FORMS[form]}) == each[0].intersection(*each)
    all_ = await found(api, within)
    assert await found(api, {**within, "not": {"or": FORMS[form]}}) == all_ - each[0].union(*each)
    assert await found(api, {**within, "not": {"and": FORMS[form]}}) == all_ - each[0].intersection(*each)


def literal(value: Any) -> str:
    """Return a value as it stands in a document; texts in capitals are enums."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {literal(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return value if value.isupper() and value[0].isalpha() else f'"{value}"'


@pytest.mark.parametrize("form", FORMS)
async def test_alternatives_in_the_document_are_those_in_variables(api: Api, form: str) -> None:
    for name in ("or", "and"):
        sent = await api.data(QUERY, f={name: FORMS[form]})
        written = QUERY.replace("query ($f: TopicFilter)", "").replace("$f", literal({name: FORMS[form]}))
        assert await api.data(written) == sent


@pytest.mark.parametrize("form", sorted(ONE_STATEMENT))
async def test_any_number_of_one_form_is_one_statement(api: Api, statements: list[str], form: str) -> None:
    for name in ("or", "and"):
        statements.clear()
        for times in (1, 2, 20):
            await api.data(QUERY, f={name: FORMS[form] * times})
        assert len(set(statements)) == 1


LENGTHS = [*range(1, 34), 47, 64, 99, 128, 200]


@pytest.mark.parametrize("form", FORMS)
async def test_lists_of_any_length_are_few_statements(api: Api, statements: list[str], form: str) -> None:
    """Up to four objects are written one by one; more have one statement, or those of few sizes for each of two shapes.

    Some of the places are wide, which is another shape. What is refused is a statement too.
    """
    most = FEW + (1 if form in ONE_STATEMENT else 2 * len(SIZES) if form == "places" else len(SIZES) + 1)
    sent = [(FORMS[form] * 200)[:length] for length in LENGTHS]
    for given in sent:
        await api.answer(QUERY, f={"or": given})
    assert FEW <= len(set(statements)) <= most
    statements.clear()
    for given in sent[:20]:
        await api.answer(QUERY.replace("query ($f: TopicFilter)", "").replace("$f", literal({"and": given})))
    assert FEW <= len(set(statements)) <= most


async def test_the_order_of_objects_is_no_other_statement(api: Api, statements: list[str]) -> None:
    chance = random.Random(7)  # noqa: S311 -- an order, no secret
    objects = [{"within": code} for code in ("14", "1401", "1402", "140106", "140105", "140521")] + [{"planned": True}]
    for _ in range(20):
        chance.shuffle(objects)
        await api.data(QUERY, f={"or": objects})
    assert len(set(statements)) == 1


async def test_ids_of_any_number_are_one_statement(api: Api, statements: list[str]) -> None:
    topics = (await api.data("{ topics(first: 100) { nodes { id } } }"))["topics"]["nodes"]
    statements.clear()
    for number in range(1, 101):
        await api.data("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=[one["id"] for one in topics[:number]])
    assert len(set(statements)) == 1


async def test_a_value_that_cannot_be_used_refuses_the_field(api: Api) -> None:
    answer = await api.answer(
        "query ($f: PlatformFilter) { platforms(filter: $f) { totalCount } viewer { subject } }",
        f={"or": [{"brand": "a"}] * 5 + [{"brand": "a\0"}]},
    )
    assert answer["data"] == {"platforms": None, "viewer": {"subject": None}}
    (error,) = answer["errors"]
    assert error["path"] == ["platforms"]
    assert "NUL" in error["message"]


async def test_alternatives_that_are_no_one_form_are_bounded(api: Api) -> None:
    most = {"or": [{"within": "1401"}, {"planned": True}] * (MOST_BRANCHES // 2)}
    await api.data(QUERY, f=most)
    answer = await api.answer(QUERY, f={"and": [most]})
    assert answer["data"] == {"topics": None}
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert f"at most {MOST_BRANCHES} are taken" in error["message"]


async def test_an_order_has_few_keys(api: Api) -> None:
    query = "query ($o: [TopicOrder!]) { topics(orderBy: $o) { nodes { id } } viewer { subject } }"
    await api.data(query, o=[{"proposedAt": "DESC"}] * MOST_KEYS)
    answer = await api.answer(query, o=[{"proposedAt": "DESC"}] * (MOST_KEYS + 1))
    assert answer["data"] == {"topics": None, "viewer": {"subject": None}}
    (error,) = answer["errors"]
    assert error["message"] == f"A list is ordered by at most {MOST_KEYS} keys; {MOST_KEYS + 1} were given."
