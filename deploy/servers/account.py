"""The unprivileged account a server runs under when the caller is root, which PostgreSQL refuses to be."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from deploy.servers.errors import ServerError


class Credentials(TypedDict, total=False):
    """The part of subprocess.Popen's arguments that sets who the child is."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """An existing user of the system; none is ever added."""

    name: str
    uid: int
    gid: int

    def reaches(self, path: Path) -> bool:
        """Whether the mode bits let the account enter the path's parents and read (and enter or run) the path.

        Supplementary groups do not count: the server runs without any.
        """
        target = path.resolve()
        parents_open = all(self._has(parent, stat.S_IXOTH) for parent in target.parents)
        return parents_open and target.exists() and self._has(target, stat.S_IROTH | stat.S_IXOTH)

    def _has(self, path: Path, bits: int) -> bool:
        """Whether the account's own triple of the mode has the bits, given as those of all others."""
        found = path.stat()
        if found.st_uid == self.uid:
            wanted = bits << 6
        elif found.st_gid == self.gid:
            wanted = bits << 3
        else:
            wanted = bits
        return found.st_mode & wanted == wanted


def account_for(place: Path) -> Account | None:
    """The account to run the server of this place under; None means the caller's own.

    Data that is there decides: the server runs as its owner. Otherwise root takes `postgres`, else `nobody`.
    """
    if os.geteuid() != 0:
        return None
    if place.exists() and (owner := place.stat().st_uid) != 0:
        return _account(pwd.getpwuid(owner))
    for name in ("postgres", "nobody"):
        try:
            return _account(pwd.getpwnam(name))
        except KeyError:
            continue
    raise ServerError("PostgreSQL does not run as root, and neither the user postgres nor nobody exists here.")


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def credentials(account: Account | None) -> Credentials:
    """Popen's arguments that make the child run under the account, with no group but the account's first."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}
