import gzip
from typing import Any

import pytest
import zstandard

from graph.http.encodings import LARGE, SMALLEST
from tests.graph.api import Api

LONG = "{ platforms(first: 100) { nodes { id name } } }"
VERY_LONG = """{ topics(first: 100) { nodes { ...T again: platform { topics(first: 5) { nodes { ...T } } } } } }
  fragment T on Topic { id title summary platform { name division { name parent { name } } }
    involvements { since department { id name code } } }"""
SHORT = '{ division(code: "14") { name } }'


async def raw(api: Api, query: str, accept: str | None) -> tuple[str | None, bytes, dict[str, Any]]:
    """Return an answer's coding, its bytes as they came and its headers."""
    api.http.headers.pop("Accept-Encoding", None)
    headers = {} if accept is None else {"Accept-Encoding": accept}
    async with api.http.stream("POST", "/graphql", json={"query": query}, headers=headers) as response:
        content = b"".join([part async for part in response.aiter_raw()])
    assert response.status_code == 200
    return response.headers.get("content-encoding"), content, dict(response.headers)


@pytest.mark.parametrize(
    ("accept", "coding"),
    [
        ("gzip", "gzip"),
        ("zstd", "zstd"),
        ("GZIP", "gzip"),
        ("gzip, deflate, br", "gzip"),
        ("gzip;q=0.5, zstd;q=0.8", "zstd"),
        ("zstd;q=0.5, gzip ; q=0.8", "gzip"),
        ("gzip;q=0, zstd", "zstd"),
        ("gzip;q=0.0, *", "zstd"),
        ("*", "gzip"),
        ("br, *;q=0.1", "gzip"),
        ("identity, gzip;q=0.5", None),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("identity;q=0, gzip", "gzip"),
        ("identity", None),
        ("deflate, br", None),
        ("gzip;q=0", None),
        ("gzip;q=0, zstd;q=0", None),
        ("*;q=0", None),
        ("gzip;q=much", None),
        ("", None),
    ],
)
async def test_accept_encoding_chooses_the_coding(api: Api, accept: str, coding: str | None) -> None:
    found, _, headers = await raw(api, LONG, accept)
    assert found == coding
    assert headers["vary"] == "Accept, Accept-Encoding, Authorization"


@pytest.mark.parametrize("query", [LONG, VERY_LONG])
async def test_every_coding_decodes_to_the_same_bytes(api: Api, query: str) -> None:
    _, plain, headers = await raw(api, query, None)
    assert len(plain) == int(headers["content-length"]) > (LARGE if query is VERY_LONG else SMALLEST)
    for coding, decoded in (("gzip", gzip.decompress), ("zstd", zstandard.ZstdDecompressor().decompress)):
        found, content, headers = await raw(api, query, coding)
        assert (found, int(headers["content-length"])) == (coding, len(content))
        assert len(content) < len(plain)
        assert decoded(content) == plain


@pytest.mark.parametrize("accept", ["gzip", "zstd", "*"])
async def test_short_answers_go_as_they_are(api: Api, accept: str) -> None:
    coding, content, headers = await raw(api, SHORT, accept)
    assert (coding, content) == (None, '{"data":{"division":{"name":"山西省"}}}'.encode())
    assert headers["vary"] == "Accept, Accept-Encoding, Authorization"
