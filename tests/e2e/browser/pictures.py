"""Takes the pictures of README and docs from a running demonstration: `make pictures`."""

import asyncio
import sys
from contextlib import AsyncExitStack
from pathlib import Path

from tests.browser import chromium
from tests.e2e.browser.stage import DESK, TELEPHONE, Stage

FOLDER = Path("docs/pictures")
QUALITY = 72
"""Of JPEG: letters stay sharp, and a picture is small."""
DRAWN_MS = 1_500
"""How long charts and maps take to be drawn."""
PICTURES = (
    ("hall", None, "/", DESK),
    ("topic", None, "/topics/T140521-2023-0001", DESK),
    ("telephone", "resident", "/desk/matters/new", TELEPHONE),
    ("inbox", "cadre", "/desk/inbox", DESK),
    ("operator", "operator", "/desk/operator", DESK),
)
"""The name of a picture, who looks, at what and how wide."""


async def take(address: str) -> None:
    """Take all pictures of the demonstration at an address."""
    async with chromium() as browser, AsyncExitStack() as people:
        stage = Stage(address, None, browser, people)
        for name, person, path, width in PICTURES:
            _, page = await stage.somebody(person, width=width)
            await stage.open(page, path)
            await page.wait_for_timeout(DRAWN_MS)
            await page.evaluate("scrollTo(0, 0)")
            await page.screenshot(path=FOLDER / f"{name}.jpg", type="jpeg", quality=QUALITY)


if __name__ == "__main__":
    asyncio.run(take(sys.argv[1]))
