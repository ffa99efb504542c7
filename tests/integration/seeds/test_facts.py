"""The published figures and stories, each asked for in SQL."""

from datetime import date, datetime
from typing import Any

import pytest

from services.core.clock import CHINA
from services.seeds.load import Connection

PROVINCE: dict[str, tuple[str, object]] = {
    "divisions": ("SELECT count(*) FROM division", 23_380),
    "provinces": ("SELECT count(*) FROM division WHERE level = 'PROVINCE'", 1),
    "cities": ("SELECT count(*) FROM division WHERE level = 'CITY'", 11),
    "county-level divisions": ("SELECT count(*) FROM division WHERE level = 'COUNTY'", 121),
    "counties": ("SELECT count(*) FROM division WHERE level = 'COUNTY' AND kind = 'ADMINISTRATIVE'", 117),
    "townships": ("SELECT count(*) FROM division WHERE level = 'TOWNSHIP'", 1_352),
    "villages": ("SELECT count(*) FROM division WHERE level = 'VILLAGE'", 21_895),
    "committees": ("SELECT count(*) FROM committee", 1 + 11 + 117),
    "counties with a committee": (
        "SELECT count(*) FROM committee JOIN division ON number = division_number WHERE level = 'COUNTY'",
        117,
    ),
    "liaison groups": ("SELECT count(*) FROM liaison_group", 1_341),
    "townships with a liaison group": ("SELECT count(DISTINCT division_number) FROM liaison_group", 1_341),
    "members": ("SELECT count(*) FROM member", 11_962),
    "fewest members of a committee": (
        "SELECT min(members) FROM (SELECT count(*) AS members FROM member GROUP BY committee_id) AS c",
        82,
    ),
    "most members of a committee": (
        "SELECT max(members) FROM (SELECT count(*) AS members FROM member GROUP BY committee_id) AS c",
        200,
    ),
    "members not named by a label": ("SELECT count(*) FROM member WHERE name !~ '^委员 [0-9]{4}$'", 0),
    "sectors": ("SELECT count(DISTINCT sector) FROM member", 30),
    "platforms": ("SELECT count(*) FROM platform", 2_197),
    "general platforms": ("SELECT count(*) FROM platform WHERE tier = 'GENERAL'", 117),
    "counties with a general platform": (
        """SELECT count(DISTINCT division_number) FROM platform JOIN division ON number = division_number
        WHERE tier = 'GENERAL' AND level = 'COUNTY'""",
        117,
    ),
    "topics": ("SELECT count(*) FROM topic", 9_079),
    "matters": ("SELECT count(*) FROM matter", 13_860),
    "matters that wait": ("SELECT count(*) FROM matter WHERE topic_id IS NULL AND answered_at IS NULL", 225),
    "matters that wait for more than 15 days": (
        """SELECT count(*) FROM matter WHERE topic_id IS NULL AND answered_at IS NULL
        AND raised_at < '2024-06-16T00:00+08:00'""",
        10,
    ),
    "matters behind the leaking pipes": (
        """SELECT string_agg(matter.title, ',' ORDER BY raised_at) FROM matter JOIN topic ON topic.id = topic_id
        WHERE topic.division_number = 140106005010 AND topic.title LIKE '机电小区%'
          AND raised_at BETWEEN '2021-10-01T00:00+08:00' AND '2021-11-01T00:00+08:00'""",
        "机电小区地下室管道漏水,机电小区下水管道堵塞,机电小区多户反映漏水、堵塞",
    ),
    "distinct titles": ("SELECT count(DISTINCT title) FROM topic", 9_079),
    "events": ("SELECT count(*) FROM event", 0),
    "deliveries": ("SELECT count(*) FROM delivery", 0),
    "versions of plans by how far they came": (
        """SELECT array_agg(status || ' ' || versions ORDER BY status) FROM (
            SELECT status, count(*) AS versions FROM annual_plan GROUP BY status) AS s""",
        ["APPROVED 326", "DRAFT 5", "RETURNED 12", "SUBMITTED 3"],
    ),
    "years with a plan in force of Yingze's general platform": (
        """SELECT array_agg(year ORDER BY year) FROM annual_plan JOIN platform ON platform.id = platform_id
        WHERE code = 'P140106' AND status = 'APPROVED' AND superseded_at IS NULL""",
        [2021, 2022, 2023, 2024],
    ),
    "plan of 2022 that has the topic of the 机电小区": (
        """SELECT code || ' ' || approving_body FROM plan_item JOIN annual_plan ON annual_plan.id = plan_id
        JOIN platform ON platform.id = platform_id JOIN topic ON topic.id = topic_id
        WHERE title = '机电小区地下室管道漏水、下水堵塞治理' AND year = 2022""",
        "P140106-05-06 桥东街道并州东街四社区党委",
    ),
    "planned topics that were not held in the year": (
        """SELECT count(*) FROM plan_item i JOIN annual_plan p ON p.id = plan_id
        WHERE p.status = 'APPROVED' AND superseded_at IS NULL AND NOT EXISTS (
            SELECT FROM session_topic st JOIN session s ON s.id = session_id WHERE st.topic_id = i.topic_id
              AND s.status = 'HELD' AND extract(year FROM held_at AT TIME ZONE 'Asia/Shanghai') = p.year)""",
        308,
    ),
    "departments with a channel in use": ("SELECT count(*) FROM department_channel WHERE enabled", 26),
    "departments with a channel in use elsewhere": (
        """SELECT count(*) FROM department_channel JOIN department ON id = department_id
        WHERE enabled AND division_number NOT IN (140106000000, 140521000000)""",
        0,
    ),
    "lower bounds outside Yingze": (
        """SELECT count(*) FROM session
        WHERE headcount_is_lower_bound AND division_number NOT BETWEEN 140106000000 AND 140106999999""",
        0,
    ),
}


