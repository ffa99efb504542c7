from sqlalchemy import text

from services.core.errors import NotFound
from services.core.scope import subtree
from services.core.transaction import WriteTx
from services.divisions.models import Division

PROVINCE = text("SELECT number FROM division WHERE parent_number IS NULL ORDER BY number LIMIT 1")


async def province_number(tx: WriteTx) -> int:
    """Return the number of the province, over which somebody has a right who has it everywhere."""
    (province,) = await tx.run(PROVINCE)
    number: int = province.number
    return number


async def division_by_code(tx: WriteTx, code: str) -> Division:
    """Return the division with the code, padded or not. Raises InvalidInput for what is no code, NotFound."""
    found: Division | None = await tx.get(Division, subtree(code).lower)
    if found is None:
        raise NotFound("division", code, path=("division",))
    return found
