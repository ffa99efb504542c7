import asyncio
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import aio_pika
import httpx
import pytest
from aio_pika.exceptions import ProbableAuthenticationError

from deploy.servers import processes
from deploy.servers.errors import ServerError
from deploy.servers.rabbitmq import PrivateRabbitMQ

pytestmark = pytest.mark.skipif(PrivateRabbitMQ.installed() is None, reason="RabbitMQ is not installed")


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateRabbitMQ]:
    """A running broker; a test that ends it starts it again."""
    rabbitmq = PrivateRabbitMQ(tmp_path_factory.mktemp("rabbitmq") / "broker")
    assert rabbitmq.start() is True
    rabbitmq.wait_ready()
    yield rabbitmq
    rabbitmq.remove()
    assert not rabbitmq.log_file.parent.exists()


async def publish(url: str, queue: str, body: bytes) -> None:
    connection = await aio_pika.connect(url)
    async with connection:
        channel = await connection.channel(on_return_raises=True)
        await channel.declare_queue(queue, durable=True, arguments={"x-queue-type": "quorum"})
        message = aio_pika.Message(body, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
        await channel.default_exchange.publish(message, queue)


async def take(url: str, queue: str) -> bytes:
    connection = await aio_pika.connect(url)
    async with connection:
        channel = await connection.channel()
        found = await channel.get_queue(queue)
        message = await found.get(timeout=10)
        assert message is not None
        await message.ack()
        return message.body


# A quorum queue's registration is written a moment after its declaration was answered; messages at once.
DECLARATION_ON_DISK_S = 3


def running_in(directory: Path) -> list[int]:
    return processes.working_in(directory.resolve())


def listening(pids: list[int]) -> set[str]:
    """Addresses that the processes listen on, in the kernel's notation."""
    descriptors = [descriptor for pid in pids for descriptor in Path(f"/proc/{pid}/fd").iterdir()]
    sockets = {str(descriptor.readlink()) for descriptor in descriptors if descriptor.is_symlink()}
    rows = [line.split() for table in ("tcp", "tcp6") for line in Path(f"/proc/net/{table}").read_text().splitlines()]
    return {row[1].split(":")[0] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in sockets}


async def test_wait_ready_leaves_the_virtual_host_and_the_management_api(broker: PrivateRabbitMQ) -> None:
    async with httpx.AsyncClient(base_url=broker.api_url) as client:
        vhosts = (await client.get("/api/vhosts")).json()
        users = (await client.get("/api/users")).json()
    assert [vhost["name"] for vhost in vhosts] == ["shangliang"]
    assert [(user["name"], user["tags"]) for user in users] == [("shangliang", ["administrator"])]
    await publish(broker.url, "ready", b"1")
    assert await take(broker.url, "ready") == b"1"


async def test_connecting_with_a_wrong_password_is_refused(broker: PrivateRabbitMQ) -> None:
    password_file = broker.log_file.parent / "password"
    assert stat.S_IMODE(password_file.stat().st_mode) == 0o600
    with pytest.raises(ProbableAuthenticationError):
        await aio_pika.connect(broker.url.replace(password_file.read_text(), "wrong"))


def test_listening_is_on_the_loopback_only(broker: PrivateRabbitMQ) -> None:
    ipv4, ipv6 = "0100007F", "00000000000000000000000001000000"
    assert listening(running_in(broker.log_file.parent)) == {ipv4, ipv6}


def test_start_of_a_running_broker_attaches(broker: PrivateRabbitMQ) -> None:
    pid = broker.pid
    other = PrivateRabbitMQ(broker.log_file.parent)
    assert other.start() is False
    other.wait_ready(timeout_s=5)
    assert (other.url, other.api_url) == (broker.url, broker.api_url)
    other.stop()
    for refused in (other.kill, other.remove):
        with pytest.raises(ServerError):
            refused()
    assert broker.start() is False
    assert broker.pid == pid


async def test_kill_keeps_a_confirmed_message(broker: PrivateRabbitMQ) -> None:
    url, pid = broker.url, broker.pid
    await publish(url, "killed", b"first")
    await asyncio.sleep(DECLARATION_ON_DISK_S)
    await publish(url, "killed", b"last")
    broker.kill()
    assert pid is not None
    assert (processes.alive(pid), broker.pid) == (False, None)
    assert broker.start() is True
    broker.wait_ready()
    assert broker.url == url
    assert [await take(url, "killed"), await take(url, "killed")] == [b"first", b"last"]


async def test_stop_leaves_no_process_and_start_finds_the_data(broker: PrivateRabbitMQ) -> None:
    url = broker.url
    await publish(url, "stopped", b"kept")
    assert len(running_in(broker.log_file.parent)) > 1
    broker.stop()
    assert (running_in(broker.log_file.parent), broker.pid) == ([], None)
    assert broker.start() is True
    broker.wait_ready()
    assert broker.url == url
    assert await take(url, "stopped") == b"kept"


def test_start_takes_over_from_a_starter_that_died(tmp_path: Path) -> None:
    program = (
        "import os, pathlib, sys; from deploy.servers.rabbitmq import PrivateRabbitMQ\n"
        "PrivateRabbitMQ(pathlib.Path(sys.argv[1])).start(); os.kill(os.getpid(), 9)"
    )
    directory = tmp_path / "broker"
    starter = subprocess.run([sys.executable, "-c", program, directory], check=False)  # noqa: S603 -- fixed program
    assert starter.returncode == -signal.SIGKILL
    rabbitmq = PrivateRabbitMQ(directory)
    pid = rabbitmq.pid
    assert pid is not None
    assert rabbitmq.start() is True
    assert rabbitmq.pid == pid
    rabbitmq.remove()
    assert processes.alive(pid) is False
    assert list(tmp_path.iterdir()) == []
    assert running_in(directory) == []


def test_wait_ready_of_a_broker_that_dies_tells_its_last_words(tmp_path: Path) -> None:
    script = tmp_path / "server"
    script.write_text("#!/bin/sh\necho nothing works today\nexit 1\n")
    script.chmod(0o755)
    rabbitmq = PrivateRabbitMQ(tmp_path / "broker", server=script)
    rabbitmq.start()
    with pytest.raises(ServerError, match=r"RabbitMQ stopped while starting:\n(?s:.*)nothing works today"):
        rabbitmq.wait_ready()
    rabbitmq.remove()
    assert list(tmp_path.iterdir()) == [script]
