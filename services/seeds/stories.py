"""The topics that the sources tell of. What they leave open, days above all, is filled in and said here."""

from typing import NamedTuple

from services.departments.enums import DepartmentKind
from services.matters.enums import ParticipantRole
from services.outcomes.enums import CommitmentStatus
from services.seeds import facts
from services.seeds.drafts import (
    AttendanceDraft,
    CommitmentDraft,
    EvidenceDraft,
    FollowUpDraft,
    InvolvementDraft,
    OpinionDraft,
    OutcomeDraft,
    ProgressDraft,
    SessionDraft,
    TopicDraft,
    VerdictDraft,
)
from services.seeds.registry import County, Department
from services.seeds.sessions import attendance_of
from services.seeds.timeline import DAY, at, day_of
from services.seeds.voices import told_matters
from services.sessions.enums import SessionForm, SessionStatus
from services.topics.enums import Category, InvolvementRole, TopicKind, TopicStatus


class Story(NamedTuple):
    """How a told topic began."""

    division_code: str
    kind: TopicKind
    category: Category
    title: str
    subject: str
    summary: str
    proposed_at: int
    listed_at: int


LEAKING_PIPES = Story(
    facts.JIDIAN_COMMUNITY,
    TopicKind.MICRO,
    Category.OLD_NEIGHBOURHOODS,
    "机电小区地下室管道漏水、下水堵塞治理",
    "机电小区地下室管道维修",
    "2021年10月以来，机电小区地下室管道漏水、下水管道堵塞。社区党委将其列入2022年协商议题。",
    at(2021, 10, 18, 10),
    at(2022, 2, 21, 10),
)
"""Told are October 2021, the agenda of 2022, the party committee, the property company's agreement."""

CANTEENS = Story(
    facts.QIAODONG_STREET,
    TopicKind.KEY,
    Category.OTHER,
    "社区食堂如何建、如何运营",
    "社区食堂建设运营",
    "桥东街道政协委员联络组围绕社区食堂怎么建、怎么办，组织委员、社区和居民协商。",
    at(2023, 4, 11, 10),
    at(2023, 4, 20, 10),
)
"""Told without a date."""

HIKING_TOWN = Story(
    facts.TUWO_TOWNSHIP,
    TopicKind.KEY,
    Category.CULTURE_TOURISM,
    "龙隐山居徒步小镇股份重新划分",
    "股份重新划分",
    "龙隐山居徒步小镇的股份如何划分，由乡、村、企业和村民协商。",
    at(2022, 3, 8, 10),
    at(2022, 3, 17, 10),
)
"""Of 土沃乡's sessions and outcomes no date is told, and not which department sat in which session."""

ORCHARD = Story(
    facts.TANGPING_VILLAGE,
    TopicKind.MICRO,
    Category.RURAL_REVITALIZATION,
    "塘坪村枯死果园地复耕",
    "枯死果园地复耕",
    "塘坪村果园果树枯死、土地闲置，村民希望恢复耕种。",
    at(2022, 5, 10, 10),
    at(2022, 5, 19, 10),
)

COAL_BED_METHANE = Story(
    facts.TUWO_TOWNSHIP,
    TopicKind.MICRO,
    Category.ECONOMY,
    "土沃乡与煤层气公司协商有关事项",
    "煤层气企业有关事项",
    "土沃乡平台邀请煤层气公司到场协商。",
    at(2022, 8, 9, 10),
    at(2022, 8, 18, 10),
)
"""Told is the session; neither its subject nor an outcome is. The same holds for the power company's."""

POWER = Story(
    facts.TUWO_TOWNSHIP,
    TopicKind.MICRO,
    Category.WATER_POWER,
    "土沃乡与供电公司协商有关事项",
    "供电有关事项",
    "土沃乡平台邀请供电公司到场协商。",
    at(2022, 9, 6, 10),
    at(2022, 9, 15, 10),
)


def stories_of(county: County) -> list[TopicDraft]:
    """Return the told topics of a county in the order of their proposal; most counties have none."""
    if county.place.code == facts.YINGZE:
        return [_leaking_pipes(county), _canteens(county)]
    if county.place.code == facts.QINSHUI:
        return [
            _hiking_town(county),
            _orchard(county),
            _tuwo_session(county, COAL_BED_METHANE, _told_company(county), at(2022, 9, 15, 15)),
            _tuwo_session(county, POWER, county.departments[DepartmentKind.POWER], at(2022, 10, 13, 15)),
        ]
    return []


