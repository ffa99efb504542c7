import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.clean import remove_state
from deploy.servers import processes
from deploy.servers.directory import free_port
from deploy.servers.postgres import EmbeddedPostgres


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The variables of commands that have a migrated database and a port of their own."""
    state = tmp_path_factory.mktemp("signals") / "state"
    own = {name: value for name, value in os.environ.items() if not name.startswith("SHANGLIANG_")}
    environment = {**own, "SHANGLIANG_STATE_DIR": str(state), "SHANGLIANG_PORT": str(free_port())}
    subprocess.run([sys.executable, "-m", "deploy", "migrate"], env=environment, check=True)
    yield environment
    remove_state(state)


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_command_that_is_told_to_stop_stops_the_server_that_it_started(
    environment: dict[str, str], by: signal.Signals
) -> None:
    port = int(environment["SHANGLIANG_PORT"])
    server = EmbeddedPostgres(Path(environment["SHANGLIANG_STATE_DIR"]) / "postgres")
    assert server.pid is None
    command = subprocess.Popen([sys.executable, "-m", "deploy", "serve"], env=environment)
    try:
        assert processes.wait_until(lambda: processes.listens(command.pid, port), 120)
        assert server.pid is not None
        command.send_signal(by)
        assert command.wait(120) == 0
        assert server.pid is None
    finally:
        command.kill()
        command.wait()
