"""The explorer in a real browser: it loads, runs, takes a token, and asks nobody but its own server."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.async_api import Page

from services.core.actor import Role
from services.core.tokens import GrantClaim, LocalIssuer
from tests.browser import chromium, visitor
from tests.serving import serving

WRITE = "(element, text) => element.CodeMirror.setValue(text)"
READ = "element => element.CodeMirror.getValue()"
RESULT = ".result-window .CodeMirror"
QUERY = ".graphiql-query-editor .CodeMirror-code"
ARRIVED = f"word => document.querySelector('{RESULT}').CodeMirror.getValue().includes(word)"


async def run(page: Page, operation: str, awaited: str) -> Any:
    """Run the operation that the present tab is about to be named by; return the answer that has the awaited word."""
    await page.locator(".graphiql-tab-active", has_text=operation).wait_for()
    await page.click(".graphiql-execute-button")
    await page.wait_for_function(ARRIVED, arg=awaited)
    return json.loads(await page.locator(RESULT).evaluate(READ))


async def test_the_explorer_works_in_a_browser_without_any_other_host(seeded_url: str, tmp_path: Path) -> None:
    issuer = LocalIssuer.load(tmp_path / "signing.pem", audience="shangliang")
    grant, now = GrantClaim(role=Role.SECRETARIAT, within="140521"), datetime.now(UTC)
    token = issuer.sign("somebody", [grant], now=now, lifetime=timedelta(hours=1))
    async with (
        chromium() as browser,
        serving(seeded_url, tmp_path / "signing.pem") as service,
        visitor(browser) as somebody,
    ):
        page = await somebody.page()
        await page.goto(service.http)
        await page.locator(QUERY, has_text="query Hierarchy").wait_for()
        tabs = await page.locator(".graphiql-tab-button").all_inner_texts()
        assert tabs == ["Hierarchy", "Topics", "Cities", "Changes", "Schedule"]
        hierarchy = await run(page, "Hierarchy", "sessionsHeld")
        assert hierarchy["data"]["division"]["brands"][0]["name"] == "有事来商量·欢迎来协商"

        await page.click("[aria-label='Show Documentation Explorer']")
        await page.locator(".graphiql-doc-explorer", has_text="Root Types").wait_for()
        await page.click("[aria-label='Show Examples']")
        await page.get_by_role("button", name="The province, city by city").click()
        cities = await run(page, "Cities", "medianDaysToResolve")
        assert len(cities["data"]["division"]["children"]) == 11

        await page.click("[aria-label='New tab']")
        await page.click("[data-name='headers']")
        headers = page.locator("[aria-label='Headers'] .graphiql-editor:not(.hidden) .CodeMirror")
        await headers.evaluate(WRITE, json.dumps({"Authorization": f"Bearer {token}"}))
        query = page.locator(".graphiql-query-editor .CodeMirror")
        await query.evaluate(WRITE, "query Viewer { viewer { subject } }")
        assert await run(page, "Viewer", "subject") == {"data": {"viewer": {"subject": "somebody"}}}

        await page.reload()
        await page.locator(QUERY, has_text="viewer").wait_for()
        assert token not in await page.evaluate("JSON.stringify({...localStorage})")
        assert somebody.hosts == {service.address.removeprefix("http://")}
        assert somebody.complaints == []
