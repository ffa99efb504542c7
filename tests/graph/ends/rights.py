"""Who may do what: each verb with the roles that may over the place of its things, as the documents say it.

docs/concepts.md ("Who may do what" and what leads there), docs/privacy.md and the verbs' own descriptions are what
this is taken from; nothing here is read from the code.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from services.core.actor import Role
from tests.e2e.verbs import DEPARTMENTS, PLACE

COURT, ANOTHER = DEPARTMENTS[0], DEPARTMENTS[2]
"""The department that the office's things are addressed to, and another one of the place."""
WHO = "$who"
"""In an input: the caller, where they are concerned themselves, else somebody else."""


class For(Enum):
    """For which departments a caller may act."""

    NONE = "none"
    ADDRESSED = "the one that the thing is addressed to"
    PLACE = "each of the place"


Codes = Mapping[Role, str]
NONE: frozenset[Role] = frozenset()
STAFF = frozenset({Role.CADRE, Role.SECRETARIAT})
KEEPS = frozenset({Role.SECRETARIAT})
RUNS = frozenset({Role.SECRETARIAT, Role.OPERATOR})
APPROVES = frozenset({Role.APPROVER})
RESIDENTS = frozenset({Role.RESIDENT})
MEMBERS = frozenset({Role.MEMBER})
SEES = frozenset({*STAFF, Role.APPROVER, Role.AUDITOR})
SEES_LOG = frozenset({*RUNS, Role.AUDITOR})


@dataclass(frozen=True)
class Case:
    """A verb, and who may do it."""

    verb: str
    may: frozenset[Role]
    values: Mapping[str, Any] = field(default_factory=dict)
    """What its input has beside the office's."""
    departments: For = For.NONE
    concerned: str = "secretariat"
    """The subject who is concerned: who raised, proposed, submitted or did what it is about."""
    concerned_may: frozenset[Role] = NONE
    """Roles in which only who is concerned may."""
    codes: Codes = field(default_factory=dict)
    """How those are refused who hold a role over the place that is near to the right one."""
    concerned_codes: Codes = field(default_factory=dict)
    """How those are refused who might, were they not concerned."""
    concerned_code: str = ""
    """How whoever is concerned is refused, whatever their roles."""
    from_above: bool = False
    """Whether it takes a grant over more than the place."""


MATTERS = ("acceptMatter", "answerMatter", "declineMatter", "listMatter", "redactMatter", "hideMatter", "showMatter")
OF_STAFF = (
    *("listTopic", "involveDepartment", "releaseDepartment", "withdrawTopic", "resolveTopic", "reopenTopic"),
    *("scheduleSession", "rescheduleSession", "cancelSession", "recordSession", "recordMinutes"),
    *("recordOutcome", "assignCommitment", "convertOutcome", "convertOpinion", "recordActivity"),
    *("draftPlan", "addPlanItem", "movePlanItem", "removePlanItem", "correctSession", "correctCommitment"),
    *("redactSession", "redactOpinion", "redactOutcome", "redactCommitment", "redactProgress", "redactVerdict"),
    *("redactEvidence", "redactConversion", "redactFollowUp", "redactActivity", "redactTraceEntry"),
)
WORK = ("acceptCommitment", "declineCommitment", "reportProgress", "completeCommitment")
VERDICTS = ("verifyCommitment", "disputeCommitment")
REGISTRY = ("openPlatform", "closePlatform", "seatMember", "registerDepartment", "publishDutyScheme")
CHANNELS = ("disableDepartment", "enableDepartment", "sendTestNotice", "replayNotices", "retryNotice", "skipNotice")
GIVEN = {"subject": WHO, "role": "CADRE", "division": PLACE}
NOT_HELD = dict.fromkeys((*STAFF, Role.MEMBER, Role.DEPARTMENT), "PART_NOT_HELD")

