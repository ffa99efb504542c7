from collections.abc import AsyncIterator
from typing import Any

import pytest

from graph.schema import Schema
from services.access.book import GrantBook, open_book
from services.core.actor import SEES, Role
from services.core.database import Database
from services.core.tokens import GrantClaim, LocalIssuer
from tests.events.tools import until
from tests.graph.api import Api
from tests.graph.conftest import application
from tests.graph.story import PROPOSE

GRANT = """mutation ($input: GrantRoleInput!) { grantRole(input: $input) {
  grant { id subject role division { code } department { code } grantedBy revokedBy revokedAt }
  errors { code message path } } }"""
REVOKE = """mutation ($input: RevokeRoleInput!) { revokeRole(input: $input) {
  grant { subject revokedBy } errors { code message path } } }"""
GRANTS = """query ($filter: GrantFilter) { grants(filter: $filter) { totalCount nodes { subject role } } }"""
VIEWER = "{ viewer { subject grants { role division { code } department { code } } } }"


@pytest.fixture
async def book(writable_db: Database, counties_url: str) -> AsyncIterator[GrantBook]:
    async with open_book(writable_db, counties_url) as book:
        yield book


@pytest.fixture
def anybody(schema: Schema, writable_db: Database, issuer: LocalIssuer, book: GrantBook) -> Api:
    return Api(application(schema, writable_db, issuer, book=book), issuer)


async def grants_of(api: Api) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await api.data(VIEWER))["viewer"]["grants"]
    return found


async def in_force(api: Api, count: int) -> None:
    """Return when so many grants of the caller are in force."""

    async def reached() -> bool:
        return len(await grants_of(api)) == count

    await until(reached, 10)


async def test_role_is_in_force_once_granted_until_it_is_revoked(anybody: Api) -> None:
    secretariat = anybody.as_(Role.SECRETARIAT, "140521")
    newcomer = anybody.signed_in("newcomer")
    platform = (await anybody.data('{ platform(by: {code: "P140521"}) { id } }'))["platform"]["id"]
    proposal = {"platform": platform, "title": "路灯", "kind": "MICRO", "category": "ROADS"}
    assert (await newcomer.refusal(PROPOSE, input=proposal))["code"] == "FORBIDDEN"
    granted = await secretariat.act(GRANT, input={"subject": "newcomer", "role": "CADRE", "division": "140521"})
    assert granted["grant"] == {
        "id": granted["grant"]["id"], "subject": "newcomer", "role": "CADRE", "division": {"code": "140521"},
        "department": None, "grantedBy": "somebody", "revokedBy": None, "revokedAt": None,
    }  # fmt: skip
    await in_force(newcomer, 1)
    await newcomer.act(PROPOSE, input=proposal)
    again = {"subject": "newcomer", "role": "CADRE", "division": "140521"}
    assert (await secretariat.refusal(GRANT, input=again))["code"] == "ALREADY_GRANTED"
    revoked = await secretariat.act(REVOKE, input={"grant": granted["grant"]["id"]})
    assert revoked["grant"] == {"subject": "newcomer", "revokedBy": "somebody"}
    await in_force(newcomer, 0)
    assert (await newcomer.refusal(PROPOSE, input=proposal))["code"] == "FORBIDDEN"
    assert (await secretariat.refusal(REVOKE, input={"grant": granted["grant"]["id"]}))["code"] == "GRANT_REVOKED"
    await secretariat.act(GRANT, input=again)
    listed = await secretariat.data(GRANTS, filter={"subject": "newcomer", "current": True})
    assert listed["grants"] == {"totalCount": 1, "nodes": [{"subject": "newcomer", "role": "CADRE"}]}
    assert (await secretariat.data(GRANTS))["grants"]["totalCount"] == 2


async def test_department_is_acted_for_by_whom_its_place_says(anybody: Api) -> None:
    secretariat, clerk = anybody.as_(Role.SECRETARIAT, "140521"), anybody.signed_in("clerk")
    await secretariat.act(GRANT, input={"subject": "clerk", "role": "DEPARTMENT", "department": "qinshui-court"})
    await in_force(clerk, 1)
    assert await grants_of(clerk) == [{"role": "DEPARTMENT", "division": None, "department": {"code": "qinshui-court"}}]


