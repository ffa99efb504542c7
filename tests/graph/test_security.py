from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from graph.schema import Schema
from services.core.actor import Role
from services.core.database import Database
from services.core.security import SecurityEvent
from services.core.tokens import GrantClaim, LocalIssuer
from tests.graph.api import Api
from tests.graph.conftest import application
from tests.graph.test_access import GRANT, REVOKE
from tests.graph.test_metrics import values
from tests.security import Kept

QUERY = "{ __typename }"
COURT = "qinshui-court"
SUBJECT = "somebody"
HOUR = timedelta(hours=1)


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def watched_api(schema: Schema, seeded_db: Database, issuer: LocalIssuer, kept: Kept) -> Api:
    return Api(application(schema, seeded_db, issuer, security=kept.log), issuer)


@pytest.fixture
def watched_writing(schema: Schema, writable_db: Database, issuer: LocalIssuer, kept: Kept) -> Api:
    return Api(application(schema, writable_db, issuer, security=kept.log), issuer)


def told(kept: Kept, subject: str | None = SUBJECT, **fields: object) -> dict[str, object]:
    return {**fields, "subject": kept.log.hashed(subject)}


@pytest.fixture
def bad_tokens(issuer: LocalIssuer, tmp_path: Path) -> dict[str, str]:
    now, grant = datetime.now(UTC), GrantClaim(role=Role.CADRE)
    good = issuer.sign(SUBJECT, [grant], now=now, lifetime=HOUR)
    stranger = LocalIssuer.load(tmp_path / "other.pem", audience="shangliang")
    elsewhere = LocalIssuer(issuer._key, "elsewhere")  # noqa: SLF001 -- the same key for another audience
    return {
        "Basic c29tZWJvZHk6c2VjcmV0": "no_bearer",
        "Bearer nonsense": "decode_error",
        f"Bearer {good[:-8]}AAAAAAAA": "unknown_key",
        f"Bearer {stranger.sign(SUBJECT, [grant], now=now, lifetime=HOUR)}": "unknown_key",
        f"Bearer {issuer.sign(SUBJECT, [grant], now=now - 3 * HOUR, lifetime=HOUR)}": "expired_token",
        f"Bearer {elsewhere.sign(SUBJECT, [grant], now=now, lifetime=HOUR)}": "invalid_claim",
    }


@pytest.mark.parametrize("path", ["/graphql", "/export/topics.csv"])
async def test_refused_sign_in_is_noted_with_its_reason(
    watched_api: Api, kept: Kept, bad_tokens: Mapping[str, str], path: str
) -> None:
    for authorization, reason in bad_tokens.items():
        response = await watched_api.http.get(path, params={"query": QUERY}, headers={"Authorization": authorization})
        assert response.status_code == 401
        assert kept.taken() == [("sign_in.refused", told(kept, None, reason=reason))], authorization


async def test_line_names_the_request_and_the_address(watched_api: Api, kept: Kept) -> None:
    headers = {"Authorization": "Bearer nonsense", "X-Request-Id": "0199-from-the-client"}
    response = await watched_api.http.get("/graphql", headers=headers)
    ((_, fields),) = kept.lines
    assert (fields["request"], fields["address"]) == ("0199-from-the-client", "127.0.0.1")
    assert response.headers["x-request-id"] == "0199-from-the-client"


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "two words", "路灯坏了路灯坏了", '{"a":"b"}', None])
async def test_request_gets_an_id_where_it_brings_none_that_will_do(watched_api: Api, given: str | None) -> None:
    headers = [] if given is None else [(b"x-request-id", given.encode())]
    seen = set()
    for path in ("/graphql?query={__typename}", "/livez", "/nowhere", "/export/topics.xml", "/metrics"):
        response = await watched_api.http.get(path, headers=headers)
        seen.add(str(UUID(response.headers["x-request-id"])))
    assert len(seen) == 5


