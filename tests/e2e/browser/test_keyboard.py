"""What people do with the keyboard alone."""

from pathlib import Path

from playwright.async_api import expect

from tests.e2e.browser.stage import press_by_keyboard, reach, staged

TITLE = "楼道照明灯不亮"


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
