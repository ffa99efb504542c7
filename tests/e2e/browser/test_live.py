"""Pages hear what others do, say so where they do not, and do nothing twice when an answer is lost."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser import Visitor
from tests.e2e.browser.stage import Stage, asking, staged, token_of
from tests.graph.story import RESCHEDULE, Acts
from tests.serving import serving

DISCONNECTED = "与服务器的实时连接已断开，正在重连。页面上的内容可能不是最新的。"
NOT_ANSWERED = "没有收到答复，可能已经办成，也可能没有。请再次提交，不会重复办理。"
UNREACHABLE = "连接不上服务器。"
BEFORE, MEANWHILE, AFTER = "土沃乡协商议事室", "南阳村文化广场", "土沃乡政府会议室"
TITLE = "楼道照明灯不亮"
AGREED = "每周清扫楼道两次。"
BACK_MS = 60_000
"""Pages wait up to 25 s before they try again to connect."""
RAISED = "{ viewer { matters(first: 20) { nodes { title } } } }"
KEEP = "token => sessionStorage.setItem('shangliang.person', JSON.stringify({ token, names: {} }))"
"""Takes a token for that of whoever is signed in."""
OUTCOMES = "query ($number: String!) { topic(by: {number: $number}) { outcomes { agreement } } }"


def told_of_nothing_else(visitor: Visitor) -> bool:
    """Return whether a browser complains of nothing but connections that it did not get."""
    return all("net::ERR_" in complaint for complaint in visitor.complaints)


async def lose_answer(route: Route) -> None:
    """Let the server do what is sent, and the browser hear nothing of it."""
    if '"mutation' in (route.request.post_data or ""):
        await route.fetch()
        await route.abort()
    else:
        await route.continue_()


async def unanswered(page: Page, button: str) -> None:
    """Press a button whose act gets no answer."""
    async with page.expect_event("requestfailed", lambda request: "mutation" in (request.post_data or "")):
        await page.get_by_role("button", name=button, exact=True).click()
    await expect(page.get_by_text(NOT_ANSWERED)).to_be_visible()


@pytest.mark.timeout(600)
async def test_a_topic_is_followed_through_a_restart_of_the_service(writable_seeded_url: str, tmp_path: Path) -> None:
    async with (
        staged(writable_seeded_url, tmp_path) as stage,
        serving(writable_seeded_url, tmp_path / "signing.pem") as beside,
        asking(beside.address, tmp_path, "secretariat-qinshui") as secretariat,
    ):
        assert stage.service is not None
        story = Acts(secretariat)
        number = (await story.begin())["number"]
        await story.list_()
        follower, followed = await stage.somebody()
        await stage.open(followed, f"/topics/{number}")
        await followed.evaluate("document.body.dataset.opened = 'once'")
        await expect(followed.get_by_text(BEFORE)).to_have_count(0)
        await story.schedule()
        await expect(followed.get_by_text(BEFORE).first).to_be_visible()
        # This one has heard of nothing yet when the connection is lost.
        newcomer, opened = await stage.somebody()
        await stage.open(opened, f"/topics/{number}")
        await opened.evaluate("document.body.dataset.opened = 'once'")
        await opened.wait_for_timeout(1_000)  # it follows by now
        pages = (followed, opened)
        for page in pages:
            await expect(page.get_by_text(DISCONNECTED)).to_have_count(0)

        await stage.service.stop()
        for page in pages:
            await expect(page.get_by_text(DISCONNECTED)).to_be_visible()
        await secretariat.act(RESCHEDULE, input={"session": story.session, "venue": MEANWHILE})
        await stage.service.start()
        for page in pages:
            await expect(page.get_by_text(DISCONNECTED)).to_have_count(0, timeout=BACK_MS)
            await expect(page.get_by_text(MEANWHILE).first).to_be_visible()
            await expect(page.get_by_text(UNREACHABLE)).to_have_count(0)

        await secretariat.act(RESCHEDULE, input={"session": story.session, "venue": AFTER})
        for page in pages:
            await expect(page.get_by_text(AFTER).first).to_be_visible()
            assert await page.evaluate("document.body.dataset.opened") == "once"
        assert told_of_nothing_else(follower)
        assert told_of_nothing_else(newcomer)


async def fill_in(stage: Stage, page: Page) -> None:
    """Fill in a matter up to the last step."""
    await stage.open(page, "/desk/matters/new")
    await page.get_by_role("button", name="下一步", exact=True).click()
    await page.get_by_label("标题").fill(TITLE)
    await page.get_by_label("具体情况").fill("3号楼二单元楼道灯坏了一周。")
    await page.get_by_role("radio", name="水电").check(force=True)
    await page.get_by_role("button", name="下一步", exact=True).click()


@pytest.mark.timeout(600)
async def test_what_is_sent_again_is_done_once(writable_seeded_url: str, tmp_path: Path) -> None:
    async with staged(writable_seeded_url, tmp_path) as stage:
        assert stage.service is not None
        resident, page = await stage.somebody("resident")
        await fill_in(stage, page)
        await stage.service.stop()
        await unanswered(page, "提交反映")
        await stage.service.start()
        await page.route("**/graphql", lose_answer)
        await unanswered(page, "提交反映")
        await page.unroute("**/graphql")
        await page.get_by_role("button", name="提交反映", exact=True).click()
        await expect(page.get_by_text("反映已提交").first).to_be_visible()
        async with asking(stage.address, tmp_path, "resident") as same:
            raised = (await same.data(RAISED))["viewer"]["matters"]["nodes"]
        assert [matter["title"] for matter in raised].count(TITLE) == 1
        assert told_of_nothing_else(resident)


async def test_an_act_that_changed_what_it_is_about_is_answered_when_sent_again(
    writable_seeded_url: str, tmp_path: Path
) -> None:
    async with staged(writable_seeded_url, tmp_path) as stage:
        _, page = await stage.somebody("secretariat")
        await stage.open(page, "/desk/inbox?view=implementing")
        await page.locator("a.thing-title").first.click()
        await page.wait_for_url("**/desk/topics/T*")
        number = page.url.rsplit("/", 1)[1]
        await page.get_by_role("button", name="登记协商成果", exact=True).click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("达成的共识").fill(AGREED)
        await page.route("**/graphql", lose_answer)
        await unanswered(page, "确认登记协商成果")
        await expect(page.locator("main").get_by_text(AGREED)).to_be_attached()  # the page has heard that it was done
        await page.unroute("**/graphql")
        await dialog.get_by_role("button", name="确认登记协商成果", exact=True).click()
        await expect(dialog).to_have_count(0)
        async with asking(stage.address, tmp_path, "secretariat") as same:
            outcomes = (await same.data(OUTCOMES, number=number))["topic"]["outcomes"]
        assert [outcome["agreement"] for outcome in outcomes].count(AGREED) == 1


async def test_a_page_whose_token_ends_while_it_is_followed_leads_to_signing_in(
    seeded_url: str, tmp_path: Path
) -> None:
    async with staged(seeded_url, tmp_path) as stage:
        _, page = await stage.somebody("department")
        short = token_of(tmp_path, "department", lifetime=timedelta(seconds=10))
        await page.evaluate(KEEP, short)
        await page.goto(f"{stage.address}/desk/notices")
        await expect(page.get_by_role("heading", level=1, name="收到的通知")).to_be_visible()
        await expect(page.get_by_role("heading", level=1, name="请先登录")).to_be_visible()
        await expect(page.get_by_text(DISCONNECTED)).to_have_count(0)