@pytest.mark.parametrize(
    ("within", "given", "code"),
    [
        ("140521", {"subject": "somebody", "role": "CADRE", "division": "140521"}, "OWN_GRANT"),
        ("140521", {"subject": "u", "role": "SECRETARIAT", "division": "140521"}, "GRANT_ABOVE"),
        ("140521", {"subject": "u", "role": "APPROVER", "division": "140521"}, "GRANT_ABOVE"),
        ("140106", {"subject": "u", "role": "CADRE", "division": "140521"}, "FORBIDDEN"),
        ("140521", {"subject": "u", "role": "CADRE", "division": "14"}, "FORBIDDEN"),
        ("140521", {"subject": "u", "role": "CADRE"}, "GRANT_PLACE_INVALID"),
        ("140521", {"subject": "u", "role": "CADRE", "department": "qinshui-court"}, "GRANT_PLACE_INVALID"),
        ("140521", {"subject": "u", "role": "DEPARTMENT", "division": "140521"}, "GRANT_PLACE_INVALID"),
        ("140521", {"subject": "u", "role": "DEPARTMENT", "department": "no-such"}, "NOT_FOUND"),
        ("140521", {"subject": "u", "role": "CADRE", "division": "140521999"}, "NOT_FOUND"),
        ("140521", {"subject": " ", "role": "CADRE", "division": "140521"}, "INVALID_INPUT"),
    ],
)
async def test_grant_that_is_not_the_callers_to_give_is_refused(
    anybody: Api, within: str, given: dict[str, str], code: str
) -> None:
    assert (await anybody.as_(Role.SECRETARIAT, within).refusal(GRANT, input=given))["code"] == code
    assert (await anybody.as_(Role.AUDITOR, "14").data(GRANTS))["grants"]["totalCount"] == 0


async def test_roles_that_run_or_check_a_place_come_from_above(anybody: Api) -> None:
    city = anybody.as_(Role.SECRETARIAT, "1405")
    granted = await city.act(GRANT, input={"subject": "u", "role": "APPROVER", "division": "140521"})
    county = anybody.as_(Role.SECRETARIAT, "140521")
    assert (await county.refusal(REVOKE, input={"grant": granted["grant"]["id"]}))["code"] == "GRANT_ABOVE"


async def test_grants_are_seen_by_who_runs_or_audits_their_place(anybody: Api) -> None:
    await anybody.as_(Role.SECRETARIAT, "140521").act(
        GRANT, input={"subject": "u", "role": "RESIDENT", "division": "140521100"}
    )
    seen = {
        (role, within): (await anybody.as_(role, within).data(GRANTS))["grants"]["totalCount"]
        for role in (Role.SECRETARIAT, Role.AUDITOR, Role.OPERATOR, Role.CADRE, Role.APPROVER, Role.RESIDENT)
        for within in ("140521", "140106")
    }
    assert {who for who, count in seen.items() if count} == {
        (Role.SECRETARIAT, "140521"),
        (Role.AUDITOR, "140521"),
        (Role.OPERATOR, "140521"),
    }
    assert (await anybody.data(GRANTS))["grants"]["totalCount"] == 0


@pytest.mark.parametrize("role", list(Role))
async def test_role_without_a_place_covers_nothing(anybody: Api, role: Role) -> None:
    await anybody.as_(Role.SECRETARIAT, "140521").act(
        GRANT, input={"subject": "u", "role": "RESIDENT", "division": "140521100"}
    )
    platform = (await anybody.data('{ platform(by: {code: "P140521"}) { id } }'))["platform"]["id"]
    proposal = {"platform": platform, "title": "路灯", "kind": "MICRO", "category": "ROADS"}
    await anybody.as_(Role.CADRE, "140521", subject="cadre").act(PROPOSE, input=proposal)
    bare = anybody.signed_in("somebody", GrantClaim.model_construct(role=role))
    if role is Role.DEPARTMENT:
        refused = await bare.http.post("/graphql", json={"query": VIEWER})
        assert (refused.status_code, refused.json()["errors"][0]["extensions"]["code"]) == (401, "INVALID_TOKEN")
        return
    assert await grants_of(bare) == []
    for given in (
        {"subject": "v", "role": "RESIDENT", "division": "140521100"},
        {"subject": "v", "role": "CADRE", "division": "14"},
    ):
        assert (await bare.refusal(GRANT, input=given))["code"] == "FORBIDDEN"
    assert (await bare.refusal(PROPOSE, input=proposal))["code"] == "FORBIDDEN"
    seen = await bare.data("{ grants { totalCount } topics(filter: {status: PROPOSED}) { totalCount } }")
    whole = await anybody.as_(role, "14").data("{ topics(filter: {status: PROPOSED}) { totalCount } }")
    assert seen == {"grants": {"totalCount": 0}, "topics": {"totalCount": 0}}
    assert (whole["topics"]["totalCount"] > 0) is (role in SEES)
