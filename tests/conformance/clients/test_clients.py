"""Three clients that keep what they hold by its id: then and now stay apart in each, as on the wire."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.node import installed
from tests.serving import Served, serving

HERE = Path(__file__).parent
SCHEMA = Path("graph/schema.graphql").absolute()
THEN = "2022-06-30T00:00:00+08:00"
NAMED = "2022-06-29T16:00:00Z"
CLIENT_TIMEOUT_S = 60
RELAY = {"src": "src", "schema": "schema.graphql", "artifactDirectory": "made", "language": "javascript"}
DOCUMENTS = {"thenAndNow": "then-and-now.graphql", "again": "again.graphql"}


@pytest.fixture(scope="module")
async def served(seeded_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    async with serving(seeded_url, tmp_path_factory.mktemp("keys") / "signing.pem") as served:
        yield served


@pytest.fixture(scope="module")
async def node() -> str:
    return await asyncio.to_thread(installed, HERE)


async def data(served: Served, query: str, **variables: Any) -> Any:
    """Return the data of a query as it is on the wire."""
    async with httpx.AsyncClient() as client:
        answer = (await client.post(served.http, json={"query": query, "variables": variables})).json()
    assert "errors" not in answer, answer
    return answer["data"]


async def printed(*command: str, cwd: Path = HERE) -> str:
    """Return what a program prints. Fails with its own words where it fails."""
    process = await asyncio.create_subprocess_exec(
        *command, cwd=cwd, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(CLIENT_TIMEOUT_S):
        out, error = await process.communicate()
    assert process.returncode == 0, (out.decode(), error.decode())
    return out.decode()


@pytest.fixture
async def variables(served: Served) -> dict[str, Any]:
    """A county, an instant, and a topic of the county that was another then."""
    query = """query ($at: DateTime) { division(code: "140521", asOf: $at) {
      topics(first: 1, filter: {status: SCHEDULED}) { nodes { number } } } }"""
    (topic,) = (await data(served, query, at=THEN))["division"]["topics"]["nodes"]
    return {"division": "140521", "topic": topic["number"], "at": THEN}


async def compiled(node: str, folder: Path) -> list[str]:
    """Return the paths of the requests that Relay's compiler makes of the documents."""
    (folder / "src").mkdir()
    (folder / "made").mkdir()
    for module, document in DOCUMENTS.items():
        text = (HERE / document).read_text()
        (folder / "src" / f"{module}.js").write_text(f"graphql`{text}`;\n")
    (folder / "schema.graphql").write_text(SCHEMA.read_text())
    config = folder / "relay.config.json"
    config.write_text(json.dumps({**RELAY, "eagerEsModules": True}))
    (folder / "package.json").write_text('{"type": "module"}')
    await printed(node, str(HERE / "node_modules/relay-compiler/cli.js"), str(config), cwd=folder)
    return [str(folder / "made" / f"{module}Query.graphql.js") for module in DOCUMENTS]


@pytest.mark.timeout(240)
@pytest.mark.parametrize("client", ["apollo", "urql", "relay"])
async def test_client_keeps_then_and_now_apart(
    client: str, served: Served, node: str, variables: dict[str, Any], tmp_path: Path
) -> None:
    wire = await data(served, (HERE / "then-and-now.graphql").read_text(), **variables)
    further = await compiled(node, tmp_path) if client == "relay" else [str(SCHEMA)]
    command = [node, str(HERE / f"{client}.mjs"), served.http, json.dumps(variables), *further]
    told = json.loads(await printed(*command))
    assert told["came"] == told["held"] == told["heldAfter"] == wire
    assert told["again"]["node"] == {key: wire["topicThen"][key] for key in ("id", "status", "version", "platform")}
    assert told["complaints"] == []
    assert (wire["then"]["id"], wire["now"]["id"]) == (f"division_140521@{NAMED}", "division_140521")
    for then, now in (("then", "now"), ("topicThen", "topicNow")):
        assert wire[then] != {**wire[now], "id": wire[then]["id"]}
    assert wire["then"]["statistics"] == wire["now"]["statisticsThen"] != wire["now"]["statistics"]


async def test_the_wire_tells_the_figures_of_then_and_of_now(served: Served, variables: dict[str, Any]) -> None:
    wire = await data(served, (HERE / "then-and-now.graphql").read_text(), **variables)
    figures = [wire[alias]["topics"]["totalCount"] for alias in ("then", "now")]
    assert figures == [wire[alias]["statistics"]["topics"]["total"] for alias in ("then", "now")]
    assert 0 < figures[0] < figures[1]
