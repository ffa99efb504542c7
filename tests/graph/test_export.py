import asyncio
import csv
import gzip
import io
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import httpx
import orjson
import pytest
import zstandard

from graph.exports.columns import paths, selection
from graph.exports.formats import BREAKS, BYTE_ORDER_MARK, cell
from graph.exports.lists import LISTS
from graph.http.app import Application
from graph.schema import Schema
from services.core.actor import Role
from services.core.database import Database
from services.core.rows import BATCH
from services.core.tokens import LocalIssuer
from services.migrations.tables import REFUSALS
from tests.events.tools import until
from tests.graph.api import Api, placed
from tests.graph.conftest import application
from tests.graph.reader import Reader
from tests.servers import as_owner

STRIPPED = [" ", "\t", "\r", "\n", "\x0b", "\x1b", "\x85", "\xa0", "\xad", "\u034f", "\u200b", "\u2028", "\u2066",
            "\u3000", "\u3164", "\ufe0f", "\ufeff", "\xa0\n "]  # fmt: skip
"""What spreadsheets pass over at the beginning of a cell."""
CALLERS: Mapping[str, Callable[[Api], Api]] = {
    "anonymous": lambda api: api,
    "cadre": lambda api: api.as_(Role.CADRE, "140521"),
    "auditor": lambda api: api.as_(Role.AUDITOR, "14"),
    "operator": lambda api: api.as_(Role.OPERATOR, "1405"),
    "department": lambda api: api.as_(Role.DEPARTMENT, department="qinshui-forestry"),
}
FILTERS: Mapping[str, dict[str, Any]] = {
    "platforms": {"within": "1405", "tier": ["GENERAL", "SUB"]},
    "topics": {"within": "1405", "or": [{"status": ["LISTED", "PROPOSED"]}, {"departmentKind": ["COURT"]}]},
    "sessions": {"within": "1405", "scheduled": {"from": "2025-01-01T00:00:00Z"}},
    "matters": {"within": "1405", "overdue": False},
    "commitments": {"within": "1405", "status": ["DONE", "IN_PROGRESS"]},
    "departments": {"within": "1405"},
    "notices": {},
    "grants": {},
}
INPUTS = {name: f"{name[:-1].capitalize()}Filter" for name in LISTS} | {"matters": "MatterFilter"}