@pytest.mark.parametrize(("question", "answer"), PROVINCE.values(), ids=PROVINCE.keys())
async def test_province(province: Connection, question: str, answer: object) -> None:
    assert await province.fetchval(question) == answer


YINGZE = {
    "platforms": ("SELECT count(*) FROM platform_as_of($3) WHERE division_number BETWEEN $1 AND $2", 79),
    "general platform": (
        """SELECT string_agg(code, ',') FROM platform_as_of($3)
        WHERE division_number BETWEEN $1 AND $2 AND tier = 'GENERAL'""",
        "P140106",
    ),
    "sub-platforms": (
        """SELECT array_agg(code || ' ' || name ORDER BY code) FROM platform_as_of($3)
        WHERE division_number BETWEEN $1 AND $2 AND tier = 'SUB'""",
        [
            "P140106-01 迎泽区柳巷街道分平台",
            "P140106-02 迎泽区文庙街道分平台",
            "P140106-03 迎泽区庙前街道分平台",
            "P140106-04 迎泽区迎泽街道分平台",
            "P140106-05 迎泽区桥东街道分平台",
            "P140106-06 迎泽区老军营街道分平台",
            "P140106-07 迎泽区郝庄镇分平台",
        ],
    ),
    "kinds of micro platforms": (
        """SELECT array_agg(kind || ' ' || platforms ORDER BY kind) FROM (
            SELECT kind, count(*) AS platforms FROM platform_as_of($3)
            WHERE division_number BETWEEN $1 AND $2 AND tier = 'MICRO' GROUP BY kind) AS k""",
        ["COMMUNITY 53", "MEMBER_STUDIO 14", "VILLAGE 4"],
    ),
    "divisions with a micro platform": (
        """SELECT count(DISTINCT division_number) FROM platform_as_of($3)
        WHERE division_number BETWEEN $1 AND $2 AND tier = 'MICRO'""",
        71,
    ),
    "platforms with its brand": (
        """SELECT count(*) FROM platform_as_of($3) AS platform JOIN brand ON brand.id = brand_id
        WHERE platform.division_number BETWEEN $1 AND $2 AND brand.name = '有事来商量·欢迎来协商'""",
        79,
    ),
    "key topics": ("SELECT count(*) FROM topic_as_of($3) WHERE division_number BETWEEN $1 AND $2 AND kind = 'KEY'", 51),
    "micro topics": (
        "SELECT count(*) FROM topic_as_of($3) WHERE division_number BETWEEN $1 AND $2 AND kind = 'MICRO'",
        188,
    ),
    "sessions that are not among those told": (
        """SELECT count(*) FROM session_as_of($3) WHERE division_number BETWEEN $1 AND $2 AND status <> 'HELD'""",
        0,
    ),
    "topics proposed or withdrawn": (
        """SELECT count(*) FROM topic_as_of($3)
        WHERE division_number BETWEEN $1 AND $2 AND status IN ('PROPOSED', 'WITHDRAWN')""",
        0,
    ),
    "sessions": ("SELECT count(*) FROM session_as_of($3) WHERE division_number BETWEEN $1 AND $2", 238),
    "sessions held": (
        "SELECT count(*) FROM session_as_of($3) WHERE division_number BETWEEN $1 AND $2 AND status = 'HELD'",
        238,
    ),
    "attendances": ("SELECT sum(headcount) FROM session_as_of($3) WHERE division_number BETWEEN $1 AND $2", 2_316),
    "sessions whose headcount is a lower bound": (
        "SELECT count(*) FROM session_as_of($3) WHERE division_number BETWEEN $1 AND $2 AND headcount_is_lower_bound",
        238,
    ),
}


