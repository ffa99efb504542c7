import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.servers.rabbitmq import PrivateRabbitMQ


@pytest.fixture
async def own_broker(tmp_path: Path) -> AsyncIterator[PrivateRabbitMQ]:
    """A broker to be stopped and killed; gone afterwards, even where it never got ready."""
    broker = PrivateRabbitMQ(tmp_path / "rabbitmq")
    try:
        await asyncio.to_thread(broker.start)
        await asyncio.to_thread(broker.wait_ready)
        yield broker
    finally:
        await asyncio.to_thread(broker.remove)