async def paged(api: Api, schema: Schema, name: str, filter_: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the same list with the same columns, read by pages."""
    query = schema.core.query_type
    assert query is not None
    item = query.fields[name].type.fields["nodes"].type.of_type.of_type.of_type
    asked = f"""query($filter: {INPUTS[name]}, $after: String) {{ {name}(filter: $filter, first: 100, after: $after)
      {{ nodes {selection(paths(item, LISTS[name]))} pageInfo {{ hasNextPage endCursor }} }} }}"""
    found: list[dict[str, Any]] = []
    after = None
    while True:
        page = (await api.data(asked, filter=filter_, after=after))[name]
        found += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


async def lines(api: Api, path: str, **parameters: Any) -> list[dict[str, Any]]:
    response = await api.http.get(f"/export/{path}", params=parameters)
    assert response.status_code == 200, response.text
    return [orjson.loads(line) for line in response.text.splitlines()]


async def records(api: Api, path: str, **parameters: Any) -> list[list[str]]:
    response = await api.http.get(f"/export/{path}", params=parameters)
    assert response.status_code == 200, response.text
    assert response.text.startswith(BYTE_ORDER_MARK)
    return list(csv.reader(io.StringIO(response.text.removeprefix(BYTE_ORDER_MARK), newline="")))


async def problem(api: Api, path: str, **parameters: Any) -> str:
    """Return the message of the one error of a request that is refused as a bad one."""
    response = await api.http.get(f"/export/{path}", params=parameters)
    assert response.status_code == 400
    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    message: str = error["message"]
    return message


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("name", LISTS)
async def test_export_has_what_the_list_has_for_every_caller(api: Api, schema: Schema, name: str, caller: str) -> None:
    somebody = CALLERS[caller](api)
    expected = await paged(somebody, schema, name, FILTERS[name])
    given = orjson.dumps(FILTERS[name]).decode()
    assert await lines(somebody, f"{name}.jsonl", filter=given) == expected
    head, *rows = await records(somebody, f"{name}.csv", filter=given)
    assert head == list(LISTS[name])
    assert len(rows) == len(expected)
    assert [row[0] for row in rows] == [str(row[head[0]]) for row in expected]


async def test_callers_see_different_lists(api: Api) -> None:
    asked = {"within": "1405", "fields": "number"}
    counts = {name: len(await lines(as_(api), "topics.jsonl", **asked)) for name, as_ in CALLERS.items()}
    assert counts["anonymous"] == counts["operator"] < counts["cadre"] < counts["auditor"]


async def test_export_longer_than_a_batch_is_whole_and_in_its_order(api: Api) -> None:
    found = [row["number"] for row in await lines(api, "topics.jsonl", fields="number")]
    total = (await api.data("{ topics { totalCount } }"))["topics"]["totalCount"]
    assert len(found) == total > 2 * BATCH
    assert found == sorted(set(found))


async def test_parameters_are_fields_of_the_filter(api: Api) -> None:
    plain = {"within": "14", "status": ["LISTED", "RESOLVED"], "planned": "false", "text": "路"}
    given = await lines(api, "topics.jsonl", **plain, **{"proposed.from": "2024-06-01T00:00:00Z"})
    whole = {**plain, "planned": False, "proposed": {"from": "2024-06-01T00:00:00Z"}}
    assert given == await lines(api, "topics.jsonl", filter=orjson.dumps(whole).decode())
    assert 0 < len(given) < len(await lines(api, "topics.jsonl", within="14"))
    both = await lines(api, "topics.jsonl", filter='{"within": "14", "text": "路"}', status="LISTED")
    assert both == await lines(api, "topics.jsonl", within="14", text="路", status="LISTED")


async def test_order_and_columns_are_chosen(api: Api) -> None:
    order = '[{"scheduledAt": "DESC"}, {"number": "DESC"}]'
    chosen = {
        "within": "140521",
        "orderBy": order,
        "fields": "platform.name, number,involvements.department.name,number",
    }
    rows = await lines(api, "topics.jsonl", **chosen)
    asked = """{ topics(filter: {within: "140521"}, orderBy: [{scheduledAt: DESC}, {number: DESC}], first: 100)
      { nodes { platform { name } number involvements { department { name } } } } }"""
    expected = (await api.data(asked))["topics"]["nodes"]
    assert rows[:100] == expected
    head, *found = await records(api, "topics.csv", **chosen)
    assert head == ["platform.name", "number", "involvements.department.name"]
    names = ["; ".join(part["department"]["name"] for part in row["involvements"]) for row in expected]
    assert [row[2] for row in found[:100]] == names


async def test_texts_come_through_csv_as_they_are(writing: Api, writable_db: Database) -> None:
    title = '他说:"先修路, 再种树"'
    summary = '一\r\n二,三\n"四"'
    async with as_owner(writable_db) as tx:
        connection = await tx.connection()
        number = (await connection.exec_driver_sql("SELECT min(number) FROM topic")).scalar_one()
        await connection.exec_driver_sql(
            "UPDATE topic SET title = $1, summary = $2 WHERE number = $3", (title, summary, number)
        )
        await connection.exec_driver_sql("UPDATE topic SET title = $1 WHERE number > $2", ("=1+2", number))
    response = await writing.http.get("/export/topics.csv", params={"fields": "title,summary,resolution,version"})
    head, _, first = response.content.partition(b"\r\n")
    assert head == b"\xef\xbb\xbftitle,summary,resolution,version"
    written = '"他说:""先修路, 再种树""","一\r\n二,三\n""四"""'
    assert first.startswith(written.encode())
    _, row, other, *_ = await records(writing, "topics.csv", fields="title,summary")
    assert row == [title, summary]
    assert other[0] == "'=1+2"
    assert (await lines(writing, "topics.jsonl", fields="title"))[1] == {"title": "=1+2"}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        *[(f"{risky}1", f"'{risky}1") for risky in ("=", "+", "-", "@", "\t", "\r", "\n", *"＝＋－＠﹦﹢﹣﹫")],
        *[(f"{stripped}=1", f"'{stripped}=1") for stripped in STRIPPED],
        *[(f"{stripped}甲=1", f"{stripped}甲=1") for stripped in STRIPPED if stripped not in BREAKS],
        ("1=1", "1=1"),
        ("", ""),
        (None, ""),
        (-3, "-3"),
        (4.5, "4.5"),
        (True, "true"),
        (["=a", None, ["b", 1]], "'=a; b; 1"),
        ([], ""),
    ],
)
def test_cell_is_no_formula(content: object, expected: str) -> None:
    assert cell(content) == expected