TOLD = [datetime(2023, 11, day, hour, tzinfo=CHINA) for day, hour in ((25, 0), (28, 12), (30, 23))]
"""The figures told are of late November 2023."""


@pytest.mark.parametrize("instant", TOLD)
@pytest.mark.parametrize(("question", "answer"), YINGZE.values(), ids=YINGZE.keys())
async def test_yingze(province: Connection, question: str, answer: object, instant: datetime) -> None:
    assert await province.fetchval(question, 140106000000, 140106999999, instant) == answer


QINSHUI = {
    "tiers of platforms": (
        """SELECT array_agg(tier || ' ' || platforms ORDER BY tier) FROM (
            SELECT tier, count(*) AS platforms FROM platform
            WHERE division_number BETWEEN 140521000000 AND 140521999999 GROUP BY tier) AS t""",
        ["GENERAL 1", "MICRO 20", "SUB 12"],
    ),
    "townships without a sub-platform": (
        """SELECT count(*) FROM division LEFT JOIN platform ON division_number = number AND tier = 'SUB'
        WHERE parent_number = 140521000000 AND id IS NULL""",
        0,
    ),
    "platform of 塘坪村": (
        "SELECT string_agg(code || ' ' || name, ',') FROM platform WHERE division_number = 140521201204",
        "P140521-08-01 土沃乡塘坪村微平台",
    ),
    "platforms with the brand of 土沃乡": (
        """SELECT array_agg(code ORDER BY code) FROM platform
        WHERE brand_id = (SELECT id FROM brand WHERE name = '有事来商量·沃事我商量')""",
        ["P140521-08", "P140521-08-01", "P140521-08-02"],
    ),
}


@pytest.mark.parametrize(("question", "answer"), QINSHUI.values(), ids=QINSHUI.keys())
async def test_qinshui(province: Connection, question: str, answer: object) -> None:
    assert await province.fetchval(question) == answer


async def test_brands(province: Connection) -> None:
    rows = await province.fetch("SELECT name, umbrella, division_number, launched_on FROM brand ORDER BY 3, 1")

    assert [tuple(row) for row in rows] == [
        ("有事来商量", None, 140000000000, None),
        ("小事大情共协商", "有事来商量", 140105000000, None),
        ("有事来商量·欢迎来协商", "有事来商量", 140106000000, date(2021, 3, 1)),
        ("晋情来协商", "有事来商量", 140110000000, None),
        ("阳光协商", "有事来商量", 140122000000, None),
        ("烦事来协商", "有事来商量", 140123000000, None),
        ("有事来商量·沃事我商量", "有事来商量", 140521201000, None),
    ]


@pytest.mark.parametrize("code", ["140171", "140271", "140671", "140971"])
@pytest.mark.parametrize("table", ["committee", "liaison_group", "member", "platform", "department", "topic"])
async def test_development_zone_has_none(province: Connection, table: str, code: str) -> None:
    lower = int(code) * 10**6
    question = f"SELECT count(*) FROM {table} WHERE division_number BETWEEN $1 AND $1 + 999999"

    assert await province.fetchval(question, lower) == 0


GROWN = [(5, 5), (196, 196), (1_666, 214), (2_197, 214)]
"""Platforms of the province and of Taiyuan among them."""


