"""What a topic's life tells as its trace: an entry for each act up to an instant, linked as if kept."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import chain, takewhile
from typing import NamedTuple
from uuid import UUID

import orjson

from services.core.actor import Role
from services.core.ids import node_id
from services.matters.rules import PARTS
from services.notices.events import TopicEvent
from services.outcomes.events import (
    CommitmentAssigned,
    CommitmentDisputed,
    CommitmentVerified,
    ConversionSubmitted,
    FollowUpRecorded,
    OutcomeRecorded,
)
from services.seeds.drafts import (
    CommitmentDraft,
    EvidenceDraft,
    InvolvementDraft,
    MatterDraft,
    SessionDraft,
    TopicDraft,
)
from services.seeds.identifiers import Parts
from services.seeds.load import Row
from services.seeds.timeline import instant
from services.sessions.enums import PUBLIC, ParticipantRole
from services.sessions.events import SessionHeld, TopicCancelled, TopicRescheduled, TopicScheduled
from services.topics.events import (
    DepartmentReleased,
    TopicListed,
    TopicProposed,
    TopicReopened,
    TopicResolved,
    TopicWithdrawn,
)
from services.trace.acts import ACTS, filled
from services.trace.rules import BEFORE_THE_FIRST, COMMITTED_FORM, ByWord, Link, commitments

DONE = 100

TOLD: tuple[type[TopicEvent], ...] = (
    *(TopicProposed, TopicListed, DepartmentReleased, TopicResolved, TopicReopened, TopicWithdrawn),
    *(TopicScheduled, TopicRescheduled, TopicCancelled, SessionHeld, OutcomeRecorded, CommitmentAssigned),
    *(CommitmentVerified, CommitmentDisputed, ConversionSubmitted, FollowUpRecorded),
)
SUMMARIES = {**ACTS, **{event.type: event.trace for event in TOLD}}
"""What the trace says of each act."""


class Act(NamedTuple):
    """What somebody did; who in person is not told."""

    at: int
    act: str
    subject: tuple[str, UUID | None]
    summary: str
    role: Role = Role.SECRETARIAT
    evidence: list[EvidenceDraft] | None = None


def summary_of(act: str, facts: Mapping[str, object]) -> str:
    """Return an act's summary."""
    return filled(SUMMARIES[act], facts)


@cache
def _said(act: str, department: str = "", part: str = "") -> str:
    """Return the summary of an act that says no more than which department it was about."""
    return summary_of(act, {"department": department, "part": part})


def acts_of(topic_id: UUID, topic: TopicDraft) -> list[Act]:
    """Return the acts of a topic that became rows, in the order of their instants."""
    return sorted(_acts(topic_id, topic), key=lambda act: act.at)


def _acts(topic_id: UUID, topic: TopicDraft) -> Iterator[Act]:
    """Give the acts so that one that follows from another comes after it."""
    own = ("topic", topic_id)
    yield Act(topic.proposed_at, "topic.proposed", own, summary_of("topic.proposed", {"title": topic.title}))
    yield from _listings(topic)
    if topic.listed_at is not None:
        yield Act(topic.listed_at, "topic.listed", own, _said("topic.listed"))
    for part in topic.involvements:
        yield from _of_part(part)
    for session in topic.sessions:
        yield from _of_session(session)
    for outcome in topic.outcomes:
        yield Act(outcome.reached_at, "outcome.recorded", ("outcome", outcome.id), _said("outcome.recorded"))
        for commitment in outcome.commitments:
            yield from _of_commitment(commitment)
    yield from _of_conversions(topic)
    for follow_up in topic.follow_ups:
        summary = summary_of("followup.recorded", {"score": follow_up.score, "channel": follow_up.channel})
        acting = follow_up.recorded_by or Role.RESIDENT
        yield Act(follow_up.at, "followup.recorded", own, summary, acting)
    for resolution in topic.resolutions:
        shown = [resolution.evidence]
        yield Act(shown[0].at, "topic.resolved", own, _said("topic.resolved"), evidence=shown)
        if resolution.reopened_at is not None:
            yield Act(resolution.reopened_at, "topic.reopened", own, _said("topic.reopened"))
    if topic.withdrawn_at is not None:
        yield Act(topic.withdrawn_at, "topic.withdrawn", own, _said("topic.withdrawn"))


def _listings(topic: TopicDraft) -> Iterator[Act]:
    for matter in topic.matters:
        if matter.told:
            yield Act(topic.proposed_at, "matter.listed", ("matter", matter.id), _said("matter.listed"))


def _of_part(part: InvolvementDraft) -> Iterator[Act]:
    subject, name = ("department", part.department.id), part.department.name
    yield Act(part.since, "topic.involved", subject, _said("topic.involved", name, part.role))
    if part.until is not None:
        yield Act(part.until, "topic.released", subject, _said("topic.released", name))


def _of_session(session: SessionDraft) -> Iterator[Act]:
    subject = ("session", session.id)
    planned = {"session_at": instant(session.first_for or session.scheduled_at), "venue": session.venue}
    yield Act(session.announced_at, "topic.scheduled", subject, summary_of("topic.scheduled", planned))
    if session.put_off_at is not None and session.moved_at is not None:
        yield Act(session.put_off_at, "topic.postponed", subject, summary_of("topic.postponed", planned))
        moved = {"session_at": instant(session.scheduled_at), "venue": session.venue}
        yield Act(session.moved_at, "topic.rescheduled", subject, summary_of("topic.rescheduled", moved))
    if session.called_off_at is not None:
        yield Act(session.called_off_at, "topic.cancelled", subject, summary_of("topic.cancelled", planned))
    if session.held_at is not None:
        held = {"held_at": instant(session.held_at), "venue": session.venue}
        yield Act(session.held_at, "session.held", subject, summary_of("session.held", held))


