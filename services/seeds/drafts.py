"""Topics with all that hangs on them, before they become rows. Instants are ms since 1970."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from services.outcomes.enums import CommitmentStatus
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
    """What shows that something was done."""

    at: int
    note: str


@dataclass(slots=True)
class CommitmentDraft:
    """What a department promised."""

    department: Department
    task: str
    status: CommitmentStatus
    assigned_at: int
    due_on: date | None = None
    progress: list[ProgressDraft] = field(default_factory=list)
    evidence: list[EvidenceDraft] = field(default_factory=list)


@dataclass(slots=True)
class OutcomeDraft:
    """What was agreed, in which session."""

    agreement: str
    reached_at: int
    session: SessionDraft | None
    commitments: list[CommitmentDraft] = field(default_factory=list)


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
    outcomes: list[OutcomeDraft] = field(default_factory=list)
    evidence: list[EvidenceDraft] = field(default_factory=list)

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
    def scheduled_at(self) -> int | None:
        """When the latest session that was not cancelled stands in the calendar."""
        standing = [session.scheduled_at for session in self.sessions if session.status is not SessionStatus.CANCELLED]
        return max(standing, default=None)