def _told_company(county: County) -> Department:
    if county.told_company is None:
        raise LookupError(f"{county.place.name} has no company that the sources tell of.")
    return county.told_company


def _listed(county: County, story: Story, lead: Department) -> TopicDraft:
    """Return a told topic, listed on the platform of its place, with the department that leads it."""
    topic = TopicDraft(
        county=county,
        platform=next(platform for platform in county.platforms if platform.place.code == story.division_code),
        kind=story.kind,
        category=story.category,
        subject=story.subject,
        title=story.title,
        summary=story.summary,
        proposed_at=story.proposed_at,
    )
    topic.matters = told_matters(topic)
    topic.enlist(story.listed_at)
    topic.involvements.append(InvolvementDraft(lead, InvolvementRole.LEAD, story.listed_at))
    return topic


def _hold(topic: TopicDraft, held_at: int, venue: str, form: SessionForm) -> SessionDraft:
    """Hold a session on a topic, convened by the street's or town's liaison group; its headcount is not told."""
    group = topic.platform.group
    session = SessionDraft(
        status=SessionStatus.HELD,
        announced_at=held_at - 10 * DAY,
        scheduled_at=held_at,
        venue=venue,
        form=form,
        convener=group.name if group else None,
        group=group,
        held_at=held_at,
    )
    topic.sessions.append(session)
    topic.advance(TopicStatus.SCHEDULED)
    topic.advance(TopicStatus.DELIBERATED)
    return session


def _say(topic: TopicDraft, *words: tuple[AttendanceDraft, str]) -> None:
    """Let some of those who came to the topic's session speak; what they said is not told word for word."""
    session = topic.sessions[0]
    topic.opinions += [
        OpinionDraft(session, guest.role, text, session.held_at or session.scheduled_at, guest.member)
        for guest, text in words
    ]


def _agree(topic: TopicDraft, agreement: str, reached_at: int, commitment: CommitmentDraft) -> None:
    """Reach an outcome in the topic's session and begin to carry it out."""
    topic.outcomes.append(OutcomeDraft(agreement, reached_at, topic.sessions[0], [commitment]))
    topic.advance(TopicStatus.IMPLEMENTING)


def _canteens(county: County) -> TopicDraft:
    """Discussed, no outcome."""
    topic = _listed(county, CANTEENS, county.departments[DepartmentKind.CIVIL_AFFAIRS])
    session = _hold(topic, at(2023, 5, 18, 15), "桥东街道协商议事厅", SessionForm.COUNCIL_HALL)
    session.minutes = "联络组委员与社区、居民围绕社区食堂的选址、建设和运营讨论。"
    members = county.members_near(topic.platform)
    session.attendances = [
        AttendanceDraft(ParticipantRole.MEMBER, member=members[0]),
        AttendanceDraft(ParticipantRole.MEMBER, member=members[1]),
        AttendanceDraft(ParticipantRole.CADRE),
        AttendanceDraft(ParticipantRole.RESIDENT),
    ]
    _say(
        topic,
        (session.attendances[0], "社区食堂选址要方便老年人步行到达，可先利用现有用房。"),
        (session.attendances[1], "运营可引入有资质的餐饮企业，价格公开，接受居民监督。"),
        (session.attendances[3], "希望价格实惠，早晚都能用餐。"),
    )
    return topic


