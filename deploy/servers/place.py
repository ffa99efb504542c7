"""Where PostgreSQL's own files are: beside the rest, or elsewhere when its account cannot get there."""

import contextlib
import hashlib
import itertools
import logging
import os
import shutil
import signal
from pathlib import Path

from deploy.servers import processes
from deploy.servers.account import Account
from deploy.servers.errors import ServerError

RELOCATED = Path("/var/lib/shangliang")
_NAME = "server"

log = logging.getLogger(__name__)


def find_place(directory: Path) -> Path:
    """The path of the directory's place, made or not yet."""
    return (directory / _NAME).resolve()


def make_place(directory: Path, account: Account | None) -> Path:
    """A directory exists that the account owns and reaches and nobody else enters; its resolved path.

    It is `server` in the directory. Where mode bits keep the account out of there, `server` is a link to a
    place under /var/lib/shangliang.
    """
    link = directory / _NAME
    if link.is_symlink() and not link.exists():
        link.unlink()
    if not link.exists():
        if account is None or account.reaches(directory):
            link.mkdir(mode=0o700)
        else:
            place = _relocate(directory)
            link.symlink_to(place)
            log.warning("PostgreSQL's files are in %s: its account %s may not enter %s", place, account.name, directory)
        if account is not None:
            os.chown(link, account.uid, account.gid)
    if link.is_symlink():
        _origin(link.resolve()).write_text(str(directory))
    if (account is None and not os.access(link, os.W_OK)) or (account and not account.reaches(link)):
        raise ServerError(f"{link} is out of reach for its owner; remove {directory} to begin anew.")
    return link.resolve()


def remove_place(directory: Path) -> None:
    """The place is gone, wherever it was; its server must have been stopped."""
    link = directory / _NAME
    if link.is_symlink():
        shutil.rmtree(link.resolve(), ignore_errors=True)
        link.unlink()
        with contextlib.suppress(OSError):  # others have places there
            RELOCATED.rmdir()
    elif link.exists():
        shutil.rmtree(link)


def _relocate(directory: Path) -> Path:
    """An empty directory of this one's own under /var/lib/shangliang."""
    for attempt in itertools.count():
        name = f"{directory}#{attempt}" if attempt else str(directory)
        place = RELOCATED / hashlib.sha256(os.fsencode(name)).hexdigest()[:16]
        if place.exists():
            if _in_use(place):
                continue
            _clear(place)
        _make_parent()
        with contextlib.suppress(FileNotFoundError):  # the parent was removed with somebody else's last place
            place.mkdir(mode=0o700)
            return place
    raise AssertionError("unreachable")


def _make_parent() -> None:
    RELOCATED.mkdir(parents=True, exist_ok=True)
    RELOCATED.chmod(0o755)  # ours, and to be passed through whatever the caller's umask


def _origin(place: Path) -> Path:
    return place / "origin"


def _in_use(place: Path) -> bool:
    """Whether a directory links here: one that was moved since, or another checkout's."""
    origin = _origin(place)
    return origin.exists() and find_place(Path(origin.read_text())) == place.resolve()


def _clear(place: Path) -> None:
    """A place is gone whose directory was deleted, and with it the only password to its data."""
    for pid in processes.working_in(place.resolve()):
        processes.end(pid, signal.SIGQUIT, timeout_s=5)
    shutil.rmtree(place)