async def told(province: Connection, title: str) -> dict[str, Any]:
    """Return a told topic with its platform, sessions, departments, outcomes and commitments."""
    row = await province.fetchrow(
        """
        SELECT t.kind, t.category, t.status, t.version, p.code AS platform,
               to_char(t.proposed_at, 'YYYY-MM') AS proposed, to_char(t.listed_at, 'YYYY') AS listed,
               ARRAY(SELECT concat_ws(' ', s.status, s.form, s.convener, g.name)
                     FROM session_topic st JOIN session s ON s.id = st.session_id
                     LEFT JOIN liaison_group g ON g.id = s.liaison_group_id
                     WHERE st.topic_id = t.id) AS sessions,
               ARRAY(SELECT concat_ws(' ', a.role, d.code)
                     FROM session_topic st JOIN attendance a USING (session_id) LEFT JOIN department d
                     ON d.id = a.department_id WHERE st.topic_id = t.id ORDER BY a.position) AS present,
               ARRAY(SELECT i.role || ' ' || d.code FROM involvement i JOIN department d ON d.id = i.department_id
                     WHERE i.topic_id = t.id) AS involved,
               ARRAY(SELECT agreement FROM outcome WHERE topic_id = t.id) AS agreed,
               ARRAY(SELECT c.status || ' ' || d.code || ' ' ||
                            (SELECT max(percent) FROM progress WHERE commitment_id = c.id) || ' ' ||
                            (SELECT count(*) FROM evidence WHERE commitment_id = c.id)
                     FROM commitment c JOIN department d ON d.id = c.department_id WHERE c.topic_id = t.id) AS promised,
               (SELECT count(*) FROM evidence WHERE topic_id = t.id) AS evidence,
               ARRAY(SELECT o.role FROM opinion o WHERE o.topic_id = t.id ORDER BY o.id) AS said,
               ARRAY(SELECT v.role || ' ' || v.fulfilled FROM verdict v JOIN commitment c ON c.id = v.commitment_id
                     WHERE c.topic_id = t.id) AS judged,
               ARRAY(SELECT f.role || ' ' || f.score || ' ' || f.confirms_fix FROM follow_up f
                     WHERE f.topic_id = t.id ORDER BY f.at) AS asked
        FROM topic t JOIN platform p ON p.id = t.platform_id WHERE t.title = $1
        """,
        title,
    )
    return dict(row or {})


async def test_canteens_were_discussed_without_an_outcome(province: Connection) -> None:
    group = "迎泽区政协桥东街道联络组"

    assert await told(province, "社区食堂如何建、如何运营") == {
        "kind": "KEY",
        "category": "OTHER",
        "status": "DELIBERATED",
        "version": 4,
        "platform": "P140106-05",
        "proposed": "2022-12",
        "listed": "2022",
        "sessions": [f"HELD COUNCIL_HALL {group} {group}"],
        "present": ["MEMBER", "MEMBER", "CADRE", "CADRE", "ENTERPRISE", "RESIDENT", "RESIDENT"],
        "involved": ["LEAD yingze-civil"],
        "agreed": [],
        "promised": [],
        "evidence": 0,
        "said": ["MEMBER", "MEMBER", "ENTERPRISE", "RESIDENT"],
        "judged": [],
        "asked": [],
    }


async def test_leaking_pipes_were_repaired(province: Connection) -> None:
    assert await told(province, "机电小区地下室管道漏水、下水堵塞治理") == {
        "kind": "MICRO",
        "category": "OLD_NEIGHBOURHOODS",
        "status": "RESOLVED",
        "version": 6,
        "platform": "P140106-05-06",
        "proposed": "2021-10",
        "listed": "2022",
        "sessions": ["HELD ON_SITE 并州东街四社区党委"],
        "present": ["CADRE", "MEMBER", "ENTERPRISE yingze-property-jidian", "RESIDENT", "RESIDENT"],
        "involved": ["LEAD yingze-property-jidian"],
        "agreed": ["物业公司同意维修漏水管道、疏通堵塞的下水管道。"],
        "promised": ["VERIFIED yingze-property-jidian 100 1"],
        "evidence": 1,
        "said": ["RESIDENT", "MEMBER", "ENTERPRISE"],
        "judged": ["RESIDENT true"],
        "asked": ["RESIDENT 5 true", "RESIDENT 5 true"],
    }
    platform = "SELECT division_number FROM platform WHERE code = 'P140106-05-06'"
    assert await province.fetchval(platform) == 140106005010


JOINT = {
    "platform": "P140521-08",
    "sessions": ["HELD COUNCIL_HALL 沁水县政协土沃乡联络组 沁水县政协土沃乡联络组"],
    "present": [
        "MEMBER",
        "MEMBER",
        "DEPARTMENT qinshui-court",
        "DEPARTMENT qinshui-forestry",
        "ENTERPRISE qinshui-cbm",
        "ENTERPRISE qinshui-power",
        "CADRE",
        "RESIDENT",
    ],
}
"""One table at which members, the court, the forestry bureau, the gas and the power company sat."""


