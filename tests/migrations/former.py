"""The release before the present code, as the repository's history has it."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from services.migrations.current import HEAD

PROJECT = Path(__file__).resolve().parents[2]
VERSIONS = "services/migrations/versions"
REVISION = re.compile(rf"{VERSIONS}/\d\w+\.py")
RELEASES = "v[0-9]*"
"""What tags of releases are called."""


class NoHistory(Exception):
    """There is no history here that a former release could be taken from; it says why."""


@dataclass(frozen=True)
class Former:
    """The newest release before this commit; while there is none, the newest commit with another head of migrations."""

    name: str
    released: bool
    head: str
    """The revision that its code works on."""


def unpack(commit: str, folder: Path) -> None:
    """A commit's files are in an empty folder. Raises CalledProcessError where there is no such commit."""
    archive = folder.with_suffix(".tar")
    git("archive", f"--output={archive}", commit)
    subprocess.run(["tar", "--extract", f"--file={archive}", f"--directory={folder}"], check=True)  # noqa: S603, S607 -- fixed command
    archive.unlink()


def find_former() -> Former:
    """Return the former release. Raises NoHistory outside of a clone, and in one without its whole history."""
    try:
        top = git("rev-parse", "--show-toplevel")
    except FileNotFoundError:
        raise NoHistory("git is not installed") from None
    except subprocess.CalledProcessError as error:
        raise NoHistory(error.stderr.strip()) from None
    if Path(top).resolve() != PROJECT:
        raise NoHistory(f"{PROJECT} is not the root of a clone")
    if git("rev-parse", "--is-shallow-repository") == "true":
        raise NoHistory("the clone is shallow; `git fetch --unshallow --tags` brings the rest of the history")
    tags = git("tag", "--merged=HEAD", "--no-contains=HEAD", "--sort=-version:refname", "--list", RELEASES).split()
    if tags:
        return Former(tags[0], released=True, head=head_of(tags[0]))
    added = git("log", "--max-count=1", "--diff-filter=A", "--format=%H", "--", f"{VERSIONS}/{HEAD}.py")
    try:
        name = git("rev-parse", "--short", f"{added}^" if added else "HEAD")
    except subprocess.CalledProcessError:
        raise NoHistory("the history begins with today's migrations") from None
    return Former(name, released=False, head=head_of(name))


def head_of(commit: str) -> str:
    """Return the newest revision of a commit's migrations."""
    names = git("ls-tree", "--name-only", commit, f"{VERSIONS}/").split()
    return max(Path(name).stem for name in names if REVISION.fullmatch(name))


def git(*words: str) -> str:
    """Return what a command of git prints."""
    done = subprocess.run(("git", *words), cwd=PROJECT, capture_output=True, text=True, check=True)  # noqa: S603, S607 -- this module's
    return done.stdout.strip()
