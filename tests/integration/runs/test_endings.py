"""A run of pytest leaves neither a process nor a file behind, however it is ended."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.servers import processes
from tests.integration.runs.waiting import READY
from tests.servers import DIRECTORY

WAITING = Path(__file__).with_name("waiting.py")
START_TIMEOUT_S = 150.0
STOP_TIMEOUT_S = 60.0


@pytest.mark.parametrize(
    ("by", "workers", "test"),
    [
        (signal.SIGTERM, 2, "::test_with_both_servers"),
        (signal.SIGHUP, 0, "::test_with_a_database"),
        (signal.SIGINT, 0, "::test_with_no_server"),
    ],
)
def test_run_that_is_told_to_end_leaves_nothing(by: signal.Signals, workers: int, test: str, tmp_path: Path) -> None:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("SHANGLIANG_", "PYTEST_"))}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", f"-n{workers}", f"{WAITING}{test}"]
    with (tmp_path / "said").open("w+") as said:
        run = subprocess.Popen(  # noqa: S603 -- pytest and the tests' own files
            [*command, f"--basetemp={tmp_path / 'files'}"],
            env={**own, READY: str(tmp_path)},
            stdout=said,
            stderr=said,
        )
        try:
            names = [f"gw{number}" for number in range(workers)] or ["main"]
            waiting = [tmp_path / name for name in names]
            assert processes.wait_until(
                lambda: run.poll() is not None or all(one.exists() and one.read_text() for one in waiting),
                START_TIMEOUT_S,
            )
            (directory,) = {one.read_text() for one in waiting}
            assert processes.started_with(f"{DIRECTORY}={directory}")
            assert bool(processes.working_in(Path(directory))) is (test != "::test_with_no_server")
            run.send_signal(by)
            assert run.wait(STOP_TIMEOUT_S) == pytest.ExitCode.INTERRUPTED
        finally:
            run.kill()
            run.wait()
            said.seek(0)
            print(said.read())  # noqa: T201 -- tells why, where the run did not wait
    assert processes.started_with(f"{DIRECTORY}={directory}") == []
    assert processes.working_in(Path(directory)) == []
    assert not Path(directory).exists()
