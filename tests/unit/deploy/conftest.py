from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.unit.deploy.place import COMPOSE


@pytest.fixture(scope="package")
def compose() -> dict[str, Any]:
    """What docker-compose.yml says."""
    loaded: dict[str, Any] = YAML(typ="safe").load(COMPOSE)
    return loaded
