"""The leaking basement of the 机电小区, each act by whoever does it; what no source tells is made up."""

from datetime import datetime
from typing import Any

from services.core.actor import Role
from services.core.database import Database
from services.divisions.enums import DivisionLevel
from services.divisions.models import Division
from services.members.models import Committee
from tests.clock import SetClock
from tests.events.tools import until
from tests.graph.api import Api
from tests.servers import as_owner

COUNTY, STREET, COMMUNITY = "140106", "140106005", "140106005010"
COMPANY = "yingze-property-jidian"
PLACES = (
    ("14", "山西省", DivisionLevel.PROVINCE),
    ("1401", "太原市", DivisionLevel.CITY),
    (COUNTY, "迎泽区", DivisionLevel.COUNTY),
    (STREET, "桥东街道", DivisionLevel.TOWNSHIP),
    (COMMUNITY, "并州东街四社区居委会", DivisionLevel.VILLAGE),
)
PHOTOS = {"url": "https://property.example.org/jidian/2022-05.jpg", "sha256": "0a" * 32, "note": "维修前后照片"}
STATEMENT = {"url": "https://community.example.org/jidian/2022-06.pdf", "sha256": "0b" * 32, "note": "居民代表确认意见"}


async def lay_out(db: Database) -> None:
    """Write what no verb makes: the divisions from the province down to the community, and the county's committee."""
    async with as_owner(db) as tx:
        above: int | None = None
        for code, name, level in PLACES:
            size = 10 ** (12 - len(code))
            number = int(code) * size
            tx.add(Division(number=number, upper=number + size, code=code, name=name, level=level, parent_number=above))
            await tx.flush()
            above = number
        tx.add(Committee(name="政协太原市迎泽区委员会", division_number=int(COUNTY) * 10**6))


