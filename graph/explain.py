"""What an operator sees of a query beside its data: the statement, its parameters' kinds, PostgreSQL's plan."""

import orjson

from services.core.actor import Actor, Role
from services.core.errors import Forbidden, Unauthenticated
from services.core.readers import ReadTx
from services.reads.refusals import Compiled


def check_may_explain(actor: Actor) -> None:
    """Raise Unauthenticated or Forbidden unless the caller is an operator of any place."""
    if actor.subject is None:
        raise Unauthenticated
    if not actor.scopes(frozenset({Role.OPERATOR})):
        raise Forbidden((Role.OPERATOR,), "any")


async def explained(reads: ReadTx, compiled: Compiled, actor: Actor) -> bytes:
    """Return `extensions.explain` as JSON. Values of parameters are not in it, nor in the plan, which is generic.

    Raises Unauthenticated, Forbidden for anybody but an operator.
    """
    check_may_explain(actor)
    plan = await reads.explain(compiled.sql, len(compiled.parameters))
    statement = {"sql": compiled.sql, "parameters": [parameter.sql_type for parameter in compiled.parameters]}
    return orjson.dumps({**statement, "plan": orjson.Fragment(plan)})
