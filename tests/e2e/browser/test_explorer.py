"""The explorer in a real browser: it loads, runs, takes a token, and asks nobody but its own server."""

import asyncio
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import which

import pytest

from services.core.actor import Role
from services.core.tokens import GrantClaim, LocalIssuer
from tests.node import installed
from tests.serving import serving

HERE = Path(__file__).parent
PICTURE = "SHANGLIANG_TEST_PICTURE"
"""Where the variable names a file, a picture of the explorer is left there."""


def browser() -> str:
    """Return the path of an installed Chromium. Skips the test where there is none."""
    found = which("chromium") or which("chromium-browser") or which("google-chrome")
    if found is None:
        pytest.skip("No Chromium is installed (Debian's package chromium): the explorer cannot be tried in a browser.")
    return found


async def test_the_explorer_works_in_a_browser_without_any_other_host(seeded_url: str, tmp_path: Path) -> None:
    chromium, node = browser(), await asyncio.to_thread(installed, HERE)
    issuer = LocalIssuer.load(tmp_path / "signing.pem", audience="shangliang")
    grant, now = GrantClaim(role=Role.SECRETARIAT, within="140521"), datetime.now(UTC)
    token = issuer.sign("somebody", [grant], now=now, lifetime=timedelta(hours=1))
    async with serving(seeded_url, tmp_path / "signing.pem") as service:
        process = await asyncio.create_subprocess_exec(
            node, str(HERE / "explorer.js"), chromium, service.address, token, os.environ.get(PICTURE, ""),
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        printed, _ = await process.communicate()
    assert process.returncode == 0
    seen = json.loads(printed)
    assert seen["tabs"] == ["Hierarchy", "Topics", "Cities", "Changes", "Schedule"]
    assert seen["hierarchy"]["data"]["division"]["brands"][0]["name"] == "有事来商量·欢迎来协商"
    assert len(seen["cities"]["data"]["division"]["children"]) == 11
    assert seen["viewer"] == {"data": {"viewer": {"subject": "somebody"}}}
    assert token not in seen["kept"]
    assert seen["hosts"] == [service.address.removeprefix("http://")]
    assert seen["complaints"] == []
