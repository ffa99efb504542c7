"""Keys in files of their own, which are made where they are needed first."""

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def key_in(path: Path, make: Callable[[], bytes]) -> bytes:
    """Return what is in a file, made there (mode 0600) where there is none. Raises OSError."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")  # containers that share it may have one pid
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(make())
        with suppress(FileExistsError):  # the first process to get here wins; the others read its key
            os.link(draft, path)
        draft.unlink()
    return path.read_bytes()
