import re
from typing import Any

import pytest

from services.core.actor import Role
from tests.graph.api import Api, placed

PAGE = """query ($first: Int, $after: String, $last: Int, $before: String, $order: [TopicOrder!]) {
  topics(filter: {within: "140106"}, orderBy: $order, first: $first, after: $after, last: $last, before: $before) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { number } edges { cursor } } }"""


async def pages(api: Api, order: list[dict[str, str]], *, backward: bool) -> list[str]:
    """Return the numbers of all topics, read page by page."""
    numbers: list[str] = []
    cursor = None
    while True:
        ends = {"last": 37, "before": cursor} if backward else {"first": 37, "after": cursor}
        page = (await api.data(PAGE, order=order, **ends))["topics"]
        assert page["totalCount"] == 324
        cursors = [edge["cursor"] for edge in page["edges"]]
        assert (cursors[0], cursors[-1]) == (page["pageInfo"]["startCursor"], page["pageInfo"]["endCursor"])
        found = [node["number"] for node in page["nodes"]]
        numbers = found + numbers if backward else numbers + found
        if not page["pageInfo"]["hasPreviousPage" if backward else "hasNextPage"]:
            return numbers
        cursor = page["pageInfo"]["startCursor" if backward else "endCursor"]


@pytest.mark.parametrize(
    "order",
    [
        [],
        [{"number": "DESC"}],
        [{"sessionCount": "DESC"}, {"proposedAt": "ASC"}],
        [{"resolvedAt": "ASC"}],
        [{"resolvedAt": "DESC"}, {"scheduledAt": "DESC"}],
    ],
)
async def test_pages_forwards_and_backwards_give_the_same_list(api: Api, order: list[dict[str, str]]) -> None:
    forwards = await pages(api, order, backward=False)
    assert len(set(forwards)) == len(forwards) == 324
    assert await pages(api, order, backward=True) == forwards


async def test_orders_sort_by_their_keys_and_put_nulls_last(api: Api) -> None:
    query = """{ topics(filter: {within: "140521201"}, orderBy: [{resolvedAt: DESC}], first: 100) {
      nodes { resolvedAt } } }"""
    found = [node["resolvedAt"] for node in (await api.data(query))["topics"]["nodes"]]
    known = [instant for instant in found if instant is not None]
    assert known == sorted(known, reverse=True)
    assert found == known + [None] * (len(found) - len(known))
    assert 0 < len(known) < len(found)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ("first: 101", "A page has 0 to 100 items; 101 were asked for."),
        ("first: -1", "A page has 0 to 100 items; -1 were asked for."),
        ('after: "bm9wZQ"', "'bm9wZQ' is not a cursor of a list in this order; take one from its pageInfo or edges."),
        ('after: "停"', "'停' is not a cursor of a list in this order; take one from its pageInfo or edges."),
        ('filter: {platform: "topic_x"}', "'topic_x' is not an id of the form platform_…."),
        ('filter: {department: "\\u0000"}', "A value cannot be used"),
    ],
)
async def test_bad_arguments_are_named(api: Api, arguments: str, problem: str) -> None:
    answer = await api.answer(f"{{ topics({arguments}) {{ nodes {{ id }} }} }}")
    assert answer["data"] == {"topics": None}
    (error,) = answer["errors"]
    assert error["message"].startswith(problem)
    path = re.findall(r"\w+(?=: )", arguments)
    assert placed(error) == {"code": "BAD_USER_INPUT", "path": path}


async def test_page_with_two_ends_is_refused(api: Api) -> None:
    problem = "A page is asked for by first and after, or by last and before; not by both."
    assert await api.problem("{ topics(first: 1, last: 1) { nodes { id } } }") == problem


async def test_cursor_of_another_order_is_refused(api: Api) -> None:
    cursor = (await api.data(PAGE, first=1))["topics"]["pageInfo"]["endCursor"]
    answer = await api.answer(PAGE, first=1, after=cursor, order=[{"number": "DESC"}])
    assert "is not a cursor of a list in this order" in answer["errors"][0]["message"]