CASES = (
    Case("raiseMatter", STAFF | RESIDENTS | MEMBERS, departments=For.PLACE, concerned="resident"),
    Case("raiseMatter", RESIDENTS, {"raisedBy": "RESIDENT"}, concerned="resident", codes=NOT_HELD),
    *(Case(verb, STAFF, concerned="resident") for verb in MATTERS if verb != "redactMatter"),
    Case("redactMatter", STAFF, {"publishedTitle": "已改写"}, concerned="resident"),
    Case("proposeTopic", STAFF, concerned="resident"),  # with a matter, which staff alone takes in
    Case("proposeTopic", STAFF | MEMBERS, {"matters": []}),
    *(Case(verb, STAFF) for verb in OF_STAFF),
    Case("redactTopic", STAFF, {"publishedTitle": "已改写"}),
    Case("correctTopic", STAFF, {"title": "更正"}),
    Case("correctOutcome", STAFF, {"agreement": "更正"}),
    Case("correctConversion", STAFF, {"title": "更正"}, concerned="member"),
    Case("submitPlan", KEEPS),
    Case("approvePlan", APPROVES, concerned_codes={Role.APPROVER: "FOUR_EYES"}),
    Case("returnPlan", APPROVES),
    Case("addOpinion", STAFF, concerned="member"),
    Case(
        "addOpinion", STAFF, {"role": "MEMBER"}, concerned="member", concerned_may=MEMBERS,
        codes={Role.MEMBER: "MEMBER_NOT_LINKED"},
    ),
    *(Case(verb, STAFF, departments=For.ADDRESSED, concerned=COURT) for verb in WORK),
    *(
        Case(verb, STAFF | RESIDENTS, concerned=COURT, concerned_codes=dict.fromkeys(STAFF | RESIDENTS, "OWN_WORK"))
        for verb in VERDICTS
    ),
    Case(
        "recordFollowUp", RESIDENTS, {"channel": "ONLINE"}, concerned=COURT,
        concerned_codes={Role.RESIDENT: "OWN_WORK"},
    ),
    Case("recordFollowUp", STAFF, {"channel": "TELEPHONE", "respondent": "1号楼居民"}, concerned=COURT),
    Case("fileConversion", KEEPS, concerned="member", concerned_codes={Role.SECRETARIAT: "OWN_DOCUMENT"}),
    Case("assessMember", KEEPS, concerned="member"),
    *(Case(verb, KEEPS) for verb in REGISTRY),
    Case("launchBrand", KEEPS, {"name": "另一品牌"}),
    Case("openPracticeCenter", KEEPS, {"name": "另一中心"}),
    Case("linkMember", KEEPS, {"subject": WHO}, concerned_codes={Role.SECRETARIAT: "OWN_LINK"}),
    *(Case(verb, RUNS, concerned=COURT) for verb in CHANNELS),
    Case("answerNotice", NONE, {"receipt": "RECEIVED"}, departments=For.ADDRESSED),
    Case("grantRole", KEEPS, GIVEN, concerned_code="OWN_GRANT"),
    Case("grantRole", KEEPS, {**GIVEN, "role": "DEPARTMENT", "division": None, "department": COURT},
         concerned_code="OWN_GRANT"),
    Case("grantRole", KEEPS, {**GIVEN, "role": "AUDITOR"}, concerned_code="OWN_GRANT", from_above=True,
         codes={Role.SECRETARIAT: "GRANT_ABOVE"}),
    Case("revokeRole", KEEPS, concerned="newcomer", concerned_code="OWN_GRANT"),
)  # fmt: skip


@dataclass(frozen=True)
class Sight:
    """Who sees a thing that is not published: roles over its place, a subject of its own, departments."""

    roles: frozenset[Role]
    facts: str
    """The statement that reads of a thing whether it is published, its subject and its departments."""


INVOLVED = """ARRAY(SELECT code FROM involvement JOIN department ON department.id = department_id
WHERE involvement.topic_id = topic.id AND until IS NULL)"""
HIDDEN = "EXISTS (SELECT FROM redaction WHERE thing_id = matter.id AND field = 'WHOLE')"
SIGHTS = {
    "topic": Sight(SEES, f"SELECT listed_at IS NOT NULL, subject, {INVOLVED} FROM topic WHERE id = $1"),
    "matter": Sight(
        SEES,
        f"""SELECT topic.listed_at IS NOT NULL AND NOT {HIDDEN}, matter.subject,
        CASE WHEN {HIDDEN} THEN '{{}}' ELSE {INVOLVED} END
        FROM matter LEFT JOIN topic ON topic.id = matter.topic_id WHERE matter.id = $1""",
    ),
    "annualplan": Sight(SEES, "SELECT status = 'APPROVED', NULL, '{}'::text[] FROM annual_plan WHERE id = $1"),
    "notice": Sight(
        SEES_LOG,
        """SELECT false, NULL, ARRAY[code] FROM delivery JOIN department ON department.id = department_id
        WHERE delivery.id = $1""",
    ),
    "traceentry": Sight(
        SEES,
        f"""SELECT coalesce(topic.listed_at IS NOT NULL AND NOT coalesce({HIDDEN}, false), false),
        coalesce(matter.subject, topic.subject),
        CASE WHEN matter.id IS NULL OR NOT {HIDDEN} THEN {INVOLVED} ELSE '{{}}' END
        FROM trace_entry JOIN trace_chain AS chain ON chain.id = chain_id LEFT JOIN matter ON matter.id = matter_id
        LEFT JOIN topic ON topic.id = coalesce(chain.topic_id, matter.topic_id) WHERE trace_entry.id = $1""",
    ),
    "grant": Sight(SEES_LOG, "SELECT false, NULL, '{}'::text[] FROM role_grant WHERE id = $1"),
}
"""The kinds of things that not everybody sees."""