class Basement:
    """Who acts in the story, and the ids that their acts gave."""

    def __init__(self, anybody: Api, clock: SetClock) -> None:
        self.clock = clock
        self.anybody = anybody
        self.resident = anybody.as_(Role.RESIDENT, COMMUNITY, subject="resident of building 2")
        self.neighbour = anybody.as_(Role.RESIDENT, COMMUNITY, subject="resident of building 3")
        self.cadre = anybody.as_(Role.CADRE, COMMUNITY, subject="cadre of the community")
        self.secretariat = anybody.as_(Role.SECRETARIAT, COUNTY, subject="secretariat of the county")
        self.approver = anybody.as_(Role.APPROVER, COUNTY, subject="approver of plans")
        self.member = anybody.as_(Role.MEMBER, COUNTY, subject="member")
        self.company = anybody.as_(Role.DEPARTMENT, department=COMPANY, subject="property company")
        self.platform = self.seat = self.topic = self.session = self.commitment = ""

    def at(self, time: str) -> None:
        """Set the clock to an instant that is written in China's time."""
        self.clock.time = datetime.fromisoformat(f"{time}+08:00")

    async def delivered(self) -> None:
        """Return when the broker has every notice: until then the clock stands still."""
        await until(self._nothing_waits)

    async def _nothing_waits(self) -> bool:
        found = await self.secretariat.data("{ notices(filter: {status: PENDING}) { totalCount } }")
        return bool(found["notices"]["totalCount"] == 0)

    async def register(self) -> None:
        """The county has its brand, its platforms down to the community, a member and the property company."""
        self.at("2021-03-01T09:00")
        county = self.secretariat
        brand = {"name": "有事来商量·欢迎来协商", "umbrella": "有事来商量", "division": COUNTY}
        launched = (await county.do("launchBrand", "brand { id }", **brand))["id"]
        parent = None
        for code, name, tier, kind, division in (
            ("P140106", "迎泽区协商平台", "GENERAL", "COUNTY", COUNTY),
            ("P140106-05", "迎泽区桥东街道分平台", "SUB", "TOWNSHIP", STREET),
            ("P140106-05-06", "桥东街道并州东街四社区微平台", "MICRO", "COMMUNITY", COMMUNITY),
        ):
            given = {"code": code, "name": name, "tier": tier, "kind": kind, "division": division, "brand": launched}
            parent = (await county.do("openPlatform", "platform { id }", **given, parent=parent))["id"]
        self.platform = str(parent)
        asked = "query ($code: DivisionCode!) { division(code: $code) { committee { id } } }"
        committee = (await county.data(asked, code=COUNTY))["division"]["committee"]["id"]
        seated = {"committee": committee, "name": "委员 0001", "sector": "经济"}
        self.seat = (await county.do("seatMember", "member { id }", **seated))["id"]
        await county.do("linkMember", "member { id }", member=self.seat, subject="member")
        firm = {"code": COMPANY, "name": "机电小区物业公司", "kind": "PROPERTY_MANAGEMENT", "division": COMMUNITY}
        await county.do("registerDepartment", "department { id }", **firm)

    async def raise_and_propose(self) -> None:
        """Two residents speak up; the community makes a topic of it."""
        said = {"platform": self.platform, "category": "OLD_NEIGHBOURHOODS"}
        self.at("2021-10-12T09:00")
        leak = {"title": "机电小区地下室管道漏水", "description": "2号楼地下室管道一直漏水。", "nature": "BLOCKING"}
        first = (await self.resident.do("raiseMatter", "matter { id }", **said, **leak))["id"]
        self.at("2021-10-13T18:30")
        drain = {"title": "机电小区下水管道堵塞", "description": "3号楼下水管道又堵了。", "nature": "TROUBLESOME"}
        second = (await self.neighbour.do("raiseMatter", "matter { id }", **said, **drain))["id"]
        for matter, time in ((first, "2021-10-14T09:00"), (second, "2021-10-14T09:10")):
            self.at(time)
            await self.cadre.do("acceptMatter", "matter { id }", matter=matter, expectedVersion=1)
        self.at("2021-10-18T10:00")
        title = {"title": "机电小区地下室管道漏水、下水堵塞治理", "summary": "2021年10月以来漏水、堵塞。"}
        topic = {**said, **title, "kind": "MICRO", "matters": [first, second]}
        self.topic = (await self.cadre.do("proposeTopic", "topic { id }", **topic))["id"]

    async def plan(self) -> None:
        """The topic is taken onto the agenda of 2022 with the company to answer for it."""
        self.at("2022-01-10T10:00")
        part = {"topic": self.topic, "department": COMPANY, "role": "LEAD"}
        await self.cadre.do("involveDepartment", "topic { id }", **part)
        self.at("2022-01-12T10:00")
        await self.cadre.do("listTopic", "topic { id }", topic=self.topic)
        await self.delivered()
        self.at("2022-01-17T10:00")
        plan = (await self.cadre.do("draftPlan", "plan { id }", platform=self.platform, year=2022))["id"]
        await self.cadre.do("addPlanItem", "plan { id }", plan=plan, topic=self.topic, quarter=1)
        self.at("2022-01-18T10:00")
        await self.secretariat.do("submitPlan", "plan { id }", plan=plan)
        self.at("2022-01-21T10:00")
        body = "桥东街道并州东街四社区党委"
        await self.approver.do("approvePlan", "plan { id }", plan=plan, approvingBody=body, expectedRevision=3)

    async def sit_down(self) -> None:
        """All sit down in the yard and agree; the company is to repair the pipes."""
        self.at("2022-03-14T10:00")
        calendar = {"platform": self.platform, "topics": [self.topic], "scheduledAt": "2022-03-24T15:00:00+08:00"}
        place = {"venue": "机电小区院内", "form": "ON_SITE", "convener": "并州东街四社区党委"}
        self.session = (await self.cadre.do("scheduleSession", "session { id }", **calendar, **place))["id"]
        await self.delivered()
        self.at("2022-03-24T17:00")
        held: dict[str, Any] = {
            "session": self.session,
            "heldAt": "2022-03-24T15:05:00+08:00",
            "minutes": "各方现场查看管道，物业公司同意维修。",
            "headcount": 12,
            "headcountIsLowerBound": True,
            "attendances": [
                {"role": "CADRE", "name": "社区干部"},
                {"role": "MEMBER", "member": self.seat},
                {"role": "ENTERPRISE", "department": COMPANY},
                {"role": "RESIDENT", "name": "2号楼居民"},
                {"role": "RESIDENT"},
            ],
            "opinions": [
                {"role": "RESIDENT", "text": "地下室管道漏水几个月了，希望尽快修好。", "topic": self.topic},
                {"role": "ENTERPRISE", "text": "同意维修漏水管道、疏通下水管道。", "topic": self.topic},
            ],
        }
        await self.cadre.do("recordSession", "session { id }", **held)
        await self.delivered()
        self.at("2022-03-24T17:30")
        agreed = {
            "topic": self.topic,
            "session": self.session,
            "agreement": "物业公司同意维修漏水管道、疏通堵塞的下水管道。",
        }
        outcome = (await self.cadre.do("recordOutcome", "outcome { id }", **agreed))["id"]
        await self.delivered()
        self.at("2022-03-25T10:00")
        task = {"outcome": outcome, "department": COMPANY, "task": "维修漏水管道，疏通下水管道", "dueOn": "2022-06-30"}
        self.commitment = (await self.cadre.do("assignCommitment", "commitment { id }", **task))["id"]
        await self.delivered()

    async def repair(self) -> None:
        """The company, which has accepted by the broker, reports twice and shows what it did; a resident agrees."""
        for time, percent, note in (
            ("2022-04-06T11:00", 20, "已勘查管道，确定维修方案"),
            ("2022-04-28T16:00", 60, "漏水管段已更换，正在疏通下水管道"),
        ):
            self.at(time)
            report = {"commitment": self.commitment, "percent": percent, "note": note}
            await self.company.do("reportProgress", "commitment { id }", **report)
        self.at("2022-05-20T17:00")
        await self.company.do("completeCommitment", "commitment { id }", commitment=self.commitment, evidence=[PHOTOS])
        self.at("2022-05-25T10:00")
        found = {"commitment": self.commitment, "note": "管道不再漏水"}
        await self.resident.do("verifyCommitment", "commitment { id }", **found)
        await self.delivered()

    async def convert(self) -> None:
        """A member adds what should follow elsewhere; it becomes a report on which a case is opened."""
        self.at("2022-03-28T09:00")
        advice = {"role": "MEMBER", "text": "老旧小区管道应当定期检查。", "topic": self.topic, "member": self.seat}
        opinion = (await self.member.do("addOpinion", "opinion { id }", session=self.session, **advice))["id"]
        self.at("2022-04-01T09:00")
        report = {"kind": "SOCIAL_OPINION_REPORT", "title": "关于定期检查老旧小区管道的建议", "author": self.seat}
        converted = await self.cadre.do("convertOpinion", "conversion { id }", opinion=opinion, **report)
        self.at("2022-04-02T09:00")
        await self.secretariat.do("fileConversion", "conversion { id }", conversion=converted["id"], filed=True)

    async def resolve(self) -> None:
        """The committee calls the topic resolved; asked after the rains, residents say that the fix holds."""
        self.at("2022-06-10T16:00")
        end = {"topic": self.topic, "summary": "管道已修好，下水通畅。", "evidence": [STATEMENT]}
        await self.cadre.do("resolveTopic", "topic { id }", **end)
        await self.delivered()
        self.at("2022-07-20T16:00")
        asked = {"topic": self.topic, "role": "RESIDENT", "score": 5, "confirmsFix": True, "comment": "雨季也没有再漏"}
        await self.resident.do("recordFollowUp", "followUp { score }", **asked)
        self.at("2022-11-15T16:00")
        asked = {"topic": self.topic, "role": "STAKEHOLDER", "score": 4, "confirmsFix": True}
        asked |= {"channel": "VISIT", "respondent": "3号楼业主"}
        await self.cadre.do("recordFollowUp", "followUp { score }", **asked)
