from itertools import combinations, product

import pytest

from services.core.errors import IllegalTransition, VersionConflict
from services.core.lifecycle import advance, check_version
from services.matters import rules as matter_rules
from services.matters.enums import MatterStatus
from services.notices.enums import NoticeStatus, ReceiptStatus
from services.notices.rules import LIFECYCLE, REPLIES
from services.outcomes import rules as outcome_rules
from services.outcomes.enums import CommitmentStatus
from services.plans import rules as plan_rules
from services.plans.enums import PlanStatus
from services.sessions import rules as session_rules
from services.sessions.enums import ParticipantRole, SessionStatus
from services.topics import rules as topic_rules
from services.topics.enums import TopicKind, TopicStatus

TOPIC_ACTIONS = ("list", "schedule", "unschedule", "deliberate", "implement", "resolve", "reopen", "withdraw")
TOPIC_STEPS = {
    "list": {"PROPOSED": "LISTED"},
    "schedule": {
        "LISTED": "SCHEDULED",
        "SCHEDULED": "SCHEDULED",
        "DELIBERATED": "DELIBERATED",
        "IMPLEMENTING": "IMPLEMENTING",
    },
    "unschedule": {
        "SCHEDULED": "LISTED",
        "DELIBERATED": "DELIBERATED",
        "IMPLEMENTING": "IMPLEMENTING",
        "RESOLVED": "RESOLVED",
    },
    "deliberate": {
        "SCHEDULED": "DELIBERATED",
        "DELIBERATED": "DELIBERATED",
        "IMPLEMENTING": "IMPLEMENTING",
        "RESOLVED": "RESOLVED",
    },
    "implement": {"DELIBERATED": "IMPLEMENTING", "IMPLEMENTING": "IMPLEMENTING"},
    "resolve": {"IMPLEMENTING": "RESOLVED"},
    "reopen": {"RESOLVED": "IMPLEMENTING"},
    "withdraw": dict.fromkeys(("PROPOSED", "LISTED", "SCHEDULED", "DELIBERATED", "IMPLEMENTING"), "WITHDRAWN"),
}
SESSION_STEPS = {
    "hold": {"SCHEDULED": "HELD"},
    "cancel": {"SCHEDULED": "CANCELLED", "POSTPONED": "CANCELLED"},
    "postpone": {"SCHEDULED": "POSTPONED"},
    "reschedule": {"SCHEDULED": "SCHEDULED", "POSTPONED": "SCHEDULED"},
    "move": {"SCHEDULED": "SCHEDULED", "POSTPONED": "POSTPONED"},
}


@pytest.mark.parametrize(("status", "action"), list(product(TopicStatus, TOPIC_ACTIONS)))
def test_topic_takes_exactly_the_steps_of_its_lifecycle(status: TopicStatus, action: str) -> None:
    expected = TOPIC_STEPS[action].get(status.value)
    if expected is not None:
        assert advance(topic_rules.LIFECYCLE, "topic", status, action).value == expected
        return
    with pytest.raises(IllegalTransition) as refused:
        advance(topic_rules.LIFECYCLE, "topic", status, action)
    assert (refused.value.parameters["state"], refused.value.parameters["action"]) == (status.value, action)
    assert set(refused.value.parameters["allowed"]) == set(TOPIC_STEPS[action])


@pytest.mark.parametrize(("status", "action"), list(product(SessionStatus, SESSION_STEPS)))
def test_session_takes_exactly_the_steps_of_its_lifecycle(status: SessionStatus, action: str) -> None:
    expected = SESSION_STEPS[action].get(status.value)
    if expected is not None:
        assert advance(session_rules.LIFECYCLE, "session", status, action).value == expected
        return
    with pytest.raises(IllegalTransition) as refused:
        advance(session_rules.LIFECYCLE, "session", status, action)
    assert set(refused.value.parameters["allowed"]) == set(SESSION_STEPS[action])


def test_lifecycles_have_no_other_action() -> None:
    assert {action for _, action in topic_rules.LIFECYCLE} == set(TOPIC_ACTIONS)
    assert {action for _, action in matter_rules.LIFECYCLE} == set(MATTER_STEPS)
    assert {action for _, action in session_rules.LIFECYCLE} == set(SESSION_STEPS)


def test_replies_take_the_steps_of_a_receipt() -> None:
    steps = {(str(state) if state else None, verb): str(following) for (state, verb), following in REPLIES.items()}
    assert steps == {
        (None, "received"): "RECEIVED",
        ("RECEIVED", "accepted"): "ACCEPTED",
        ("RECEIVED", "declined"): "DECLINED",
        ("ACCEPTED", "progress"): "IN_PROGRESS",
        ("ACCEPTED", "completed"): "COMPLETED",
        ("IN_PROGRESS", "progress"): "IN_PROGRESS",
        ("IN_PROGRESS", "completed"): "COMPLETED",
    }
    assert {state for _, state in REPLIES.items()} == set(ReceiptStatus)


@pytest.mark.parametrize(("expected", "actual", "held"), [(None, 3, True), (3, 3, True), (2, 3, False), (4, 3, False)])
def test_version_is_checked_where_one_is_expected(expected: int | None, actual: int, held: bool) -> None:
    if held:
        check_version(expected, actual)
        return
    with pytest.raises(VersionConflict) as refused:
        check_version(expected, actual)
    assert (refused.value.parameters["expected"], refused.value.parameters["actual"]) == (expected, actual)


NOTICE_STEPS = {
    "retry": {"PARKED": "PENDING"},
    "skip": {"PENDING": "SKIPPED", "PARKED": "SKIPPED"},
    "replay": {"CONFIRMED": "PENDING", "SKIPPED": "PENDING"},
}


