from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.core.tokens import LocalIssuer
from tests.live.busy.ground import Ground, fresh_directory, ground


@pytest.fixture(scope="module")
async def own(key: Path, issuer: LocalIssuer) -> AsyncIterator[Ground]:
    """A service over a server of its own, as an operator starts it; well whenever a test begins."""
    async with ground(fresh_directory(), key, issuer) as made:
        yield made