@pytest.mark.parametrize("accept", ["gzip", "zstd"])
async def test_export_is_compressed_as_it_goes(api: Api, accept: str) -> None:
    plain = await api.http.get("/export/topics.csv", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    async with api.http.stream("GET", "/export/topics.csv", headers={"Accept-Encoding": accept}) as response:
        parts = [part async for part in response.aiter_raw()]
    assert response.headers["content-encoding"] == accept
    content = b"".join(parts)
    if accept == "gzip":
        assert gzip.decompress(content) == plain.content
    else:
        assert zstandard.ZstdDecompressor().decompressobj().decompress(content) == plain.content
    assert len(content) < len(plain.content) / 3


async def test_empty_list_is_a_file_too(api: Api) -> None:
    assert await records(api, "topics.csv", text="没有这样的议题") == [list(LISTS["topics"])]
    assert await lines(api, "topics.jsonl", text="没有这样的议题") == []


async def test_file_is_named_and_not_kept(api: Api) -> None:
    head = await api.http.head("/export/topics.csv", params={"within": "140521"})
    got = await api.http.get("/export/topics.csv", params={"within": "140521"})
    assert (head.status_code, head.content) == (200, b"")
    ids = {one.headers.pop("x-request-id") for one in (head, got)}
    assert len(ids) == 2
    assert dict(head.headers) == dict(got.headers)
    assert got.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    disposition = got.headers["content-disposition"]
    assert disposition.startswith('attachment; filename="topics-20')
    assert disposition.endswith('.csv"')
    assert got.headers["cache-control"] == "private, no-store"
    assert got.headers["vary"] == "Accept-Encoding, Authorization"


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({"fields": "nummer"}, "'nummer' is no column: Topic has category, confirmedFixedAt"),
        (
            {"fields": "platform"},
            "'platform' is no column: it is a Platform; choose of platform.closedOn,",
        ),
        ({"fields": "platform.colour"}, "'platform.colour' is no column: Platform has ancestors"),
        ({"fields": "number.x"}, "'number.x' is no column: nothing is reached through number."),
        ({"fields": "sessions.venue"}, "'sessions.venue' is no column: nothing is reached through sessions."),
        ({"fields": "sessions"}, "'sessions' is no column: it is no single value"),
        ({"filter": "{"}, "The parameter filter is not JSON"),
        ({"filter": "[1]", "within": "14"}, "The parameter filter is not a JSON object."),
        ({"filter": '{"colour": 1}'}, "Variable '$filter' has invalid value: Expected value of type 'TopicFilter'"),
        ({"filter": '{"within": "14"}', "within": "14"}, "within stands in the filter and beside it; give it once."),
        ({"orderBy": "number"}, "The parameter orderBy is not JSON"),
        ({"orderBy": '[{"number": "UP"}]'}, "Variable '$orderBy' has invalid value at [0].number"),
        ({"colour": "red"}, "There is no parameter 'colour'; TopicFilter has and, category"),
        ({"proposed.since": "2024"}, "There is no parameter 'proposed.since'; DateTimeRange has fields, filter, from"),
        ({"proposed": "2024"}, "The parameter proposed is an object; give it in filter, or as proposed.from"),
        ({"within": ["14", "15"]}, "The parameter within is given 2 times; it has one value."),
        ({"within": "Taiyuan"}, "Variable '$filter' has invalid value at .within"),
        ({"status": "LOST"}, "Variable '$filter' has invalid value at .status[0]"),
        ({"planned": "perhaps"}, "Variable '$filter' has invalid value at .planned"),
        ({"filter": '{"department": "\\u0000"}'}, "A value cannot be used: "),
        ({"platform": "topic_1"}, "'topic_1' is not an id of the form platform_"),
    ],
)
async def test_what_is_wrong_is_told(api: Api, parameters: dict[str, Any], told: str) -> None:
    assert (await problem(api, "topics.csv", **parameters)).startswith(told)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("parameters", "path"),
    [
        ({"within": "999999"}, ["filter", "within"]),
        ({"filter": '{"or": [{"department": "nope"}, {"planned": true}]}'}, ["filter", "or", "department"]),
    ],
)
async def test_what_the_filter_names_and_is_not_there_is_told(
    api: Api, method: str, parameters: dict[str, str], path: list[str]
) -> None:
    response = await api.http.request(method, "/export/topics.csv", params=parameters)
    assert response.status_code == 400
    if method == "GET":
        (error,) = response.json()["errors"]
        assert placed(error) == {"code": "NOT_FOUND", "path": path}


async def test_every_wrong_column_is_told(api: Api) -> None:
    response = await api.http.get("/export/topics.csv", params={"fields": "a,number,b"})
    assert [error["message"][:3] for error in response.json()["errors"]] == ["'a'", "'b'"]


async def test_list_without_orders_takes_none(api: Api) -> None:
    told = await problem(api, "grants.csv", orderBy='[{"grantedAt": "ASC"}]')
    assert told == "The list grants has one order; leave orderBy out."