@pytest.mark.parametrize(
    ("request_", "event", "fields"),
    [
        ({"query": "{ " + "a: __typename " * 2_000 + "}"}, "limit.met", {"reason": "LIMIT_ALIASES"}),
        ({"query": "{" * 300}, "limit.met", {"reason": "LIMIT_NESTING"}),
        ({"query": QUERY, "variables": {"a": "x" * 100_000}}, "limit.met", {"reason": "BODY_TOO_LARGE"}),
        (
            {"query": QUERY, "extensions": {"explain": True}},
            "act.refused",
            {"act": "explain", "reason": "UNAUTHENTICATED"},
        ),
    ],
)
async def test_limits_and_refused_reads_are_noted(
    watched_api: Api, kept: Kept, request_: dict[str, Any], event: str, fields: dict[str, str]
) -> None:
    await watched_api.http.post("/graphql", json=request_)
    assert (event, told(kept, None, **fields)) in kept.taken()


async def test_explanation_for_who_is_no_operator_is_noted(watched_api: Api, kept: Kept) -> None:
    asked = {"query": '{ division(code: "14") { name } }', "extensions": {"explain": True}}
    await watched_api.as_(Role.SECRETARIAT).http.post("/graphql", json=asked)
    assert kept.taken() == [("act.refused", told(kept, act="explain", reason="FORBIDDEN"))]
    await watched_api.as_(Role.OPERATOR, "14").http.post("/graphql", json=asked)
    assert kept.taken() == []


async def test_mutation_that_does_not_come_by_post_is_noted(watched_api: Api, kept: Kept) -> None:
    mutation = 'mutation { listTopic(input: {topic: "x"}) { errors { code } } }'
    assert (await watched_api.http.get("/graphql", params={"query": mutation})).status_code in {200, 405}
    assert kept.taken() == [("act.refused", told(kept, None, act="mutation", reason="OPERATION_NOT_ALLOWED"))]


async def test_export_is_noted_with_its_list_and_rows(watched_api: Api, kept: Kept) -> None:
    auditor = watched_api.as_(Role.AUDITOR, "140521")
    response = await auditor.http.get("/export/topics.jsonl", params={"within": "140521"})
    rows = len(response.text.splitlines())
    assert rows > 10
    assert kept.taken() == [
        ("export.made", told(kept, list="topics", format="jsonl", rows=rows, whole=True)),
    ]
    await auditor.http.head("/export/topics.jsonl")
    assert kept.taken() == []
    await auditor.http.get("/export/topics.jsonl", params={"within": "99"})
    assert kept.taken() == [("act.refused", told(kept, act="export", reason="NOT_FOUND"))]


async def test_grants_and_operators_acts_are_noted_once_they_are_done(watched_writing: Api, kept: Kept) -> None:
    secretariat = watched_writing.as_(Role.SECRETARIAT, "140521")
    given = {"subject": "newcomer", "role": "CADRE", "division": "140521"}
    granted = await secretariat.act(GRANT, input=given)
    id_ = granted["grant"]["id"]
    thing = id_.partition("_")[2]
    assert kept.taken() == [("grant.given", told(kept, act="grantRole", thing=thing))]
    assert (await secretariat.refusal(GRANT, input=given))["code"] == "ALREADY_GRANTED"
    assert kept.taken() == []
    own = {**given, "subject": SUBJECT}
    assert (await secretariat.refusal(GRANT, input=own))["code"] == "OWN_GRANT"
    assert kept.taken() == [("act.refused", told(kept, act="grantRole", reason="OWN_GRANT"))]
    await secretariat.act(REVOKE, input={"grant": id_})
    assert kept.taken() == [("grant.taken", told(kept, act="revokeRole", thing=thing))]
    operator = watched_writing.as_(Role.OPERATOR, "14")
    notice = (await operator.do("sendTestNotice", "notice { id }", department=COURT))["id"]
    await operator.do("skipNotice", "notice { id }", notice=notice, reason="路灯坏了")
    thing = notice.partition("_")[2]
    assert kept.taken() == [
        ("operator.acted", told(kept, act="sendTestNotice", thing=thing)),
        ("operator.acted", told(kept, act="skipNotice", thing=thing)),
    ]


async def test_events_are_counted(watched_api: Api, kept: Kept) -> None:
    await watched_api.http.get("/graphql", headers={"Authorization": "Bearer nonsense"})
    found = await values(watched_api)
    counts = {event: found[f"shangliang_security_events_total {event.value}"] for event in SecurityEvent}
    assert counts == {**dict.fromkeys(SecurityEvent, 0), SecurityEvent.SIGN_IN_REFUSED: 1}
    assert len(kept.lines) == 1
