from collections.abc import Mapping, Sequence

from sqlalchemy import String, any_, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import col

from services.core.direct import rows_of
from services.core.errors import NotFound
from services.core.transaction import WriteTx
from services.departments.models import Department

BY_CODE = rows_of(Department).where(col(Department.code) == any_(bindparam("codes", type_=ARRAY(String))))


async def department_by_code(tx: WriteTx, code: str) -> Department:
    """Return the department with the code. Raises NotFound."""
    return known(await departments_by_code(tx, [code]), code)


async def departments_by_code(tx: WriteTx, codes: Sequence[str]) -> dict[str, Department]:
    """Return the departments that there are with the codes."""
    if not codes:
        return {}
    return {one.code: one for one in await tx.objects(Department, BY_CODE, {"codes": codes})}


def known(departments: Mapping[str, Department], code: str) -> Department:
    """Return one of the departments by its code. Raises NotFound."""
    if code not in departments:
        raise NotFound("department", code, path=("department",))
    return departments[code]
