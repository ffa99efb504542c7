"""The topics that the sources tell of. What they leave open, days above all, is filled in and said here."""

from services.departments.enums import DepartmentKind
from services.outcomes.enums import CommitmentStatus
from services.seeds import facts
from services.seeds.drafts import (
    AttendanceDraft,
    CommitmentDraft,
    EvidenceDraft,
    InvolvementDraft,
    OutcomeDraft,
    ProgressDraft,
    SessionDraft,
    TopicDraft,
)
from services.seeds.registry import County, Platform
from services.seeds.sessions import attendance_of
from services.seeds.timeline import DAY, at, day_of
from services.sessions.enums import ParticipantRole, SessionForm, SessionStatus
from services.topics.enums import Category, InvolvementRole, TopicKind, TopicStatus


def stories_of(county: County) -> list[TopicDraft]:
    """Return the told topics of a county in the order of their proposal; most counties have none."""
    if county.place.code == facts.YINGZE:
        return [_leaking_pipes(county), _canteens(county)]
    if county.place.code == facts.QINSHUI:
        return [_hiking_town(county), _orchard(county), _coal_bed_methane(county), _power(county)]
    return []


def _platform_at(county: County, code: str) -> Platform:
    return next(platform for platform in county.platforms if platform.place.code == code)


def _canteens(county: County) -> TopicDraft:
    """桥东街道's liaison group on community canteens: discussed, no outcome. Told without a date."""
    platform = _platform_at(county, facts.QIAODONG_STREET)
    topic = TopicDraft(
        county=county,
        platform=platform,
        kind=TopicKind.KEY,
        category=Category.OTHER,
        subject="社区食堂建设运营",
        title="社区食堂如何建、如何运营",
        summary="桥东街道政协委员联络组围绕社区食堂怎么建、怎么办，组织委员、社区和居民协商。",
        proposed_at=at(2023, 4, 11, 10),
    )
    topic.enlist(at(2023, 4, 20, 10))
    topic.involvements = [
        InvolvementDraft(county.departments[DepartmentKind.CIVIL_AFFAIRS], InvolvementRole.LEAD, at(2023, 4, 20, 10))
    ]
    session = _held_session(topic, at(2023, 5, 18, 15), "桥东街道协商议事厅", SessionForm.COUNCIL_HALL)
    session.minutes = "联络组委员与社区、居民围绕社区食堂的选址、建设和运营讨论。"
    session.attendances = [
        AttendanceDraft(ParticipantRole.MEMBER, member=county.members_near(platform)[0]),
        AttendanceDraft(ParticipantRole.MEMBER, member=county.members_near(platform)[1]),
        AttendanceDraft(ParticipantRole.CADRE),
        AttendanceDraft(ParticipantRole.RESIDENT),
    ]
    return topic


def _leaking_pipes(county: County) -> TopicDraft:
    """The 机电小区: told are October 2021, the agenda of 2022, the party committee, the company's agreement."""
    platform = _platform_at(county, facts.JIDIAN_COMMUNITY)
    company = county.departments[DepartmentKind.PROPERTY_MANAGEMENT]
    topic = TopicDraft(
        county=county,
        platform=platform,
        kind=TopicKind.MICRO,
        category=Category.OLD_NEIGHBOURHOODS,
        subject="机电小区地下室管道维修",
        title="机电小区地下室管道漏水、下水堵塞治理",
        summary="2021年10月以来，机电小区地下室管道漏水、下水管道堵塞。社区党委将其列入2022年协商议题。",
        proposed_at=at(2021, 10, 18, 10),
    )
    topic.enlist(at(2022, 2, 21, 10))
    topic.involvements = [InvolvementDraft(company, InvolvementRole.LEAD, at(2022, 2, 21, 10))]
    session = _held_session(topic, at(2022, 3, 24, 15), "机电小区院内", SessionForm.ON_SITE)
    session.convener, session.group = "并州东街四社区党委", None
    session.minutes = "居民介绍漏水和堵塞情况，各方现场查看管道，物业公司同意维修。"
    session.attendances = [
        AttendanceDraft(ParticipantRole.CADRE),
        AttendanceDraft(ParticipantRole.MEMBER, member=county.members_near(platform)[0]),
        attendance_of(company),
        AttendanceDraft(ParticipantRole.RESIDENT),
        AttendanceDraft(ParticipantRole.RESIDENT),
    ]
    outcome = OutcomeDraft("物业公司同意维修漏水管道、疏通堵塞的下水管道。", at(2022, 3, 24, 17), session)
    outcome.commitments.append(_repair(topic))
    topic.outcomes.append(outcome)
    topic.advance(TopicStatus.IMPLEMENTING)
    topic.evidence.append(EvidenceDraft(at(2022, 6, 10, 16), "居民代表确认意见"))
    topic.resolve(at(2022, 6, 10, 16), "管道已修好，下水通畅，居民代表现场确认。")
    return topic


def _repair(topic: TopicDraft) -> CommitmentDraft:
    """What the property company promised and did."""
    return CommitmentDraft(
        department=topic.involvements[0].department,
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
    )


