"""A life of one person as a resident, among others: whatever they can leave in the database, in words of their own."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.access.commands import grant_role
from services.core.act import Act
from services.core.actor import Actor, Grant, Role
from services.core.clock import SystemClock
from services.core.idempotency import take_key
from services.matters.commands import accept_matter, answer_matter, raise_matter
from services.matters.redactions import redact_matter
from services.outcomes.commands import assign_commitment, record_outcome
from services.outcomes.enums import FollowUpChannel
from services.outcomes.followups import Answered, Asked, record_follow_up
from services.outcomes.redactions import redact_follow_up
from services.outcomes.resolution import resolve_topic
from services.outcomes.verdicts import dispute_commitment, verify_commitment
from services.outcomes.work import accept_commitment, complete_commitment, report_progress
from services.sessions.commands import schedule_session
from services.sessions.enums import ParticipantRole, SessionForm
from services.sessions.held import Attended, Voiced, add_opinion, record_session
from services.sessions.redactions import redact_opinion
from services.topics.commands import list_topic, propose_topic
from services.topics.enums import Category, TopicKind
from services.topics.evidence import EvidenceGiven
from tests.world import ACTOR, World

SUBJECT = "wangxiaoming@example.org"
RESIDENT = Actor(SUBJECT, (Grant(Role.RESIDENT, "14"),))
NEIGHBOUR = Actor("neighbour", (Grant(Role.RESIDENT, "14"),))
LOOKING = Actor("looking", ACTOR.grants)
WORDS = (
    "路灯甲一",
    "三号楼东侧甲二",
    "答复甲三",
    "界桩甲四",
    "仍暗甲五",
    "亮了甲六",
    "公开甲七",
    "公开甲八",
    "编辑甲九",
    "好了甲十",
)
"""Each stands in the database by the person's own doing, or in an answer or an edition of it."""
NAMED_WORDS = ("灯杆甲冬", "王晓明", "隐去甲冬", "来电甲冬")
"""What staff wrote down for them, of which the database does not know whose it is."""
EVIDENCE = [EvidenceGiven("https://example.org/light")]


@dataclass
class Life:
    """The ids of things that were made."""

    matter: UUID
    topic: UUID
    commitment: UUID
    opinion: UUID
    attendance: UUID
    answer: UUID
    called: UUID

    @property
    def also(self) -> list[str]:
        """Name what staff wrote down for the person."""
        things = (f"opinion_{self.opinion}", f"attendance_{self.attendance}", f"followup_{self.called}")
        return [word for thing in things for word in ("--also", thing)]


async def live(world: World) -> Life:
    """Play it."""
    clock, platform = SystemClock(), world.topics[0].platform_id

    async def act(command: Any, actor: Actor = ACTOR, **values: Any) -> Any:
        async with world.db.write() as tx:
            return await command(Act(tx, actor, clock), **values)

    seen: dict[str, Any] = {"expected_version": None}
    raised: dict[str, Any] = {"platform_id": platform, "category": Category.OTHER, "nature": None, "raised_by": None}
    other = await act(raise_matter, NEIGHBOUR, title="别人的标题", description="别人的话", **raised)
    await act(accept_matter, matter_id=other, **seen)
    matter = await act(raise_matter, RESIDENT, title=WORDS[0], description=WORDS[1], **raised)
    await act(accept_matter, matter_id=matter, **seen)
    await act(redact_matter, matter_id=matter, reason="有门牌号", title=WORDS[6], description=WORDS[7], **seen)
    await act(answer_matter, matter_id=matter, answer=WORDS[2], **seen)
    proposal: dict[str, Any] = {"title": "路灯", "summary": None, "kind": TopicKind.MICRO, "category": Category.OTHER}
    topic = await act(propose_topic, platform_id=platform, **proposal)
    await act(list_topic, topic_id=topic, **seen)
    session = await act(
        schedule_session, platform_id=platform, topic_ids=[topic], scheduled_at=clock.now(), venue="议事厅",
        form=SessionForm.ON_SITE, convener=None, liaison_group_id=None,
    )  # fmt: skip
    await act(
        record_session, session_id=session, held_at=None, minutes=None, headcount=12, headcount_is_lower_bound=False,
        attendances=[Attended(ParticipantRole.RESIDENT, name=NAMED_WORDS[1]), Attended(ParticipantRole.RESIDENT)],
        opinions=[],
    )  # fmt: skip
    opinion = await act(add_opinion, session_id=session, voiced=Voiced(ParticipantRole.RESIDENT, NAMED_WORDS[0]))
    await act(redact_opinion, opinion_id=opinion, reason="有姓名", text=NAMED_WORDS[2])
    outcome = await act(record_outcome, topic_id=topic, session_id=session, agreement="换灯", reached_on=None, **seen)
    task: dict[str, Any] = {"task": "换灯", "due_on": None}
    commitment = await act(assign_commitment, outcome_id=outcome, department="qinshui-power", **task)
    await act(accept_commitment, commitment_id=commitment)
    judged: tuple[tuple[Actor, Any, dict[str, Any]], ...] = (
        (LOOKING, dispute_commitment, {"reason": "工作人员的话"}),
        (RESIDENT, dispute_commitment, {"reason": WORDS[3]}),
        (NEIGHBOUR, dispute_commitment, {"reason": "邻居的话"}),
        (RESIDENT, verify_commitment, {"note": WORDS[9]}),
    )
    for judge, command, said in judged:
        await act(complete_commitment, commitment_id=commitment, evidence=EVIDENCE)
        await act(command, judge, commitment_id=commitment, **said)
        if command is dispute_commitment:
            await act(report_progress, commitment_id=commitment, percent=None, note="再修")
    await act(resolve_topic, topic_id=topic, summary="已亮", evidence=EVIDENCE, left_open=[], **seen)
    for who, score, comment in ((RESIDENT, 1, WORDS[4]), (NEIGHBOUR, 4, "邻居的评价"), (RESIDENT, 5, WORDS[5])):
        answered = Answered(ParticipantRole.RESIDENT, score, confirms_fix=score > 2, comment=comment)
        answer = await act(record_follow_up, who, topic_id=topic, answered=answered, asked=Asked())
    await act(redact_follow_up, follow_up_id=answer, reason="有姓名", comment=WORDS[8])
    called = await act(
        record_follow_up,
        topic_id=topic,
        answered=Answered(ParticipantRole.RESIDENT, 3, confirms_fix=True, comment=NAMED_WORDS[3]),
        asked=Asked(FollowUpChannel.TELEPHONE, NAMED_WORDS[1]),
    )
    await act(grant_role, subject=SUBJECT, role=Role.RESIDENT, division="140521", department=None)
    async with world.db.write() as tx:
        for subject in (SUBJECT, "neighbour"):
            await take_key(tx, subject=subject, key="key-1", digest="x", now=clock.now())
    ((attendance,),) = await world.rows(f"SELECT id FROM attendance WHERE name = '{NAMED_WORDS[1]}'")
    return Life(matter, topic, commitment, opinion, UUID(str(attendance)), answer, called)