@pytest.mark.parametrize("path", ["outcomes.csv", "topics.xlsx", "topics.csv.jsonl"])
async def test_other_exports_are_not_found(api: Api, path: str) -> None:
    response = await api.http.get(f"/export/{path}")
    assert response.status_code == 404
    (error,) = response.json()["errors"]
    assert error["message"].endswith("there is one of " + ", ".join(LISTS) + ", as csv or jsonl.")


async def test_only_get_and_good_tokens_are_taken(api: Api) -> None:
    response = await api.http.post("/export/topics.csv")
    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD")
    response = await api.http.get("/export/topics.csv", headers={"Authorization": "Bearer nonsense"})
    assert response.status_code == 401
    assert response.json()["errors"][0]["extensions"]["code"] == "INVALID_TOKEN"


async def test_deep_columns_have_the_limits_of_queries(api: Api) -> None:
    response = await api.http.get("/export/topics.csv", params={"fields": "platform." + "parent." * 20 + "name"})
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"] == {
        "code": "LIMIT_DEPTH",
        "limit": 20,
        "value": 24,
        "parameters": {"limit": 20, "value": 24},
    }


@pytest.fixture
def streaming(schema: Schema, seeded_db: Database, issuer: LocalIssuer) -> Application:
    return application(schema, seeded_db, issuer)


async def backends(db: Database) -> list[str]:
    """Return the states of the connections that exports have."""
    statement = """SELECT state FROM pg_stat_activity
      WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid() ORDER BY backend_start"""
    async with as_owner(db) as tx:
        return [row[0] for row in await (await tx.connection()).exec_driver_sql(statement)]


async def shown(db: Database, *states: str) -> bool:
    return await backends(db) == list(states)


async def test_client_that_leaves_ends_the_read(streaming: Application, seeded_db: Database) -> None:
    reader = Reader(streaming)
    await reader.take(2)
    assert seeded_db.rows.under_way == 1
    assert await backends(seeded_db) == ["idle in transaction"]
    await reader.leave()
    assert not reader.ended
    assert seeded_db.rows.under_way == 0
    await until(lambda: shown(seeded_db))


async def test_client_that_leaves_ends_a_read_that_waits(
    writable_db: Database, schema: Schema, issuer: LocalIssuer
) -> None:
    async with as_owner(writable_db) as tx:
        await (await tx.connection()).exec_driver_sql("LOCK TABLE topic IN ACCESS EXCLUSIVE MODE")
        reader = Reader(application(schema, writable_db, issuer))
        await until(lambda: shown(writable_db, "idle in transaction", "active"))
        await reader.leave()
        assert (reader.statuses, writable_db.rows.under_way) == ([], 0)
        assert await backends(writable_db) == ["idle in transaction"]


async def test_nothing_is_read_that_is_not_taken(streaming: Application, seeded_db: Database) -> None:
    reader = Reader(streaming)
    await reader.take(1)
    await asyncio.sleep(0.3)
    assert len(reader.parts) == 1
    assert reader.parts[0].count(b"\n") == BATCH
    assert await backends(seeded_db) == ["idle in transaction"]
    await reader.leave()


async def test_all_rows_are_of_one_moment(writable_db: Database, schema: Schema, issuer: LocalIssuer) -> None:
    reader = Reader(application(schema, writable_db, issuer))
    await reader.take(1)
    async with as_owner(writable_db) as tx:
        await (await tx.connection()).exec_driver_sql("UPDATE topic SET title = 'changed meanwhile'")
    while not reader.ended:
        await reader.take(1)
    assert b"changed meanwhile" not in b"".join(reader.parts)


async def test_export_whose_connection_is_lost_is_cut_short(streaming: Application, seeded_db: Database) -> None:
    reader = Reader(streaming)
    await reader.take(1)
    async with as_owner(seeded_db) as tx:
        await (await tx.connection()).exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction' "
            "AND datname = current_database() AND pid <> pg_backend_pid()"
        )
    with suppress(TimeoutError):
        await asyncio.wait_for(reader.take(3), 2)
    await asyncio.wait_for(reader.answered, 10)
    assert reader.statuses == [200]
    assert not reader.ended
    assert seeded_db.rows.under_way == 0


async def test_no_more_exports_than_may_be_are_under_way(seeded_url: str, schema: Schema, issuer: LocalIssuer) -> None:
    db = await Database.open(seeded_url, refusals=REFUSALS, read_connections=1, export_connections=1)
    app = application(schema, db, issuer)
    reader = Reader(app)
    await reader.take(1)
    response: httpx.Response = await Api(app, issuer).http.get("/export/topics.csv")
    assert (response.status_code, response.headers["retry-after"]) == (503, "10")
    assert response.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
    await reader.leave()
    assert (await Api(app, issuer).http.get("/export/platforms.csv")).status_code == 200
    await db.close()
