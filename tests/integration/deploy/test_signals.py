import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.clean import remove_state
from deploy.servers import processes
from deploy.servers.directory import free_port
from deploy.servers.postgres import EmbeddedPostgres


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("signals") / "state"


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_command_that_is_told_to_stop_stops_the_server_that_it_started(state: Path, by: signal.Signals) -> None:
    port, server = free_port(), EmbeddedPostgres(state / "postgres")
    own = {name: value for name, value in os.environ.items() if not name.startswith("SHANGLIANG_")}
    environment = {**own, "SHANGLIANG_STATE_DIR": str(state), "SHANGLIANG_PORT": str(port)}
    subprocess.run([sys.executable, "-m", "deploy", "migrate"], env=environment, check=True)
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
        remove_state(state)