async def count(api: Api, kept: dict[str, Any]) -> int:
    data = await api.data("query ($f: TopicFilter) { topics(filter: $f) { totalCount } }", f=kept)
    number: int = data["topics"]["totalCount"]
    return number


async def test_filters_combine(api: Api) -> None:
    yingze = {"within": "140106"}
    assert await count(api, yingze) == 324
    assert await count(api, {**yingze, "kind": ["KEY"]}) == 68
    assert await count(api, {**yingze, "not": {"kind": ["KEY"]}}) == 256
    assert await count(api, {**yingze, "or": [{"kind": ["KEY"]}, {"kind": ["MICRO"]}]}) == 324
    assert await count(api, {**yingze, "and": [{"kind": ["KEY"]}, {"kind": ["MICRO"]}]}) == 0
    assert await count(api, {**yingze, "or": []}) == 0
    assert await count(api, {**yingze, "and": [], "kind": None, "not": None}) == 324
    resolved = await count(api, {**yingze, "status": ["RESOLVED"]})
    assert 0 < resolved < 324
    assert await count(api, {**yingze, "resolved": {"from": "2000-01-01T00:00:00Z"}}) == resolved
    assert await count(api, {**yingze, "not": {"resolved": {"from": "2000-01-01T00:00:00Z"}}}) == 324 - resolved
    assert await count(api, {"text": "机电小区"}) >= 1


async def test_literal_and_variable_arguments_are_the_same(api: Api) -> None:
    literal = (
        '{ topics(filter: {within: "140106", kind: KEY}, orderBy: {number: DESC}, first: 2) { nodes { number } } }'
    )
    variable = """query ($w: DivisionCode, $k: [TopicKind!], $d: Direction!, $n: Int = 2) {
      topics(filter: {within: $w, kind: $k}, orderBy: [{number: $d}], first: $n) { nodes { number } } }"""
    whole = """query ($f: TopicFilter, $o: [TopicOrder!], $n: Int) {
      topics(filter: $f, orderBy: $o, first: $n) { nodes { number } } }"""
    expected = await api.data(literal)
    assert await api.data(variable, w="140106", k="KEY", d="DESC") == expected
    kept = {"within": "140106", "kind": ["KEY"]}
    assert await api.data(whole, f=kept, o=[{"number": "DESC"}], n=2) == expected
    assert await api.data(whole, f=kept, o=[{"number": "ASC"}], n=2) != expected


async def test_language_shapes_the_answer(api: Api) -> None:
    query = """query ($no: Boolean = false, $yes: Boolean!) {
      a: division(code: "140106") { ...D name @skip(if: $yes) code @include(if: $yes) __typename }
      none: division(code: "99") { name }
      skipped: division(code: "14") { name @include(if: $no) }
      node(id: "division_140106") { __typename ... on Topic { title } ... on Division { children { n: name } } id }
      nodes(ids: ["division_14", "nonsense", "topic_00000000-0000-7000-8000-000000000000"]) { id }
      __typename
    }
    fragment D on Division { parent { name } parent { code } level }"""
    data = await api.data(query, yes=True)
    assert list(data) == ["a", "none", "skipped", "node", "nodes", "__typename"]
    assert data["a"] == {
        "parent": {"name": "太原市", "code": "1401"},
        "level": "COUNTY",
        "code": "140106",
        "__typename": "Division",
    }
    assert (data["none"], data["skipped"], data["__typename"]) == (None, {}, "Query")
    assert list(data["node"]) == ["__typename", "children", "id"]
    assert [one["n"] for one in data["node"]["children"]][-1] == "郝庄镇"
    assert data["nodes"] == [{"id": "division_14"}, None, None]


async def test_introspection_beside_data_is_completed(api: Api) -> None:
    query = """{ __schema { queryType { name } } d: division(code: "14") { n: name level }
      node(id: "division_14") { id __typename } __type(name: "Topic") { kind } }"""
    data = await api.data(query)
    assert data == {
        "__schema": {"queryType": {"name": "Query"}},
        "d": {"n": "山西省", "level": "PROVINCE"},
        "node": {"id": "division_14", "__typename": "Division"},
        "__type": {"kind": "OBJECT"},
    }