def _of_commitment(commitment: CommitmentDraft) -> Iterator[Act]:
    subject, name = ("commitment", commitment.id), commitment.department.name
    yield Act(commitment.assigned_at, "commitment.assigned", subject, _said("commitment.assigned", name))
    for report in commitment.progress:
        if report.percent != DONE:
            yield Act(report.at, "reply.progress", subject, _said("reply.progress", name), Role.DEPARTMENT)
    for evidence in commitment.evidence:
        yield Act(evidence.at, "reply.completed", subject, _said("reply.completed", name), Role.DEPARTMENT, [evidence])
    for verdict in commitment.verdicts:
        act = "commitment.verified" if verdict.fulfilled else "commitment.disputed"
        yield Act(verdict.at, act, subject, _said(act, name), _looked(verdict.role))


def _of_conversions(topic: TopicDraft) -> Iterator[Act]:
    of_outcomes, of_opinions = (one.conversions for one in topic.outcomes), (one.conversions for one in topic.opinions)
    for conversion in chain.from_iterable(chain(of_outcomes, of_opinions)):
        summary = summary_of("conversion.submitted", {"kind": conversion.kind})
        yield Act(conversion.submitted_at, "conversion.submitted", ("conversion", conversion.id), summary)


def _looked(part: ParticipantRole) -> Role:
    """Return the role in which somebody says what they saw: residents themselves, staff for all others."""
    return Role.RESIDENT if part in PUBLIC else Role.CADRE


def _of_matter(topic_id: UUID, topic: TopicDraft, matter: MatterDraft) -> Iterator[Act]:
    """Give the acts of a matter that was listed with its topic."""
    own, raised = ("matter", matter.id), summary_of("matter.raised", {"title": matter.title})
    raised_as = next(role for role, part in PARTS.items() if part is matter.raised_by)
    yield Act(matter.raised_at, "matter.raised", own, raised, raised_as)
    if matter.accepted_at is not None:
        yield Act(matter.accepted_at, "matter.accepted", own, _said("matter.accepted"), Role.CADRE)
    yield Act(topic.proposed_at, "matter.listed", ("topic", topic_id), _said("matter.listed"))


class Chains:
    """Makes acts before an instant into the rows of chains."""

    def __init__(self, end: int) -> None:
        self._end = end
        self._chain_ids = Parts("trace_chain")
        self._entry_ids = Parts("trace_entry")

    def of(self, key: int, topic_id: UUID, topic: TopicDraft) -> tuple[Row, list[Row]]:
        """Return the row of a topic's chain and those of its entries; `key` is the topic's in ids."""
        chain_id = self._chain_ids.of(key, 0, topic.proposed_at)
        acts = acts_of(topic_id, topic)
        last_hash, rows = self._linked(key, 0, chain_id, node_id("topic", topic_id), acts)
        return (chain_id, topic_id, None, len(rows), last_hash), rows

    def of_matters(self, key: int, topic_id: UUID, topic: TopicDraft) -> Iterator[tuple[Row, list[Row]]]:
        """Give the same of the matters that a topic was made of."""
        for number, matter in enumerate(topic.matters, start=1):
            chain_id = self._chain_ids.of(key, number, matter.raised_at)
            acts = _of_matter(topic_id, topic, matter)
            last_hash, rows = self._linked(key, number, chain_id, f"matter_{matter.id}", acts)
            yield (chain_id, None, matter.id, len(rows), last_hash), rows

    def _linked(
        self, key: int, number: int, chain_id: UUID, chain_key: str, acts: Iterable[Act]
    ) -> tuple[bytes, list[Row]]:
        """Return the last hash of a chain and the rows of its entries; `number` is the chain's among those of a key."""
        previous, rows = BEFORE_THE_FIRST, list[Row]()
        for sequence, act in enumerate(takewhile(lambda act: act.at < self._end, acts), start=1):
            kind, subject_id = act.subject
            link = Link(
                id=self._entry_ids.of(key, number << 8 | sequence, act.at),
                chain=chain_key,
                sequence=sequence,
                at=instant(act.at),
                act=act.act,
                actor=None,
                actor_role=act.role,
                subject=f"{kind}_{subject_id}",
                summary=act.summary,
                evidence=[{"url": shown.url, "sha256": shown.sha256} for shown in act.evidence or ()],
                previous_hash=previous,
            )
            evidence = orjson.dumps(link.evidence).decode() if link.evidence else "[]"
            salts = _salts(link)
            committed = commitments(link.words(), salts)
            previous = link.digest(committed)
            rows.append(
                (
                    *(link.id, chain_id, sequence, link.at, act.act, None, act.role, kind, subject_id),
                    *(act.summary, evidence, link.previous_hash, previous, COMMITTED_FORM, salts["evidence"]),
                    *(committed["evidence"], salts["summary"], committed["summary"]),
                )
            )
        return previous, rows


def _salts(link: Link) -> ByWord:
    """Return salts that are the same in every demonstration province: nothing of it is secret."""
    return {
        name: None if said is None else hashlib.sha256(link.id.bytes + name.encode()).digest()
        for name, said in link.words().items()
    }