async def test_hiking_town_raises_capital(province: Connection) -> None:
    topic = await told(province, "龙隐山居文旅徒步小镇引资扩股")

    assert {key: topic[key] for key in JOINT} == JOINT
    assert (topic["status"], topic["kind"], topic["listed"]) == ("IMPLEMENTING", "KEY", "2023")
    assert topic["involved"] == ["LEAD qinshui-cbm", "SUPPORT qinshui-court", "SUPPORT qinshui-power"]
    assert topic["agreed"] == ["各方同意龙隐山居文旅徒步小镇引资扩股。"]


async def test_orchard_is_sown_again(province: Connection) -> None:
    topic = await told(province, "塘坪村无效果园地复垦复播")

    assert {key: topic[key] for key in JOINT} == JOINT
    assert (topic["status"], topic["involved"]) == ("RESOLVED", ["LEAD qinshui-forestry", "SUPPORT qinshui-court"])
    assert topic["agreed"] == ["各方同意对塘坪村无效果园地复垦复播。"]
    assert topic["promised"] == ["VERIFIED qinshui-forestry 100 1"]
    assert (topic["judged"], topic["asked"]) == (["RESIDENT true"], ["RESIDENT 5 true"])


async def test_both_were_agreed_in_one_session_of_2023(province: Connection) -> None:
    question = """SELECT DISTINCT s.held_at, o.reached_on FROM topic t JOIN session_topic st ON st.topic_id = t.id
        JOIN session s ON s.id = st.session_id JOIN outcome o ON o.session_id = s.id AND o.topic_id = t.id
        WHERE t.title IN ('龙隐山居文旅徒步小镇引资扩股', '塘坪村无效果园地复垦复播')"""
    rows = await province.fetch(question)

    assert [tuple(row) for row in rows] == [(datetime(2023, 3, 16, 15, tzinfo=CHINA), date(2023, 3, 16))]


async def test_canteens_were_discussed_in_november_2023(province: Connection) -> None:
    question = "SELECT scheduled_at FROM topic WHERE title = '社区食堂如何建、如何运营'"

    assert await province.fetchval(question) == datetime(2023, 11, 16, 15, tzinfo=CHINA)


async def test_center_was_opened_by_a_ceremony(province: Connection) -> None:
    question = """SELECT name, opened_on, areas, functions FROM practice_center"""
    opened_on = date(2023, 8, 1)

    assert [tuple(row) for row in await province.fetch(question)] == [
        (
            "迎泽区新时代协商民主实践中心",
            opened_on,
            ["陈列室", "协商议事厅", "委员界别活动站", "提案和社情民意信息联系点", "委员书屋", "委员学堂"],
            ["党建引领", "协商议事", "学习培训", "聚识联谊", "文史展陈", "提案和社情民意收集"],
        )
    ]
    kinds = "SELECT array_agg(DISTINCT kind ORDER BY kind) FROM activity WHERE center_id IS NOT NULL AND held_on {} $1"
    assert await province.fetchval(kinds.format("<="), opened_on) == ["揭牌"]
    told = {"协商议事", "委员进中心", "界别活动月", "联络组活动周", "群众代表走进协商民主", "委员学堂"}
    assert set(await province.fetchval(kinds.format(">"), opened_on)) == told


async def test_qinshui_exchanged_experience(province: Connection) -> None:
    question = (
        "SELECT title FROM activity WHERE kind = '经验交流会' AND division_number = 140521000000 AND held_on = $1"
    )

    assert await province.fetchval(question, date(2023, 11, 1)) == "沁水县政协协商成果转化经验交流会"


async def test_platforms_grew_from_the_pilot_city(province: Connection) -> None:
    question = """SELECT count(*), count(*) FILTER (WHERE division_number / 100000000 = 1401) FROM platform_as_of($1)"""
    days = ((2021, 3, 1), (2022, 1, 28), (2023, 1, 28), (2023, 11, 28))
    grown = [tuple(await province.fetchrow(question, datetime(*day, 12, tzinfo=CHINA)) or ()) for day in days]

    assert grown == GROWN


@pytest.mark.parametrize(
    ("code", "kind", "topics"),
    [
        ("yingze-property-jidian", "PROPERTY_MANAGEMENT", 1),
        ("qinshui-cbm", "ENTERPRISE", 1),
        ("qinshui-court", "COURT", None),
        ("qinshui-forestry", "FORESTRY", None),
        ("qinshui-power", "POWER", None),
    ],
)
async def test_told_department(province: Connection, code: str, kind: str, topics: int | None) -> None:
    assert await province.fetchval("SELECT kind FROM department WHERE code = $1", code) == kind
    if topics is not None:
        question = "SELECT count(*) FROM involvement JOIN department ON department.id = department_id WHERE code = $1"
        assert await province.fetchval(question, code) == topics
