import os
import socket
import subprocess
import sys

from deploy.servers import processes


def test_a_listener_is_known_by_its_process() -> None:
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with socket.socket(family) as listener:
            listener.bind((host, 0))
            port = listener.getsockname()[1]
            assert processes.listens(os.getpid(), port) is False
            listener.listen()
            assert processes.listens(os.getpid(), port) is True
            assert processes.listens(os.getppid(), port) is False
        assert processes.listens(os.getpid(), port) is False


def test_processes_are_found_by_a_word_of_their_environment() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", "print(flush=True); input()"],
        env={"SHANGLIANG_WORD": "a b"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as started:
        assert started.stdout is not None
        started.stdout.readline()
        assert processes.started_with("SHANGLIANG_WORD=a b") == [started.pid]
        assert processes.started_with("SHANGLIANG_WORD=a") == []
        started.communicate(b"\n")
    assert processes.started_with("SHANGLIANG_WORD=a b") == []
