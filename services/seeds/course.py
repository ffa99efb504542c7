"""How a topic fares, from its proposal to the cut-off: a walk through the lifecycle, rolled with dice."""

from dataclasses import dataclass
from uuid import UUID

from services.outcomes.enums import CommitmentStatus
from services.seeds.chance import Dice
from services.seeds.commitments import carry_on, commit, complete
from services.seeds.drafts import RESOLUTION, EvidenceDraft, OutcomeDraft, SessionDraft, TopicDraft
from services.seeds.involvements import involve
from services.seeds.sessions import announce
from services.seeds.timeline import CUT_OFF, DAY, SITTING_TIMES, sitting_time
from services.sessions.enums import SessionStatus
from services.topics.enums import TopicStatus

LATELY = 45 * DAY
"""A session that was put off longer ago than this has a new date by the cut-off."""
MOST_TOPICS_OF_A_SESSION = 3


@dataclass(frozen=True, slots=True)
class Pace:
    """How long the steps take, in days from and to, and how probable the side ways are."""

    until_listed: tuple[int, int] = (3, 45)
    until_announced: tuple[int, int] = (2, 30)
    until_held: tuple[int, int] = (7, 30)
    turned_down: float = 0.03
    kept_waiting: float = 0.03
    called_off: float = 0.06
    dropped: float = 0.02
    put_off: float = 0.2
    shared: float = 0.2
    held_again: float = 0.5


ELSEWHERE = Pace()
YINGZE = Pace(
    until_listed=(3, 10),
    until_announced=(2, 10),
    until_held=(7, 20),
    turned_down=0,
    kept_waiting=0,
    called_off=0,
    dropped=0,
    put_off=0,
    shared=0,
    held_again=0,
)
"""Nothing is told of topics withdrawn there or of sessions that were not held, so there are none."""

WITHDRAWN_AFTER_CANCELLATION = 0.2
LEFT_AFTER_CANCELLATION = 0.2
WITHOUT_OUTCOME = 0.1
OUTCOME_ONLY = 0.04
STUCK = 0.08
REOPENED = 0.02


