"""Drafts of topics become rows: ids, numbers, instants."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from hashlib import sha256
from itertools import islice
from typing import TypeAlias, TypeVar
from uuid import UUID

from services.matters.enums import MatterStatus
from services.outcomes.enums import CommitmentStatus
from services.seeds.departments import WITH_CHANNEL
from services.seeds.drafts import (
    CommitmentDraft,
    EvidenceDraft,
    FollowUpDraft,
    MatterDraft,
    OpinionDraft,
    OutcomeDraft,
    SessionDraft,
    TopicDraft,
)
from services.seeds.identifiers import IdSequence
from services.seeds.load import Batch, Row
from services.seeds.plans import Plans
from services.seeds.timeline import day_of, instant, midnight
from services.seeds.traces import Chains
from services.seeds.versions import TopicState, commitment_states, course, matter_states, session_states, topic_states

TABLES = (
    *("topic", "topic_history", "matter", "matter_history", "involvement", "session", "session_history"),
    *("session_topic", "attendance", "outcome", "commitment", "commitment_history", "progress", "evidence"),
    *("opinion", "verdict", "conversion", "follow_up", "trace_chain", "trace_entry"),
)
"""Each after those that it refers to."""

MATTER_TABLES = ("matter", "matter_history")

RESPONDENT = "受访人01"
"""Staff asks one person about a topic."""

EVIDENCE_URL = "https://shangliang.example/evidence/{number}/{serial}"
"""The domain .example is reserved (RFC 2606): nothing stands there."""

Proof: TypeAlias = tuple[UUID | None, UUID | None, EvidenceDraft]
"""The topic or the commitment that is proved, and by what."""


T = TypeVar("T")


class Record:
    """Writes topics into batches of rows, as a `whole` with traces and former versions, and keeps running numbers."""

    def __init__(self, topics: Iterator[TopicDraft], *, whole: bool) -> None:
        self._topics = topics
        self._whole = whole
        self._chains = Chains() if whole else None
        self._ids = {table: IdSequence(table) for table in TABLES}
        self._last_numbers: dict[tuple[str, int], int] = {}
        self._batch: Batch = {}
        self._plans = Plans(whole=whole)

    def next_batch(self, size: int) -> Batch:
        """Return the rows of the next `size` topics; of none when there are no more."""
        self._batch = {table: [] for table in TABLES}
        for topic in islice(self._topics, size):
            self._write_topic(topic)
        return self._batch

    def next_matters(self, matters: Iterator[MatterDraft], size: int) -> Batch:
        """Return the rows of the next `size` matters without a topic; of none when there are no more."""
        self._batch = {table: [] for table in MATTER_TABLES}
        for matter in islice(matters, size):
            self._write_matter(matter)
        return self._batch

    def number_rows(self) -> Iterator[Row]:
        """Return the rows of the table `topic_number` as the numbers stand now."""
        return ((county_code, year, last) for (county_code, year), last in sorted(self._last_numbers.items()))

    def plan_rows(self) -> Batch:
        """Return the rows of the annual plans, once every topic is written."""
        return self._plans.rows()

    def _write_topic(self, topic: TopicDraft) -> None:
        topic_id, number = self._ids["topic"].issue(topic.proposed_at), self._number(topic)
        self._plans.note(topic, topic_id)
        recorded_at = self._write_former(
            "topic", topic_id, topic_states(topic), lambda state: _topic_facts(topic, number, state)
        )
        self._batch["topic"].append((topic_id, *_topic_facts(topic, number, topic), recorded_at))
        for matter in topic.matters:
            self._write_matter(matter, topic, topic_id)
        for part in topic.involvements:
            key = self._ids["involvement"].issue(part.since)
            self._batch["involvement"].append(
                (key, topic_id, part.department.id, part.role, instant(part.since), _instant(part.until))
            )
        for session in topic.sessions:
            if session.id is None:
                self._write_session(topic, session)
            session.topics += 1
            self._batch["session_topic"].append((session.id, topic_id, session.topics))
        for opinion in topic.opinions:
            self._write_opinion(topic, topic_id, opinion)
        for follow_up in topic.follow_ups:
            self._write_follow_up(topic, topic_id, follow_up)
        proofs: list[Proof] = [(topic_id, None, evidence) for evidence in topic.evidence]
        for outcome in topic.outcomes:
            proofs += self._write_outcome(topic, topic_id, outcome)
        self._write_evidence(number, proofs)
        if self._chains is not None and topic.county.place.code in WITH_CHANNEL:
            chains = [self._chains.of(topic_id, topic), *self._chains.of_matters(topic_id, topic)]
            for chain, entries in chains:
                self._batch["trace_chain"].append(chain)
                self._batch["trace_entry"].extend(entries)

    def _write_matter(self, matter: MatterDraft, topic: TopicDraft | None = None, topic_id: UUID | None = None) -> None:
        matter.id = self._ids["matter"].issue(matter.raised_at)
        facts = partial(_matter_facts, matter, topic_id)
        recorded_at = self._write_former("matter", matter.id, matter_states(matter, topic), facts)
        self._batch["matter"].append((matter.id, *facts(matter), recorded_at))

    def _write_former(
        self, table: str, key: UUID, states: Iterable[tuple[int, T]], facts: Callable[[T], Row]
    ) -> datetime:
        """Write what a thing was, by its states up to the present one; return since when that holds."""
        rows = ((at, facts(state)) for at, state in states)
        recorded_at, former = course(key, rows, whole=self._whole)
        self._batch[f"{table}_history"] += former
        return recorded_at

    def _number(self, topic: TopicDraft) -> str:
        """Return the topic's number: the county, the year, how many there were before."""
        key = (topic.county.place.code, day_of(topic.proposed_at).year)
        last = self._last_numbers[key] = self._last_numbers.get(key, 0) + 1
        return f"T{key[0]}-{key[1]}-{last:04d}"

    def _write_session(self, topic: TopicDraft, session: SessionDraft) -> None:
        session.id = self._ids["session"].issue(session.announced_at)
        recorded_at = self._write_former(
            "session", session.id, session_states(session), lambda state: _session_facts(topic, state)
        )
        self._batch["session"].append((session.id, *_session_facts(topic, session), recorded_at))
        for position, guest in enumerate(session.attendances, start=1):
            self._batch["attendance"].append(
                (
                    self._ids["attendance"].issue(session.scheduled_at),
                    session.id,
                    position,
                    guest.member.name if guest.member else None,
                    guest.role,
                    guest.member.id if guest.member else None,
                    guest.department.id if guest.department else None,
                )
            )

    def _write_outcome(self, topic: TopicDraft, topic_id: UUID, outcome: OutcomeDraft) -> list[Proof]:
        """Write an outcome with its commitments; return what proves them."""
        outcome_id = outcome.id = self._ids["outcome"].issue(outcome.reached_at)
        session_id = outcome.session.id if outcome.session else None
        stated = outcome_id, topic_id, session_id, topic.platform.place.number, outcome.agreement
        reached_at = outcome.reached_at
        self._batch["outcome"].append((*stated, day_of(reached_at), instant(reached_at)))
        self._write_conversions(topic, outcome, outcome_id=outcome_id)
        proofs: list[Proof] = []
        for commitment in outcome.commitments:
            commitment_id = commitment.id = self._ids["commitment"].issue(commitment.assigned_at)
            facts = partial(_commitment_facts, topic, (outcome_id, topic_id), commitment)
            recorded_at = self._write_former("commitment", commitment_id, commitment_states(commitment), facts)
            self._batch["commitment"].append((commitment_id, *facts(commitment.status), recorded_at))
            self._write_progress(commitment_id, commitment)
            proofs += [(None, commitment_id, evidence) for evidence in commitment.evidence]
        return proofs

    def _write_progress(self, commitment_id: UUID, commitment: CommitmentDraft) -> None:
        for report in commitment.progress:
            key = self._ids["progress"].issue(report.at)
            self._batch["progress"].append((key, commitment_id, instant(report.at), report.percent, report.note))
        for verdict in commitment.verdicts:
            key = self._ids["verdict"].issue(verdict.at)
            self._batch["verdict"].append(
                (key, commitment_id, instant(verdict.at), verdict.role, verdict.fulfilled, verdict.note)
            )

    def _write_opinion(self, topic: TopicDraft, topic_id: UUID, opinion: OpinionDraft) -> None:
        key = self._ids["opinion"].issue(opinion.at)
        member_id = opinion.member.id if opinion.member else None
        about = topic_id if opinion.on_topic else None
        self._batch["opinion"].append(
            (key, opinion.session.id, about, opinion.role, member_id, instant(opinion.at), opinion.text)
        )
        self._write_conversions(topic, opinion, opinion_id=key)

    def _write_conversions(
        self,
        topic: TopicDraft,
        source: OutcomeDraft | OpinionDraft,
        *,
        outcome_id: UUID | None = None,
        opinion_id: UUID | None = None,
    ) -> None:
        for conversion in source.conversions:
            conversion.id = self._ids["conversion"].issue(midnight(conversion.submitted_on))
            self._batch["conversion"].append(
                (
                    conversion.id,
                    conversion.kind,
                    conversion.title,
                    conversion.submitted_on,
                    conversion.filed,
                    conversion.author.id,
                    outcome_id,
                    opinion_id,
                    topic.platform.id,
                    topic.platform.place.number,
                    instant(midnight(conversion.submitted_on)),
                )
            )

    def _write_follow_up(self, topic: TopicDraft, topic_id: UUID, follow_up: FollowUpDraft) -> None:
        self._batch["follow_up"].append(
            (
                self._ids["follow_up"].issue(follow_up.at),
                topic_id,
                topic.platform.place.number,
                instant(follow_up.at),
                follow_up.role,
                follow_up.score,
                follow_up.confirms_fix,
                follow_up.comment,
                follow_up.channel,
                follow_up.recorded_by,
                RESPONDENT if follow_up.recorded_by else None,
                instant(follow_up.at),
            )
        )

    def _write_evidence(self, number: str, proofs: list[Proof]) -> None:
        """Write what proves a topic or commitments; the digest is that of the address, there being no document."""
        for serial, (topic_id, commitment_id, evidence) in enumerate(proofs, start=1):
            key = self._ids["evidence"].issue(evidence.at)
            evidence.url = EVIDENCE_URL.format(number=number, serial=serial)
            evidence.sha256 = sha256(evidence.url.encode()).hexdigest()
            self._batch["evidence"].append(
                (key, topic_id, commitment_id, instant(evidence.at), evidence.url, evidence.sha256, evidence.note)
            )


