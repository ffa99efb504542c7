"""Every page in a browser, wide and narrow, in both languages: nothing complains, and nobody is shut out."""

from pathlib import Path

import pytest
from playwright.async_api import Page

from tests.e2e.browser.stage import DESK, TELEPHONE, settled, shut_out, staged

TOPIC = "T140521-2023-0001"
PAGES = {
    None: (
        "/",
        "/?asOf=2023-11-30",
        "/divisions/14",
        "/divisions/140106",
        "/divisions/140106?asOf=2023-11-30",
        "/platforms/P140106",
        f"/topics/{TOPIC}",
        "/search?text=停车",
        "/calendar?month=2023-11&within=140106",
        "/nothing/here",
    ),
    "resident": ("/desk", "/desk/matters", "/desk/matters/new", "/desk/fixes"),
    "cadre": ("/desk", "/desk/inbox", "/desk/inbox?view=accepted", "/desk/plans"),
    "secretariat": ("/desk", "/desk/grants", "/desk/departments", "/desk/members"),
    "approver": ("/desk", "/desk/approvals"),
    "member": ("/desk", "/desk/duty"),
    "department": ("/desk", "/desk/notices", "/desk/commitments"),
    "operator": ("/desk", "/desk/operator", "/desk/operator/qinshui-court"),
    "auditor": ("/desk", "/desk/auditor", f"/desk/auditor/topics/{TOPIC}"),
}
"""Pages by who opens them: nobody in particular, or somebody who can sign in by one click."""
ENGLISH = "en"


async def faults(page: Page, width: int) -> list[str]:
    """Return what is wrong with a page as it stands."""
    found = await shut_out(page)
    wide = await page.evaluate("document.documentElement.scrollWidth")
    if wide > width:
        found.append(f"it is {wide} pixels wide")
    return found


@pytest.mark.timeout(600)
@pytest.mark.parametrize("width", [TELEPHONE, DESK])
@pytest.mark.parametrize(("language", "tag"), [("zh", "zh-CN"), ("en", ENGLISH)])
async def test_pages_complain_of_nothing_and_shut_nobody_out(
    seeded_url: str, tmp_path: Path, width: int, language: str, tag: str
) -> None:
    wrong: dict[tuple[str | None, str], list[str]] = {}
    async with staged(seeded_url, tmp_path) as stage:
        for person, paths in PAGES.items():
            somebody, page = await stage.somebody(person, width=width, language=language)
            for path in paths:
                await stage.open(page, path)
                assert await page.locator("html").get_attribute("lang") == tag
                found = [*await faults(page, width), *somebody.complaints]
                if found:
                    wrong[person, path] = found
                somebody.complaints.clear()
            assert somebody.hosts <= stage.hosts
    assert wrong == {}


async def test_a_page_follows_the_reader_to_another_language(seeded_url: str, tmp_path: Path) -> None:
    async with staged(seeded_url, tmp_path) as stage:
        _, page = await stage.somebody()
        await stage.open(page, "/divisions/140106")
        await page.get_by_role("button", name="English").click()
        await settled(page)
        assert await page.locator("html").get_attribute("lang") == ENGLISH
        await page.reload()
        await settled(page)
        assert await page.locator("html").get_attribute("lang") == ENGLISH
