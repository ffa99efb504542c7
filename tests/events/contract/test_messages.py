"""Every event as the commands write it and the relay sends it, against its published schema."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest

from events.contract.files import HOME, SCHEMAS
from events.contract.messages import EVENTS
from events.messages.envelope import event_name
from events.messages.outgoing import message_of
from services.core.act import Act
from services.core.actor import Actor
from services.core.clock import SystemClock
from services.core.ids import new_id
from services.core.policy import Policy
from services.core.transaction import WriteTx
from services.migrations.grants import Login
from services.notices.announce import Addressee, announce
from services.notices.claim import claim
from services.notices.commands import replay_notices, send_test_notice
from services.notices.events import NoticeReminder
from services.notices.refusals import Refusal, tell_refusal
from services.notices.restoration import tell_restored
from services.outcomes.commands import assign_commitment, record_outcome
from services.outcomes.corrections import correct_commitment, correct_outcome
from services.outcomes.deadlines import tell_due
from services.outcomes.involvements import involve_department, release_department
from services.outcomes.resolution import LeftOpen, resolve_topic
from services.outcomes.session_corrections import correct_session
from services.outcomes.verdicts import dispute_commitment, verify_commitment
from services.outcomes.withdrawal import withdraw_topic
from services.outcomes.work import accept_commitment, complete_commitment, report_progress
from services.sessions.commands import cancel_session, reschedule_session, schedule_session
from services.sessions.deadlines import tell_overdue
from services.sessions.enums import SessionForm
from services.sessions.held import record_session
from services.topics.commands import reopen_topic
from services.topics.corrections import correct_topic
from services.topics.enums import InvolvementRole
from services.topics.evidence import EvidenceGiven
from tests.clock import SetClock
from tests.contract import closed, problems
from tests.events.tools import PUBLIC_URL
from tests.servers import as_owner
from tests.world import ACTOR, NOW, World

COURT = "qinshui-court"


@pytest.fixture
async def messages(world: World) -> list[dict[str, Any]]:
    """What is sent when everything that can happen to topics happens, and again when an operator replays it."""
    async with as_owner(world.url) as tx:  # the work of several processes
        await told(tx, world)
    first = await sent_now(world)
    async with world.db.write() as tx:
        await replay_notices(Act(tx, ACTOR, SystemClock()), department=COURT)
    again = await sent_now(world)
    assert [message["replay"] for message in again] == [1] * len(again)
    return first + again


async def sent_now(world: World) -> list[dict[str, Any]]:
    """Return the bodies of all that waits, as a relay sends them."""
    sent: list[dict[str, Any]] = []
    while True:
        async with world.acting(Login.RELAY) as db, claim(db, limit=10, clock=SystemClock(), idle_s=10) as held:
            if not held.deliveries:
                return sent
            made = [message_of(notice, public_url=PUBLIC_URL, account="relay") for notice in held.deliveries]
            sent += [orjson.loads(message.body) for message in made]
            await held.confirm(held.deliveries)


LOOKING = Actor("looking", ACTOR.grants)


async def told(tx: WriteTx, world: World) -> None:
    """Let everything happen that a department is told of."""
    by = Act(tx, ACTOR, SystemClock(), Policy(require_public_attendee=False, minutes_days=1))
    first, second = (topic.id for topic in world.topics[:2])
    later = {"scheduled_at": by.now(), "venue": "土沃乡协商议事室"}
    calendar: dict[str, Any] = {
        "platform_id": world.topics[0].platform_id, "topic_ids": [first], "form": SessionForm.ON_SITE,
        "convener": None, "liaison_group_id": None, **later,
    }  # fmt: skip
    free: dict[str, Any] = {"expected_version": None}
    for topic in (first, second):
        await involve_department(by, topic_id=topic, department=COURT, role=InvolvementRole.LEAD)
    session = await schedule_session(by, **calendar)
    await reschedule_session(by, session_id=session, postpone=True)
    await cancel_session(by, session_id=session, reason="降雪")
    session = await schedule_session(by, **calendar)
    facts: dict[str, Any] = {"minutes": None, "headcount_is_lower_bound": False, "attendances": [], "held_at": None}
    facts |= {"opinions": []}
    await record_session(by, session_id=session, headcount=None, **facts)
    assert await tell_overdue(replace(by, clock=SetClock(by.now() + timedelta(days=2)))) == 1
    outcome = await record_outcome(by, topic_id=first, session_id=session, agreement="补植", reached_on=None, **free)
    commitments: list[UUID] = []
    for department, due_on in ((COURT, by.today()), ("qinshui-power", None)):
        assigned: dict[str, Any] = {"outcome_id": outcome, "department": department, "task": "勘界", "due_on": due_on}
        commitments.append(await assign_commitment(by, **assigned))
    waiting, commitment = commitments
    assert await tell_due(by) == 1
    wrong: dict[str, Any] = {"reason": "误记"}
    counted: dict[str, Any] = {"held_at": None, "venue": None, "headcount_is_lower_bound": None, "minutes": None}
    await correct_session(by, **wrong, session_id=session, headcount=21, **counted)
    await correct_topic(by, **wrong, topic_id=first, title="林地界址", summary=None, category=None, **free)
    await correct_outcome(by, **wrong, outcome_id=outcome, agreement="补植林木", reached_on=None)
    await correct_commitment(by, **wrong, commitment_id=commitment, task="重新勘界", due_on=None)
    evidence = [EvidenceGiven("https://example.org/1.jpg")]
    await accept_commitment(by, commitment_id=commitment)
    await complete_commitment(by, commitment_id=commitment, evidence=evidence)
    await dispute_commitment(replace(by, actor=LOOKING), commitment_id=commitment, reason="界桩不全")
    await report_progress(by, commitment_id=commitment, percent=90, note="补立界桩")
    await complete_commitment(by, commitment_id=commitment, evidence=evidence)
    await verify_commitment(replace(by, actor=LOOKING), commitment_id=commitment, note=None)
    left_open = [LeftOpen(waiting, "勘界排期在下月")]
    await resolve_topic(by, topic_id=first, summary="已补植", evidence=evidence, **free, left_open=left_open)
    await reopen_topic(by, topic_id=first, reason="补偿未到位", **free)
    await release_department(by, topic_id=first, department=COURT, reason="改由林业部门主办")
    await withdraw_topic(by, topic_id=second, reason="已和解", **free)
    await send_test_notice(by, department=COURT)
    after_all = replace(by, clock=SetClock(by.now() + timedelta(days=3)))
    await tell_restored(after_all, restored_to=after_all.now())
    reminder = NoticeReminder(
        division_number=world.topics[0].division_number,
        event_id=str(new_id()), event_type="topic.listed", topic_number=world.topics[0].number, sent_at=NOW,
    )  # fmt: skip
    await announce(by, reminder, [Addressee(world.departments[COURT].id)])
    refused = Refusal(code="BAD_REPLY", reason="The body is not JSON.")
    assert await tell_refusal(by, COURT, refused)


async def test_every_message_is_of_the_schema_that_it_names_and_has_no_field_beside(
    messages: list[dict[str, Any]],
) -> None:
    assert {event_name(message["type"]) for message in messages} == {event.type for event in EVENTS}
    for message in messages:
        assert message["dataschema"].startswith(f"{PUBLIC_URL}/{SCHEMAS}/")
        schema = json.loads((HOME / SCHEMAS / message["dataschema"].rpartition("/")[2]).read_bytes())
        assert problems(closed(schema), message) == [], message
