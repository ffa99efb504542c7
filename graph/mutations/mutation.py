from strawberry.tools import create_type

from graph.mutations import (
    access,
    centers,
    commitments,
    conversions,
    corrections,
    departments,
    duty,
    followups,
    matters,
    members,
    notices,
    outcomes,
    plans,
    platforms,
    redactions,
    sessions,
    topics,
)
from graph.mutations.verb import mutations

MODULES = (
    matters,
    topics,
    plans,
    sessions,
    outcomes,
    commitments,
    conversions,
    followups,
    corrections,
    redactions,
    platforms,
    members,
    departments,
    centers,
    duty,
    notices,
    access,
)
"""What declares verbs, in the schema's order."""

Mutation = create_type(
    "Mutation",
    [field for module in MODULES for field in mutations(module)],
    description="The verbs: each does one thing in one transaction and gives it back, or says why not.",
)
