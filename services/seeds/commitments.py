"""What became of an outcome: commitments, the reports on them, what proves them."""

from services.outcomes.enums import CommitmentStatus
from services.seeds.chance import Dice
from services.seeds.drafts import CommitmentDraft, EvidenceDraft, OutcomeDraft, ProgressDraft, TopicDraft
from services.seeds.registry import Department
from services.seeds.timeline import CUT_OFF, DAY, HOUR, day_of
from services.topics.enums import InvolvementRole

SECOND_COMMITS = 0.5
DECLINES = 0.04
VERIFIED = 0.78
DISPUTED = 0.2
DONE_UNRESOLVED = 0.5

ACCEPTED_FROM = 0.05
"""Part of the time to completion after which a commitment is accepted, and further below work is under way."""
UNDER_WAY_FROM = 0.2
REPORTS = ((0.3, 30, "已完成现场勘查和方案设计"), (0.7, 70, "施工过半，按计划推进"), (1.0, 100, "已完工，申请验收"))
"""Part of the time, percent, note."""


def commit(dice: Dice, topic: TopicDraft, outcome: OutcomeDraft, assigned_at: int) -> None:
    """Give an outcome its commitments: one of the first department and perhaps one of the next."""
    able = [
        involvement.department
        for involvement in topic.involvements
        if involvement.until is None and involvement.role is not InvolvementRole.INFORMED
    ]
    outcome.commitments.append(_assign(dice, able[0], f"牵头完成{topic.subject}", assigned_at))
    if len(able) > 1 and dice.happens(SECOND_COMMITS):
        second = _assign(dice, able[1], f"配合做好{topic.subject}", assigned_at)
        if dice.happens(DECLINES):
            second.status = CommitmentStatus.DECLINED
        outcome.commitments.append(second)


def _assign(dice: Dice, department: Department, task: str, assigned_at: int) -> CommitmentDraft:
    due_on = day_of(assigned_at + dice.between(30, 180) * DAY)
    return CommitmentDraft(department, task, CommitmentStatus.ASSIGNED, assigned_at, due_on)


def complete(dice: Dice, commitment: CommitmentDraft, done_at: int) -> None:
    """Report a commitment to its end; most are verified."""
    if commitment.status is CommitmentStatus.DECLINED:
        return
    _report(dice, commitment, done_at, 1.0)
    commitment.evidence.append(EvidenceDraft(done_at, "完工照片和验收单"))
    commitment.status = CommitmentStatus.VERIFIED if dice.happens(VERIFIED) else CommitmentStatus.DONE


def carry_on(dice: Dice, commitment: CommitmentDraft, done_at: int) -> None:
    """Take a commitment as far as the cut-off lets it come on its way to completion."""
    if commitment.status is CommitmentStatus.DECLINED:
        return
    part = (CUT_OFF - commitment.assigned_at) / (done_at - commitment.assigned_at)
    if part >= 1 and dice.happens(DONE_UNRESOLVED):
        complete(dice, commitment, done_at)
        if dice.happens(DISPUTED):
            commitment.status = CommitmentStatus.DISPUTED
    elif part >= UNDER_WAY_FROM:
        commitment.status = CommitmentStatus.IN_PROGRESS
        _report(dice, commitment, done_at, min(part, 0.99))
    elif part >= ACCEPTED_FROM:
        commitment.status = CommitmentStatus.ACCEPTED


def _report(dice: Dice, commitment: CommitmentDraft, done_at: int, part: float) -> None:
    """Write the reports that fall into a part of the time to completion; the last is never left out."""
    span = done_at - commitment.assigned_at
    for share, percent, note in REPORTS:
        if share <= part and (share == 1 or dice.happens(0.8)):
            at_ms = commitment.assigned_at + round(span * share) // HOUR * HOUR
            commitment.progress.append(ProgressDraft(at_ms, percent, note))
