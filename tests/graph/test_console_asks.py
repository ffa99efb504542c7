"""What the pages ask, with the values that they send: within the limits, and one statement each."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from graphql import OperationDefinitionNode, OperationType, parse, print_ast

from deploy.sign_in.persons import PERSONS, person_of
from graph.console import DOCUMENTS
from services.core.limits import Limits
from tests.graph.api import Api

TEXTS = {each["name"]: each["body"] for each in json.loads(DOCUMENTS.read_text())["operations"]}
COUNTY, COMMUNITY, COURT = "140521", "140106001004", "qinshui-court"
TOPIC, PLATFORM, DISTRICT_PLATFORM = "T140521-2023-0001", "P140521", "P140106"
MONTHS = {"from": "2022-07-01", "until": "2024-07-01"}
NOW, THEN = "2024-06-30T12:00:00+08:00", "2023-11-30T23:59:59+08:00"
VALUES: dict[str, Any] = {
    "after: String": None,  # the first page, which is no smaller than another
    "asOf: DateTime": THEN,
    "beside: Boolean!": True,
    "code: DivisionCode!": "14",
    "code: String!": PLATFORM,
    "commitmentFilter: CommitmentFilter": {"within": COUNTY, "status": ["DONE"]},
    "commitments: Boolean!": True,
    "county: DivisionCode!": COUNTY,
    "current: Boolean": True,
    "department: String!": COURT,
    "division: DivisionCode!": COUNTY,
    "enabled: Boolean": True,
    "filter: TopicFilter": {"status": ["RESOLVED"]},
    "from: DateTime!": "2023-11-01T00:00:00+08:00",
    "kinds: [SearchKind!]": ["TOPIC", "OUTCOME"],
    "matterFilter: MatterFilter": {"within": COUNTY, "status": ["RAISED"]},
    "matters: Boolean!": True,
    "months: Period!": MONTHS,
    "name: String": "法院",
    "now: DateTime!": NOW,
    "number: String!": TOPIC,
    "open: Boolean": True,
    "overdue: Boolean": True,
    "platform: String!": DISTRICT_PLATFORM,
    "sessionFilter: SessionFilter": {"within": COUNTY, "status": ["SCHEDULED"], "scheduled": {"until": NOW}},
    "sessions: Boolean!": True,
    "status: [CommitmentStatus!]": ["ACCEPTED", "IN_PROGRESS", "DISPUTED"],
    "status: [MatterStatus!]": ["RAISED", "ACCEPTED"],
    "status: [NoticeStatus!]": ["PENDING", "PARKED"],
    "status: [PlanStatus!]": ["APPROVED"],
    "subject: String": "somebody",
    "text: String": "停车",
    "tier: [PlatformTier!]": ["GENERAL", "SUB", "MICRO"],
    "text: String!": "停车",
    "topic: ID": None,
    "topicFilter: TopicFilter": {"within": COUNTY, "status": ["LISTED"]},
    "topics: Boolean!": True,
    "type: [String!]": None,
    "unacknowledged: Boolean": True,
    "until: DateTime!": "2023-12-01T00:00:00+08:00",
    "within: DivisionCode": COUNTY,
    "within: DivisionCode!": COUNTY,
    "year: Int": 2023,
    "year: Int!": 2023,
}
"""What a variable may be, by its name and type."""
PRESENT = {"asOf": None, "beside": False}
IDS = {
    "Center": {"id": "center"},
    "DeskMatter": {"id": "matter"},
    "DeskSession": {"id": "session"},
    "FollowedMatter": {"id": "matter"},
    "MatterTrace": {"id": "matter"},
    "MoreActivitiesOfCenter": {"id": "center"},
    "ProposeFrom": {"chosen": "matters"},
    "ScheduleWith": {"platform": "platform"},
    "Session": {"id": "session"},
}
"""Variables of operations that are ids: what of the demonstration they name."""
OWN: dict[str, dict[str, Any]] = {
    "LaneEvents": {"code": COURT},
    "OperatorDepartment": {"code": COURT},
}
"""Values that an operation alone has."""
PERSON = {
    "Approval": "approver",
    "Approvals": "approver",
    "ApprovalsWaiting": "approver",
    "DepartmentCommitments": "department",
    "DepartmentFigures": "department",
    "DepartmentNotices": "department",
    "Duty": "member",
    "LaneEvents": "operator",
    "MatterTrace": "auditor",
    "MyMatters": "resident-qinshui",
    "OperatorDepartment": "operator",
    "OperatorDepartments": "operator",
    "RelayNow": "operator",
    "ResidentCard": "resident-qinshui",
    "TopicTrace": "auditor",
    "TopicsToAudit": "auditor",
}
"""Who asks an operation; what is not here somebody of the county's secretariat does."""
FOUND = """{
  topic(by: {number: "T140521-2023-0001"}) { platform { id } sessions(first: 1) { nodes { id } } }
  matters(filter: {within: "140521"}, first: 3) { nodes { id } }
  division(code: "140106") { practiceCenters { id } }
}"""


