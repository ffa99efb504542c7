"""The built files of pages as they are sent: types, tags, compressed once."""

import gzip
import re
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import zstandard

PAGE = "index.html"
HASHED = re.compile(r"-(?:[0-9A-Z]{8}|[0-9a-f]{8})\.\w+$")
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
ZSTD_LEVEL = 19
"""What is compressed once and sent often is worth the time."""


@dataclass(frozen=True)
class Asset:
    """A file of a page."""

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
    def gzip(self) -> bytes:
        """The content by gzip, compressed when first asked for."""
        return gzip.compress(self.content, mtime=0)

    @cached_property
    def zstd(self) -> bytes:
        """The content by zstd, compressed when first asked for."""
        return zstandard.ZstdCompressor(level=ZSTD_LEVEL).compress(self.content)

    def compressed(self, name: str) -> bytes:
        """Return the content by gzip or zstd."""
        return self.zstd if name == "zstd" else self.gzip


def read_assets(folder: Path) -> dict[str, Asset]:
    """Return the files of a folder by name. Raises FileNotFoundError where they were not built."""
    return {path.name: Asset(path.name, path.read_bytes()) for path in folder.iterdir()}
