"""The files and the environment of a private RabbitMQ node; valid for 3.10 and for 4.x."""

import hashlib
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from deploy.servers.directory import free_port, port_is_free, write_private
from services.core.limits import LONGEST_MESSAGE

USER = "shangliang"
VHOST = "shangliang"
NAMES = ("broker.json", "rabbitmq.conf", "enabled_plugins", "rabbitmq.log", "data", "home")
"""Everything that a node leaves in its directory."""

# How a node names its directory. RabbitMQ 3.10 starts only where every path is ASCII, and a checkout may be anywhere.
_HERE = "/proc/self/cwd"

# Loopback only, and two schedulers that sleep when there is nothing to do.
_ERLANG_ARGUMENTS = "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none"

_CONFIGURATION = """\
# Written by the launcher at every start. The account and the virtual host are made at the first.
listeners.tcp.local = 127.0.0.1:{amqp_port}
management.tcp.ip = 127.0.0.1
management.tcp.port = {api_port}
default_vhost = {vhost}
default_user = {user}
default_pass = {password}
default_user_tags.administrator = true
# A laptop's disk may well be nearly full; the usual limit would block every publisher.
disk_free_limit.absolute = 50MB
max_message_size = {longest}
vm_memory_high_watermark.absolute = 1GB
# The log of the quorum queues is kept in memory up to this size (512 MiB unless told).
raft.wal_max_size_bytes = 67108864
log.connection.level = warning
"""


@dataclass(frozen=True)
class Node:
    """A node as its state file tells: its name and ports for good, its processes while they run."""

    name: str
    epmd_port: int
    amqp_port: int
    dist_port: int
    api_port: int
    broker_pid: int | None = None
    epmd_pid: int | None = None

    @staticmethod
    def load(directory: Path) -> "Node | None":
        """The directory's node; None when it never had one."""
        file = directory / "broker.json"
        return Node(**json.loads(file.read_text())) if file.exists() else None

    @staticmethod
    def new(directory: Path) -> "Node":
        """A node named after the directory, on free ports."""
        digest = hashlib.sha256(os.fsencode(directory)).hexdigest()[:16]
        ports: set[int] = set()
        while len(ports) < len(_PORTS):
            ports.add(free_port())
        return Node(f"shangliang-{digest}@localhost", **dict(zip(_PORTS, ports, strict=True)))

    def save(self, directory: Path) -> None:
        """Another process can find the node."""
        file = directory / "broker.json.new"
        file.write_text(json.dumps(asdict(self), indent=2))
        file.replace(directory / "broker.json")

    def with_free_ports(self, *, epmd_runs: bool) -> "Node":
        """The node with its ports, those replaced that somebody else listens on by now."""
        known = asdict(self)
        kept_by_us = {"epmd_port"} if epmd_runs else set()
        taken = [name for name in _PORTS if name not in kept_by_us and not port_is_free(known[name])]
        return Node(**{**known, **{name: free_port() for name in taken}})


_PORTS = ("epmd_port", "amqp_port", "dist_port", "api_port")


def write_files(directory: Path, node: Node, password: str) -> None:
    """The node's next start finds its configuration, its plugins and its cookie."""
    ports = {"amqp_port": node.amqp_port, "api_port": node.api_port}
    text = _CONFIGURATION.format(**ports, vhost=VHOST, user=USER, password=password, longest=LONGEST_MESSAGE)
    write_private(directory / "rabbitmq.conf", text)
    (directory / "enabled_plugins").write_text("[rabbitmq_management].\n")
    (directory / "home").mkdir(mode=0o700, exist_ok=True)
    cookie = directory / "home" / ".erlang.cookie"
    if not cookie.exists():
        write_private(cookie, secrets.token_hex(16))


def environment(node: Node) -> dict[str, str]:
    """The environment of the node and its port mapper, which must run in the node's directory.

    Nothing of the system's own broker is in it.
    """
    nothing = f"{_HERE}/none"
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C.UTF-8",
        "HOME": f"{_HERE}/home",
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_EPMD_PORT": str(node.epmd_port),
        "ERL_CRASH_DUMP_SECONDS": "0",
        "RABBITMQ_NODENAME": node.name,
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(node.amqp_port),
        "RABBITMQ_DIST_PORT": str(node.dist_port),
        "RABBITMQ_MNESIA_BASE": f"{_HERE}/data",
        "RABBITMQ_LOG_BASE": f"{_HERE}/home",
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_ENABLED_PLUGINS_FILE": f"{_HERE}/enabled_plugins",
        "RABBITMQ_CONFIG_FILE": f"{_HERE}/rabbitmq.conf",
        "RABBITMQ_CONFIG_FILES": f"{nothing}/*.conf",
        "RABBITMQ_ADVANCED_CONFIG_FILE": f"{nothing}.config",
        "RABBITMQ_CONF_ENV_FILE": nothing,
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": _ERLANG_ARGUMENTS,
        # These two make the start script become the node instead of waiting for it, so that its process id is
        # the node's and a signal reaches it.
        "RABBITMQ_ALLOW_INPUT": "1",
        "RABBITMQ_SERVER_START_ARGS": "-noinput",
    }