@pytest.mark.parametrize(("status", "action"), list(product(NoticeStatus, NOTICE_STEPS)))
def test_notice_takes_exactly_the_steps_of_its_lifecycle(status: NoticeStatus, action: str) -> None:
    expected = NOTICE_STEPS[action].get(status.value)
    if expected is not None:
        assert advance(LIFECYCLE, "notice", status, action).value == expected
        return
    with pytest.raises(IllegalTransition) as refused:
        advance(LIFECYCLE, "notice", status, action)
    assert set(refused.value.parameters["allowed"]) == set(NOTICE_STEPS[action])


MATTER_STEPS = {
    "accept": {"RAISED": "ACCEPTED"},
    "answer": {"ACCEPTED": "ANSWERED"},
    "decline": {"ACCEPTED": "DECLINED"},
    "list": {"ACCEPTED": "LISTED"},
    "give back": {"LISTED": "ACCEPTED"},
}


@pytest.mark.parametrize(("status", "action"), list(product(MatterStatus, MATTER_STEPS)))
def test_matter_takes_exactly_the_steps_of_its_lifecycle(status: MatterStatus, action: str) -> None:
    expected = MATTER_STEPS[action].get(status.value)
    if expected is not None:
        assert advance(matter_rules.LIFECYCLE, "matter", status, action).value == expected
        return
    with pytest.raises(IllegalTransition) as refused:
        advance(matter_rules.LIFECYCLE, "matter", status, action)
    assert set(refused.value.parameters["allowed"]) == set(MATTER_STEPS[action])


COMMITMENT_STEPS = {
    "accept": {"ASSIGNED": "ACCEPTED"},
    "decline": {"ASSIGNED": "DECLINED"},
    "progress": {"ACCEPTED": "IN_PROGRESS", "IN_PROGRESS": "IN_PROGRESS", "DISPUTED": "IN_PROGRESS"},
    "complete": {"ACCEPTED": "DONE", "IN_PROGRESS": "DONE"},
    "verify": {"DONE": "VERIFIED"},
    "dispute": {"DONE": "DISPUTED"},
    "withdraw": dict.fromkeys(("ASSIGNED", "ACCEPTED", "IN_PROGRESS", "DISPUTED"), "WITHDRAWN"),
}


@pytest.mark.parametrize(("status", "action"), list(product(CommitmentStatus, COMMITMENT_STEPS)))
def test_commitment_takes_exactly_the_steps_of_its_lifecycle(status: CommitmentStatus, action: str) -> None:
    expected = COMMITMENT_STEPS[action].get(status.value)
    if expected is not None:
        assert advance(outcome_rules.LIFECYCLE, "commitment", status, action).value == expected
        return
    with pytest.raises(IllegalTransition) as refused:
        advance(outcome_rules.LIFECYCLE, "commitment", status, action)
    assert set(refused.value.parameters["allowed"]) == set(COMMITMENT_STEPS[action])


def test_every_reply_but_received_moves_a_commitment() -> None:
    assert set(outcome_rules.ACTIONS) == {verb for _, verb in REPLIES} - {"received"}
    by_replies = {action for _, action in outcome_rules.LIFECYCLE} - {"verify", "dispute", "withdraw"}
    assert set(outcome_rules.ACTIONS.values()) == by_replies


PLAN_STEPS = {
    "add": {"DRAFT": "DRAFT"},
    "move": {"DRAFT": "DRAFT"},
    "remove": {"DRAFT": "DRAFT"},
    "submit": {"DRAFT": "SUBMITTED"},
    "approve": {"SUBMITTED": "APPROVED"},
    "return": {"SUBMITTED": "RETURNED"},
    "draft": {"RETURNED": "DRAFT"},
}


@pytest.mark.parametrize(("status", "action"), list(product(PlanStatus, PLAN_STEPS)))
def test_plan_takes_exactly_the_steps_of_its_lifecycle(status: PlanStatus, action: str) -> None:
    expected = PLAN_STEPS[action].get(status.value)
    if expected is not None:
        assert advance(plan_rules.LIFECYCLE, "plan", status, action).value == expected
        return
    with pytest.raises(IllegalTransition) as refused:
        advance(plan_rules.LIFECYCLE, "plan", status, action)
    assert set(refused.value.parameters["allowed"]) == set(PLAN_STEPS[action])


def test_plans_have_no_other_action_and_take_topics_on_the_agenda_only() -> None:
    assert {action for _, action in plan_rules.LIFECYCLE} == set(PLAN_STEPS)
    assert set(TopicStatus) - plan_rules.PLANNABLE == {"PROPOSED", "RESOLVED", "WITHDRAWN"}


def test_revision_is_checked_where_one_is_expected() -> None:
    check_version(None, 3, path="expected_revision")
    check_version(3, 3, path="expected_revision")
    with pytest.raises(VersionConflict) as refused:
        check_version(2, 3, path="expected_revision")
    assert refused.value.path == ("expected_revision",)
    assert refused.value.message == "Revision 2 was expected, the present revision is 3; read it again."


def test_commitments_have_no_other_action() -> None:
    assert {action for _, action in outcome_rules.LIFECYCLE} == set(COMMITMENT_STEPS)


@pytest.mark.parametrize("roles", [*combinations(ParticipantRole, 1), *combinations(ParticipantRole, 2), ()])
@pytest.mark.parametrize("kinds", [[], ["MICRO"], ["KEY"], ["MICRO", "KEY"]])
def test_public_is_missed_only_where_a_key_topic_was_taken(
    kinds: list[str], roles: tuple[ParticipantRole, ...]
) -> None:
    came = {"RESIDENT", "STAKEHOLDER"} & {role.value for role in roles}
    assert session_rules.lacks_public([TopicKind(kind) for kind in kinds], roles) is ("KEY" in kinds and not came)
