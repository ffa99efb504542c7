"""What a topic's life tells of its versions up to an instant, and of those of its matters, sessions and commitments."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import pairwise, takewhile
from typing import Any, NamedTuple
from uuid import UUID

from services.matters.enums import MatterStatus
from services.outcomes.enums import CommitmentStatus
from services.seeds.drafts import CommitmentDraft, MatterDraft, SessionDraft, TopicDraft
from services.seeds.load import Row
from services.seeds.timeline import instant
from services.sessions.enums import SessionStatus
from services.topics.enums import TopicStatus
from services.topics.rules import LIFECYCLE


class Versions(NamedTuple):
    """A thing up to an instant: the row of how it stands then without its id, since when, and its former rows."""

    present: Row
    recorded_at: datetime
    former: list[Row]


def versions(key: UUID, states: Iterable[tuple[int, Row]], end: int, *, whole: bool) -> Versions:
    """Return what is known before an instant of a thing that began before it, from its states in their order.

    One that the next follows at once was never seen. What is not whole was always what it is.
    """
    found = list(takewhile(lambda state: state[0] < end, states))
    since, present = found[-1]
    if not whole:
        return Versions(present, instant(found[0][0]), [])
    former = [(key, instant(at), instant(until), *state) for (at, state), (until, _) in pairwise(found) if at < until]
    return Versions(present, instant(since), former)


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
    last_held = None
    for session in topic.sessions:
        yield session.announced_at, "schedule", _next(session.first_for or session.scheduled_at)
        if session.put_off_at is not None and session.moved_at is not None:
            yield session.put_off_at, "schedule", _next(None, last_held)
            yield session.moved_at, "schedule", _next(session.scheduled_at)
        if session.called_off_at is not None:
            yield session.called_off_at, "unschedule", _next(None, last_held)
        if session.held_at is not None:
            last_held = session.scheduled_at
            yield session.held_at, "deliberate", _next(None, last_held)
    assigned = [commitment.assigned_at for commitment in topic.commitments]
    if assigned:
        yield min(assigned), "implement", {}
    for resolution in topic.resolutions:
        resolved_at = resolution.evidence.at
        yield resolved_at, "resolve", {"resolved_at": resolved_at, "resolution": resolution.text}
        if resolution.reopened_at is not None:
            yield resolution.reopened_at, "reopen", {"resolved_at": None, "resolution": None}
    if topic.withdrawn_at is not None:
        yield topic.withdrawn_at, "withdraw", {"withdrawn_at": topic.withdrawn_at}


def _next(at_ms: int | None, last_held: int | None = None) -> dict[str, Any]:
    """Return what is known of when a topic's next session is, and else of when its last one was held."""
    return {"scheduled_at": at_ms or last_held, "next_session_at": at_ms}


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


class SessionState(NamedTuple):
    """What of a session changes in its course."""

    status: SessionStatus
    scheduled_at: int
    held_at: int | None = None
    headcount: int | None = None
    headcount_is_lower_bound: bool = False
    minutes: str | None = None


def session_states(session: SessionDraft) -> Iterator[tuple[int, SessionState]]:
    """Give the states of a session, from its announcement on."""
    first_for = session.first_for or session.scheduled_at
    yield session.announced_at, SessionState(SessionStatus.SCHEDULED, first_for)
    if session.put_off_at is not None and session.moved_at is not None:
        yield session.put_off_at, SessionState(SessionStatus.POSTPONED, first_for)
        yield session.moved_at, SessionState(SessionStatus.SCHEDULED, session.scheduled_at)
    if session.called_off_at is not None:
        yield session.called_off_at, SessionState(SessionStatus.CANCELLED, session.scheduled_at)
    if session.held_at is not None:
        counted = session.headcount, session.headcount_is_lower_bound, session.minutes
        yield session.held_at, SessionState(SessionStatus.HELD, session.scheduled_at, session.held_at, *counted)


class CommitmentState(NamedTuple):
    """What of a commitment changes in its course."""

    status: CommitmentStatus
    answered_at: int | None = None
    completed_at: int | None = None


def commitment_states(commitment: CommitmentDraft) -> Iterator[tuple[int, CommitmentState]]:
    """Give the states of a commitment, from its assignment on."""
    state = CommitmentState(CommitmentStatus.ASSIGNED)
    yield commitment.assigned_at, state
    for at, status in commitment.steps:
        state = state._replace(status=status)
        if status in {CommitmentStatus.ACCEPTED, CommitmentStatus.DECLINED}:
            state = state._replace(answered_at=at)
        elif status in {CommitmentStatus.DONE, CommitmentStatus.DISPUTED}:
            state = state._replace(completed_at=at if status is CommitmentStatus.DONE else None)
        yield at, state
