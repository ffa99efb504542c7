"""The event contract as the API process serves it and the command line prints it."""

import asyncio
import sys
from pathlib import Path

import httpx

from events.contract.files import ASYNCAPI, HOME, SCHEMAS
from tests.serving import serving


async def test_contract_is_served_where_events_say_it_is(migrated_url: str, tmp_path: Path) -> None:
    schemas = sorted(path.name for path in (HOME / SCHEMAS).iterdir())
    types = {"/asyncapi.yaml": "application/yaml", "/events": "text/html; charset=utf-8"}
    types |= {f"/{SCHEMAS}/{name}": "application/schema+json" for name in schemas}
    committed = {path: HOME / path.removeprefix("/") for path in types} | {"/events": HOME / "asyncapi.html"}
    async with (
        serving(migrated_url, tmp_path / "key.pem") as service,
        httpx.AsyncClient(base_url=service.address) as client,
    ):
        for path, type_ in types.items():
            answer = await client.get(path)
            assert (answer.status_code, answer.headers["content-type"], answer.content) == (
                200,
                type_,
                committed[path].read_bytes(),
            )
        missing = await client.get(f"/{SCHEMAS}/topic.listed.v2.json")
        posted = await client.post("/asyncapi.yaml")
    assert (missing.status_code, posted.status_code) == (404, 405)


async def test_command_line_prints_the_contract() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "deploy", "asyncapi", stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()
    assert printed == (HOME / ASYNCAPI).read_bytes()