def _leaking_pipes(county: County) -> TopicDraft:
    """Agreed on the spot, repaired, confirmed."""
    company = _told_company(county)
    topic = _listed(county, LEAKING_PIPES, company)
    topic.planned = True
    session = _hold(topic, at(2022, 3, 24, 15), "机电小区院内", SessionForm.ON_SITE)
    session.convener, session.group = "并州东街四社区党委", None
    session.minutes = "居民介绍漏水和堵塞情况，各方现场查看管道，物业公司同意维修。"
    session.attendances = [
        AttendanceDraft(ParticipantRole.CADRE),
        AttendanceDraft(ParticipantRole.MEMBER, member=county.members_near(topic.platform)[0]),
        attendance_of(company),
        AttendanceDraft(ParticipantRole.RESIDENT),
        AttendanceDraft(ParticipantRole.RESIDENT),
    ]
    repair = CommitmentDraft(
        company,
        task="维修机电小区地下室漏水管道，疏通堵塞的下水管道",
        status=CommitmentStatus.VERIFIED,
        assigned_at=at(2022, 3, 25, 10),
        due_on=day_of(at(2022, 6, 30)),
        progress=[
            ProgressDraft(at(2022, 4, 6, 11), 20, "已勘查管道，确定维修方案"),
            ProgressDraft(at(2022, 4, 28, 16), 60, "漏水管段已更换，正在疏通下水管道"),
            ProgressDraft(at(2022, 5, 20, 17), 100, "维修和疏通完成，请社区验收"),
        ],
        evidence=[EvidenceDraft(at(2022, 5, 20, 17), "维修前后照片和验收单")],
        verdicts=[VerdictDraft(at(2022, 5, 25, 10), ParticipantRole.RESIDENT, fulfilled=True, note="管道不再漏水")],
    )
    _say(
        topic,
        (session.attendances[3], "地下室管道漏水几个月了，下水也经常堵，希望尽快修好。"),
        (session.attendances[1], "建议先查清漏点，维修期间把进度张贴出来。"),
        (session.attendances[2], "同意维修漏水管道、疏通下水管道。"),
    )
    _agree(topic, "物业公司同意维修漏水管道、疏通堵塞的下水管道。", at(2022, 3, 24, 17), repair)
    topic.evidence.append(EvidenceDraft(at(2022, 6, 10, 16), "居民代表确认意见"))
    topic.resolve(at(2022, 6, 10, 16), "管道已修好，下水通畅，居民代表现场确认。")
    topic.follow_ups += [
        FollowUpDraft(at(2022, 7, 20, 16), ParticipantRole.RESIDENT, 5, confirms_fix=True, comment="雨季也没有再漏"),
        FollowUpDraft(at(2022, 11, 15, 16), ParticipantRole.RESIDENT, 5, confirms_fix=True),
    ]
    return topic


def _tuwo_session(county: County, story: Story, department: Department, held_at: int) -> TopicDraft:
    """A session in 土沃乡 to which a department or company came."""
    topic = _listed(county, story, department)
    session = _hold(topic, held_at, "土沃乡协商议事厅", SessionForm.COUNCIL_HALL)
    session.attendances = [attendance_of(department)]
    return topic


def _hiking_town(county: County) -> TopicDraft:
    """New shares agreed; how they were carried out is not told."""
    court = county.departments[DepartmentKind.COURT]
    topic = _tuwo_session(county, HIKING_TOWN, court, at(2022, 4, 14, 15))
    villager = AttendanceDraft(ParticipantRole.RESIDENT)
    topic.sessions[0].attendances.append(villager)
    _say(topic, (villager, "希望股份重新划分的结果公开，让村民看得明白。"))
    advice = CommitmentDraft(
        court,
        task="为龙隐山居徒步小镇重新划分股份提供法律指导",
        status=CommitmentStatus.IN_PROGRESS,
        assigned_at=at(2022, 4, 18, 10),
        progress=[ProgressDraft(at(2022, 5, 16, 10), 50, "已就股份协议文本提出法律意见")],
    )
    _agree(topic, "各方同意对龙隐山居徒步小镇重新划分股份。", at(2022, 4, 14, 17), advice)
    return topic


def _orchard(county: County) -> TopicDraft:
    """The dead orchard land tilled again."""
    bureau = county.departments[DepartmentKind.FORESTRY]
    topic = _tuwo_session(county, ORCHARD, bureau, at(2022, 6, 16, 15))
    clearing = CommitmentDraft(
        bureau,
        task="指导塘坪村清理枯死果树、恢复耕种",
        status=CommitmentStatus.VERIFIED,
        assigned_at=at(2022, 6, 20, 10),
        due_on=day_of(at(2022, 10, 31)),
        progress=[ProgressDraft(at(2022, 10, 20, 10), 100, "枯死果树已清理，土地已复耕")],
        evidence=[EvidenceDraft(at(2022, 10, 20, 10), "复耕现场照片")],
        verdicts=[VerdictDraft(at(2022, 10, 25, 10), ParticipantRole.RESIDENT, fulfilled=True)],
    )
    _agree(topic, "各方同意清理塘坪村枯死果园地并恢复耕种。", at(2022, 6, 16, 17), clearing)
    topic.evidence.append(EvidenceDraft(at(2022, 10, 27, 10), "村民代表确认意见"))
    topic.resolve(at(2022, 10, 27, 10), "枯死果园地已复耕。")
    topic.follow_ups.append(
        FollowUpDraft(at(2023, 5, 18, 10), ParticipantRole.RESIDENT, 5, confirms_fix=True, comment="地里已出苗")
    )
    return topic