def query_of(name: str) -> OperationDefinitionNode | None:
    """Return an operation of the pages that is a query."""
    return next(
        (
            each
            for each in parse(TEXTS[name]).definitions
            if isinstance(each, OperationDefinitionNode) and each.operation is OperationType.QUERY
        ),
        None,
    )


QUERIES = {name: query for name in TEXTS if (query := query_of(name)) is not None}


def asked_with(name: str, ids: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a query's variables. Fails where this file has none for one of them."""
    values: dict[str, Any] = {}
    for variable in QUERIES[name].variable_definitions or ():
        key, kind = variable.variable.name.value, print_ast(variable.type)
        if key in IDS.get(name, {}):
            values[key] = ids[IDS[name][key]]
        elif key in OWN.get(name, {}):
            values[key] = OWN[name][key]
        else:
            assert f"{key}: {kind}" in VALUES, f"VALUES, IDS or OWN of this file need {key}: {kind} of {name}"
            values[key] = VALUES[f"{key}: {kind}"]
    return values


def times(values: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the values as they are, and those of the present where they name an instant."""
    present = {**values, **{key: value for key, value in PRESENT.items() if key in values}}
    return [values, present] if "asOf" in values else [values]


def by(api: Api, key: str) -> Api:
    """Return a client of somebody who can sign in."""
    person = person_of(key)
    assert person is not None
    return api.signed_in(person.subject, person.grant)


@pytest.fixture(scope="module")
async def ids(api: Api) -> dict[str, Any]:
    """What of the demonstration is named by its id."""
    found = await by(api, "secretariat-qinshui").data(FOUND)
    matters = [node["id"] for node in found["matters"]["nodes"]]
    (center,) = found["division"]["practiceCenters"]
    (session,) = found["topic"]["sessions"]["nodes"]
    return {
        "center": center["id"],
        "matter": matters[0],
        "matters": matters,
        "platform": found["topic"]["platform"]["id"],
        "session": session["id"],
    }


def test_whoever_asks_can_sign_in() -> None:
    assert set(PERSON.values()) <= {person.key for person in PERSONS}
    assert {*PERSON, *IDS, *OWN} <= set(QUERIES)


@pytest.mark.parametrize("name", QUERIES)
async def test_what_a_page_asks_is_one_statement_within_the_limits(
    api: Api, ids: dict[str, Any], statements: list[str], name: str
) -> None:
    somebody = by(api, PERSON.get(name, "secretariat-qinshui"))
    for variables in times(asked_with(name, ids)):
        statements.clear()
        body = {"query": TEXTS[name], "variables": variables, "extensions": {"cost": True}}
        answer = (await somebody.http.post("/graphql", json=body)).json()
        assert "errors" not in answer, answer["errors"]
        assert [key for key, value in answer["data"].items() if value is None] == []
        cost = answer["extensions"]["cost"]
        assert cost["limit"] == Limits().cost
        assert cost["requested"] <= cost["limit"]
        assert len(statements) == 1
