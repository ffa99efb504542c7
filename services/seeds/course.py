"""How a topic fares, from its proposal to its end: a walk through the lifecycle, rolled with dice."""

from dataclasses import dataclass
from uuid import UUID

from services.outcomes.enums import CommitmentStatus
from services.platforms.enums import PlatformTier
from services.seeds.chance import Dice
from services.seeds.commitments import commit, fulfil, redo
from services.seeds.drafts import EvidenceDraft, OutcomeDraft, ResolutionDraft, SessionDraft, TopicDraft
from services.seeds.editions import Edition, edition_after
from services.seeds.involvements import involve
from services.seeds.sessions import announce, call_off, hold, put_off
from services.seeds.timeline import DAY, EVENING, MINUTE, SITTING_TIMES, at, later, sitting
from services.topics.enums import TopicKind

MOST_TOPICS_OF_A_SESSION = 3


@dataclass(frozen=True, slots=True)
class Pace:
    """How long the steps take, in days from and to, and how probable the side ways are."""

    until_listed: tuple[int, int] = (3, 45)
    until_announced: tuple[int, int] = (2, 30)
    until_held: tuple[int, int] = (7, 30)
    turned_down: float = 0.03
    kept_waiting: float = 0.03
    called_off: float = 0.05
    dropped: float = 0.02
    put_off: float = 0.04
    shared: float = 0.5
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
"""While the figures told are counted up: nothing is told of topics withdrawn or of sessions that were not held."""

UNTIL_PLANNED_LISTED = (2, 6)
"""Of key topics, which are gathered just before a plan is drawn up."""
KEPT_WAITING = (60, 150)
WITHDRAWN_AFTER_CANCELLATION = 0.2
WITHOUT_OUTCOME = 0.1
OUTCOME_ONLY = 0.04
REOPENED = 0.02
IN_THE_EVENING = 0.15