def _matter_facts(matter: MatterDraft, topic_id: UUID | None, state: MatterDraft) -> Row:
    """Return what a matter's row states beside its id, in a state; the topic is the one that it was taken into."""
    return (
        matter.title,
        matter.description,
        matter.nature,
        matter.raised_by,
        None,
        instant(matter.raised_at),
        matter.platform.id,
        matter.platform.place.number,
        matter.category,
        state.status,
        state.version,
        _instant(state.accepted_at),
        state.answer,
        _instant(state.answered_at),
        topic_id if state.status is MatterStatus.LISTED else None,
    )


def _topic_facts(topic: TopicDraft, number: str, state: TopicDraft | TopicState) -> Row:
    """Return what a topic's row states beside its id, in a state."""
    return (
        number,
        topic.title,
        topic.summary,
        topic.kind,
        topic.category,
        state.status,
        state.version,
        topic.platform.id,
        topic.platform.place.number,
        instant(topic.proposed_at),
        _instant(state.listed_at),
        _instant(state.scheduled_at),
        _instant(state.next_session_at),
        _instant(state.resolved_at),
        _instant(state.withdrawn_at),
        state.resolution,
    )


def _session_facts(topic: TopicDraft, session: SessionDraft) -> Row:
    """Return what a session's row states beside its id."""
    return (
        topic.platform.id,
        topic.platform.place.number,
        session.status,
        instant(session.scheduled_at),
        _instant(session.held_at),
        session.venue,
        session.form,
        session.convener,
        session.group.id if session.group else None,
        session.headcount,
        session.headcount_is_lower_bound,
        session.minutes,
    )


def _commitment_facts(
    topic: TopicDraft, of: tuple[UUID, UUID], commitment: CommitmentDraft, status: CommitmentStatus
) -> Row:
    """Return what a commitment's row states beside its id, in a state; `of` are its outcome and topic."""
    return (
        *of,
        commitment.department.id,
        topic.platform.place.number,
        commitment.task,
        commitment.due_on,
        status,
        instant(commitment.assigned_at),
        # All of this is long past: nobody is told of it.
        commitment.due_on,
        commitment.due_on,
    )


def _instant(at_ms: int | None) -> datetime | None:
    return None if at_ms is None else instant(at_ms)
