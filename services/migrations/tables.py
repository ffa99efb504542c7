"""Every table of the project, and what the violation of each constraint means: collected from the rooms of services."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType

from sqlmodel import SQLModel

import services
from services.core.errors import ConstraintRefusal
from services.core.history import refusals_of_histories
from services.core.idempotency import CONSTRAINTS as IDEMPOTENCY
from services.core.keys import CONSTRAINTS as KEYS
from services.core.tables import bound_times, refusals_of_bounds, refusals_of_keys


def rooms(module: str) -> Iterator[ModuleType]:
    """Yield the modules of a name in the rooms that have tables."""
    for path in sorted(Path(services.__file__).parent.glob("*/models.py")):
        yield import_module(f"services.{path.parent.name}.{module}")


MODELS = [*rooms("models")]

metadata = SQLModel.metadata
bound_times(metadata)

REFUSALS: Mapping[str, ConstraintRefusal] = {
    **refusals_of_keys(metadata),
    **refusals_of_histories(metadata),
    **IDEMPOTENCY,
    **KEYS,
    **{name: refusal for errors in rooms("errors") for name, refusal in errors.CONSTRAINTS.items()},
    **refusals_of_bounds(metadata),
}
"""What the violation of each of the database's constraints means."""
