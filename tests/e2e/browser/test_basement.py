"""The leaking basement, played through the pages alone by five people, each in a browser of their own."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from services.core.clock import CHINA
from tests.e2e.browser.stage import TELEPHONE, Stage, staged

TITLE = "机电小区地下室管道漏水"
TOPIC = "机电小区地下室管道漏水治理"
WORDS = "2号楼地下室管道一直漏水，积水没过脚面。"
AGREED = "物业公司更换地下室破损管道，疏通下水。"
TASK = "更换2号楼地下室破损管道"
THANKS = "不漏了，谢谢。"
VENUE = "四社区议事厅"
PROOF = "https://property.example.org/jidian/pipes.jpg"


async def press(page: Page, name: str) -> None:
    """Press a button."""
    await page.get_by_role("button", name=name, exact=True).click()


async def act(page: Page, name: str, **fields: str) -> None:
    """Open an act's dialog, fill its fields and confirm."""
    await press(page, name)
    dialog = page.get_by_role("dialog")
    for label, value in fields.items():
        await dialog.get_by_label(re.compile(f"^{label}")).first.fill(value)
    await dialog.get_by_role("button", name=f"确认{name}", exact=True).click()
    await expect(dialog).to_have_count(0)


class Basement:
    """The pages of those who settle it, each in a browser of their own."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.number = ""

    async def come(self) -> None:
        """A resident with a telephone, a cadre, somebody of the property company, an auditor and a passer-by come."""
        somebody = self.stage.somebody
        one, self.resident = await somebody("resident", width=TELEPHONE)
        two, self.cadre = await somebody("cadre")
        three, self.company = await somebody("property")
        four, self.auditor = await somebody("auditor")
        five, self.passer_by = await somebody()
        self.people = (one, two, three, four, five)
        await self.stage.open(self.cadre, "/desk/inbox?view=raised")
        await self.stage.open(self.company, "/desk/notices")

    async def raise_matter(self) -> None:
        """The resident raises it in three steps, and it appears at the cadre's desk."""
        page = self.resident
        await self.stage.open(page, "/desk/matters/new")
        await press(page, "下一步")
        await page.get_by_label("标题").fill(TITLE)
        await page.get_by_label("具体情况").fill(WORDS)
        await page.get_by_role("radio", name="水电").check(force=True)
        await press(page, "下一步")
        await press(page, "提交反映")
        await expect(page.get_by_text("反映已提交").first).to_be_visible()
        await self.cadre.get_by_role("link", name=TITLE).first.click()

    async def propose(self) -> None:
        """The cadre accepts it and makes a topic of it; the resident sees that."""
        await act(self.cadre, "受理")
        await expect(self.resident.get_by_role("heading", name="受理", exact=True)).to_be_visible()
        await self.cadre.get_by_role("link", name="提出议题").click()
        await self.cadre.get_by_label("议题名称").fill(TOPIC)
        await press(self.cadre, "提出议题")
        await self.cadre.wait_for_url("**/desk/topics/T*")
        self.number = self.cadre.url.rsplit("/", 1)[1]

    async def list_topic(self) -> None:
        """The company has the lead, and the topic stands on the agenda: the company hears, and anybody may look."""
        await press(self.cadre, "确定责任单位")
        dialog = self.cadre.get_by_role("dialog")
        await dialog.get_by_role("combobox", name="责任单位").fill("机电")
        await self.cadre.get_by_role("option", name="机电").first.click()
        await dialog.get_by_role("button", name="确认确定责任单位").click()
        await expect(dialog).to_have_count(0)
        await act(self.cadre, "立项")
        await expect(self.resident.get_by_role("heading", name="立项", exact=True)).to_be_visible()
        await self.stage.open(self.passer_by, f"/topics/{self.number}")
        await expect(self.passer_by.get_by_role("heading", level=1)).to_contain_text(TOPIC)
        answer = self.company.get_by_role("group", name=TOPIC).first
        await answer.get_by_role("button", name="签收").click()
        await answer.get_by_role("button", name="受理", exact=True).click()
        await expect(answer.get_by_role("button", name="报告进展")).to_be_visible()

    async def meet(self) -> None:
        """A session is scheduled and recorded as held."""
        when = (datetime.now(CHINA) - timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M")
        await act(self.cadre, "安排议事会", 时间=when, 地点=VENUE)
        await expect(self.passer_by.get_by_text(VENUE).first).to_be_visible()
        await self.cadre.get_by_role("link", name=VENUE).first.click()
        await self.cadre.get_by_role("link", name="登记会议情况").click()
        await self.cadre.get_by_label("召开时间").fill("")  # now
        await self.cadre.get_by_label("会议记录").fill("各方查看了地下室，物业公司说明了维修办法。")
        await self.cadre.get_by_label("到场人数").fill("18")
        await press(self.cadre, "登记")
        await expect(self.resident.get_by_role("heading", name="协商议事", exact=True)).to_be_visible()
        await self.stage.open(self.cadre, f"/desk/topics/{self.number}")

    async def agree(self) -> None:
        """What was agreed on becomes a commitment of the company, which does it and shows that."""
        await act(self.cadre, "登记协商成果", 达成的共识=AGREED)
        await expect(self.passer_by.get_by_text(AGREED).first).to_be_visible()
        due = (datetime.now(CHINA) + timedelta(days=30)).date().isoformat()
        await act(self.cadre, "交办落实事项", 要办的事=TASK, 办理期限=due)
        await self.stage.open(self.company, "/desk/commitments")
        work = self.company.get_by_role("group", name=TASK).first
        await work.get_by_role("button", name="受理", exact=True).click()
        await work.get_by_role("button", name="办结").click()
        done = self.company.get_by_role("dialog")
        await done.get_by_label("网址").fill(PROOF)
        await done.get_by_role("button", name="确认办结").click()
        await expect(done).to_have_count(0)

    async def resolve(self) -> None:
        """The cadre sees it done, verifies it and calls the topic resolved; the resident sees that."""
        await act(self.cadre, "核实通过", 核实情况="现场查看，管道已更换。")
        await act(self.cadre, "办结", 办理结果="破损管道已更换，下水疏通。", 网址=PROOF)
        await expect(self.resident.get_by_role("heading", name="办结", exact=True)).to_be_visible()

    async def confirm(self) -> None:
        """The resident confirms the fix, and whoever looks at the topic sees it."""
        page = self.resident
        await page.get_by_role("radio", name="已经解决").check(force=True)
        await page.get_by_role("radio", name="5 分").check(force=True)
        await page.get_by_label("您的意见").fill(THANKS)
        await press(page, "提交评价")
        await expect(page.get_by_text("已确认问题解决").first).to_be_visible()
        await expect(self.passer_by.get_by_text(THANKS).first).to_be_visible()

    async def verify(self) -> None:
        """The auditor's browser verifies the trace of it all."""
        await self.stage.open(self.auditor, f"/desk/auditor/topics/{self.number}")
        await expect(self.auditor.get_by_text("核验无误").first).to_be_visible()


@pytest.mark.timeout(600)
async def test_five_people_settle_the_basement_through_the_pages(writable_seeded_url: str, tmp_path: Path) -> None:
    async with staged(writable_seeded_url, tmp_path) as stage:
        basement = Basement(stage)
        await basement.come()
        await basement.raise_matter()
        await basement.propose()
        await basement.list_topic()
        await basement.meet()
        await basement.agree()
        await basement.resolve()
        await basement.confirm()
        await basement.verify()
        for one in basement.people:
            assert one.complaints == []
            assert one.hosts <= stage.hosts
