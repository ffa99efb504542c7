"""GraphiQL as the application serves it, and the examples that it offers."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from graphql import parse, validate

from graph import explorer
from graph.http.explorer import POLICY
from graph.schema import Schema
from tests.graph.api import Api
from tests.graph.built import BROWSER, digest, hosts_named, loaded_by_styles

HTML, JSON = "text/html; charset=utf-8", "application/json; charset=utf-8"
FOLDER = Path(explorer.__file__).parent
STATIC = FOLDER / "static"
EXAMPLES = {path.stem: path.read_text() for path in sorted((FOLDER / "source" / "examples").glob("*.graphql"))}
NEVER_LOADED = {
    "www.w3.org",  # names of namespaces
    "react.dev",  # texts of errors, here and below
    "codemirror.net",
    "commonmark.org",
    "en.wikipedia.org",
    "yarnpkg.com",
    "github.com",  # GraphiQL's own logo, which this page replaces
}


def variables(example: str) -> dict[str, Any]:
    values: dict[str, Any] = json.loads((FOLDER / "source" / "examples" / f"{example}.json").read_text())
    return values


@pytest.mark.parametrize(
    ("method", "accept", "status", "type_"),
    [
        ("GET", BROWSER, 200, HTML),
        ("HEAD", BROWSER, 200, HTML),
        ("GET", "text/html", 200, HTML),
        ("GET", "application/json;q=0.5, text/html", 200, HTML),
        ("GET", "*/*", 400, JSON),
        ("GET", "", 400, JSON),
        ("GET", "application/json, text/html", 400, JSON),
        ("GET", "text/html;q=0.5, */*", 400, JSON),
        ("GET", "text/*", 406, JSON),
        ("POST", BROWSER, 415, JSON),
        ("DELETE", BROWSER, 405, JSON),
    ],
)
async def test_only_a_browsers_get_is_answered_with_the_page(
    api: Api, method: str, accept: str, status: int, type_: str
) -> None:
    response = await api.http.request(method, "/graphql", headers={"Accept": accept})
    assert (response.status_code, response.headers["content-type"]) == (status, type_)


async def test_a_query_in_a_browsers_address_is_answered_by_the_api(api: Api) -> None:
    response = await api.http.get("/graphql", params={"query": "{ __typename }"}, headers={"Accept": BROWSER})
    assert response.json() == {"data": {"__typename": "Query"}}


async def test_the_page_allows_nothing_inline_and_nothing_foreign(api: Api) -> None:
    response = await api.http.get("/graphql", headers={"Accept": BROWSER})
    assert response.headers["content-security-policy"] == POLICY
    assert response.headers["cache-control"] == "no-cache"
    assert response.headers["vary"] == "Accept, Accept-Encoding"
    assert re.findall(r"'unsafe|https?:|\*", POLICY) == []
    assert re.findall(r"<script(?![^>]* src=)|<style|\son\w+=|\sstyle=", response.text) == []


async def test_every_file_that_the_page_names_is_served_to_be_kept(api: Api) -> None:
    page = (await api.http.get("/graphql", headers={"Accept": BROWSER})).text
    names = re.findall(r'(?:src|href)="(graphql/explorer/[^"]+)"', page)
    kinds = [Path(name).suffix for name in names]
    assert kinds == [".svg", ".css", ".js"]
    for name in names:
        plain = await api.http.get(f"/{name}", headers={"Accept-Encoding": "identity"})
        assert plain.content == (STATIC / Path(name).name).read_bytes()
        assert plain.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert plain.headers["x-content-type-options"] == "nosniff"
        packed = await api.http.get(f"/{name}", headers={"Accept-Encoding": "gzip"})
        assert packed.headers["content-encoding"] == "gzip"
        assert int(packed.headers["content-length"]) == len(gzip.compress(plain.content, mtime=0))
        assert packed.content == plain.content
        again = await api.http.get(f"/{name}", headers={"If-None-Match": plain.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


async def test_licences_are_shipped_and_other_names_are_not_found(api: Api) -> None:
    licences = await api.http.get("/graphql/explorer/LICENSES.txt")
    assert (licences.status_code, licences.headers["cache-control"]) == (200, "no-cache")
    packages = set(re.findall(r"^(\S+) [\d.]+\S* \(", licences.text, re.MULTILINE))
    assert {"graphiql", "graphql", "graphql-ws", "codemirror", "react", "react-dom"} <= packages
    for name in ("nothing.js", "..%2f__init__.py", "%2e%2e/assets.py"):
        assert (await api.http.get(f"/graphql/explorer/{name}")).status_code == 404


def test_nothing_is_loaded_from_elsewhere() -> None:
    assert hosts_named(STATIC) == NEVER_LOADED
    assert loaded_by_styles(STATIC) == {"data:image/png;"}


@pytest.mark.parametrize("accept", [BROWSER, "*/*"])
async def test_switched_off_there_is_only_the_api(plain_api: Api, accept: str) -> None:
    client = plain_api.http
    answered = await client.get("/graphql", headers={"Accept": accept})
    assert (answered.status_code, answered.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_REQUEST")
    assert (await client.get("/graphql/explorer/LICENSES.txt")).status_code == 404
    asked = await client.get("/graphql", params={"query": "{ __typename }"}, headers={"Accept": accept})
    assert asked.json() == {"data": {"__typename": "Query"}}


def test_the_committed_files_were_built_from_these_sources() -> None:
    assert digest(FOLDER / "source") in (STATIC / "index.html").read_text(), "run: make explorer"


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_are_valid(schema: Schema, example: str) -> None:
    document = parse(EXAMPLES[example])
    assert validate(schema.core, document) == []


async def test_example_queries_find_what_they_tell_of(api: Api) -> None:
    hierarchy = (await api.data(EXAMPLES["hierarchy"], **variables("hierarchy")))["division"]
    assert (hierarchy["name"], hierarchy["statistics"]["platforms"]["micro"]) == ("迎泽区", 71)
    topics = (await api.data(EXAMPLES["search"], **variables("search")))["topics"]
    assert len(topics["nodes"]) == 5
    assert all(one["involvements"] for one in topics["nodes"])
    province = (await api.data(EXAMPLES["cities"], **variables("cities")))["division"]
    assert len(province["children"]) == 11
    assert sum(city["sessionsHeld"] for city in figures(province)) == province["statistics"]["sessionsHeld"] > 0


def figures(division: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the statistics of a division's children."""
    return [child["statistics"] for child in division["children"]]


async def test_the_example_mutation_schedules_what_its_query_finds(writing: Api) -> None:
    asked = {"query": EXAMPLES["schedule"], "operationName": "Listed", "variables": variables("schedule")}
    topic = (await writing.http.post("/graphql", json=asked)).json()["data"]["topics"]["nodes"][0]
    values = variables("schedule")
    values["input"] |= {"platform": topic["platform"]["id"], "topics": [topic["id"]]}
    acted = {**asked, "operationName": "Schedule", "variables": values}
    payload = (await writing.http.post("/graphql", json=acted)).json()["data"]["scheduleSession"]
    assert payload["errors"] == []
    assert [one["status"] for one in payload["session"]["topics"]] == ["SCHEDULED"]
