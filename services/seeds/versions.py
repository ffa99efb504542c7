"""What a topic's course tells of its former versions, and of those of its matters, sessions and commitments."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Any, NamedTuple
from uuid import UUID

from services.matters.enums import MatterStatus
from services.outcomes.enums import CommitmentStatus
from services.seeds.drafts import RESOLUTION, CommitmentDraft, MatterDraft, SessionDraft, TopicDraft
from services.seeds.load import Row
from services.seeds.timeline import CUT_OFF, DAY, instant
from services.sessions.enums import SessionStatus
from services.topics.enums import TopicStatus
from services.topics.rules import LIFECYCLE


def course(key: UUID, states: Iterable[tuple[int, Row]], *, whole: bool) -> tuple[datetime, list[Row]]:
    """Return since when the last of a thing's states, given in their order, holds, and the rows of the former ones.

    One that the next follows at once was never seen. What is not whole was always what it is.
    """
    if not whole:
        return instant(next(iter(states))[0]), []
    found = list(states)
    former = [(key, instant(at), instant(until), *state) for (at, state), (until, _) in pairwise(found) if at < until]
    return instant(found[-1][0]), former


class TopicState(NamedTuple):
    """What of a topic changes in its course."""

    status: TopicStatus = TopicStatus.PROPOSED
    version: int = 1
    listed_at: int | None = None
    scheduled_at: int | None = None
    next_session_at: int | None = None
    resolved_at: int | None = None
    withdrawn_at: int | None = None
    resolution: str | None = None


def topic_states(topic: TopicDraft) -> Iterator[tuple[int, TopicState]]:
    """Give the states of a topic, from its proposal on."""
    state = TopicState()
    yield topic.proposed_at, state
    for at, action, facts in sorted(_actions(topic), key=lambda step: step[0]):
        status = LIFECYCLE[state.status, action]
        state = state._replace(status=status, version=state.version + (status is not state.status), **facts)
        yield at, state


def _actions(topic: TopicDraft) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Give what was done with a topic, when and what is known since; what follows from something comes after it."""
    if topic.listed_at is not None:
        yield topic.listed_at, "list", {"listed_at": topic.listed_at}
    free_from = topic.listed_at or topic.proposed_at
    for session in topic.sessions:
        # A shared session stood in the calendar before the topic came to it.
        yield max(session.announced_at, free_from), "schedule", _scheduled(session.scheduled_at)
        if session.status is SessionStatus.CANCELLED:
            free_from = put_off_at(session)
            yield free_from, "unschedule", _scheduled(None)
        if session.status is SessionStatus.POSTPONED:
            yield max(put_off_at(session), free_from), "schedule", _scheduled(None)
        if session.held_at is not None:
            yield session.held_at, "deliberate", {"next_session_at": None}
    assigned = [commitment.assigned_at for outcome in topic.outcomes for commitment in outcome.commitments]
    if assigned:
        yield min(assigned), "implement", {}
    if topic.evidence:
        resolved_at, resolution = topic.evidence[0].at, topic.resolution or RESOLUTION.format(topic.subject)
        yield resolved_at, "resolve", {"resolved_at": resolved_at, "resolution": resolution}
        if topic.resolved_at is None:
            yield min(resolved_at + DAY, CUT_OFF), "reopen", {"resolved_at": None, "resolution": None}
    if topic.withdrawn_at is not None:
        yield topic.withdrawn_at, "withdraw", {"withdrawn_at": topic.withdrawn_at}


def _scheduled(at: int | None) -> dict[str, Any]:
    """Return what is known of when a topic's next session is."""
    return {"scheduled_at": at, "next_session_at": at}


def matter_states(matter: MatterDraft, topic: TopicDraft | None) -> Iterator[tuple[int, MatterDraft]]:
    """Give the states of a matter, from its raising on; the topic is the one that it was taken into."""
    state = replace(matter, status=MatterStatus.RAISED, version=1, accepted_at=None, answer=None, answered_at=None)
    yield matter.raised_at, state
    if matter.accepted_at is not None:
        state = replace(state, accepted_at=matter.accepted_at)
        state.advance(MatterStatus.ACCEPTED)
        yield matter.accepted_at, state
    if topic is not None:
        state = replace(state)
        state.advance(MatterStatus.LISTED)
        yield topic.proposed_at, state
        if topic.withdrawn_at is not None:
            state = replace(state)
            state.advance(MatterStatus.ACCEPTED)
            yield topic.withdrawn_at, state
    if matter.answered_at is not None:
        yield matter.answered_at, matter


NOT_YET: dict[str, Any] = {"headcount": None, "headcount_is_lower_bound": False, "minutes": None}
"""What nobody can say of a session before it was held."""


def put_off_at(session: SessionDraft) -> int:
    """Return when a session that did not take place as planned was put or called off."""
    return max(session.announced_at, min(session.scheduled_at - DAY, CUT_OFF))


def session_states(session: SessionDraft) -> Iterator[tuple[int, SessionDraft]]:
    """Give the states of a session, from its announcement on."""
    yield session.announced_at, replace(session, status=SessionStatus.SCHEDULED, held_at=None, **NOT_YET)
    if session.held_at is not None:
        yield session.held_at, session
    elif session.status is not SessionStatus.SCHEDULED:
        yield put_off_at(session), session


def commitment_states(commitment: CommitmentDraft) -> Iterator[tuple[int, CommitmentStatus]]:
    """Give the states of a commitment, from its assignment on."""
    yield commitment.assigned_at, CommitmentStatus.ASSIGNED
    if commitment.status is CommitmentStatus.ASSIGNED:
        return
    reports = [report.at for report in commitment.progress]
    done = [evidence.at for evidence in commitment.evidence]
    answered_at = min([commitment.assigned_at + DAY, *reports, *done, CUT_OFF])
    if commitment.status is CommitmentStatus.DECLINED:
        yield answered_at, CommitmentStatus.DECLINED
        return
    yield answered_at, CommitmentStatus.ACCEPTED
    if commitment.status is not CommitmentStatus.ACCEPTED:
        yield min([answered_at + DAY, *reports, *done, CUT_OFF]), CommitmentStatus.IN_PROGRESS
    if done:
        yield done[0], CommitmentStatus.DONE
    for verdict in commitment.verdicts:
        yield verdict.at, commitment.status
