import base64
import contextlib
import http.client
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import replace
from pathlib import Path

from deploy.servers import broker_files, processes
from deploy.servers.broker_files import Node
from deploy.servers.directory import ServerDirectory, append_private
from deploy.servers.errors import ServerError, log_tail

# Debian's; the wrapper of the same name on the PATH changes to a user of its own and is of no use here.
_SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
_STOP_TIMEOUT_S = 20.0
_EPMD_TIMEOUT_S = 10.0
_POLL_S = 0.1
_PROBE_TIMEOUT_S = 2.0
_AMQP_HEADER = b"AMQP\x00\x00\x09\x01"
_METHOD_FRAME = b"\x01"


class PrivateRabbitMQ:
    """A RabbitMQ node of one directory, with its own port mapper, cookie and data, for this machine only.

    The object that starts the node answers for it until its `stop`. When its process dies instead, the node runs
    on, and the next `start` in the directory takes it over.
    """

    def __init__(self, directory: Path, *, server: Path | None = None) -> None:
        self._directory = ServerDirectory(directory)
        self._server = server
        self._mine = False
        self._broker: subprocess.Popen[bytes] | None = None
        self._epmd: subprocess.Popen[bytes] | None = None

    @staticmethod
    def installed() -> Path | None:
        """The start script of the installed broker; None when there is none."""
        return _SERVER if _SERVER.exists() and shutil.which("erl") and shutil.which("epmd") else None

    @property
    def url(self) -> str:
        """Where the broker's virtual host is, with the password; the node must have been started."""
        return f"amqp://{self._login}@127.0.0.1:{self._node.amqp_port}/{broker_files.VHOST}"

    @property
    def api_url(self) -> str:
        """Where the management API is, with the password; the node must have been started."""
        return f"http://{self._login}@127.0.0.1:{self._node.api_port}"

    @property
    def pid(self) -> int | None:
        """The node's process; None when it does not run."""
        node = Node.load(self._directory.path)
        return node.broker_pid if node and self._is_ours(node.broker_pid, node) else None

    @property
    def log_file(self) -> Path:
        """What the node says."""
        return self._directory.path / "rabbitmq.log"

    def start(self) -> bool:
        """The node's process runs, and `wait_ready` tells when it answers; whether this object answers for it now.

        True when this call started the node, or took over one whose starter had died; False when one was there
        already. The ports and the data are those of the last time. Raises ServerError.
        """
        with self._directory.starting():
            if self.pid is not None:
                taken_over = not self._mine and self._directory.take_ownership()
                self._mine = self._mine or taken_over
                return taken_over
            self._directory.take_ownership()
            try:
                self._spawn()
            except BaseException:
                self._end_all(signal.SIGKILL)
                self._directory.release_ownership()
                raise
            self._mine = True
            return True

    def wait_ready(self, timeout_s: float = 60) -> None:
        """The node answers AMQP and its management API, and the virtual host is there.

        Raises ServerError with the end of the node's log when its process dies or the time is over.
        """
        deadline = time.monotonic() + timeout_s
        while not (self._answers_api() and self._answers_amqp()):
            if self.pid is None:
                raise ServerError(f"RabbitMQ stopped while starting:\n{log_tail(self.log_file)}")
            if time.monotonic() > deadline:
                raise ServerError(f"RabbitMQ gave no answer in {timeout_s:g} s:\n{log_tail(self.log_file)}")
            time.sleep(_POLL_S)

    def take_over(self) -> None:
        """This object answers for what runs here. Raises ServerError when another living one does."""
        with self._directory.starting():
            if not self._directory.take_ownership():
                raise ServerError(f"The broker in {self._directory.path} is in use by another process.")
            self._mine = True

    def stop(self) -> None:
        """The node that this object answers for, and its port mapper, have shut down; else nothing happens.

        With the management plugin, 3.10 takes six seconds for it.
        """
        self._stop(signal.SIGTERM)

    def kill(self) -> None:
        """The node is dead as after a crash, with nothing flushed; `start` brings it back on the same ports.

        What it confirmed comes back. A quorum queue declared within the last second may come back without a
        leader: 3.10 answers a declaration before the queue's registration is on disk.
        """
        if not self._mine:
            raise ServerError("Only the node's starter may kill it.")
        self._end_broker(signal.SIGKILL)

    def remove(self) -> None:
        """The node is stopped and everything that it and this object made is gone."""
        self._stop(signal.SIGKILL)  # nothing is left that a gentle end would keep
        if self.pid is not None:
            raise ServerError(f"The broker in {self._directory.path} is in use by another process.")
        self._directory.remove(broker_files.NAMES)

    @property
    def _node(self) -> Node:
        node = Node.load(self._directory.path)
        if node is None:
            raise ServerError(f"No broker has been started in {self._directory.path}.")
        return node

    @property
    def _login(self) -> str:
        return f"{broker_files.USER}:{self._directory.secret()}"

    @staticmethod
    def _is_ours(pid: int | None, node: Node) -> bool:
        """Whether the process is alive and was started for the node; a number may be somebody else's by now."""
        return (
            pid is not None and f"RABBITMQ_NODENAME={node.name}" in processes.environment(pid) and processes.alive(pid)
        )

    def _spawn(self) -> None:
        """The port mapper runs, and the node's process has begun."""
        server = self._server or self.installed()
        if server is None:
            raise ServerError("No RabbitMQ was found: install Debian's package rabbitmq-server (3.10 or later).")
        path = self._directory.path
        node = Node.load(path) or Node.new(path)
        epmd_runs = self._is_ours(node.epmd_pid, node)
        node = node.with_free_ports(epmd_runs=epmd_runs)
        broker_files.write_files(path, node, self._directory.secret())
        if not epmd_runs:
            node = self._spawn_epmd(node)
        self._broker = self._run([str(server)], node)
        replace(node, broker_pid=self._broker.pid).save(path)

    def _spawn_epmd(self, node: Node) -> Node:
        """The port mapper answers, as a child that can be ended by its id; left to itself, the node's would stay."""
        self._epmd = self._run([shutil.which("epmd") or "epmd", "-port", str(node.epmd_port)], node)
        node = replace(node, epmd_pid=self._epmd.pid)
        node.save(self._directory.path)
        if not processes.wait_until(lambda: _connects(node.epmd_port), _EPMD_TIMEOUT_S):
            raise ServerError(f"Erlang's port mapper did not start:\n{log_tail(self.log_file)}")
        return node

    def _run(self, command: list[str], node: Node) -> subprocess.Popen[bytes]:
        with append_private(self.log_file) as log:
            return subprocess.Popen(  # noqa: S603 -- the installation's own programs
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._directory.path,
                env=broker_files.environment(node),
                # Ctrl-C in a terminal is for the caller, who stops the broker after its own clients.
                start_new_session=True,
            )

    def _stop(self, gentle: signal.Signals) -> None:
        if not self._mine:
            return
        with self._directory.starting():
            self._end_all(gentle)
            self._mine = False
            self._directory.release_ownership()

    def _end_all(self, gentle: signal.Signals) -> None:
        """Neither the node nor its port mapper runs."""
        self._end_broker(gentle)
        node = Node.load(self._directory.path)
        if node and node.epmd_pid and self._is_ours(node.epmd_pid, node):
            processes.end(node.epmd_pid, signal.SIGTERM, timeout_s=_EPMD_TIMEOUT_S)
        if self._epmd is not None:
            self._epmd.wait()
            self._epmd = None

    def _end_broker(self, gentle: signal.Signals) -> None:
        """The node's process and its helpers are gone, and reaped where it is this process's child."""
        pid = self.pid
        if pid is not None:
            processes.end(pid, gentle, timeout_s=_STOP_TIMEOUT_S)
        if self._broker is not None:
            self._broker.wait()
            self._broker = None

    def _answers_amqp(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self._node.amqp_port), _PROBE_TIMEOUT_S) as connection:
                connection.sendall(_AMQP_HEADER)
                return connection.recv(1) == _METHOD_FRAME
        except OSError:
            return False

    def _answers_api(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self._node.api_port, timeout=_PROBE_TIMEOUT_S)
        authorization = f"Basic {base64.b64encode(self._login.encode()).decode()}"
        with contextlib.closing(connection):
            try:
                connection.request("GET", f"/api/vhosts/{broker_files.VHOST}", headers={"Authorization": authorization})
                return connection.getresponse().status == http.client.OK
            except (OSError, http.client.HTTPException):
                return False


def _connects(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
