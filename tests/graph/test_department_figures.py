"""What a department is asked to do and how it does it: the commitments' times, and figures that rest on them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from graph.schema import Schema
from services.core.database import Database
from services.core.policy import Policy
from services.core.tokens import LocalIssuer
from tests.graph.aftermath import ACCEPT, COMPLETE, DECLINE, DISPUTE, EVIDENCE, REPORT, Aftermath
from tests.graph.api import Api
from tests.graph.conftest import application

CHINA = ZoneInfo("Asia/Shanghai")
FIGURES = "assigned answered answeredInTime done doneInTime doneLate open overdue"
TIMES = """query ($id: ID!) { node(id: $id) { ... on Commitment {
  status assignedAt answeredAt completedAt } } }"""
PERIOD = 'period: {from: "2022-01-01", until: "2023-07-01"}'
DEPARTMENTS = f"""query ($at: DateTime) {{ departments(filter: {{within: "140106"}}, first: 100, asOf: $at) {{ nodes {{
  code all: statistics {{ {FIGURES} }} some: statistics({PERIOD}) {{ {FIGURES} }}
  commitments(first: 100) {{ pageInfo {{ hasNextPage }} nodes {{
    status dueOn assignedAt answeredAt completedAt overdue }} }} }} }} }}"""


async def times(story: Aftermath) -> dict[str, Any]:
    found: dict[str, Any] = (await story.api.anonymous().data(TIMES, id=story.commitment))["node"]
    return found


def figures(**others: int) -> dict[str, int]:
    return dict.fromkeys(FIGURES.split(), 0) | others


async def counted(story: Aftermath) -> dict[str, int]:
    """Return the figures of the story's department over the day on which all of it happens."""
    query = f"""query ($from: Date!) {{ department(code: "qinshui-forestry") {{
      statistics(period: {{from: $from}}) {{ {FIGURES} }} }} }}"""
    today = datetime.now(CHINA).date().isoformat()
    found = await story.api.anonymous().data(query, **{"from": today})
    result: dict[str, int] = found["department"]["statistics"]
    return result


async def test_times_follow_a_commitment_through_its_life(agreed: Aftermath) -> None:
    assert await counted(agreed) == figures(assigned=1, open=1)
    assigned = await times(agreed)
    assert (assigned["answeredAt"], assigned["completedAt"]) == (None, None)
    await agreed.do(agreed.department, ACCEPT)
    accepted = await times(agreed)
    assert accepted["assignedAt"] == assigned["assignedAt"] < accepted["answeredAt"]
    assert await counted(agreed) == figures(assigned=1, answered=1, answeredInTime=1, open=1)
    await agreed.do(agreed.department, REPORT, note="过半", percent=50)
    assert (await times(agreed))["completedAt"] is None
    await agreed.do(agreed.department, COMPLETE, evidence=EVIDENCE)
    done = await times(agreed)
    assert accepted["answeredAt"] == done["answeredAt"] < done["completedAt"]
    finished = figures(assigned=1, answered=1, answeredInTime=1, done=1, doneInTime=1)
    assert await counted(agreed) == finished
    await agreed.do(agreed.resident, DISPUTE, reason="没有补完")
    assert (await times(agreed))["completedAt"] is None
    assert await counted(agreed) == figures(assigned=1, answered=1, answeredInTime=1, open=1)
    await agreed.do(agreed.department, REPORT, note="补完")
    await agreed.do(agreed.department, COMPLETE, evidence=EVIDENCE)
    again = await times(agreed)
    assert (again["status"], again["answeredAt"]) == ("DONE", done["answeredAt"])
    assert again["completedAt"] > done["completedAt"]
    assert await counted(agreed) == finished


async def test_declined_commitment_is_answered_and_not_open(agreed: Aftermath) -> None:
    await agreed.do(agreed.department, DECLINE, reason="不属于本单位职责")
    found = await times(agreed)
    assert (found["status"], found["completedAt"]) == ("DECLINED", None)
    assert found["answeredAt"] > found["assignedAt"]
    assert await counted(agreed) == figures(assigned=1, answered=1, answeredInTime=1)


def expected(commitments: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Return the figures of commitments, from what they show."""
    found = figures()
    for one in commitments:
        assigned, answered, completed = (
            datetime.fromisoformat(one[name]) if one[name] else None
            for name in ("assignedAt", "answeredAt", "completedAt")
        )
        assert assigned is not None
        done = one["status"] in {"DONE", "VERIFIED"}
        found["assigned"] += 1
        found["answered"] += answered is not None
        found["answeredInTime"] += answered is not None and answered - assigned <= timedelta(hours=72)
        found["done"] += done
        if done and completed is not None and one["dueOn"] is not None:
            late = completed.astimezone(CHINA).date() > date.fromisoformat(one["dueOn"])
            found["doneLate" if late else "doneInTime"] += 1
        found["open"] += not done and one["status"] not in {"DECLINED", "WITHDRAWN"}
        found["overdue"] += one["overdue"]
    return found


@pytest.mark.parametrize("at", [None, "2023-03-01T12:00:00+08:00"])
async def test_figures_are_those_of_the_commitments(api: Api, statements: list[str], at: str | None) -> None:
    departments = (await api.data(DEPARTMENTS, at=at))["departments"]["nodes"]
    assert len(statements) == 1
    sums = figures()
    for department in departments:
        page = department["commitments"]
        if page["pageInfo"]["hasNextPage"]:
            continue
        assert department["all"] == expected(page["nodes"])
        within = [
            one
            for one in page["nodes"]
            if "2022-01-01"
            <= datetime.fromisoformat(one["assignedAt"]).astimezone(CHINA).date().isoformat()
            < "2023-07-01"
        ]
        assert department["some"] == expected(within)
        sums = {name: sums[name] + department["all"][name] for name in sums}
    assert all(sums.values()), sums
    assert sums["assigned"] > sums["answered"] - 1 >= sums["answeredInTime"] > 0


@pytest.mark.parametrize(
    ("hours", "least", "most"), [({"*": 1}, 0, 0), ({"commitment.assigned": 10_000, "*": 1}, 1, 1)]
)
async def test_answers_are_in_time_by_what_the_installation_expects(
    schema: Schema, seeded_db: Database, issuer: LocalIssuer, hours: dict[str, int], least: int, most: int
) -> None:
    api = Api(application(schema, seeded_db, issuer, policy=Policy(receipt_hours=hours)), issuer)
    query = """{ departments(filter: {within: "140106"}, first: 100) { nodes {
      statistics { answered answeredInTime } } } }"""
    found = [one["statistics"] for one in (await api.data(query))["departments"]["nodes"]]
    answered, in_time = (sum(one[name] for one in found) for name in ("answered", "answeredInTime"))
    assert answered > 100
    assert least * answered <= in_time <= most * answered