async def test_every_field_of_the_first_half_can_be_read(api: Api) -> None:
    query = """{ department(code: "qinshui-court") { id code name kind division { name }
        channel { enabled pending parked oldestPendingAt pausedUntil lastError }
        topics(first: 1) { nodes { id number summary category version listedAt
        resolution evidence { at url sha256 note } outcomes { id agreement reachedOn session { id minutes convener
        heldAt headcount attendances(first: 2) { totalCount nodes { role member { sector } department { code } } } }
        commitments { task dueOn status overdue progress { at percent note } evidence { url } department { code } } }
        notices { totalCount } involvements { role since receipt { status at } notices { id } } } }
        commitments { totalCount } notices { totalCount } }
      platform(by: {code: "P140106"}) { tier kind brand { umbrella division { code } } liaisonGroup { name } openedOn
        closedOn parent { id } ancestors { id } children { code } descendants(tier: MICRO) { totalCount }
        sessions(deep: true) { totalCount } topics(deep: true) { totalCount }
        statistics { topics { total byStatus { status count } byCategory { category count } } sessionsHeld outcomes
          commitments { total done verified overdue } resolutionRate medianDaysToResolve } }
      division(code: "140106") { committee { name liaisonGroups { name platforms { code } members(first: 1) { nodes {
        name committee { name } liaisonGroup { id } } } } members { totalCount } } departments { code } }
      viewer { subject grants { role } } }"""
    data = await api.data(query)
    assert data["platform"]["descendants"]["totalCount"] == 71
    assert len(data["platform"]["children"]) == 7
    assert data["platform"]["topics"]["totalCount"] == data["platform"]["statistics"]["topics"]["total"] == 324
    assert data["platform"]["statistics"]["sessionsHeld"] == 329
    assert data["platform"]["sessions"]["totalCount"] == 344
    assert data["department"]["name"] == "沁水县人民法院"
    assert len(data["division"]["committee"]["liaisonGroups"]) == 7
    assert data["viewer"] == {"subject": None, "grants": []}


async def test_unpublished_topics_are_for_the_staff_of_the_place(api: Api) -> None:
    query = """{ topics(filter: {within: "140521"}) { totalCount }
      t: topics(filter: {status: [PROPOSED], within: "140521"}, first: 1) { nodes { id } }
      division(code: "140521") { statistics { topics { total } } } }"""
    anonymous = await api.data(query)
    elsewhere = await api.as_(Role.SECRETARIAT, "140106").data(query)
    staff = await api.as_(Role.SECRETARIAT, "140521").data(query)
    assert elsewhere == anonymous
    assert anonymous["t"]["nodes"] == []
    assert anonymous["topics"]["totalCount"] == anonymous["division"]["statistics"]["topics"]["total"]
    assert staff["topics"]["totalCount"] > anonymous["topics"]["totalCount"]
    (hidden,) = staff["t"]["nodes"]
    node = "query ($id: ID!) { node(id: $id) { id } topic(by: {id: $id}) { id } }"
    assert await api.data(node, id=hidden["id"]) == {"node": None, "topic": None}
    assert await api.as_(Role.AUDITOR, "14").data(node, id=hidden["id"]) == {"node": hidden, "topic": hidden}


async def test_names_of_those_who_came_are_for_the_staff_of_the_place(api: Api) -> None:
    query = """{ sessions(filter: {within: "140106", status: [HELD]}, first: 100) { nodes {
      attendances { nodes { name role } } } } }"""

    async def names(client: Api) -> set[str | None]:
        nodes = (await client.data(query))["sessions"]["nodes"]
        return {one["name"] for session in nodes for one in session["attendances"]["nodes"]}

    assert await names(api) == {None}
    assert len(await names(api.as_(Role.CADRE, "140106"))) > 1
