"""Every verb, asked for by those who may not: nothing changes, nothing is told, and it stands in the security log."""

import pytest

from graph.schema import Schema
from services.core.actor import Role
from services.core.security import SecurityEvent
from services.core.tokens import LocalIssuer
from tests.everything import everything
from tests.graph.api import Api
from tests.graph.conftest import application
from tests.graph.ends.inputs import verbs
from tests.graph.ends.office import Office
from tests.security import Kept

SUBJECT = "王小明的账号"
ELSEWHERE = "11"
REFUSALS = {"UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND"}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("who", ["anonymous", "without a grant", "elsewhere"])
async def test_every_verb_is_refused_to_who_has_no_right_and_that_is_noted(
    office: Office, schema: Schema, issuer: LocalIssuer, who: str
) -> None:
    kept = Kept()
    api = Api(application(schema, office.db, issuer, security=kept.log), issuer)
    caller = {
        "anonymous": api,
        "without a grant": api.signed_in(SUBJECT),
        "elsewhere": api.as_(Role.SECRETARIAT, ELSEWHERE, subject=SUBJECT),
    }[who]
    subject = None if who == "anonymous" else kept.log.hashed(SUBJECT)
    before = await everything(office.connection)
    for verb in verbs(schema.core):
        _, values = office.bases[verb]
        kept.lines.clear()
        name, _ = office.thing(verb)
        payload = await office.payload_of(caller, verb, values)
        assert payload[name] is None, (verb, payload)
        (error,) = payload["errors"]
        assert error["code"] in REFUSALS, (verb, error)
        ((event, fields),) = kept.lines
        assert event == "act.refused", verb
        assert fields == {
            "request": fields["request"],
            "act": verb,
            "reason": error["code"],
            "address": "127.0.0.1",
            "subject": subject,
        }
    assert await everything(office.connection) == before
    assert kept.counted(SecurityEvent.ACT_REFUSED) == len(verbs(schema.core))
