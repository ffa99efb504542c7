"""The service with its pages and its sign-in by one click, and people in browsers of their own before it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Browser, Locator, Page, expect
from playwright.async_api import Error as PlaywrightError

from deploy.servers.directory import free_port
from deploy.sign_in.persons import person_of
from services.core.tokens import LocalIssuer
from tests.browser import TIMEOUT_MS, Visitor, chromium, visitor
from tests.graph.api import Client
from tests.serving import Standing, answering, running

TELEPHONE, DESK = 390, 1440
HEIGHT = {TELEPHONE: 844, DESK: 900}
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""What axe-core looks at: WCAG 2.2, A and AA, and what it knows beyond."""
SOON_MS = 2_000
MOST_KEYS = 120
"""Keys after which somebody gives up."""
KEY = "signing.pem"
"""The file in a stage's folder that its tokens are signed with."""
BUSY = "[aria-busy=true], .loading"
"""What a page shows while an answer is on its way."""

expect.set_options(timeout=TIMEOUT_MS)


@dataclass
class Stage:
    """A running service with its pages, and a browser."""

    address: str
    issuer: str | None
    """Where people sign in; None where it is not looked at whom pages ask."""
    browser: Browser
    people: AsyncExitStack
    service: Standing | None = None
    """What can be stopped; None where the service is another's."""

    @property
    def hosts(self) -> set[str]:
        """The hosts that pages may ask: the service's, and the one where people sign in."""
        return {urlsplit(each).netloc for each in (self.address, self.issuer) if each}

    async def somebody(
        self, person: str | None = None, *, width: int = DESK, language: str = "zh"
    ) -> tuple[Visitor, Page]:
        """Return somebody with a page of their own, signed in where a person is named."""
        one = await self.people.enter_async_context(
            visitor(self.browser, width=width, height=HEIGHT[width], reduced_motion="reduce")
        )
        page = await one.page()
        await page.goto(f"{self.address}/?lang={language}")
        await page.locator("h1").first.wait_for()  # the language is kept by now
        if person is not None:
            await page.goto(f"{self.address}/sign-in?as={person}")
            await expect(page).to_have_url(f"{self.address}/desk")
        return one, page

    async def open(self, page: Page, path: str) -> None:
        """Open an address of the pages, and wait until it shows what it asked for."""
        await page.goto(f"{self.address}{path}")
        await settled(page)


async def settled(page: Page) -> None:
    """Wait until a page has its heading and what it asks for, what it shows only once somebody has come to it too."""
    await page.locator("h1").first.wait_for()
    await page.wait_for_load_state("networkidle")
    for part in await page.locator(BUSY).all():
        with suppress(PlaywrightError):  # it was shown meanwhile
            await part.scroll_into_view_if_needed(timeout=SOON_MS)
    await expect(page.locator(BUSY)).to_have_count(0)
    await page.wait_for_load_state("networkidle")


async def reach(page: Page, wanted: Locator, *, key: str = "Tab") -> None:
    """Press a key until what is wanted has the focus. Raises AssertionError where it does not get it."""
    for _ in range(MOST_KEYS):
        if await wanted.first.evaluate("element => element === document.activeElement"):
            return
        await page.keyboard.press(key)
    raise AssertionError(f"{key} does not lead to {wanted}")


async def press_by_keyboard(page: Page, button: str) -> None:
    """Go to a button with the keyboard and press it."""
    wanted = page.get_by_role("button", name=button, exact=True)
    await reach(page, wanted)
    await page.keyboard.press("Enter")


async def shut_out(page: Page) -> list[str]:
    """Return the rules of axe-core that a page breaks, and where."""
    found = await Axe().run(page, options={"runOnly": {"type": "tag", "values": STANDARDS}})
    return [
        f"{violation['id']}: {node['target']} {node['html'][:200]}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]


@asynccontextmanager
async def staged(database_url: str, folder: Path) -> AsyncIterator[Stage]:
    """Run the service over a seeded database, in which people sign in by one click."""
    key, port = folder / KEY, free_port()
    issuer = f"http://127.0.0.1:{port}"
    service = Standing(database_url, key, sign_in_url=issuer)
    async with chromium() as browser, AsyncExitStack() as ending:
        ending.push_async_callback(service.stop)
        await service.start()
        given = {"signing_key_file": str(key), "port": str(service.port), "sign_in_port": str(port)}
        async with running("deploy", "sign-in", settings=given) as process, AsyncExitStack() as people:
            await answering(process, f"{issuer}/.well-known/openid-configuration")
            yield Stage(service.address, issuer, browser, people, service)


@asynccontextmanager
async def asking(address: str, folder: Path, key: str) -> AsyncIterator[Client]:
    """Lend a client of a stage's API without pages, as somebody who can sign in."""
    headers = {"Authorization": f"Bearer {token_of(folder, key)}"}
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=TIMEOUT_MS / 1000) as http:
        yield Client(http)


def token_of(folder: Path, key: str, *, lifetime: timedelta = timedelta(hours=1)) -> str:
    """Return a token that a stage takes, of somebody who can sign in."""
    person = person_of(key)
    assert person is not None
    issuer = LocalIssuer.load(folder / KEY, audience="shangliang")
    return issuer.sign(person.subject, [person.grant], now=datetime.now(UTC), lifetime=lifetime)
