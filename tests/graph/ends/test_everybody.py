"""Whatever anybody sends is answered or refused: nothing of it breaks the service.

SHANGLIANG_GENERATED_CASES=2000 makes as many of each kind, and SHANGLIANG_GENERATED_SEED=7 others.
"""

import asyncio
import os
from collections import Counter
from itertools import islice
from typing import Any

import pytest
from structlog.testing import capture_logs

from graph.schema import Schema
from services.core.actor import Role
from tests.e2e.verbs import PLACE
from tests.graph.api import Api, document
from tests.graph.ends.generated import chance_of, inputs, naming, requests
from tests.graph.ends.office import BESIDE, Office

CASES = int(os.environ.get("SHANGLIANG_GENERATED_CASES") or 40)
SEED = int(os.environ.get("SHANGLIANG_GENERATED_SEED") or 1)
INTERNAL = "INTERNAL_SERVER_ERROR"
UNREADABLE = {"GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED", "BAD_USER_INPUT"}
pytestmark = pytest.mark.timeout(300 + CASES * 20)


@pytest.fixture(scope="module")
def everybody(office: Office) -> dict[str, Api]:
    """Return everybody who may come: each role, where the office is and elsewhere, and whoever has none."""
    some = office.callers["secretariat"]
    return {
        **office.callers,
        "auditor": some.as_(Role.AUDITOR, PLACE, subject="auditor"),
        "secretariat elsewhere": some.as_(Role.SECRETARIAT, BESIDE, subject="neighbour"),
        "newcomer": some.signed_in("newcomer"),
        "anonymous": some.anonymous(),
    }


async def answered(api: Api, query: str, **variables: Any) -> dict[str, Any]:
    """Return an answer that is one, whatever it says: data, or errors with codes of which none is a bug's."""
    with capture_logs() as logs:
        response = await api.http.post("/graphql", json={"query": query, "variables": variables})
    about = (query, variables, response.text, logs)
    assert response.status_code == 200, about
    assert INTERNAL not in response.text, about
    assert [entry for entry in logs if entry["log_level"] == "error"] == [], about
    answer: dict[str, Any] = response.json()
    assert answer.keys() <= {"data", "errors", "extensions"}, about
    assert all(error["extensions"]["code"] for error in answer.get("errors", ())), about
    return answer


def codes(answer: dict[str, Any]) -> set[str]:
    """Return the codes of an answer's errors."""
    return {error["extensions"]["code"] for error in answer.get("errors", ())}


async def test_every_role_has_somebody(everybody: dict[str, Api]) -> None:
    roles = {Role(who.upper()) for who in everybody if who.upper() in Role.__members__}
    assert roles == set(Role) - {Role.DEPARTMENT}
    assert len(everybody) == 13


async def test_requests_that_fit_the_schema_are_answered_or_refused(
    office: Office, schema: Schema, everybody: dict[str, Api]
) -> None:
    ends = Counter[str]()
    for text, _ in await asyncio.to_thread(requests, schema.core, CASES, wrong=False, begin=SEED):
        query = naming(schema.core, text, office.known.ids, chance_of(text))
        for who, api in everybody.items():
            answer = await answered(api, query)
            ends[f"{who}: {'data' if answer.get('data') else ' '.join(sorted(codes(answer)))}"] += 1
    for end, count in sorted(ends.items()):
        print(f"{count:7} {end}")  # noqa: T201 -- the report, shown where the test fails
    assert all(ends[f"{who}: data"] > CASES / 4 for who in everybody), ends


async def test_requests_that_do_not_fit_the_schema_are_refused(schema: Schema, everybody: dict[str, Api]) -> None:
    for text, is_wrong in await asyncio.to_thread(requests, schema.core, CASES, wrong=True, begin=SEED):
        for api in everybody.values():
            answer = await answered(api, text)
            assert codes(answer) & UNREADABLE or not is_wrong, (text, answer)


async def test_inputs_of_every_verb_are_taken_or_refused(office: Office, everybody: dict[str, Api]) -> None:
    ends = Counter[str]()
    for who, api in everybody.items():
        for verb, values in islice(inputs(office, chance_of(who, SEED)), CASES):
            answer = await answered(api, document(verb, f"{office.thing(verb)[0]} {{ __typename }}"), input=values)
            payload = (answer.get("data") or {}).get(verb) or {}
            ends[f"{who}: {'refused' if codes(answer) or payload['errors'] else 'taken'}"] += 1
            assert codes(answer) <= UNREADABLE, (verb, values, answer)
    for end, count in sorted(ends.items()):
        print(f"{count:7} {end}")  # noqa: T201 -- as above
    assert ends["secretariat: taken"] > CASES / 20, ends
    assert ends["anonymous: taken"] == ends["newcomer: taken"] == 0, ends
