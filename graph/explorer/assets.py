"""The built files as they are sent: types, tags, compressed once."""

import gzip
import re
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

STATIC = Path(__file__).parent / "static"
PAGE = "index.html"
HASHED = re.compile(r"-[0-9A-Z]{8}\.\w+$")
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True)
class Asset:
    """A file of the explorer."""

    name: str
    content: bytes

    @property
    def media_type(self) -> str:
        """Its media type, with the charset of texts."""
        return TYPES[Path(self.name).suffix]

    @property
    def lasting(self) -> bool:
        """True where the name carries a hash of the content: it will never mean anything else."""
        return bool(HASHED.search(self.name))

    @cached_property
    def tag(self) -> str:
        """An entity tag, the same for the content as it is and compressed."""
        return f'W/"{sha256(self.content).hexdigest()[:32]}"'

    @cached_property
    def compressed(self) -> bytes:
        """The content by gzip, compressed when first asked for."""
        return gzip.compress(self.content, mtime=0)


def read_assets(folder: Path = STATIC) -> dict[str, Asset]:
    """Return the explorer's files by name. Raises FileNotFoundError where it was not built."""
    return {path.name: Asset(path.name, path.read_bytes()) for path in folder.iterdir()}
