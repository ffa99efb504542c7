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
    ResolutionDraft,
    SessionDraft,
    TopicDraft,
    VerdictDraft,
)
from services.seeds.editions import editions_of
from services.seeds.registry import County, Department
from services.seeds.sessions import attendance_of
from services.seeds.timeline import at, day_of, later
from services.seeds.voices import told_matters
from services.seeds.works import Work
from services.sessions.enums import SessionForm
from services.topics.enums import Category, InvolvementRole, TopicKind


class Story(NamedTuple):
    """How a told topic began."""

    division_code: str
    kind: TopicKind
    category: Category
    work: Work
    title: str
    subject: str
    summary: str
    proposed_at: int
    listed_at: int
    planned: int | None = None
    """The year of the plan of its own platform that has it."""
    about: str = ""
    """The division that it is about, where its platform is another's."""


LEAKING_PIPES = Story(
    facts.JIDIAN_COMMUNITY,
    TopicKind.MICRO,
    Category.OLD_NEIGHBOURHOODS,
    Work.REPAIR,
    "机电小区地下室管道漏水、下水堵塞治理",
    "机电小区地下室管道维修",
    "2021年10月以来，机电小区地下室管道漏水、下水管道堵塞。社区党委将其列入2022年协商议题。",
    at(2021, 10, 18, 10),
    at(2022, 1, 5, 10),
    planned=2022,
)
"""Told are October 2021, the agenda of 2022, the party committee, the property company's agreement."""

CANTEENS = Story(
    facts.QIAODONG_STREET,
    TopicKind.KEY,
    Category.OTHER,
    Work.SERVICE,
    "社区食堂如何建、如何运营",
    "社区食堂建设运营",
    "桥东街道政协委员联络组围绕社区食堂怎么建、怎么办，组织委员、社区和居民协商。",
    at(2022, 12, 6, 10),
    at(2022, 12, 13, 10),
    planned=2023,
)
"""Told is that it was discussed lately, and by whom."""

HIKING_TOWN = Story(
    facts.TUWO_TOWNSHIP,
    TopicKind.KEY,
    Category.CULTURE_TOURISM,
    Work.RULES,
    "龙隐山居文旅徒步小镇引资扩股",
    "龙隐山居文旅徒步小镇引资扩股",
    "龙隐山居文旅徒步小镇如何引资扩股，由乡、村、企业和有关部门协商。",
    at(2023, 1, 3, 10),
    at(2023, 1, 6, 10),
    planned=2023,
)
"""Told are the year, who sat at the table and what was agreed; neither the day nor who did what."""

ORCHARD = Story(
    facts.TUWO_TOWNSHIP,
    TopicKind.MICRO,
    Category.RURAL_REVITALIZATION,
    Work.CULTIVATION,
    "塘坪村无效果园地复垦复播",
    "塘坪村无效果园地复垦复播",
    "塘坪村果园多年没有效益，村民希望复垦复播。",
    at(2023, 2, 13, 10),
    at(2023, 2, 20, 10),
    about=facts.TANGPING_VILLAGE,
)
JOINT_SESSION_AT = at(2023, 3, 16, 15)


def stories_of(county: County) -> list[TopicDraft]:
    """Return the told topics of a county in the order of their proposal; most counties have none."""
    if county.place.code == facts.YINGZE:
        return [_leaking_pipes(county), _canteens(county)]
    if county.place.code == facts.QINSHUI:
        return _joint_session(county)
    return []


def _told_company(county: County) -> Department:
    if county.told_company is None:
        raise LookupError(f"{county.place.name} has no company that the sources tell of.")
    return county.told_company


