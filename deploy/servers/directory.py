import contextlib
import fcntl
import os
import secrets
import shutil
import socket
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

# Below the ports that the kernel hands to outgoing connections (from 32768 on): there, a client that keeps
# trying a stopped server's port can be given that very port as its own and end up connected to itself.
_FIRST_PORT, _LAST_PORT = 20_000, 32_000


class ServerDirectory:
    """One server's directory: who may start it, who answers for it, its secret and its ports.

    Two locks of the kernel, both freed by the death of their holder, whatever its cause: `starting` is held for
    as long as a start or a stop takes, `owner` for as long as somebody answers for the running server.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._owner: int | None = None

    @contextlib.contextmanager
    def starting(self) -> Iterator[None]:
        """Nobody else starts, stops or attaches meanwhile."""
        self.path.mkdir(parents=True, exist_ok=True)
        descriptor = self._open_lock("starting.lock")
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def take_ownership(self) -> bool:
        """Whether this object answers for the server from now on; False when another living one does."""
        if self._owner is not None:
            return True
        descriptor = self._open_lock("owner.lock")
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._owner = descriptor
        return True

    def release_ownership(self) -> None:
        """Nobody answers for the server through this object."""
        if self._owner is not None:
            os.close(self._owner)
            self._owner = None

    def secret(self) -> str:
        """The server's password, made at the first call and readable by its owner only."""
        file = self.path / "password"
        if not file.exists():
            write_private(file, secrets.token_hex(16))
        return file.read_text().strip()

    def remove(self, names: Iterable[str]) -> None:
        """What the servers made is gone, and the directory too when nothing else is in it."""
        if not self.path.exists():
            return
        for name in (*names, "starting.lock", "owner.lock", "password"):
            entry = self.path / name
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self.path.rmdir()

    def _open_lock(self, name: str) -> int:
        return os.open(self.path / name, os.O_RDWR | os.O_CREAT, 0o600)


def open_private(file: Path, flags: int) -> int:
    """Open a file, made where it is not there, that only its owner reads from now on; return its descriptor."""
    descriptor = os.open(file, flags | os.O_CREAT, 0o600)
    os.fchmod(descriptor, 0o600)
    return descriptor


def append_private(file: Path) -> BinaryIO:
    """Open a file to be appended to, that only its owner reads from now on."""
    return os.fdopen(open_private(file, os.O_WRONLY | os.O_APPEND), "ab")


def replace_private(file: Path) -> BinaryIO:
    """Open a file to be written anew, that only its owner reads from now on."""
    return os.fdopen(open_private(file, os.O_WRONLY | os.O_TRUNC), "wb")


def write_private(file: Path, content: str) -> None:
    """The file holds the content and only its owner reads it, at no moment anybody else."""
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write(content)


def port_is_free(port: int) -> bool:
    """Whether a server could listen on the port of 127.0.0.1."""
    with socket.socket() as probe:
        # As the servers do: connections in TIME_WAIT are no obstacle, a listener is.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on; no two calls of whatever processes get the same.

    It is the process's own as long as that lives, before and after a server listens there: its UDP port of the same
    number, which nothing here uses, is bound, and the kernel frees that whatever ends the process.
    """
    while True:
        port = _FIRST_PORT + secrets.randbelow(_LAST_PORT - _FIRST_PORT)
        claim = socket.socket(type=socket.SOCK_DGRAM)
        try:
            claim.bind(("127.0.0.1", port))
        except OSError:
            claim.close()
            continue
        claim.detach()  # open until the process ends
        if port_is_free(port):
            return port
