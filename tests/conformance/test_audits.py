"""GraphQL over HTTP as its reference implementation audits it: every MUST, SHOULD and MAY."""

import asyncio
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.node import installed
from tests.serving import serving

HERE = Path(__file__).parent
AUDITS = {"MUST": 13, "SHOULD": 23, "MAY": 25}


async def audited(address: str) -> list[dict[str, Any]]:
    """Return what every audit found at an endpoint."""
    node = await asyncio.to_thread(installed, HERE)
    process = await asyncio.create_subprocess_exec(
        node, str(HERE / "audits.js"), address, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0
    results: list[dict[str, Any]] = json.loads(printed)
    return results


async def test_every_audit_of_graphql_over_http_is_passed(migrated_url: str, tmp_path: Path) -> None:
    async with serving(migrated_url, tmp_path / "key.pem") as service:
        results = await audited(service.http)
    for one in results:
        print(f"{one['status']:<5} {one['id']} {one['name']}")  # noqa: T201 -- the report, shown where the test fails
    assert Counter(one["name"].partition(" ")[0] for one in results) == AUDITS
    failed = [
        f"{one['id']} {one['name']}: {one['status']}, {one.get('reason')} (HTTP {one.get('answered')})"
        for one in results
        if one["status"] != "ok"
    ]
    if failed:
        pytest.fail("\n".join(failed))