class Course:
    """One topic's way. `open_sessions` are the sessions that take further topics, by platform."""

    def __init__(self, dice: Dice, pace: Pace, topic: TopicDraft, open_sessions: dict[UUID, SessionDraft]) -> None:
        self._dice = dice
        self._pace = pace
        self._topic = topic
        self._open_sessions = open_sessions
        self._now = topic.proposed_at

    def follow(self, sessions: int | None = None) -> None:
        """Take the topic as far as it came. `sessions` fixes how many sessions take it; unset means as it falls."""
        if not self._list() or sessions == 0:
            return
        if not (self._call_off() and self._schedule()):
            return
        again = self._dice.happens(self._pace.held_again) if sessions is None else sessions > 1
        if again:
            self._meet_again()
        if self._agree():
            self._carry_out()

    def _later(self, days: tuple[int, int]) -> int:
        return self._now + self._dice.between(*days) * DAY

    def _withdraw(self, at_ms: int) -> None:
        if at_ms <= CUT_OFF:
            self._topic.withdraw(at_ms)

    def _list(self) -> bool:
        """List the topic, unless it is turned down or still waits."""
        listed_at = self._later(self._pace.until_listed)
        if self._dice.happens(self._pace.turned_down):
            self._withdraw(listed_at)
            return False
        if listed_at > CUT_OFF or self._dice.happens(self._pace.kept_waiting):
            return False
        self._topic.enlist(listed_at)
        self._now = listed_at
        involve(self._dice, self._topic, listed_at)
        return True

    def _call_off(self) -> bool:
        """Schedule a session and cancel it, rarely; then the topic may wait for another one or be withdrawn."""
        if not self._dice.happens(self._pace.called_off):
            return True
        announced_at, scheduled_at = self._appointment()
        if scheduled_at > CUT_OFF:
            return True
        topic = self._topic
        topic.advance(TopicStatus.SCHEDULED)
        topic.advance(TopicStatus.LISTED)
        topic.sessions.append(announce(self._dice, topic, announced_at, scheduled_at, SessionStatus.CANCELLED))
        self._now = scheduled_at
        if self._dice.happens(WITHDRAWN_AFTER_CANCELLATION):
            self._withdraw(self._later((1, 20)))
            return False
        return not self._dice.happens(LEFT_AFTER_CANCELLATION)

    def _appointment(self) -> tuple[int, int]:
        """Return when the next session is announced and for when."""
        announced_at = self._later(self._pace.until_announced)
        day = announced_at + self._dice.between(*self._pace.until_held) * DAY
        return announced_at, sitting_time(day, self._dice.below(len(SITTING_TIMES)))

    def _schedule(self) -> bool:
        """Put the topic on a session's agenda, and deliberate it where that session was held."""
        if self._dice.happens(self._pace.dropped):
            self._withdraw(self._later((10, 60)))
            return False
        session = self._joined() or self._announced()
        if session is None:
            return False
        self._topic.advance(TopicStatus.SCHEDULED)
        self._topic.sessions.append(session)
        if session.held_at is None:
            return False
        self._topic.advance(TopicStatus.DELIBERATED)
        self._now = session.held_at
        return True

    def _joined(self) -> SessionDraft | None:
        """Return the platform's session whose agenda is still open, if it is far enough ahead."""
        key = self._topic.platform.id
        session = self._open_sessions.get(key)
        if session and (session.scheduled_at < self._now + DAY or session.topics >= MOST_TOPICS_OF_A_SESSION):
            del self._open_sessions[key]
            return None
        return session

    def _announced(self) -> SessionDraft | None:
        """Return a new session, or nothing where it was not announced by the cut-off."""
        announced_at, scheduled_at = self._appointment()
        if announced_at > CUT_OFF:
            return None
        status = SessionStatus.HELD if scheduled_at <= CUT_OFF else SessionStatus.SCHEDULED
        if scheduled_at > CUT_OFF - LATELY and self._dice.happens(self._pace.put_off):
            status = SessionStatus.POSTPONED
        session = announce(self._dice, self._topic, announced_at, scheduled_at, status)
        if status is not SessionStatus.POSTPONED and self._dice.happens(self._pace.shared):
            self._open_sessions[self._topic.platform.id] = session
        return session

    def _meet_again(self) -> None:
        """Hold a further session on the topic, if it falls before the cut-off."""
        announced_at, scheduled_at = self._appointment()
        if scheduled_at > CUT_OFF:
            return
        session = announce(self._dice, self._topic, announced_at, scheduled_at, SessionStatus.HELD)
        self._topic.sessions.append(session)
        self._now = session.held_at or scheduled_at

    def _agree(self) -> bool:
        """Reach an outcome and assign it, or leave it at talk."""
        topic = self._topic
        reached_at = self._later((0, 0) if self._dice.happens(0.6) else (1, 12))
        if reached_at > CUT_OFF or self._dice.happens(WITHOUT_OUTCOME):
            return False
        lead = topic.involvements[0].department.name
        agreement = f"各方同意推进{topic.subject}，由{lead}负责，居民代表全程参与监督。"
        outcome = OutcomeDraft(agreement, reached_at, topic.sessions[-1])
        topic.outcomes.append(outcome)
        self._now = assigned_at = reached_at + self._dice.below(5) * DAY
        if assigned_at > CUT_OFF or self._dice.happens(OUTCOME_ONLY):
            return False
        commit(self._dice, topic, outcome, assigned_at)
        topic.advance(TopicStatus.IMPLEMENTING)
        return True

    def _carry_out(self) -> None:
        """Carry out what was agreed, to the end or as far as it came."""
        topic = self._topic
        done_at = self._later((20, 220))
        resolved_at = done_at + self._dice.between(2, 20) * DAY
        if resolved_at > CUT_OFF or self._dice.happens(STUCK):
            for commitment in topic.outcomes[0].commitments:
                carry_on(self._dice, commitment, done_at)
            return
        for commitment in topic.outcomes[0].commitments:
            complete(self._dice, commitment, done_at)
        topic.evidence.append(EvidenceDraft(resolved_at, "居民代表确认意见"))
        topic.resolve(resolved_at, RESOLUTION.format(topic.subject))
        if self._dice.happens(REOPENED):
            topic.reopen()
            topic.outcomes[0].commitments[0].status = CommitmentStatus.DISPUTED
