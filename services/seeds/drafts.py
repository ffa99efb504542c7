"""Topics with all that hangs on them, before they become rows. Instants are ms since 1970."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from services.core.actor import Role
from services.matters.enums import MatterNature, MatterStatus
from services.outcomes.enums import CommitmentStatus, ConversionKind, FollowUpChannel
from services.seeds.registry import County, Department, LiaisonGroup, Member, Platform
from services.sessions.enums import ParticipantRole, SessionForm, SessionStatus
from services.topics.enums import Category, InvolvementRole, TopicKind, TopicStatus

RESOLUTION = "{}已完成，居民代表现场查看后表示满意。"
"""What is said of a topic's subject when it is resolved."""


@dataclass(slots=True)
class InvolvementDraft:
    """A department's part in a topic."""

    department: Department
    role: InvolvementRole
    since: int
    until: int | None = None


@dataclass(slots=True)
class AttendanceDraft:
    """Somebody who came to a session."""

    role: ParticipantRole
    member: Member | None = None
    department: Department | None = None


@dataclass(slots=True, eq=False)
class SessionDraft:
    """A session; `id` and `topics` are known once it became a row."""

    status: SessionStatus
    announced_at: int
    scheduled_at: int
    venue: str
    form: SessionForm
    convener: str | None
    group: LiaisonGroup | None = None
    held_at: int | None = None
    headcount: int | None = None
    headcount_is_lower_bound: bool = False
    minutes: str | None = None
    attendances: list[AttendanceDraft] = field(default_factory=list)
    id: UUID | None = None
    topics: int = 0


@dataclass(slots=True)
class ProgressDraft:
    """A department's report."""

    at: int
    percent: int | None
    note: str


@dataclass(slots=True)
class EvidenceDraft:
    """What shows that something was done; `url` and `sha256` are known once it became a row."""

    at: int
    note: str
    url: str = ""
    sha256: str | None = None


@dataclass(slots=True)
class VerdictDraft:
    """What somebody found of what was called done."""

    at: int
    role: ParticipantRole
    fulfilled: bool
    note: str | None = None


@dataclass(slots=True)
class ConversionDraft:
    """A document that an outcome or opinion became; `id` is known once it became a row."""

    kind: ConversionKind
    title: str
    submitted_on: date
    filed: bool | None
    author: Member
    id: UUID | None = None


@dataclass(slots=True)
class OpinionDraft:
    """What somebody said in a session: on the topic at hand, or on all of it."""

    session: SessionDraft
    role: ParticipantRole
    text: str
    at: int
    member: Member | None = None
    on_topic: bool = True
    conversions: list[ConversionDraft] = field(default_factory=list)


@dataclass(slots=True)
class FollowUpDraft:
    """What somebody said of a fix when asked later."""

    at: int
    role: ParticipantRole
    score: int
    confirms_fix: bool
    comment: str | None = None
    channel: FollowUpChannel = FollowUpChannel.ONLINE

    @property
    def recorded_by(self) -> Role | None:
        """The staff who recorded what somebody else said."""
        return None if self.channel is FollowUpChannel.ONLINE else Role.CADRE


@dataclass(slots=True)
class CommitmentDraft:
    """What a department promised; `id` is known once it became a row."""

    department: Department
    task: str
    status: CommitmentStatus
    assigned_at: int
    due_on: date | None = None
    progress: list[ProgressDraft] = field(default_factory=list)
    evidence: list[EvidenceDraft] = field(default_factory=list)
    verdicts: list[VerdictDraft] = field(default_factory=list)
    id: UUID | None = None


@dataclass(slots=True)
class OutcomeDraft:
    """What was agreed, in which session; `id` is known once it became a row."""

    agreement: str
    reached_at: int
    session: SessionDraft | None
    commitments: list[CommitmentDraft] = field(default_factory=list)
    conversions: list[ConversionDraft] = field(default_factory=list)
    id: UUID | None = None


@dataclass(slots=True)
class MatterDraft:
    """Something that somebody raised, as far as it has come."""

    platform: Platform
    title: str
    description: str
    nature: MatterNature | None
    category: Category
    raised_by: ParticipantRole
    raised_at: int
    status: MatterStatus = MatterStatus.RAISED
    version: int = 1
    accepted_at: int | None = None
    answer: str | None = None
    answered_at: int | None = None
    told: bool = False
    """Whether the sources tell of it."""
    id: UUID | None = None
    """Known once it became a row."""

    def advance(self, status: MatterStatus) -> None:
        """Move to another state; every move counts as a version."""
        self.status = status
        self.version += 1

    def accept(self, at_ms: int) -> None:
        """Take the matter up."""
        self.accepted_at = at_ms
        self.advance(MatterStatus.ACCEPTED)

    def reply(self, status: MatterStatus, at_ms: int, answer: str) -> None:
        """Answer or decline the matter."""
        self.answer, self.answered_at = answer, at_ms
        self.advance(status)


@dataclass(slots=True, eq=False)
class TopicDraft:
    """A topic, as far as it has come."""

    county: County
    platform: Platform
    kind: TopicKind
    category: Category
    subject: str
    title: str
    summary: str
    proposed_at: int
    status: TopicStatus = TopicStatus.PROPOSED
    version: int = 1
    listed_at: int | None = None
    resolved_at: int | None = None
    withdrawn_at: int | None = None
    resolution: str | None = None
    involvements: list[InvolvementDraft] = field(default_factory=list)
    sessions: list[SessionDraft] = field(default_factory=list)
    opinions: list[OpinionDraft] = field(default_factory=list)
    outcomes: list[OutcomeDraft] = field(default_factory=list)
    evidence: list[EvidenceDraft] = field(default_factory=list)
    follow_ups: list[FollowUpDraft] = field(default_factory=list)
    matters: list[MatterDraft] = field(default_factory=list)
    """What it was made of; listed with it, or given back where it was withdrawn."""
    planned: bool = False
    """Whether it stands in an annual plan though it is no key topic."""

    def advance(self, status: TopicStatus) -> None:
        """Move to another state; every move counts as a version."""
        self.status = status
        self.version += 1

    def enlist(self, at_ms: int) -> None:
        """List the topic."""
        self.listed_at = at_ms
        self.advance(TopicStatus.LISTED)

    def resolve(self, at_ms: int, resolution: str) -> None:
        """Resolve the topic."""
        self.resolved_at = at_ms
        self.resolution = resolution
        self.advance(TopicStatus.RESOLVED)

    def reopen(self) -> None:
        """Take a resolved topic up again; what it said when it was resolved no longer holds."""
        self.resolved_at = None
        self.resolution = None
        self.advance(TopicStatus.IMPLEMENTING)

    def withdraw(self, at_ms: int) -> None:
        """Withdraw the topic."""
        self.withdrawn_at = at_ms
        self.advance(TopicStatus.WITHDRAWN)

    @property
    def next_session_at(self) -> int | None:
        """When the earliest session begins that is to take it."""
        ahead = [session.scheduled_at for session in self.sessions if session.status is SessionStatus.SCHEDULED]
        return min(ahead, default=None)

    @property
    def scheduled_at(self) -> int | None:
        """When its next session begins, else when the last one that was held stood in the calendar."""
        held = [(session.held_at, session.scheduled_at) for session in self.sessions if session.held_at is not None]
        return self.next_session_at or max(held, default=(None, None))[1]
