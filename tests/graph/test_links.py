"""Where the links in events lead."""

from dataclasses import replace
from urllib.parse import urlsplit

import httpx
import pytest

from events.contract.files import served_documents
from events.contract.messages import EVENTS
from events.messages.outgoing import cloud_event
from graph.http.console import Console
from graph.schema import Schema
from services.core.database import Database
from services.core.tokens import LocalIssuer
from tests.graph.api import Api
from tests.graph.built import BROWSER
from tests.graph.conftest import application
from tests.unit.events.test_messages import NOTICE

PUBLIC = "http://test"


async def number_of(api: Api) -> str:
    found = await api.data('{ topics(filter: {within: "140521"}, first: 1) { nodes { number } } }')
    number: str = found["topics"]["nodes"][0]["number"]
    return number


async def test_program_that_follows_the_link_in_an_event_gets_the_topic(api: Api) -> None:
    number = await number_of(api)
    link = cloud_event(NOTICE, public_url=PUBLIC)["data"]["link"].replace(str(NOTICE.subject), number)
    assert link == f"{PUBLIC}/topics/{number}"
    sent_on = await api.http.get(link, headers={"Accept": "application/json"})
    assert sent_on.status_code == 303
    assert sent_on.headers["location"].startswith("../graphql?query=")
    answer = (await api.http.get(link, follow_redirects=True)).json()
    assert answer["data"]["topic"]["number"] == number


async def test_browser_that_follows_the_link_gets_the_page(
    schema: Schema, seeded_db: Database, issuer: LocalIssuer
) -> None:
    console = Console(issuer=None, client_id="shangliang-console")
    served = Api(application(schema, seeded_db, issuer, console=console), issuer)
    path = f"/topics/{await number_of(served)}"
    assert (await served.http.get(path, headers={"Accept": BROWSER})).text.startswith("<!doctype html>")
    assert (await served.http.get(path, headers={"Accept": "application/json"})).status_code == 303


@pytest.mark.parametrize("number", ["T999999-2023-0001", '"}) { id } }', "题"])
async def test_link_to_no_topic_gives_null(api: Api, number: str) -> None:
    link = str(httpx.URL(f"{PUBLIC}/topics/").copy_with(path=f"/topics/{number}"))
    answer = (await api.http.get(link, follow_redirects=True)).json()
    assert answer == {"data": {"topic": None}}


@pytest.mark.parametrize("path", ["/topics", "/topics/", "/topics/T1/more", "/elsewhere"])
async def test_what_is_no_link_is_not_found(api: Api, path: str) -> None:
    response = await api.http.get(path)
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (404, "NOT_FOUND")


async def test_link_takes_nothing_but_reading(api: Api) -> None:
    assert (await api.http.post(f"/topics/{await number_of(api)}")).status_code == 404


def test_schema_of_every_event_is_served_where_the_event_says() -> None:
    served = served_documents()
    asked = [cloud_event(replace(NOTICE, type=each.type), public_url=PUBLIC)["dataschema"] for each in EVENTS]
    assert len(asked) == len(EVENTS) > 0
    assert {urlsplit(address).path for address in asked} <= set(served)
