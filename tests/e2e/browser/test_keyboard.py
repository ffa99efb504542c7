"""What people do with the keyboard alone."""

from pathlib import Path

from playwright.async_api import expect

from tests.e2e.browser.stage import asking, press_by_keyboard, reach, staged
from tests.graph.story import Acts

TITLE = "楼道照明灯不亮"
PROGRESS = "已派员到场调解。"


async def test_a_matter_is_raised_with_the_keyboard_alone(writable_seeded_url: str, tmp_path: Path) -> None:
    async with staged(writable_seeded_url, tmp_path) as stage:
        somebody, page = await stage.somebody("resident")
        await stage.open(page, "/desk/matters/new")
        await press_by_keyboard(page, "下一步")
        await reach(page, page.get_by_label("标题"))
        await page.keyboard.type(TITLE)
        await reach(page, page.get_by_label("具体情况"))
        await page.keyboard.type("3号楼二单元楼道灯坏了一周。")
        category = page.get_by_role("radio", name="水电")
        await reach(page, page.get_by_role("radio").first)
        await reach(page, category, key="ArrowDown")
        await page.keyboard.press("Space")
        await expect(category).to_be_checked()
        await press_by_keyboard(page, "下一步")
        await press_by_keyboard(page, "提交反映")
        await expect(page.get_by_text("反映已提交").first).to_be_visible()
        await expect(page.get_by_role("heading", level=1, name=TITLE)).to_be_visible()
        assert somebody.complaints == []


async def test_a_department_replies_to_a_notice_with_the_keyboard_alone(
    writable_seeded_url: str, tmp_path: Path
) -> None:
    async with staged(writable_seeded_url, tmp_path) as stage:
        async with asking(stage.address, tmp_path, "secretariat-qinshui") as secretariat:
            story = Acts(secretariat)
            await story.begin()
            await story.involve("qinshui-court", "LEAD")
            await story.list_()
        somebody, page = await stage.somebody("department")
        await stage.open(page, "/desk/notices")
        notice = page.get_by_role("listitem").filter(has=page.get_by_role("group", name="林地承包"))
        for reply in ("签收", "受理", "报告进展"):
            button = notice.get_by_role("button", name=reply, exact=True)
            await expect(button).to_be_visible()
            await reach(page, button)
            await page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog")
        await reach(page, dialog.get_by_label("进展说明"))
        await page.keyboard.type(PROGRESS)
        await reach(page, dialog.get_by_label("完成比例"))
        await page.keyboard.type("30")
        await reach(page, dialog.get_by_role("button", name="确认报告进展", exact=True))
        await page.keyboard.press("Enter")
        await expect(dialog).to_have_count(0)
        await expect(notice.get_by_text(f"说明：{PROGRESS}")).to_be_visible()
        await expect(notice.get_by_text("办理中")).to_be_visible()
        await expect(notice).to_be_focused()  # where one goes on from
        assert somebody.complaints == []
