import secrets
import subprocess
import sys
from collections.abc import Iterator

import pytest

from deploy.servers.directory import free_port

OTHER = """
import sys
from deploy.servers.directory import free_port

print(free_port(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def others() -> Iterator[int]:
    """A port that another process was given, which does not listen on it yet."""
    command = [sys.executable, "-c", OTHER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603 -- its own
        assert process.stdout is not None
        yield int(process.stdout.readline())
        process.communicate()


def test_no_port_is_given_to_two_processes_or_twice(others: int, monkeypatch: pytest.MonkeyPatch) -> None:
    own = free_port()
    first, drawn = 20_000, [others, own, others, own + 1 if own + 1 != others else own + 2]
    monkeypatch.setattr(secrets, "randbelow", lambda _below: drawn.pop(0) - first)
    assert free_port() not in {others, own}
    assert drawn == []