def _listed(county: County, story: Story, lead: Department) -> TopicDraft:
    """Return a told topic, listed on the platform of its place, with the department that leads it."""
    platform = next(platform for platform in county.platforms if platform.place.code == story.division_code)
    topic = TopicDraft(
        county=county,
        platform=platform,
        kind=story.kind,
        category=story.category,
        subject=story.subject,
        work=story.work,
        title=story.title,
        summary=story.summary,
        proposed_at=story.proposed_at,
        listed_at=story.listed_at,
    )
    if story.planned is not None:
        topic.plans = [editions_of(platform.place.number, platform.code, story.planned)[0]]
    topic.matters = told_matters(topic, story.about or story.division_code)
    topic.involvements.append(InvolvementDraft(lead, InvolvementRole.LEAD, story.listed_at))
    return topic


def _hold(topic: TopicDraft, held_at: int, venue: str, form: SessionForm) -> SessionDraft:
    """Hold a session on a topic, convened by the street's or town's liaison group; its headcount is not told."""
    group = topic.platform.group
    session = SessionDraft(
        announced_at=later(held_at, -9),
        scheduled_at=held_at,
        venue=venue,
        form=form,
        convener=group.name if group else None,
        group=group,
        held_at=held_at,
    )
    topic.sessions.append(session)
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


def _resolve(topic: TopicDraft, at_ms: int, evidence: str, text: str) -> None:
    topic.resolutions.append(ResolutionDraft(EvidenceDraft(at_ms, evidence), text))


def _canteens(county: County) -> TopicDraft:
    """Discussed by members, street and community cadres, the canteen's operator and residents; no outcome."""
    topic = _listed(county, CANTEENS, county.departments[DepartmentKind.CIVIL_AFFAIRS])
    session = _hold(topic, at(2023, 11, 16, 15), "桥东街道协商议事厅", SessionForm.COUNCIL_HALL)
    session.minutes = "联络组委员与街道、社区、食堂运营方和居民围绕社区食堂的选址、建设和运营讨论。"
    members = county.members_near(topic.platform)
    session.attendances = [
        AttendanceDraft(ParticipantRole.MEMBER, member=members[0]),
        AttendanceDraft(ParticipantRole.MEMBER, member=members[1]),
        *(AttendanceDraft(ParticipantRole.CADRE),) * 2,
        AttendanceDraft(ParticipantRole.ENTERPRISE),
        *(AttendanceDraft(ParticipantRole.RESIDENT),) * 2,
    ]
    _say(
        topic,
        (session.attendances[0], "社区食堂选址要方便老年人步行到达，可先利用现有用房。"),
        (session.attendances[1], "运营可引入有资质的餐饮企业，价格公开，接受居民监督。"),
        (session.attendances[4], "食堂由专人运营，菜品和价格每天公示。"),
        (session.attendances[5], "希望价格实惠，早晚都能用餐。"),
    )
    return topic


def _leaking_pipes(county: County) -> TopicDraft:
    """Agreed on the spot, repaired, confirmed."""
    company = _told_company(county)
    topic = _listed(county, LEAKING_PIPES, company)
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
        assigned_at=at(2022, 3, 25, 10),
        due_on=day_of(at(2022, 6, 30)),
        steps=[
            (at(2022, 3, 28, 9, 30), CommitmentStatus.ACCEPTED),
            (at(2022, 4, 2, 9), CommitmentStatus.IN_PROGRESS),
            (at(2022, 5, 20, 17), CommitmentStatus.DONE),
            (at(2022, 5, 25, 10), CommitmentStatus.VERIFIED),
        ],
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
    _resolve(topic, at(2022, 6, 10, 16), "居民代表确认意见", "管道已修好，下水通畅，居民代表现场确认。")
    topic.follow_ups += [
        FollowUpDraft(at(2022, 7, 20, 16), ParticipantRole.RESIDENT, 5, confirms_fix=True, comment="雨季也没有再漏"),
        FollowUpDraft(at(2022, 11, 15, 16), ParticipantRole.RESIDENT, 5, confirms_fix=True),
    ]
    return topic


