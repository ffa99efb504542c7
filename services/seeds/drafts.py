"""Topics with all that hangs on them, whole lives, before what is known of them becomes rows.

Instants are ms since 1970. Nothing here knows up to which day the seeds tell.
"""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from services.core.actor import Role
from services.departments.enums import DepartmentKind
from services.matters.enums import MatterNature, MatterStatus
from services.outcomes.enums import CommitmentStatus, ConversionKind, FollowUpChannel
from services.seeds.editions import Edition
from services.seeds.registry import County, Department, LiaisonGroup, Member, Platform
from services.seeds.works import Work
from services.sessions.enums import ParticipantRole, SessionForm
from services.topics.enums import Category, InvolvementRole, TopicKind


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
    """A session; `id` and `topics` are known once it became a row.

    It is held where `held_at` is set, called off where `called_off_at` is; one that was put off had stood in the
    calendar for `first_for`, until it got its new date.
    """

    announced_at: int
    scheduled_at: int
    venue: str
    form: SessionForm
    convener: str | None
    group: LiaisonGroup | None = None
    held_at: int | None = None
    called_off_at: int | None = None
    first_for: int | None = None
    put_off_at: int | None = None
    moved_at: int | None = None
    headcount: int | None = None
    headcount_is_lower_bound: bool = False
    minutes: str | None = None
    attendances: list[AttendanceDraft] = field(default_factory=list)
    topics_planned: int = 1
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
    submitted_at: int
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
    assigned_at: int
    due_on: date | None = None
    steps: list[tuple[int, CommitmentStatus]] = field(default_factory=list)
    """Its states after the assignment, each with the instant since when."""
    progress: list[ProgressDraft] = field(default_factory=list)
    evidence: list[EvidenceDraft] = field(default_factory=list)
    """One piece for each time that it was called done."""
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


@dataclass(slots=True)
class ResolutionDraft:
    """What showed that a topic was settled, and for how long it was held to be."""

    evidence: EvidenceDraft
    text: str
    reopened_at: int | None = None


@dataclass(slots=True, eq=False)
class TopicDraft:
    """A topic with its whole life."""

    county: County
    platform: Platform
    kind: TopicKind
    category: Category
    subject: str
    work: Work
    title: str
    summary: str
    proposed_at: int
    lead: DepartmentKind | None = None
    """Whose business it is; told topics name their departments."""
    listed_at: int | None = None
    withdrawn_at: int | None = None
    plans: list[Edition] = field(default_factory=list)
    """The versions of annual plans that took it in: those that were returned, and one that is approved."""
    involvements: list[InvolvementDraft] = field(default_factory=list)
    sessions: list[SessionDraft] = field(default_factory=list)
    opinions: list[OpinionDraft] = field(default_factory=list)
    outcomes: list[OutcomeDraft] = field(default_factory=list)
    resolutions: list[ResolutionDraft] = field(default_factory=list)
    follow_ups: list[FollowUpDraft] = field(default_factory=list)
    matters: list[MatterDraft] = field(default_factory=list)
    """What it was made of; listed with it, or given back where it was withdrawn."""

    @property
    def commitments(self) -> list[CommitmentDraft]:
        """What departments promised about it."""
        return [commitment for outcome in self.outcomes for commitment in outcome.commitments]
