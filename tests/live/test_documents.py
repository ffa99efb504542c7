"""Trusted documents, out of manifests that Apollo's and Relay's tools wrote, over every transport."""

import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from graph.documents import ManifestInvalid, read_manifests
from services.core.settings import Settings
from services.core.tokens import LocalIssuer
from tests.live.place import Place, Places
from tests.live.talking import talking
from tests.serving import Served, serving

MANIFESTS = Path(__file__).parents[1] / "graph" / "manifests"
APOLLO, RELAY = MANIFESTS / "apollo.json", MANIFESTS / "relay.json"
"""Written by @apollo/generate-persisted-query-manifest 1.4.0 and relay-compiler 21.0.1."""
BY_NAME = {one["name"]: one for one in json.loads(APOLLO.read_text())["operations"]}
((RELAY_ID, RELAY_TEXT),) = json.loads(RELAY.read_text()).items()
CODE = {"code": "140521"}
OTHER = '{ division(code: "14") { nam } }'
INTROSPECTION = "{ __schema { queryType { name } } }"
PLACE = ("沁水县", "140521")

EMPTY = {"format": "apollo-persisted-query-manifest", "version": 1}


def persisted(sha256: str) -> dict[str, Any]:
    return {"persistedQuery": {"version": 1, "sha256Hash": sha256}}


ASKED: dict[str, dict[str, Any]] = {
    "Apollo, by digest": {"extensions": persisted(BY_NAME["Place"]["id"]), "operationName": "Place"},
    "Apollo, by documentId": {"documentId": BY_NAME["Place"]["id"]},
    "Apollo, by a prefixed documentId": {"documentId": f"sha256:{BY_NAME['Place']['id']}"},
    "Apollo, by its text": {"query": BY_NAME["Place"]["body"]},
    "Apollo, by its text and digest": {
        "query": BY_NAME["Place"]["body"],
        "extensions": persisted(BY_NAME["Place"]["id"]),
    },
    "Relay, by doc_id": {"doc_id": RELAY_ID},
    "Relay, by documentId": {"documentId": RELAY_ID},
    "Relay, by the digest of its text": {
        "documentId": f"sha256:{hashlib.sha256(RELAY_TEXT.encode()).hexdigest().upper()}"
    },
}
REFUSED: dict[str, dict[str, Any]] = {
    "another document": {"query": OTHER},
    "introspection": {"query": INTROSPECTION},
    "a trusted one in other words": {"query": BY_NAME["Place"]["body"] + " "},
    "what does not parse": {"query": "{"},
    "no document": {"query": ""},
    "another with its digest": {
        "query": OTHER,
        "extensions": persisted(hashlib.sha256(OTHER.encode()).hexdigest()),
    },
    "an unknown digest": {"extensions": persisted("0" * 64)},
    "an unknown id": {"documentId": "nothing"},
    "an unknown doc_id": {"doc_id": "sha256:" + "0" * 64},
    "the subgraph's schema": {"query": "{ _service { sdl } }"},
}


@pytest.fixture(scope="module")
async def only(places: Places, issuer: LocalIssuer, key: Path) -> AsyncIterator[Served]:
    """A service that takes trusted documents only."""
    assert issuer is not None
    own = {"trusted_documents": f"{APOLLO}, {RELAY}", "documents": "only"}
    async with serving(places.world.url, key, **own) as served:
        yield served


def code_of(answer: dict[str, Any]) -> str:
    assert "data" not in answer
    (error,) = answer["errors"]
    code: str = error["extensions"]["code"]
    return code


def as_parameters(fields: dict[str, Any]) -> dict[str, str]:
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in fields.items()}


