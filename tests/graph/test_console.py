"""The hall and the desk as the application serves them."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from graphql import OperationDefinitionNode, parse, validate

import graph
from graph.console import DOCUMENTS, STATIC
from graph.documents import TrustedDocuments, read_manifests
from graph.http.console import Console
from graph.schema import Schema
from services.core.database import Database
from services.core.settings import Documents
from services.core.tokens import LocalIssuer
from tests.graph.api import Api
from tests.graph.built import BROWSER, digest, hosts_named, loaded_by_styles
from tests.graph.conftest import application

SOURCE = STATIC.parent / "source"
SCHEMA = Path(graph.__file__).parent / "schema.graphql"
ISSUER = "https://issuer.example.org/realms/shanxi"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self' https://issuer.example.org; base-uri 'self'; form-action 'none'; frame-ancestors 'none'"
)
NEVER_LOADED = {
    "www.w3.org",  # names of namespaces
    "react.dev",  # texts of errors, here and below
    "bit.ly",
    "github.com",
    "react.i18next.com",
    "reactrouter.com",
    "127.0.0.1",  # a base where there is no page
}
OPERATIONS = {each["name"]: each["body"] for each in json.loads(DOCUMENTS.read_text())["operations"]}


@pytest.fixture
def served(schema: Schema, seeded_db: Database, issuer: LocalIssuer) -> Api:
    console = Console(issuer=ISSUER, client_id="shangliang-console")
    return Api(application(schema, seeded_db, issuer, console=console), issuer)


@pytest.mark.parametrize(
    ("path", "base"),
    [
        ("/", "./"),
        ("/calendar", "./"),
        ("/topics/T140521-2023-0018", "../"),
        ("/desk/matters/", "../../"),
        ("/a/b/c/d/e/f/g/h", "../" * 7),
    ],
)
async def test_a_browser_gets_the_page_at_every_address_that_nothing_else_has(
    served: Api, path: str, base: str
) -> None:
    response = await served.http.get(path, headers={"Accept": BROWSER})
    assert (response.status_code, response.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert re.findall(r'<base href="([^"]*)">', response.text) == [base]
    assert response.headers["content-security-policy"] == POLICY
    assert response.headers["cache-control"] == "no-cache"
    again = await served.http.get(path, headers={"Accept": BROWSER, "If-None-Match": response.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("method", "path", "accept"),
    [
        ("GET", "/", "*/*"),
        ("GET", "/platforms/P140521", "application/json"),
        ("GET", "/platforms/P140521", ""),
        ("POST", "/", BROWSER),
        ("DELETE", "/calendar", BROWSER),
        ("GET", "/a/b/c/d/e/f/g/h/i/j", BROWSER),
        ("GET", "/console/nothing.js", BROWSER),
        ("GET", "/console/index.html", BROWSER),
        ("GET", "/graphql/explorer/nothing.js", BROWSER),
    ],
)
async def test_others_get_an_error_as_before(served: Api, method: str, path: str, accept: str) -> None:
    response = await served.http.request(method, path, headers={"Accept": accept})
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize("path", ["/", "/console/settings.json", "/console/LICENSES.txt"])
async def test_switched_off_there_is_no_page(api: Api, path: str) -> None:
    assert (await api.http.get(path, headers={"Accept": BROWSER})).status_code == 404


async def test_what_has_an_address_of_its_own_is_answered_there(served: Api) -> None:
    live = await served.http.get("/livez", headers={"Accept": BROWSER})
    assert (live.status_code, live.headers["content-type"]) == (200, "application/json")
    settings = await served.http.get("/console/settings.json", headers={"Accept": BROWSER})
    assert settings.json() == {"issuer": ISSUER, "clientId": "shangliang-console"}
    assert settings.headers["cache-control"] == "no-cache"


async def test_every_file_that_the_page_names_is_served_to_be_kept(served: Api) -> None:
    page = (await served.http.get("/", headers={"Accept": BROWSER})).text
    assert re.findall(r"<script(?![^>]* src=)|<style|\son\w+=|\sstyle=", page) == []
    names = re.findall(r'(?:src|href)="(console/[^"]+)"', page)
    assert {Path(name).suffix for name in names} == {".svg", ".css", ".js"}
    for name in names:
        plain = await served.http.get(f"/{name}", headers={"Accept-Encoding": "identity"})
        assert plain.content == (STATIC / Path(name).name).read_bytes()
        assert plain.headers["cache-control"] == "public, max-age=31536000, immutable"
        for coding in ("zstd", "gzip"):
            packed = await served.http.get(f"/{name}", headers={"Accept-Encoding": coding})
            assert packed.headers["content-encoding"] == coding
            assert packed.content == plain.content


async def test_the_first_view_takes_less_than_250_kilobytes(served: Api) -> None:
    """What the page names, the hall's own part and the words of both languages: more than any first view takes."""
    page = (await served.http.get("/", headers={"Accept": BROWSER})).text
    first = {Path(name).name for name in re.findall(r'(?:src|href)="(console/[^"]+)"', page)}
    first |= {path.name for kind in ("Province", "zh", "en") for path in STATIC.glob(f"{kind}-*")}
    taken = 0
    for name in first:
        response = await served.http.get(f"/console/{name}", headers={"Accept-Encoding": "gzip"})
        taken += int(response.headers["content-length"])
    assert taken < 250_000


def test_nothing_is_loaded_from_elsewhere() -> None:
    assert hosts_named(STATIC) == NEVER_LOADED
    assert loaded_by_styles(STATIC) == set()


def test_the_committed_files_were_built_from_these_sources() -> None:
    built = digest(SOURCE, {"schema.graphql": SCHEMA})
    assert built in (STATIC / "index.html").read_text(), "run: make console"


def test_the_lock_names_no_address_to_load_from() -> None:
    locked: dict[str, dict[str, Any]] = json.loads((SOURCE / "package-lock.json").read_text())["packages"]
    assert [name for name, package in locked.items() if "resolved" in package] == []
    assert [name for name, package in locked.items() if name and not package.get("integrity")] == []


def test_licences_of_what_is_built_in_are_shipped() -> None:
    packages = re.findall(r"^(\S+) [\d.]+\S* \(", (STATIC / "LICENSES.txt").read_text(), re.MULTILINE)
    assert {"react", "react-dom", "urql", "graphql-ws", "react-router", "i18next", "oidc-client-ts"} <= set(packages)


@pytest.mark.parametrize("name", OPERATIONS)
def test_what_the_pages_ask_is_valid_and_has_one_operation(schema: Schema, name: str) -> None:
    document = parse(OPERATIONS[name])
    assert validate(schema.core, document) == []
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    assert [each.name.value for each in operations if each.name] == [name]


def test_what_the_pages_ask_is_trusted_where_nothing_else_is() -> None:
    trusted = TrustedDocuments(read_manifests([DOCUMENTS]), Documents.ONLY)
    for text in OPERATIONS.values():
        trusted.check(text)
