import json
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.benchmarks.equality import comparable, first_difference
from tests.benchmarks.limit.app import Limit
from tests.benchmarks.questions import QUESTIONS, Question
from tests.benchmarks.strawberry_peer.app import Peer
from tests.graph.api import Api


@pytest.fixture
async def limit(seeded_url: str) -> AsyncIterator[httpx.AsyncClient]:
    app = Limit()
    await app.open(seeded_url, connections=1)
    yield httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://limit")
    await app.close()


@pytest.fixture
async def strawberry_peer(seeded_url: str) -> AsyncIterator[httpx.AsyncClient]:
    app = Peer(seeded_url, connections=2)
    yield httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://peer")
    await app.close()


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
async def test_the_benchmark_s_contenders_in_python_answer_as_the_service(
    api: Api, limit: httpx.AsyncClient, strawberry_peer: httpx.AsyncClient, question: Question
) -> None:
    expected = comparable(await api.answer(question.query, **question.variables))
    assert "errors" not in expected
    headers = {"content-type": "application/json"}
    for client, path in ((limit, f"/{question.name.lower()}"), (strawberry_peer, "/graphql")):
        response = await client.post(path, content=question.body, headers=headers)
        assert response.status_code == 200
        assert first_difference(expected, comparable(json.loads(response.content))) is None
