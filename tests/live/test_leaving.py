"""Clients that leave: what they asked is ended at the database, what they write is finished, others go on."""

import asyncio

import asyncpg
import httpx

from tests.live.place import LOCKED, Places
from tests.serving import Served

QUERY = {"query": "{ topics { totalCount } }"}


async def test_query_of_a_client_that_left_is_ended_at_the_database(served: Served, places: Places) -> None:
    connection = await asyncpg.connect(places.world.url)
    async with httpx.AsyncClient(timeout=30) as client, httpx.AsyncClient(timeout=30) as other:
        asked = asyncio.create_task(client.post(served.http, json={"query": "{ topics { totalCount } }"}))
        assert (await asked).status_code == 200
        async with connection.transaction():
            await connection.execute("LOCK TABLE topic IN ACCESS EXCLUSIVE MODE")
            leaving = asyncio.create_task(client.post(served.http, json=QUERY))
            await places.until(LOCKED, 1)
            staying = asyncio.create_task(other.post(served.http, json=QUERY))
            await asyncio.sleep(0.1)
            leaving.cancel()
            await asyncio.gather(leaving, return_exceptions=True)
            await client.aclose()
            await asyncio.sleep(1)
            await places.until(LOCKED, 1)
        answer = await staying
        assert answer.json()["data"]["topics"]["totalCount"] >= 0
        assert (await other.post(served.http, json=QUERY)).status_code == 200
    await connection.close()


async def test_queries_of_clients_that_left_wait_for_nothing(served: Served, places: Places) -> None:
    connection = await asyncpg.connect(places.world.url)
    async with connection.transaction():
        await connection.execute("LOCK TABLE topic IN ACCESS EXCLUSIVE MODE")
        async with httpx.AsyncClient(timeout=30) as client:
            asked = [asyncio.create_task(client.post(served.http, json=QUERY)) for _ in range(3)]
            await asyncio.sleep(0.5)
            for one in asked:
                one.cancel()
            await asyncio.gather(*asked, return_exceptions=True)
        await places.until(LOCKED, 0)
    await connection.close()
