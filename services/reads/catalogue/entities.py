from collections.abc import Mapping

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

ENTITIES: Mapping[str, Entity] = {
    (entity := completed(declared)).name: entity
    for module in MODULES
    for declared in vars(module).values()
    if isinstance(declared, Entity)
}
"""The entities that the modules declare, by name."""

NODES: Mapping[str, Entity] = {name: entity for name, entity in ENTITIES.items() if entity.prefix}
"""Entities that a global id can name."""