async def answers(served: Served, fields: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what a request is answered over every transport."""
    async with httpx.AsyncClient() as http:
        found = [(await http.post(served.http, json=fields)).json()]
        found.append((await http.get(served.http, params=as_parameters(fields))).json())
        async with http.stream("POST", served.http, json=fields, headers={"Accept": "text/event-stream"}) as stream:
            lines = [line async for line in stream.aiter_lines()]
        found.append(json.loads(next(line for line in lines if line.startswith("data: {")).removeprefix("data: ")))
    async with talking(served) as talk:
        await talk.initialise()
        await talk.say(type="subscribe", id="a", payload=fields)
        message = await talk.hear()
        found.append(message["payload"] if message["type"] == "next" else {"errors": message["payload"]})
    return found


@pytest.mark.parametrize("way", [*ASKED])
async def test_trusted_documents_are_taken(only: Served, way: str) -> None:
    for answer in await answers(only, {**ASKED[way], "variables": CODE}):
        found = answer["data"]["division"]
        assert ((found["name"], found["code"]), "errors" in answer) == (PLACE, False)


@pytest.mark.parametrize("what", [*REFUSED])
async def test_others_are_refused_over_every_transport(only: Served, what: str) -> None:
    found = await answers(only, REFUSED[what])
    assert [code_of(answer) for answer in found] == ["DOCUMENT_NOT_TRUSTED"] * 4
    assert "nam" not in found[0]["errors"][0]["message"]


async def test_trusted_subscription_is_followed(only: Served, place: Place, token: str) -> None:
    fields = {"documentId": BY_NAME["Follow"]["id"], "variables": {"within": place.code}}
    async with talking(only) as talk:
        await talk.initialise(token)
        await talk.say(type="subscribe", id="a", payload=fields)
        await talk.say(type="ping")
        assert await talk.hear() == {"type": "pong"}
        await place.propose()
        assert (await talk.next("a"))["type"] == "topic.proposed"


async def test_neither_suggestions_nor_the_schema_are_told(only: Served) -> None:
    async with httpx.AsyncClient(base_url=only.address) as http:
        wrong = (await http.post("/graphql", json={"documentId": BY_NAME["Misspelt"]["id"]})).json()
        assert wrong["errors"][0]["message"] == "Cannot query field 'nam' on type 'Division'."
        assert (await http.get("/schema.graphql")).status_code == 404
        assert (await http.get("/graphql", headers={"Accept": "text/html"})).status_code == 406


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"documentId": "a", "query": "{ __typename }"}, "not both"),
        ({"documentId": "a", "doc_id": "a"}, "is one text"),
        ({"documentId": 7}, "is one text"),
        ({"documentId": ""}, "is one text"),
    ],
)
async def test_ids_that_are_none_are_refused(only: Served, fields: dict[str, Any], told: str) -> None:
    async with httpx.AsyncClient() as http:
        answer = await http.post(only.http, json=fields)
        assert (answer.status_code, told in answer.json()["errors"][0]["message"]) == (400, True)


async def test_exports_are_made_as_ever(only: Served) -> None:
    async with httpx.AsyncClient(base_url=only.address) as http:
        assert (await http.get("/export/platforms.csv", params={"fields": "code"})).status_code == 200


@pytest.mark.parametrize("path", ["/calendar/divisions/140521.ics", "/feed/divisions/140521.atom"])
async def test_calendars_and_feeds_are_told_as_ever(only: Served, path: str) -> None:
    async with httpx.AsyncClient(base_url=only.address) as http:
        assert (await http.get(path)).status_code == 200


async def test_without_the_setting_ids_are_taken_and_others_too(places: Places, key: Path, issuer: LocalIssuer) -> None:
    assert issuer is not None
    async with serving(places.world.url, key, trusted_documents=str(RELAY)) as served:
        for fields in ({"doc_id": RELAY_ID, "variables": CODE}, {"query": "{ __typename }"}):
            assert ["data" in answer for answer in await answers(served, fields)] == [True] * 4
        assert {code_of(answer) for answer in await answers(served, {"doc_id": "no"})} == {"DOCUMENT_NOT_TRUSTED"}


async def test_others_are_told_of_once(
    places: Places, key: Path, issuer: LocalIssuer, capfd: pytest.CaptureFixture[str]
) -> None:
    assert issuer is not None
    async with serving(places.world.url, key, trusted_documents=str(RELAY), documents="logged") as served:
        for fields in ({"doc_id": RELAY_ID, "variables": CODE}, {"query": INTROSPECTION}, {"query": INTROSPECTION}):
            assert ["data" in answer for answer in await answers(served, fields)] == [True] * 4
    told = [line for line in capfd.readouterr().err.splitlines() if "a document is not trusted" in line]
    assert [hashlib.sha256(INTROSPECTION.encode()).hexdigest() in line for line in told] == [True]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "cannot be read: No such file"),
        ("{", "is not JSON"),
        ("[]", "is not an object"),
        ('{"a": 1}', "has no text for the id 'a'"),
        ('{"format": "other", "version": 1}', "is not of the format"),
        ('{"format": "apollo-persisted-query-manifest", "version": 2, "operations": []}', "in version 1"),
        ('{"format": "apollo-persisted-query-manifest", "version": 1}', "has no list of operations"),
        ('{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id": "a"}]}', "id or body"),
        (
            json.dumps({**EMPTY, "operations": [{"id": "a", "body": "{a}"}, {"id": "a", "body": "{b}"}]}),
            "to two documents",
        ),
        (json.dumps({RELAY_ID: "{ __typename }"}), "to another document than one before it"),
    ],
)
def test_manifests_that_cannot_be_used_are_named(tmp_path: Path, content: str | None, told: str) -> None:
    file = tmp_path / "manifest.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(ManifestInvalid, match="of SHANGLIANG_TRUSTED_DOCUMENTS") as refused:
        read_manifests([RELAY, file])
    assert str(file) in str(refused.value)
    assert told in str(refused.value)


def test_mode_without_manifests_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHANGLIANG_DOCUMENTS", "only")
    assert Settings().trusted_documents == ()  # the pages' own are trusted
    monkeypatch.setenv("SHANGLIANG_CONSOLE", "false")
    with pytest.raises(ValidationError, match="SHANGLIANG_TRUSTED_DOCUMENTS is empty"):
        Settings()
