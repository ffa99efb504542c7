from datetime import date

from strawberry import ID

from graph.inputs.fields import bounded, refers_to
from graph.mutations.evidence import EvidenceInput
from graph.mutations.verb import verb
from graph.types.outcomes import Commitment
from services.core.bounds import CODE, DOCUMENTS, NOTE, PERCENT
from services.outcomes import commands, verdicts, work


@verb(commands.assign_commitment, gives=Commitment)
class AssignCommitment:
    """Assign a department what it is to do about an outcome (交办落实事项); it is told."""

    outcome: ID = refers_to("outcome")
    department: str = bounded(CODE)
    task: str = bounded(NOTE)
    due_on: date | None


@verb(work.accept_commitment, gives=Commitment)
class AcceptCommitment:
    """Take a commitment on (受理落实事项), for its department."""

    commitment: ID = refers_to("commitment")


@verb(work.decline_commitment, gives=Commitment)
class DeclineCommitment:
    """Do not take a commitment on (不受理落实事项), for its department; its reason is a report."""

    commitment: ID = refers_to("commitment")
    reason: str = bounded(NOTE)


@verb(work.report_progress, gives=Commitment)
class ReportProgress:
    """Say how far a commitment has come (报告落实进展), for its department; goes on after a dispute."""

    commitment: ID = refers_to("commitment")
    percent: int | None = bounded(PERCENT)
    note: str = bounded(NOTE)


@verb(work.complete_commitment, gives=Commitment)
class CompleteCommitment:
    """Call a commitment done (落实事项办结), with evidence, for its department."""

    commitment: ID = refers_to("commitment")
    evidence: list[EvidenceInput] = bounded(DOCUMENTS)


@verb(verdicts.verify_commitment, gives=Commitment)
class VerifyCommitment:
    """Say that a commitment was found done (核实落实事项); its department is told."""

    commitment: ID = refers_to("commitment")
    note: str | None = bounded(NOTE)


@verb(verdicts.dispute_commitment, gives=Commitment)
class DisputeCommitment:
    """Say that a commitment was found not done (对落实事项提出异议); its department is told."""

    commitment: ID = refers_to("commitment")
    reason: str = bounded(NOTE)
