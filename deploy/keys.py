"""Keys of an installation, in files that the settings name."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from deploy.servers.errors import ServerError
from services.core.errors import DomainError
from services.core.settings import Settings

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def anchor_key(settings: Settings) -> "Ed25519PrivateKey":
    """Return the key that signs anchors of the trace. Raises ServerError where its file has none."""
    from services.trace.anchors import load_key  # noqa: PLC0415 -- most commands sign no anchor

    path = settings.anchor_key_file or settings.state_dir / "keys" / "anchor.pem"
    with key_read("SHANGLIANG_ANCHOR_KEY_FILE", path):
        return load_key(path)


@contextmanager
def key_read(variable: str, path: Path) -> Iterator[None]:
    """Let a key that cannot be read or made be told by the variable that names its file. Raises ServerError."""
    try:
        yield
    except OSError as error:
        raise ServerError(f"{variable}: {path} cannot be read or made: {error.strerror}.") from error
    except (ValueError, DomainError) as error:
        raise ServerError(f"{variable}: {path} has no such key in PEM: {str(error).rstrip('.')}.") from error
