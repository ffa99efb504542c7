"""A real browser for tests: Chromium, driven by Playwright, with what its pages complain of and whom they ask."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from shutil import which
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright

from tests.lacking import lacking

FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)
"""What keeps Chromium from asking its maker's hosts."""
TIMEOUT_MS = 20_000
COMPLAINTS = frozenset({"error", "warning"})


def executable() -> str:
    """Return the path of an installed Chromium. Skips the test where there is none, except in CI: it fails there."""
    found = which("chromium") or which("chromium-browser") or which("google-chrome")
    if found is None:
        reason = "No Chromium is installed (Debian's package chromium): pages cannot be tried in a browser."
        lacking(reason)
    return found


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Yield a browser without a screen."""
    path = executable()
    sandboxed = os.getuid() != 0  # Chromium's sandbox does not start for root
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS, chromium_sandbox=sandboxed)
        try:
            yield browser
        finally:
            await browser.close()


class Visitor:
    """Somebody with a browser profile of their own; keeps what their pages complain of and which hosts they ask."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.complaints: list[str] = []
        self.hosts: set[str] = set()
        context.set_default_timeout(TIMEOUT_MS)
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("request", lambda request: self._note(request.url))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in COMPLAINTS:
            self.complaints.append(message.text)

    def _note(self, url: str) -> None:
        if urlsplit(url).netloc:  # data: and blob: have none
            self.hosts.add(urlsplit(url).netloc)

    async def page(self) -> Page:
        """Return a new page."""
        return await self.context.new_page()


@asynccontextmanager
async def visitor(browser: Browser, *, width: int = 1440, height: int = 900, **named: Any) -> AsyncIterator[Visitor]:
    """Yield somebody with a window of this size."""
    context = await browser.new_context(viewport={"width": width, "height": height}, **named)
    try:
        yield Visitor(context)
    finally:
        await context.close()
