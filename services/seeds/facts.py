"""What is published about the consultation platforms of Shanxi. Whatever the seeds add around it is made up.

The figures are those of a report of late November 2023. A value that the sources do not give exactly says so where it
stands.
"""

from datetime import date
from typing import NamedTuple

from services.seeds.timeline import at

TOLD_FROM, TOLD_UNTIL = at(2023, 11, 25, 0), at(2023, 12, 4, 0)
"""When the figures told hold: in between nothing that they count comes to be."""

PLATFORMS = 2_197
"""Platforms in the province, opened in the pilot city first, then everywhere under a guiding opinion."""

PILOT_CITY = "1401"
"""Taiyuan."""

DEVELOPMENT_ZONES = frozenset({"140171", "140271", "140671", "140971"})
"""Rows of the county level in the division table that are no counties: no committee, no platforms."""

UMBRELLA = "有事来商量"


class BrandFact(NamedTuple):
    """A working brand, where it is used and since when, where that is told."""

    name: str
    division_code: str
    launched_on: date | None = None


BRANDS = (
    BrandFact("有事来商量·欢迎来协商", "140106", date(2021, 3, 1)),  # told as March 2021; the day is not told
    BrandFact("有事来商量·沃事我商量", "140521201"),
    BrandFact("晋情来协商", "140110"),
    BrandFact("阳光协商", "140122"),
    BrandFact("小事大情共协商", "140105"),
    BrandFact("烦事来协商", "140123"),
)

YINGZE = "140106"
YINGZE_SUB_PLATFORMS = 7
YINGZE_MICRO_PLATFORMS = 71
YINGZE_KEY_TOPICS = 51
YINGZE_MICRO_TOPICS = 188
YINGZE_SESSIONS_HELD = 238
YINGZE_ATTENDANCES = 2_316
"""Told as "more than 2,300": the sessions of the district carry their headcounts as lower bounds."""


class CenterFact(NamedTuple):
    """A practice center: when it opened, and what it has."""

    name: str
    opened_at: int
    areas: tuple[str, ...]
    functions: tuple[str, ...]


PRACTICE_CENTER = CenterFact(
    "迎泽区新时代协商民主实践中心",
    at(2023, 8, 1),
    ("陈列室", "协商议事厅", "委员界别活动站", "提案和社情民意信息联系点", "委员书屋", "委员学堂"),
    ("党建引领", "协商议事", "学习培训", "聚识联谊", "文史展陈", "提案和社情民意收集"),
)
"""The province's first, in Yingze, opened by a ceremony (揭牌)."""

CENTER_ACTIVITIES = ("协商议事", "委员进中心", "界别活动月", "联络组活动周", "群众代表走进协商民主", "委员学堂")
"""What goes on at the center."""

QIAODONG_STREET = "140106005"
"""Its liaison group discussed in November 2023 how to build and run community canteens; no outcome is told."""

JIDIAN_COMMUNITY = "140106005010"
"""并州东街四社区, where the 机电小区 lies: leaking pipes since October 2021, on the agenda of 2022, repaired."""

QINSHUI = "140521"
TUWO_TOWNSHIP = "140521201"
"""土沃乡: in 2023 its liaison group brought members, the court, the forestry bureau, the coal-bed methane company and
the power company to one table."""
TANGPING_VILLAGE = "140521201204"
"""塘坪村: its orchard land that bore nothing was reclaimed and sown again."""
EXCHANGE_MEETING = at(2023, 11, 1)
"""When Qinshui's conference met to exchange experience (经验交流会) on turning outcomes into deeds."""

PLACES_OF_STORIES = frozenset({QIAODONG_STREET, JIDIAN_COMMUNITY, TUWO_TOWNSHIP, TANGPING_VILLAGE})
"""Divisions whose platforms the sources tell of."""

SECTORS = (
    *("中共", "民革", "民盟", "民建", "民进", "农工党", "九三学社", "无党派", "共青团", "工会", "妇联", "青联"),
    *("工商联", "科协", "台联", "侨联", "文化艺术", "科学技术", "社会科学", "经济", "农业", "教育", "体育", "新闻出版"),
    *("医药卫生", "对外友好", "社会福利和社会保障", "少数民族", "宗教", "特邀人士"),
)
"""界别: the sectors from which the conference's members come."""
