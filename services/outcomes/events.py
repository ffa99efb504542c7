from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from services.notices.events import TopicEvent

OutcomeId = Annotated[
    str,
    Field(
        description="The outcome's global id, as the GraphQL API takes it (协商成果).",
        pattern="^outcome_",
        examples=["outcome_01a2078e-dae1-7d02-9c55-3b1f7a2e9d10"],
    ),
]
Agreement = Annotated[
    str,
    Field(
        description="What the parties agreed on, whole.",
        max_length=10_000,
        examples=["确认承包界址,步道改线两米,林木补植。"],
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeRecorded(TopicEvent):
    """What the parties agreed on stands recorded; a department that joins later is told it then (达成协商成果)."""

    type: ClassVar[str] = "outcome.recorded"
    trace: ClassVar[str] = "达成协商成果"

    outcome_id: OutcomeId
    session_id: Annotated[
        str | None,
        Field(
            description="The global id of the session that it was reached in; null where it was reached after one.",
            pattern="^session_",
            examples=["session_01a2078e-d9db-7166-982f-82ce016ade7f"],
        ),
    ]
    agreement: Agreement
    reached_on: Annotated[date, Field(description="The day on which it was reached.", examples=["2026-11-30"])]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeCorrected(TopicEvent):
    """What the parties agreed on, or when, was recorded wrongly and is put right (更正协商成果)."""

    type: ClassVar[str] = "outcome.corrected"
    trace: ClassVar[str] = "更正协商成果:{corrections}"

    outcome_id: OutcomeId
    agreement: Agreement
    reached_on: Annotated[date, Field(description="The day on which it was reached.", examples=["2026-11-30"])]
    reason: Annotated[str, Field(description="Why.", examples=["漏记林木补植一项。"])]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentEvent(TopicEvent):
    """A fact about a commitment on the topic."""

    commitment_id: Annotated[
        str,
        Field(
            description="The commitment's global id, as the GraphQL API takes it (承诺落实事项).",
            pattern="^commitment_",
            examples=["commitment_01a2078e-dbe2-7b1c-8a8d-5d0c9d2f4e61"],
        ),
    ]
    task: Annotated[str, Field(description="What is to be done.", examples=["重新勘定步道占用的林地界址"])]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentAssigned(CommitmentEvent):
    """The department is to do something about the topic; only it is told (交办落实事项)."""

    type: ClassVar[str] = "commitment.assigned"
    trace: ClassVar[str] = "交办落实事项:{department}"

    due_on: Annotated[
        date | None, Field(description="The last day for it; null where none is set.", examples=["2026-12-15"])
    ]
    outcome_id: OutcomeId
    agreement: Agreement


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentCorrected(CommitmentEvent):
    """What the department is to do, or by when, is put right; only it is told (更正落实事项)."""

    type: ClassVar[str] = "commitment.corrected"
    trace: ClassVar[str] = "更正落实事项({department}):{corrections}"

    due_on: Annotated[
        date | None, Field(description="The last day for it; null where none is set.", examples=["2026-12-31"])
    ]
    reason: Annotated[str, Field(description="Why.", examples=["雨季顺延。"])]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentDue(CommitmentEvent):
    """The department's commitment is due soon, or overdue; only it is told, once of each (落实事项到期提醒)."""

    type: ClassVar[str] = "commitment.due"

    due_on: Annotated[date, Field(description="The last day for it.", examples=["2026-12-15"])]
    overdue: Annotated[bool, Field(description="Whether that day is past (逾期).", examples=[False])]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentAccepted(CommitmentEvent):
    """The department takes the commitment on."""

    type: ClassVar[str] = "commitment.accepted"
    trace: ClassVar[str] = "{department}受理落实事项"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentDeclined(CommitmentEvent):
    """The department does not take the commitment on."""

    type: ClassVar[str] = "commitment.declined"
    trace: ClassVar[str] = "{department}不受理落实事项"

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressReported(CommitmentEvent):
    """The department said how far it has come."""

    type: ClassVar[str] = "commitment.progressed"
    trace: ClassVar[str] = "{department}报告落实进展"

    percent: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentCompleted(CommitmentEvent):
    """The department says that it has done what it promised."""

    type: ClassVar[str] = "commitment.completed"
    trace: ClassVar[str] = "{department}报告落实事项办结"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentVerified(CommitmentEvent):
    """What the department called done was found done; only it is told (落实事项已核实)."""

    type: ClassVar[str] = "commitment.verified"
    trace: ClassVar[str] = "落实事项经核实完成:{department}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentDisputed(CommitmentEvent):
    """What the department called done was found not done; only it is told, and goes on by a report (落实事项有异议)."""

    type: ClassVar[str] = "commitment.disputed"
    trace: ClassVar[str] = "对落实事项提出异议:{department}"

    reason: Annotated[str, Field(description="What is missing.", examples=["东侧界桩尚未埋设。"])]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentWithdrawn(CommitmentEvent):
    """The department has no longer to do it: its part, or the topic, ended; only it is told (撤销落实事项)."""

    type: ClassVar[str] = "commitment.withdrawn"
    trace: ClassVar[str] = "撤销落实事项:{department}"

    reason: Annotated[
        str | None, Field(description="Why; null where no reason was given.", examples=["改由林业部门主办。"])
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversionSubmitted(TopicEvent):
    """An outcome or opinion on the topic became a suggestion, a proposal or a social-opinion report."""

    type: ClassVar[str] = "conversion.submitted"
    trace: ClassVar[str] = "成果转化:{kind}"

    conversion_id: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversionCorrected(TopicEvent):
    """What is recorded of a conversion was put right."""

    type: ClassVar[str] = "conversion.corrected"
    trace: ClassVar[str] = "更正成果转化:{corrections}"

    conversion_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversionFiled(TopicEvent):
    """It was decided whether a case is opened on a conversion."""

    type: ClassVar[str] = "conversion.filed"

    conversion_id: str
    filed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpRecorded(TopicEvent):
    """Somebody was asked how they find the topic's fix."""

    type: ClassVar[str] = "followup.recorded"
    trace: ClassVar[str] = "回访({channel}):满意度{score}分"

    score: int
    confirms_fix: bool
