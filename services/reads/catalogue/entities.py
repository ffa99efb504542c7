from collections.abc import Mapping

from services.core.tables import table_of
from services.reads.catalogue import (
    access,
    centers,
    departments,
    divisions,
    duty,
    events,
    matters,
    members,
    outcomes,
    plans,
    platforms,
    root,
    search,
    sessions,
    statistics,
    topics,
    trace,
)
from services.reads.catalogue.shape import Entity
from services.reads.catalogue.stored import completed

MODULES = (
    *(root, access, divisions, members, centers, platforms, matters, plans, topics, events, trace),
    *(sessions, outcomes, duty, departments, search, statistics),
)
"""In the order in which statements try the entities that a global id may name."""

DECLARED = [entity for module in MODULES for entity in vars(module).values() if isinstance(entity, Entity)]
TABLES = {entity.name: table_of(entity.model) for entity in DECLARED if entity.model is not None}

ENTITIES: Mapping[str, Entity] = {entity.name: completed(entity, TABLES) for entity in DECLARED}
"""All entities, by name."""

NODES: Mapping[str, Entity] = {name: entity for name, entity in ENTITIES.items() if entity.prefix}
"""Entities that a global id can name."""
