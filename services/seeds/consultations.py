"""Drafts of topics become rows, up to an instant: ids, numbers, instants."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from hashlib import sha256
from itertools import islice
from typing import TypeAlias
from uuid import UUID

from services.matters.enums import MatterStatus
from services.seeds.departments import WITH_CHANNEL
from services.seeds.drafts import (
    CommitmentDraft,
    EvidenceDraft,
    FollowUpDraft,
    InvolvementDraft,
    MatterDraft,
    OpinionDraft,
    OutcomeDraft,
    SessionDraft,
    TopicDraft,
)
from services.seeds.identifiers import Parts
from services.seeds.load import Batch, Row
from services.seeds.plans import Plans
from services.seeds.timeline import day_of, instant
from services.seeds.traces import Chains
from services.seeds.versions import (
    CommitmentState,
    SessionState,
    TopicState,
    commitment_states,
    matter_states,
    session_states,
    topic_states,
    versions,
)

TABLES = (
    *("topic", "topic_history", "matter", "matter_history", "involvement", "session", "session_history"),
    *("session_topic", "attendance", "outcome", "commitment", "commitment_history", "progress", "evidence"),
    *("opinion", "verdict", "conversion", "follow_up", "trace_chain", "trace_entry"),
)
"""Each after those that it refers to."""

MATTER_TABLES = ("matter", "matter_history")

SERIAL_BITS = 24
UNLISTED = 1 << 23
"""In the keys of things of a county: its topics are fewer, and its matters without a topic follow this."""
COUNTY_DIGITS = 6

RESPONDENT = "受访人{:02d}"
"""Whom staff asks about a topic: never the same person twice."""

EVIDENCE_URL = "https://shangliang.example/evidence/{number}/{serial}"
"""The domain .example is reserved (RFC 2606): nothing stands there."""

Proof: TypeAlias = tuple[UUID | None, UUID | None, EvidenceDraft]
"""The topic or the commitment that is proved, and by what."""


class Record:
    """Writes what is known of topics before `end` into batches of rows, and keeps running numbers.

    As a `whole` it writes traces and former versions, too. Every part of a topic's life gets its id whether it is
    written or not, so that the rows up to an instant are the same whatever comes after it.
    """

    def __init__(self, topics: Iterator[TopicDraft], end: int, *, whole: bool) -> None:
        self._topics = topics
        self._end = end
        self._whole = whole
        self._chains = Chains(end) if whole else None
        self._ids = {table: Parts(table) for table in (*TABLES, *MATTER_TABLES)}
        self._key = 0
        self._parts: Counter[str] = Counter()
        self._last_numbers: Counter[tuple[str, int]] = Counter()
        self._topics_of: Counter[str] = Counter()
        self._batch: Batch = {}
        self._plans = Plans(end, whole=whole)

    def next_batch(self, size: int) -> Batch:
        """Return the rows of the next `size` topics; none when there are no more."""
        self._batch = {table: [] for table in TABLES}
        for topic in islice(self._topics, size):
            self._write_topic(topic)
        return self._batch

    def next_matters(self, matters: Iterator[tuple[int, MatterDraft]], size: int) -> Batch:
        """Return the rows of the next `size` matters without a topic; none when there are no more."""
        self._batch = {table: [] for table in MATTER_TABLES}
        for number, matter in islice(matters, size):
            self._begin(int(matter.platform.place.code[:COUNTY_DIGITS]), UNLISTED | number)
            self._write_matter(matter)
        return self._batch

    def number_rows(self) -> Iterator[Row]:
        """Return the rows of the table `topic_number` as the numbers stand now."""
        return ((county_code, year, last) for (county_code, year), last in sorted(self._last_numbers.items()))

    def plan_rows(self) -> Batch:
        """Return the rows of the annual plans, once every topic is written."""
        return self._plans.rows()

    def _begin(self, county_code: int, number: int) -> None:
        """Take up another thing of a county, by its number there."""
        self._key = county_code << SERIAL_BITS | number
        self._parts = Counter()

    def _id(self, table: str, at_ms: int) -> UUID:
        """Return the id of the next part of the thing at hand."""
        part = self._parts[table]
        self._parts[table] = part + 1
        return self._ids[table].of(self._key, part, at_ms)

    def _write(self, table: str, at_ms: int, *rows: Row) -> None:
        """Write rows of what came at an instant, if that is told."""
        if at_ms < self._end:
            self._batch[table] += rows

    def _write_topic(self, topic: TopicDraft) -> None:
        county_code = topic.county.place.code
        self._begin(int(county_code), self._topics_of[county_code])
        self._topics_of[county_code] += 1
        topic_id, number = self._id("topic", topic.proposed_at), self._number(topic)
        self._plans.note(topic, topic_id)
        states = ((at, _topic_facts(topic, number, state)) for at, state in topic_states(topic))
        self._write_versions("topic", topic_id, topic.proposed_at, states)
        for matter in topic.matters:
            self._write_matter(matter, topic, topic_id)
        published = topic.listed_at is not None and topic.listed_at < self._end
        for part in topic.involvements:
            self._write_involvement(topic_id, part, published=published)
        for session in topic.sessions:
            if session.id is None:
                self._write_session(topic, session)
            session.topics += 1
            self._write("session_topic", session.announced_at, (session.id, topic_id, session.topics))
        for opinion in topic.opinions:
            self._write_opinion(topic, topic_id, opinion)
        for number_asked, follow_up in enumerate(topic.follow_ups, start=1):
            self._write_follow_up(topic, topic_id, follow_up, RESPONDENT.format(number_asked))
        proofs: list[Proof] = [(topic_id, None, resolution.evidence) for resolution in topic.resolutions]
        for outcome in topic.outcomes:
            proofs += self._write_outcome(topic, topic_id, outcome)
        self._write_evidence(number, proofs)
        if self._chains is not None and county_code in WITH_CHANNEL:
            self._write_chains(self._chains, topic_id, topic)

    def _write_chains(self, chains: Chains, topic_id: UUID, topic: TopicDraft) -> None:
        of_matters = chains.of_matters(self._key, topic_id, topic)
        for chain, entries in [chains.of(self._key, topic_id, topic), *of_matters]:
            if entries:
                self._batch["trace_chain"].append(chain)
                self._batch["trace_entry"] += entries

    def _write_involvement(self, topic_id: UUID, part: InvolvementDraft, *, published: bool) -> None:
        key = self._id("involvement", part.since)
        until = part.until if part.until is not None and part.until < self._end else None
        row = (key, topic_id, part.department.id, part.role, instant(part.since), _instant(until), published)
        self._write("involvement", part.since, row)

    def _write_matter(self, matter: MatterDraft, topic: TopicDraft | None = None, topic_id: UUID | None = None) -> None:
        matter.id = self._id("matter", matter.raised_at)
        states = ((at, _matter_facts(matter, topic_id, state)) for at, state in matter_states(matter, topic))
        self._write_versions("matter", matter.id, matter.raised_at, states)

    def _write_versions(self, table: str, key: UUID, began_at: int, states: Iterable[tuple[int, Row]]) -> None:
        """Write how a thing stands, if it has begun, and what it was."""
        if began_at < self._end:
            known = versions(key, states, self._end, whole=self._whole)
            self._batch[table].append((key, *known.present, known.recorded_at))
            self._batch[f"{table}_history"] += known.former

    def _number(self, topic: TopicDraft) -> str:
        """Return the topic's number: the county, the year, how many there were before. It gets one when proposed."""
        if topic.proposed_at >= self._end:
            return ""
        key = (topic.county.place.code, day_of(topic.proposed_at).year)
        self._last_numbers[key] += 1
        return f"T{key[0]}-{key[1]}-{self._last_numbers[key]:04d}"

    def _write_session(self, topic: TopicDraft, session: SessionDraft) -> None:
        session.id = self._id("session", session.announced_at)
        states = ((at, _session_facts(topic, session, state)) for at, state in session_states(session))
        self._write_versions("session", session.id, session.announced_at, states)
        if session.held_at is None:
            return
        for position, guest in enumerate(session.attendances, start=1):
            row = (
                self._id("attendance", session.held_at),
                session.id,
                position,
                guest.member.name if guest.member else None,
                guest.role,
                guest.member.id if guest.member else None,
                guest.department.id if guest.department else None,
            )
            self._write("attendance", session.held_at, row)

    def _write_outcome(self, topic: TopicDraft, topic_id: UUID, outcome: OutcomeDraft) -> list[Proof]:
        """Write an outcome with its commitments; return what proves them."""
        outcome_id = outcome.id = self._id("outcome", outcome.reached_at)
        session_id = outcome.session.id if outcome.session else None
        stated = (outcome_id, topic_id, session_id, topic.platform.place.number, outcome.agreement)
        reached_at = outcome.reached_at
        self._write("outcome", reached_at, (*stated, day_of(reached_at), instant(reached_at)))
        self._write_conversions(topic, outcome, outcome_id=outcome_id)
        proofs: list[Proof] = []
        for commitment in outcome.commitments:
            commitment_id = commitment.id = self._id("commitment", commitment.assigned_at)
            facts = partial(_commitment_facts, topic, (outcome_id, topic_id), commitment)
            states = ((at, facts(state)) for at, state in commitment_states(commitment))
            self._write_versions("commitment", commitment_id, commitment.assigned_at, states)
            self._write_progress(commitment_id, commitment)
            proofs += [(None, commitment_id, evidence) for evidence in commitment.evidence]
        return proofs

    def _write_progress(self, commitment_id: UUID, commitment: CommitmentDraft) -> None:
        for report in commitment.progress:
            key = self._id("progress", report.at)
            row: Row = (key, commitment_id, instant(report.at), report.percent, report.note)
            self._write("progress", report.at, row)
        for verdict in commitment.verdicts:
            key = self._id("verdict", verdict.at)
            row = (key, commitment_id, instant(verdict.at), verdict.role, verdict.fulfilled, verdict.note)
            self._write("verdict", verdict.at, row)

    def _write_opinion(self, topic: TopicDraft, topic_id: UUID, opinion: OpinionDraft) -> None:
        key = self._id("opinion", opinion.at)
        member_id = opinion.member.id if opinion.member else None
        about = topic_id if opinion.on_topic else None
        row = (key, opinion.session.id, about, opinion.role, member_id, instant(opinion.at), opinion.text)
        self._write("opinion", opinion.at, row)
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
            conversion.id = self._id("conversion", conversion.submitted_at)
            row = (
                conversion.id,
                conversion.kind,
                conversion.title,
                day_of(conversion.submitted_at),
                conversion.filed,
                conversion.author.id,
                outcome_id,
                opinion_id,
                topic.platform.id,
                topic.platform.place.number,
                instant(conversion.submitted_at),
            )
            self._write("conversion", conversion.submitted_at, row)

    def _write_follow_up(self, topic: TopicDraft, topic_id: UUID, follow_up: FollowUpDraft, name: str) -> None:
        row = (
            self._id("follow_up", follow_up.at),
            topic_id,
            topic.platform.place.number,
            instant(follow_up.at),
            follow_up.role,
            follow_up.score,
            follow_up.confirms_fix,
            follow_up.comment,
            follow_up.channel,
            follow_up.recorded_by,
            name if follow_up.recorded_by else None,
            instant(follow_up.at),
        )
        self._write("follow_up", follow_up.at, row)

    def _write_evidence(self, number: str, proofs: list[Proof]) -> None:
        """Write what proves a topic or commitments; the digest is that of the address, there being no document."""
        for serial, (topic_id, commitment_id, evidence) in enumerate(proofs, start=1):
            key = self._id("evidence", evidence.at)
            evidence.url = EVIDENCE_URL.format(number=number, serial=serial)
            evidence.sha256 = sha256(evidence.url.encode()).hexdigest()
            row = (key, topic_id, commitment_id, instant(evidence.at), evidence.url, evidence.sha256, evidence.note)
            self._write("evidence", evidence.at, row)


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


def _topic_facts(topic: TopicDraft, number: str, state: TopicState) -> Row:
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


def _session_facts(topic: TopicDraft, session: SessionDraft, state: SessionState) -> Row:
    """Return what a session's row states beside its id, in a state."""
    return (
        topic.platform.id,
        topic.platform.place.number,
        state.status,
        instant(state.scheduled_at),
        _instant(state.held_at),
        session.venue,
        session.form,
        session.convener,
        session.group.id if session.group else None,
        state.headcount,
        state.headcount_is_lower_bound,
        state.minutes,
    )


def _commitment_facts(
    topic: TopicDraft, of: tuple[UUID, UUID], commitment: CommitmentDraft, state: CommitmentState
) -> Row:
    """Return what a commitment's row states beside its id, in a state; `of` are its outcome and topic."""
    return (
        *of,
        commitment.department.id,
        topic.platform.place.number,
        commitment.task,
        commitment.due_on,
        state.status,
        instant(commitment.assigned_at),
        _instant(state.answered_at),
        _instant(state.completed_at),
        # Nobody is reminded of what was generated.
        commitment.due_on,
        commitment.due_on,
    )


def _instant(at_ms: int | None) -> datetime | None:
    return None if at_ms is None else instant(at_ms)