class Course:
    """One topic's way. `open_sessions` are the sessions that take further topics, by platform."""

    def __init__(self, dice: Dice, pace: Pace, topic: TopicDraft, open_sessions: dict[UUID, SessionDraft]) -> None:
        self._dice = dice
        self._pace = pace
        self._topic = topic
        self._open_sessions = open_sessions
        self._now = topic.proposed_at
        self._plan: Edition | None = None

    def follow(self, sessions: int | None = None, *, not_before: int = 0) -> None:
        """Take the topic to its end. `sessions` fixes how many take it; none is announced before an instant."""
        if not self._list():
            return
        self._now = max(self._now, not_before)
        if not (self._call_off() and self._schedule()):
            return
        again = self._dice.happens(self._pace.held_again) if sessions is None else sessions > 1
        if again:
            self._meet_again()
        if self._agree():
            self._carry_out()

    def _later(self, days: tuple[int, int]) -> int:
        return later(self._now, self._dice.between(*days))

    def _list(self) -> bool:
        """List the topic, unless it is turned down; a key topic then waits until a plan that has it is approved."""
        topic, key = self._topic, self._topic.kind is TopicKind.KEY
        listed_at = self._later(UNTIL_PLANNED_LISTED if key else self._pace.until_listed)
        if self._dice.happens(self._pace.turned_down):
            topic.withdrawn_at = listed_at
            return False
        if not key and self._dice.happens(self._pace.kept_waiting):
            listed_at = self._later(KEPT_WAITING)
        topic.listed_at = self._now = listed_at
        involve(self._dice, topic, listed_at)
        if key:
            general = topic.county.platforms[0]
            topic.plans = list(edition_after(general.place.number, general.code, listed_at))
            self._plan = topic.plans[-1]
            self._now = self._plan.approved_at or listed_at
        return True

    def _call_off(self) -> bool:
        """Schedule a session and cancel it, rarely; then the topic may wait for another one or be withdrawn."""
        if not self._dice.happens(self._pace.called_off):
            return True
        session = self._announced()
        if session is None:
            return True
        call_off(session)
        self._topic.sessions.append(session)
        self._now = session.scheduled_at
        if self._dice.happens(WITHDRAWN_AFTER_CANCELLATION):
            self._topic.withdrawn_at = self._later((1, 20))
            return False
        return True

    def _appointment(self) -> tuple[int, int]:
        """Return when the next session is announced and for when."""
        announced_at = self._announcement()
        day = announced_at + self._dice.between(*self._pace.until_held) * DAY
        time_of_day = SITTING_TIMES[self._dice.below(len(SITTING_TIMES))]
        if self._dice.happens(IN_THE_EVENING) and self._topic.platform.tier is PlatformTier.MICRO:
            time_of_day = EVENING
        return announced_at, sitting(day, time_of_day)

    def _announcement(self) -> int:
        """Return when the next session is announced: of a plan's topics the first ones spread over the year."""
        if self._plan is None or self._topic.sessions:
            return self._later(self._pace.until_announced)
        days = (at(self._plan.year, 9, 25) - self._now) // DAY
        return self._later((3, max(days, 10)))

    def _schedule(self) -> bool:
        """Put the topic on a session's agenda, and deliberate it."""
        if self._dice.happens(self._pace.dropped):
            self._topic.withdrawn_at = self._later((10, 60))
            return False
        session = self._joined() or self._held()
        if session is None:
            return False
        self._topic.sessions.append(session)
        self._now = session.held_at or session.scheduled_at
        if session.topics_planned == 1 and self._dice.happens(self._pace.shared):
            self._open_sessions[self._topic.platform.id] = session
        return True

    def _joined(self) -> SessionDraft | None:
        """Return the platform's session that is yet to be announced when the topic is ready for it."""
        key = self._topic.platform.id
        session = self._open_sessions.get(key)
        if session and (
            session.announced_at < self._now
            or session.topics_planned >= MOST_TOPICS_OF_A_SESSION
            or not self._is_planned(session.scheduled_at)
        ):
            return None
        if session:
            session.topics_planned += 1
        return session

    def _is_planned(self, scheduled_at: int) -> bool:
        """Tell whether a session falls into the year whose plan has the topic; any does where none is needed."""
        return self._plan is None or self._now <= scheduled_at <= self._plan.last_sitting

    def _announced(self) -> SessionDraft | None:
        """Return a new session, or nothing where it would fall out of the plan's year."""
        announced_at, scheduled_at = self._appointment()
        session = announce(self._dice, self._topic, announced_at, scheduled_at)
        return session if self._is_planned(scheduled_at) else None

    def _held(self) -> SessionDraft | None:
        """Return a new session that is held, perhaps later than it was to be."""
        session = self._announced()
        if session is not None and self._dice.happens(self._pace.put_off):
            put_off(self._dice, session)
        if session is None or not self._is_planned(session.scheduled_at):
            return None
        hold(self._dice, self._topic, session)
        return session

    def _meet_again(self) -> None:
        """Hold a further session on the topic."""
        session = self._held()
        if session is not None:
            self._topic.sessions.append(session)
            self._now = session.held_at or session.scheduled_at

    def _agree(self) -> bool:
        """Reach an outcome and assign it, or leave it at talk."""
        topic = self._topic
        reached_at = self._now + 90 * MINUTE if self._dice.happens(0.6) else self._later((1, 12))
        if self._dice.happens(WITHOUT_OUTCOME):
            return False
        lead = topic.involvements[0].department.name
        agreement = f"各方同意推进{topic.subject}，由{lead}负责，居民代表全程参与监督。"
        outcome = OutcomeDraft(agreement, reached_at, topic.sessions[-1])
        topic.outcomes.append(outcome)
        if self._dice.happens(OUTCOME_ONLY):
            return False
        self._now = later(reached_at, self._dice.below(5))
        commit(self._dice, topic, outcome, self._now)
        return True

    def _carry_out(self) -> None:
        """Carry out what was agreed, to the end, and once more where it proved to be no end."""
        topic, dice = self._topic, self._dice
        ends = [
            fulfil(dice, commitment, topic.work, may_decline=index > 0)
            for index, commitment in enumerate(topic.commitments)
        ]
        self._now = max(ends)
        self._resolve()
        first = topic.commitments[0]
        if dice.happens(REOPENED) and first.steps[-1][1] is CommitmentStatus.DONE:
            disputed_at = self._later((8, 40))
            topic.resolutions[0].reopened_at = later(disputed_at, 1)
            self._now = max(redo(dice, first, topic.work, disputed_at), later(disputed_at, 2))
            self._resolve()

    def _resolve(self) -> None:
        """Resolve the topic."""
        resolved_at = self._later((2, 20))
        self._now = resolved_at
        text = self._topic.work.value.resolution.format(self._topic.subject)
        self._topic.resolutions.append(ResolutionDraft(EvidenceDraft(resolved_at, "居民代表确认意见"), text))