def _joint_session(county: County) -> list[TopicDraft]:
    """Members, the court, the forestry bureau, the coal-bed methane and the power company at one table."""
    company, departments = _told_company(county), county.departments
    court, forestry = departments[DepartmentKind.COURT], departments[DepartmentKind.FORESTRY]
    power = departments[DepartmentKind.POWER]
    town, orchard = _listed(county, HIKING_TOWN, company), _listed(county, ORCHARD, forestry)
    town.involvements += [
        InvolvementDraft(one, InvolvementRole.SUPPORT, HIKING_TOWN.listed_at) for one in (court, power)
    ]
    orchard.involvements.append(InvolvementDraft(court, InvolvementRole.SUPPORT, ORCHARD.listed_at))
    session = _hold(town, JOINT_SESSION_AT, "土沃乡协商议事厅", SessionForm.COUNCIL_HALL)
    orchard.sessions.append(session)
    session.minutes = "联络组邀请县政协委员、县法院、林业局、煤层气开发投资公司和供电公司到场，与乡、村代表同桌协商。"
    members = county.members_near(town.platform)
    villager = AttendanceDraft(ParticipantRole.RESIDENT)
    session.attendances = [
        *(AttendanceDraft(ParticipantRole.MEMBER, member=member) for member in members[:2]),
        *(attendance_of(department) for department in (court, forestry, company, power)),
        AttendanceDraft(ParticipantRole.CADRE),
        villager,
    ]
    _say(
        town,
        (session.attendances[2], "引资扩股要依法签订协议，保障村民的权益。"),
        (villager, "希望扩股的方案公开，让村民看得明白。"),
    )
    _say(orchard, (session.attendances[3], "林业部门指导清理果园，按时令复垦复播。"))
    _agree(
        town,
        "各方同意龙隐山居文旅徒步小镇引资扩股。",
        at(2023, 3, 16, 17),
        CommitmentDraft(
            company,
            task="推进龙隐山居文旅徒步小镇引资扩股",
            assigned_at=at(2023, 3, 20, 10),
            steps=[
                (at(2023, 3, 22, 9, 40), CommitmentStatus.ACCEPTED),
                (at(2023, 4, 6, 10), CommitmentStatus.IN_PROGRESS),
            ],
            progress=[ProgressDraft(at(2023, 5, 16, 10), 50, "引资扩股方案已形成，正在征求意见")],
        ),
    )
    _agree(
        orchard,
        "各方同意对塘坪村无效果园地复垦复播。",
        at(2023, 3, 16, 17),
        CommitmentDraft(
            forestry,
            task="指导塘坪村无效果园地复垦复播",
            assigned_at=at(2023, 3, 20, 10),
            due_on=day_of(at(2023, 6, 30)),
            steps=[
                (at(2023, 3, 21, 10), CommitmentStatus.ACCEPTED),
                (at(2023, 3, 27, 9), CommitmentStatus.IN_PROGRESS),
                (at(2023, 5, 19, 10), CommitmentStatus.DONE),
                (at(2023, 5, 25, 10), CommitmentStatus.VERIFIED),
            ],
            progress=[
                ProgressDraft(at(2023, 4, 12, 10), 50, "果园已清理，土地正在复垦"),
                ProgressDraft(at(2023, 5, 19, 10), 100, "土地已复垦复播"),
            ],
            evidence=[EvidenceDraft(at(2023, 5, 19, 10), "复垦复播现场照片")],
            verdicts=[VerdictDraft(at(2023, 5, 25, 10), ParticipantRole.RESIDENT, fulfilled=True)],
        ),
    )
    _resolve(orchard, at(2023, 6, 8, 10), "村民代表确认意见", "塘坪村无效果园地已复垦复播。")
    orchard.follow_ups.append(
        FollowUpDraft(at(2023, 9, 14, 10), ParticipantRole.RESIDENT, 5, confirms_fix=True, comment="地里长势好")
    )
    return [town, orchard]