def _hiking_town(county: County) -> TopicDraft:
    """New shares for the hiking town. Told without dates, and without who came to which session."""
    topic = _tuwo_topic(county, facts.TUWO_TOWNSHIP, Category.CULTURE_TOURISM, DepartmentKind.COURT, at(2022, 3, 8, 10))
    topic.kind = TopicKind.KEY
    topic.subject, topic.title = "股份重新划分", "龙隐山居徒步小镇股份重新划分"
    topic.summary = "龙隐山居徒步小镇的股份如何划分，由乡、村、企业和村民协商。"
    session = _held_session(topic, at(2022, 4, 14, 15), "土沃乡协商议事厅", SessionForm.COUNCIL_HALL)
    session.attendances.append(attendance_of(topic.involvements[0].department))
    outcome = OutcomeDraft("各方同意对龙隐山居徒步小镇重新划分股份。", session.scheduled_at, session)
    outcome.commitments.append(
        CommitmentDraft(
            department=topic.involvements[0].department,
            task="为龙隐山居徒步小镇重新划分股份提供法律指导",
            status=CommitmentStatus.IN_PROGRESS,
            assigned_at=at(2022, 4, 18, 10),
            progress=[ProgressDraft(at(2022, 5, 16, 10), 50, "已就股份协议文本提出法律意见")],
        )
    )
    topic.outcomes.append(outcome)
    topic.advance(TopicStatus.IMPLEMENTING)
    return topic


def _orchard(county: County) -> TopicDraft:
    """塘坪村's dead orchard land tilled again. Told without dates."""
    topic = _tuwo_topic(
        county, facts.TANGPING_VILLAGE, Category.RURAL_REVITALIZATION, DepartmentKind.FORESTRY, at(2022, 5, 10, 10)
    )
    topic.subject, topic.title = "枯死果园地复耕", "塘坪村枯死果园地复耕"
    topic.summary = "塘坪村果园果树枯死、土地闲置，村民希望恢复耕种。"
    session = _held_session(topic, at(2022, 6, 16, 15), "塘坪村果园现场", SessionForm.ON_SITE)
    session.attendances.append(attendance_of(topic.involvements[0].department))
    outcome = OutcomeDraft("各方同意清理塘坪村枯死果园地并恢复耕种。", session.scheduled_at, session)
    outcome.commitments.append(
        CommitmentDraft(
            department=topic.involvements[0].department,
            task="指导塘坪村清理枯死果树、恢复耕种",
            status=CommitmentStatus.VERIFIED,
            assigned_at=at(2022, 6, 20, 10),
            progress=[ProgressDraft(at(2022, 10, 20, 10), 100, "枯死果树已清理，土地已复耕")],
            evidence=[EvidenceDraft(at(2022, 10, 20, 10), "复耕现场照片")],
        )
    )
    topic.outcomes.append(outcome)
    topic.advance(TopicStatus.IMPLEMENTING)
    topic.evidence.append(EvidenceDraft(at(2022, 10, 27, 10), "村民代表确认意见"))
    topic.resolve(at(2022, 10, 27, 10), "枯死果园地已复耕。")
    return topic


def _coal_bed_methane(county: County) -> TopicDraft:
    """A session with the coal-bed methane company; neither its subject nor an outcome is told."""
    topic = _tuwo_topic(county, facts.TUWO_TOWNSHIP, Category.ECONOMY, DepartmentKind.ENTERPRISE, at(2022, 8, 9, 10))
    topic.subject, topic.title = "煤层气企业有关事项", "土沃乡与煤层气公司协商有关事项"
    topic.summary = "土沃乡平台邀请煤层气公司到场协商。"
    session = _held_session(topic, at(2022, 9, 15, 15), "土沃乡协商议事厅", SessionForm.COUNCIL_HALL)
    session.attendances.append(attendance_of(topic.involvements[0].department))
    return topic


def _power(county: County) -> TopicDraft:
    """A session with the power company; neither its subject nor an outcome is told."""
    topic = _tuwo_topic(county, facts.TUWO_TOWNSHIP, Category.WATER_POWER, DepartmentKind.POWER, at(2022, 9, 6, 10))
    topic.subject, topic.title = "供电有关事项", "土沃乡与供电公司协商有关事项"
    topic.summary = "土沃乡平台邀请供电公司到场协商。"
    session = _held_session(topic, at(2022, 10, 13, 15), "土沃乡协商议事厅", SessionForm.COUNCIL_HALL)
    session.attendances.append(attendance_of(topic.involvements[0].department))
    return topic


def _tuwo_topic(county: County, code: str, category: Category, lead: DepartmentKind, proposed_at: int) -> TopicDraft:
    """Return a listed topic of 土沃乡 that a department leads."""
    topic = TopicDraft(
        county=county,
        platform=_platform_at(county, code),
        kind=TopicKind.MICRO,
        category=category,
        subject="",
        title="",
        summary="",
        proposed_at=proposed_at,
    )
    listed_at = proposed_at + 9 * DAY
    topic.enlist(listed_at)
    topic.involvements = [InvolvementDraft(county.departments[lead], InvolvementRole.LEAD, listed_at)]
    return topic


def _held_session(topic: TopicDraft, held_at: int, venue: str, form: SessionForm) -> SessionDraft:
    """Hold a session on a topic, convened by the street's or town's liaison group, headcount untold."""
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
