"""Who can sign in by one click: labels of roles at the places of the demonstration's stories, no invented people."""

from dataclasses import dataclass

from services.core.actor import Role
from services.core.tokens import GrantClaim

COMMUNITY, TOWNSHIP = "140106005010", "140521201"
"""并州东街四社区 in 迎泽区, where a basement leaked, and 土沃乡 in 沁水县, where the demonstration plays its scene."""
DISTRICT, COUNTY, PROVINCE = "140106", "140521", "14"
SUBJECTS = "demonstration:"
"""With what the subjects of these persons begin, so that no other's is theirs."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign in: the name of the role and the place, in Chinese and in English."""

    key: str
    """What `login_hint` says."""
    role: str
    role_in_english: str
    place: str
    place_in_english: str
    grant: GrantClaim

    @property
    def subject(self) -> str:
        """The `sub` of the person's tokens."""
        return f"{SUBJECTS}{self.key}"

    @property
    def name(self) -> str:
        """The person's name in Chinese."""
        return f"{self.place}{self.role}"

    @property
    def name_in_english(self) -> str:
        """The person's name in English."""
        return f"{self.role_in_english}, {self.place_in_english}"


def _at(role: Role, within: str) -> GrantClaim:
    return GrantClaim(role=role, within=within)


def _of(department: str) -> GrantClaim:
    return GrantClaim(role=Role.DEPARTMENT, department=department)


_FOURTH = ("迎泽区并州东街四社区", "Bingzhou East Street No. 4 Community, Yingze")
_YINGZE = ("迎泽区", "Yingze District")
_TUWO = ("沁水县土沃乡", "Tuwo Township, Qinshui")
_QINSHUI = ("沁水县", "Qinshui County")
_SHANXI = ("山西省", "Shanxi Province")

PERSONS = tuple(
    Person(key, *role, *place, grant)
    for key, role, place, grant in (
        ("resident", ("居民", "Resident"), _FOURTH, _at(Role.RESIDENT, COMMUNITY)),
        ("cadre", ("干部", "Cadre"), _FOURTH, _at(Role.CADRE, COMMUNITY)),
        ("member", ("政协委员", "Member of the conference"), _YINGZE, _at(Role.MEMBER, DISTRICT)),
        ("secretariat", ("政协秘书处", "Secretariat of the conference"), _YINGZE, _at(Role.SECRETARIAT, DISTRICT)),
        ("approver", ("审批人", "Approver of plans"), _YINGZE, _at(Role.APPROVER, DISTRICT)),
        ("property", ("机电小区物业公司", "Jidian property company"), _YINGZE, _of("yingze-property-jidian")),
        ("resident-qinshui", ("居民", "Resident"), _TUWO, _at(Role.RESIDENT, TOWNSHIP)),
        ("cadre-qinshui", ("干部", "Cadre"), _TUWO, _at(Role.CADRE, TOWNSHIP)),
        (
            "secretariat-qinshui",
            ("政协秘书处", "Secretariat of the conference"),
            _QINSHUI,
            _at(Role.SECRETARIAT, COUNTY),
        ),
        ("department", ("人民法院", "Court"), _QINSHUI, _of("qinshui-court")),
        ("forestry", ("林业局", "Forestry bureau"), _QINSHUI, _of("qinshui-forestry")),
        ("operator", ("运维人员", "Operator"), _SHANXI, _at(Role.OPERATOR, PROVINCE)),
        ("auditor", ("审计人员", "Auditor"), _SHANXI, _at(Role.AUDITOR, PROVINCE)),
    )
)
"""Whom the page offers, in its order."""

MEMBER = next(person for person in PERSONS if person.grant.role is Role.MEMBER)
"""Who is linked to a member of the conference, so that there is a record of duty to look at."""


def person_of(key: str | None) -> Person | None:
    """Return the person with a key; None where there is none."""
    return next((person for person in PERSONS if person.key == key), None)


def person_with(subject: str | None) -> Person | None:
    """Return the person whose tokens have a subject; None where there is none."""
    return next((person for person in PERSONS if person.subject == subject), None)
