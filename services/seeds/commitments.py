"""What becomes of an outcome: commitments, the reports on them, what proves them, what is found of them."""

from services.outcomes.enums import CommitmentStatus
from services.seeds.chance import Dice
from services.seeds.drafts import (
    CommitmentDraft,
    EvidenceDraft,
    OutcomeDraft,
    ProgressDraft,
    TopicDraft,
    VerdictDraft,
)
from services.seeds.registry import Department
from services.seeds.timeline import DAY, day_of, in_office, later
from services.seeds.works import Work
from services.sessions.enums import ParticipantRole
from services.topics.enums import InvolvementRole

SECOND_COMMITS = 0.5
DECLINES = 0.04
VERIFIED = 0.78
DISPUTED = 0.05

LATE, VERY_LATE = 0.1, 0.03
IN_TIME_PARTS, LATE_PARTS, VERY_LATE_PARTS = (0.45, 0.98), (1.02, 1.5), (1.5, 2.8)
"""Part of the time to the due day after which a commitment is done, from and to."""

REPORTED = 0.8
REPORTS = ((0.3, 30), (0.7, 70))
"""Part of the time to completion, percent."""

VERIFIERS = (*(ParticipantRole.RESIDENT,) * 3, ParticipantRole.CADRE)
DISPUTE = "现场查看后仍有未完成的部分，请继续落实"


def commit(dice: Dice, topic: TopicDraft, outcome: OutcomeDraft, assigned_at: int) -> None:
    """Give an outcome its commitments: one of the first department and perhaps one of the next."""
    able = [
        part.department
        for part in topic.involvements
        if part.role is not InvolvementRole.INFORMED
        and part.since <= assigned_at
        and (part.until is None or part.until > assigned_at)
    ]
    outcome.commitments.append(_assign(dice, able[0], f"牵头落实{topic.subject}", assigned_at))
    if len(able) > 1 and dice.happens(SECOND_COMMITS):
        outcome.commitments.append(_assign(dice, able[1], f"配合做好{topic.subject}", assigned_at))


def _assign(dice: Dice, department: Department, task: str, assigned_at: int) -> CommitmentDraft:
    due_on = day_of(later(assigned_at, dice.between(30, 180)))
    return CommitmentDraft(department, task, assigned_at, due_on)


def fulfil(dice: Dice, commitment: CommitmentDraft, work: Work, *, may_decline: bool) -> int:
    """Take a commitment all its way, and return the instant at which nothing was left to do about it."""
    answered_at = later(commitment.assigned_at, dice.between(1, 4))
    if may_decline and dice.happens(DECLINES):
        commitment.steps.append((answered_at, CommitmentStatus.DECLINED))
        return answered_at
    commitment.steps.append((answered_at, CommitmentStatus.ACCEPTED))
    done_at = max(_done_at(dice, commitment), later(answered_at, 5))
    begun_at = later(answered_at, dice.between(1, 4))
    commitment.steps.append((begun_at, CommitmentStatus.IN_PROGRESS))
    words = work.value
    for (part, percent), note in zip(REPORTS, (words.begun, words.under_way), strict=True):
        reported_at = in_office(begun_at + int((done_at - begun_at) * part))
        if dice.happens(REPORTED) and reported_at < done_at:
            commitment.progress.append(ProgressDraft(reported_at, percent, note))
    call_done(commitment, done_at, words.done, words.evidence)
    if not dice.happens(DISPUTED):
        return _verify(dice, commitment, done_at) if dice.happens(VERIFIED) else done_at
    disputed_at = later(done_at, dice.between(1, 8))
    return _verify(dice, commitment, redo(dice, commitment, work, disputed_at))


def _done_at(dice: Dice, commitment: CommitmentDraft) -> int:
    """Return when a commitment is done: most in time, some late."""
    assert commitment.due_on is not None  # noqa: S101 -- told commitments alone lack it, and are not rolled
    rolled = dice.fraction()
    late = LATE_PARTS if rolled < LATE else IN_TIME_PARTS
    lowest, highest = VERY_LATE_PARTS if rolled < VERY_LATE else late
    days = (commitment.due_on - day_of(commitment.assigned_at)).days
    return in_office(commitment.assigned_at + int(days * DAY * (lowest + (highest - lowest) * dice.fraction())))


def redo(dice: Dice, commitment: CommitmentDraft, work: Work, disputed_at: int) -> int:
    """Dispute a commitment that was called done, have it done once more, and return when it was."""
    commitment.verdicts.append(VerdictDraft(disputed_at, dice.pick(VERIFIERS), fulfilled=False, note=DISPUTE))
    again_at = later(disputed_at, dice.between(1, 5))
    commitment.steps += [
        (disputed_at, CommitmentStatus.DISPUTED),
        (again_at, CommitmentStatus.IN_PROGRESS),
    ]
    commitment.progress.append(ProgressDraft(again_at, None, "已安排整改"))
    redone_at = later(again_at, dice.between(5, 40))
    call_done(commitment, redone_at, work.value.redone, work.value.evidence)
    return redone_at


def call_done(commitment: CommitmentDraft, done_at: int, note: str, evidence: str) -> None:
    """Report a commitment to be done."""
    commitment.progress.append(ProgressDraft(done_at, 100, note))
    commitment.evidence.append(EvidenceDraft(done_at, evidence))
    commitment.steps.append((done_at, CommitmentStatus.DONE))


def _verify(dice: Dice, commitment: CommitmentDraft, done_at: int) -> int:
    """Verify a commitment that was called done, and return when that was."""
    verified_at = later(done_at, dice.between(1, 10))
    commitment.verdicts.append(VerdictDraft(verified_at, dice.pick(VERIFIERS), fulfilled=True))
    commitment.steps.append((verified_at, CommitmentStatus.VERIFIED))
    return verified_at
