"""The departments and companies of the counties, and their channels."""

from typing import NamedTuple

from services.departments.enums import DepartmentKind
from services.seeds.committees import REGISTERED_AT
from services.seeds.facts import QINSHUI, YINGZE
from services.seeds.identifiers import IdSequence
from services.seeds.load import Row
from services.seeds.registry import County, Department


class Trade(NamedTuple):
    """How departments of a kind are called: the end of the code, and of the name."""

    code: str
    name: str


TRADES = {
    DepartmentKind.COURT: Trade("court", "人民法院"),
    DepartmentKind.FORESTRY: Trade("forestry", "林业局"),
    DepartmentKind.POWER: Trade("power", "供电公司"),
    DepartmentKind.GAS: Trade("gas", "燃气公司"),
    DepartmentKind.WATER: Trade("water", "水务局"),
    DepartmentKind.HEATING: Trade("heating", "供热公司"),
    DepartmentKind.TRANSPORT: Trade("transport", "交通运输局"),
    DepartmentKind.HOUSING: Trade("housing", "住房和城乡建设局"),
    DepartmentKind.URBAN_MANAGEMENT: Trade("urban", "城市管理局"),
    DepartmentKind.AGRICULTURE: Trade("agriculture", "农业农村局"),
    DepartmentKind.CULTURE_TOURISM: Trade("culture", "文化和旅游局"),
    DepartmentKind.PUBLIC_SECURITY: Trade("police", "公安局"),
    DepartmentKind.CIVIL_AFFAIRS: Trade("civil", "民政局"),
    DepartmentKind.PROPERTY_MANAGEMENT: Trade("property", "物业服务公司"),
    DepartmentKind.OTHER: Trade("services", "行政审批服务管理局"),
}
"""The departments that a county has unless WITHOUT says otherwise."""

WITHOUT = {
    YINGZE: {DepartmentKind.FORESTRY, DepartmentKind.AGRICULTURE, DepartmentKind.PROPERTY_MANAGEMENT},
    QINSHUI: {DepartmentKind.GAS, DepartmentKind.HEATING, DepartmentKind.PROPERTY_MANAGEMENT},
}
"""Kinds that the two counties with channels go without, so that the broker has few queues."""

TOLD = {
    YINGZE: (DepartmentKind.PROPERTY_MANAGEMENT, "property-jidian", "机电小区物业公司"),
    QINSHUI: (DepartmentKind.ENTERPRISE, "cbm", "沁水县煤层气开发投资公司"),
}
"""Companies that the sources tell of; they take part in the told topics only."""

SPELLED = {
    "140105": "xiaodian",
    "140106": "yingze",
    "140107": "xinghualing",
    "140108": "jiancaoping",
    "140109": "wanbailin",
    "140110": "jinyuan",
    "140121": "qingxu",
    "140122": "yangqu",
    "140123": "loufan",
    "140181": "gujiao",
    "140521": "qinshui",
}
"""Counties whose departments' codes begin with the name; elsewhere with a d and the division code."""

WITH_CHANNEL = frozenset({YINGZE, QINSHUI})
"""Counties whose departments are connected to the broker."""


class Departments:
    """The rows of departments and channels."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.channel_rows: list[Row] = []
        self._ids = IdSequence("department")

    def establish(self, county: County) -> None:
        """Give a county its departments."""
        code = county.place.code
        without = WITHOUT.get(code, set())
        for kind, trade in TRADES.items():
            if kind not in without:
                county.departments[kind] = self._register(county, kind, trade.code, _name(county, kind, trade))
        if code in TOLD:
            county.told_company = self._register(county, *TOLD[code])

    def _register(self, county: County, kind: DepartmentKind, code: str, name: str) -> Department:
        place = county.place
        prefix = SPELLED.get(place.code, f"d{place.code}")
        department = Department(self._ids.issue(REGISTERED_AT), f"{prefix}-{code}", name, kind, place.number)
        self.rows.append(department)
        self.channel_rows.append((department.id, place.code in WITH_CHANNEL, 0))
        return department


def _name(county: County, kind: DepartmentKind, trade: Trade) -> str:
    """Return a department's name. A district's police is a branch of its city's."""
    if kind is DepartmentKind.PUBLIC_SECURITY and county.place.name.endswith("区"):
        name = county.place.name
        return f"{county.city.name}{trade.name}{name if len(name) == len('城区') else name[:-1]}分局"
    return f"{county.title}{trade.name}"
