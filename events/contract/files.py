"""The contract's files, and what of them is served. What is served needs nothing but the files."""

import json
from collections.abc import Mapping
from pathlib import Path

from events.contract.evolution import Contract

HOME = Path(__file__).parent.parent
RELEASED = HOME / "released.json"
"""The contract as last released; `make release-contract` writes it."""

ASYNCAPI = "asyncapi.yaml"
PAGE = "asyncapi.html"
SCHEMAS = "schemas"

Served = tuple[bytes, str]


def released_contract() -> Contract:
    """Return the contract as last released."""
    found: Contract = json.loads(RELEASED.read_bytes())
    return found


def asyncapi_text() -> str:
    """Return the AsyncAPI document as it is committed and served."""
    return (HOME / ASYNCAPI).read_text(encoding="utf-8")


def served_documents() -> Mapping[str, Served]:
    """Return the contents and media types of what is served, by path."""
    schemas = sorted((HOME / SCHEMAS).glob("*.json"))
    return {
        f"/{ASYNCAPI}": ((HOME / ASYNCAPI).read_bytes(), "application/yaml"),
        "/events": ((HOME / PAGE).read_bytes(), "text/html; charset=utf-8"),
        **{f"/{SCHEMAS}/{path.name}": (path.read_bytes(), "application/schema+json") for path in schemas},
    }
