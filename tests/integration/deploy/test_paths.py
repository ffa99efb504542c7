import asyncio
from pathlib import Path

import aio_pika
import asyncpg
import pytest

from deploy.servers.postgres import EmbeddedPostgres
from deploy.servers.rabbitmq import PrivateRabbitMQ
from tests.servers import need_broker

AWKWARD = ["桌面", "商量 演示", 'it\'s "100%" $HOME;', "a" * 200]


async def test_broker_runs_wherever_the_checkout_is(tmp_path: Path) -> None:
    need_broker()
    directory = tmp_path.joinpath(*AWKWARD)
    broker = PrivateRabbitMQ(directory / "rabbitmq")
    try:
        for _ in range(2):
            broker.start()
            await asyncio.to_thread(broker.wait_ready)
            async with await aio_pika.connect(broker.url) as connection:
                queue = await (await connection.channel()).declare_queue("kept", durable=True)
            await asyncio.to_thread(broker.stop)
            assert queue.name == "kept"
        assert "CRASH" not in broker.log_file.read_text()
    finally:
        broker.remove()
    assert list(directory.iterdir()) == []


@pytest.mark.parametrize("name", AWKWARD)
async def test_database_runs_wherever_the_checkout_is(tmp_path: Path, name: str) -> None:
    server = EmbeddedPostgres(tmp_path / name / "postgres", settings={"fsync": "off"})
    try:
        server.start()
        connection = await asyncpg.connect(server.url)
        assert await connection.fetchval("SELECT 1") == 1
        await connection.close()
    finally:
        server.remove()
    assert list((tmp_path / name).iterdir()) == []
