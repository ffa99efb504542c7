"""Who may do what about outcomes, and who sees what was said."""

from typing import Any

import pytest

from services.core.actor import Role
from services.core.database import Database
from tests.graph.aftermath import (
    ACCEPT,
    ADD,
    CALLED,
    COMPLETE,
    CONVERT_OPINION,
    CONVERT_OUTCOME,
    DECLINE,
    DISPUTE,
    EVERYTHING,
    EVIDENCE,
    FILE,
    FOLLOW_UP,
    REPORT,
    VERIFY,
    Aftermath,
)
from tests.graph.api import Api
from tests.graph.test_mutations import rows
from tests.servers import as_owner

CALLERS: dict[str, tuple[Role | None, str | None, str | None]] = {
    "anonymous": (None, None, None),
    "resident": (Role.RESIDENT, "140521201", None),
    "resident elsewhere": (Role.RESIDENT, "140521200", None),
    "member": (Role.MEMBER, "140521201", None),
    "cadre": (Role.CADRE, "140521201", None),
    "cadre elsewhere": (Role.CADRE, "140106", None),
    "secretariat": (Role.SECRETARIAT, "140521", None),
    "approver": (Role.APPROVER, "140521", None),
    "forestry": (Role.DEPARTMENT, None, "qinshui-forestry"),
    "court": (Role.DEPARTMENT, None, "qinshui-court"),
    "operator": (Role.OPERATOR, "14", None),
    "auditor": (Role.AUDITOR, "14", None),
}
STAFF = {"cadre", "secretariat"}
ALLOWED: list[tuple[str, dict[str, Any], str, set[str]]] = [
    (ADD, {"session": "$session", "role": "MEMBER", "text": "x"}, "ASSIGNED", {"member", *STAFF}),
    (ADD, {"session": "$session", "role": "OTHER", "text": "x"}, "ASSIGNED", STAFF),
    (ACCEPT, {"commitment": "$commitment"}, "ASSIGNED", {"forestry", *STAFF}),
    (DECLINE, {"commitment": "$commitment", "reason": "x"}, "ASSIGNED", {"forestry", *STAFF}),
    (REPORT, {"commitment": "$commitment", "note": "x"}, "ACCEPTED", {"forestry", *STAFF}),
    (COMPLETE, {"commitment": "$commitment", "evidence": EVIDENCE}, "ACCEPTED", {"forestry", *STAFF}),
    (VERIFY, {"commitment": "$commitment"}, "DONE", {"resident", *STAFF}),
    (DISPUTE, {"commitment": "$commitment", "reason": "x"}, "DONE", {"resident", *STAFF}),
    (CONVERT_OUTCOME, {"outcome": "$outcome", "kind": "PROPOSAL", "title": "x"}, "ASSIGNED", STAFF),
    (CONVERT_OPINION, {"opinion": "$opinion", "kind": "PROPOSAL", "title": "x"}, "ASSIGNED", STAFF),
    (FILE, {"conversion": "$conversion", "filed": True}, "ASSIGNED", {"secretariat"}),
    (
        FOLLOW_UP,
        {"topic": "$topic", "role": "RESIDENT", "score": 5, "confirmsFix": True, "channel": "ONLINE"},
        "ASSIGNED",
        {"resident"},
    ),
    (
        FOLLOW_UP,
        {"topic": "$topic", "role": "RESIDENT", "score": 5, "confirmsFix": True, **CALLED},
        "ASSIGNED",
        STAFF,
    ),
]


@pytest.mark.parametrize("verb", range(len(ALLOWED)), ids=[case[0].split("{ ")[1].split("(")[0] for case in ALLOWED])
async def test_only_those_concerned_may_act(agreed: Aftermath, writable_db: Database, verb: int) -> None:
    mutation, values, state, allowed = ALLOWED[verb]
    key = agreed.commitment.removeprefix("commitment_")
    async with as_owner(writable_db) as tx:
        change = f"UPDATE commitment SET status = '{state}' WHERE id = '{key}'"
        await (await tx.connection()).exec_driver_sql(change)
    before = await rows(writable_db, EVERYTHING)
    for name, (role, within, department) in CALLERS.items():
        if name not in allowed:
            client = agreed.api.as_(role, within, department) if role else anonymous(agreed.api)
            error = await client.refusal(mutation, input=agreed.filled(values))
            assert (name, error["code"]) == (name, "FORBIDDEN" if role else "UNAUTHENTICATED")
    assert await rows(writable_db, EVERYTHING) == before
    for name in sorted(allowed):
        role, within, department = CALLERS[name]
        client = agreed.member if role is None or name == "member" else agreed.api.as_(role, within, department)
        await client.act(mutation, input=agreed.filled(values))
        await restore(writable_db, key, state)


async def restore(db: Database, commitment: str, state: str) -> None:
    """Let the next caller find what the one before did."""
    async with as_owner(db) as tx:
        connection = await tx.connection()
        change = f"UPDATE commitment SET status = '{state}' WHERE id = '{commitment}'"
        await connection.exec_driver_sql(change)
        await connection.exec_driver_sql("DELETE FROM conversion WHERE title = 'x'")
        await connection.exec_driver_sql("UPDATE conversion SET filed = NULL WHERE title = '关于补植的建议'")


def anonymous(api: Api) -> Api:
    return Api(api.app, api._issuer)  # noqa: SLF001 -- the application of the tests


WORDS = """query ($topic: ID!, $session: ID!, $opinion: ID!, $conversion: ID!) {
  topic(by: {id: $topic}) { opinions { text } followUps { score } confirmedFixedAt }
  nodes(ids: [$session, $opinion, $conversion]) {
    ... on Session { opinions { role text member { name } } }
    ... on Opinion { role text topic { id } conversions { id } }
    ... on Conversion { title source { ... on Outcome { agreement topic { number } } } } } }"""


async def test_what_was_said_is_public_with_the_speakers_part_alone(agreed: Aftermath) -> None:
    said = {"role": "RESIDENT", "text": "树苗要选耐旱的"}
    for role, within, department in CALLERS.values():
        client = agreed.api.as_(role, within, department) if role else anonymous(agreed.api)
        values = {"topic": agreed.topic, "session": agreed.session, "opinion": agreed.opinion}
        data = await client.data(WORDS, **values, conversion=agreed.conversion)
        assert data["topic"] == {"opinions": [], "followUps": [], "confirmedFixedAt": None}
        session, opinion, conversion = data["nodes"]
        assert session == {"opinions": [{**said, "member": None}]}
        assert opinion == {**said, "topic": None, "conversions": []}
        assert conversion["source"]["agreement"] == "补植"
