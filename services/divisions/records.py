from services.core.errors import NotFound
from services.core.scope import subtree
from services.core.transaction import WriteTx
from services.divisions.models import Division


async def division_by_code(tx: WriteTx, code: str) -> Division:
    """Return the division with the code, padded or not. Raises InvalidInput for what is no code, NotFound."""
    found: Division | None = await tx.get(Division, subtree(code).lower)
    if found is None:
        raise NotFound("division", code, path=("division",))
    return found
