import subprocess
from pathlib import Path

from deploy.servers import broker_files
from deploy.servers.broker_files import Node
from deploy.servers.rabbitmq import PrivateRabbitMQ

ENOUGH = "1GB"
"""What the private broker has by its configuration."""


def set_memory_limit(broker: PrivateRabbitMQ, directory: Path, limit: str) -> None:
    """Give the broker of a directory another limit of memory; one below what it uses is an alarm."""
    node, server = Node.load(directory), broker.installed()
    assert node is not None
    assert server is not None
    command = [str(server.with_name("rabbitmqctl")), "-n", node.name, "set_vm_memory_high_watermark", "absolute", limit]
    environment = broker_files.environment(node)
    subprocess.run(command, cwd=directory, env=environment, check=True, capture_output=True)  # noqa: S603 -- the broker's own program
