"""Compression of answers, as Accept-Encoding allows (RFC 9110, 12.5.3)."""

import asyncio
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Protocol

import zstandard
from isal import igzip, isal_zlib

from graph.qualities import qualities

SMALLEST = 1_024
"""Answers of fewer bytes are sent uncompressed: they fit a packet."""

LARGE = 131_072
"""Answers of so many bytes are compressed in a thread: that takes longer than the switch to it."""

LEVEL = 1
"""The fastest level of both: an answer is made for one reader."""


def _zstd(body: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=LEVEL).compress(body)


def _gzip(body: bytes) -> bytes:
    return igzip.compress(body, LEVEL)


CODECS: Mapping[str, Callable[[bytes], bytes]] = {"gzip": _gzip, "zstd": _zstd}
"""By name; among equally preferred ones the first is taken."""


@lru_cache(maxsize=256)
def encoding(accept_encoding: str, codings: tuple[str, ...] = tuple(CODECS)) -> str | None:
    """Return the coding that the client prefers, of equal ones the first; None to send the answer uncompressed."""
    welcome = qualities(accept_encoding)
    others = welcome.get("*", 0.0)
    best = max(codings, key=lambda name: welcome.get(name, others))
    quality = welcome.get(best, others)
    return best if quality > 0 and quality >= welcome.get("identity", 0.0) else None


async def compressed(body: bytes, name: str) -> bytes:
    """Return a body compressed by a codec of CODECS."""
    codec = CODECS[name]
    return await asyncio.to_thread(codec, body) if len(body) >= LARGE else codec(body)


class Compressor(Protocol):
    """Compresses a stream part by part."""

    def compress(self, data: bytes, /) -> bytes:
        """Take a part in; return what is ready."""
        ...

    def flush(self) -> bytes:
        """Return the rest."""
        ...


GZIP_WINDOW = 31
"""The largest window of zlib's, with the header and trailer of gzip."""

COMPRESSORS: Mapping[str, Callable[[], Compressor]] = {
    "gzip": lambda: isal_zlib.compressobj(LEVEL, isal_zlib.DEFLATED, GZIP_WINDOW),
    "zstd": lambda: zstandard.ZstdCompressor(level=LEVEL).compressobj(),
}
"""The same codings for streams."""
