from sqlalchemy import select
from sqlmodel import col

from services.core.database import WriteTx
from services.core.errors import NotFound
from services.departments.models import Department


async def department_by_code(tx: WriteTx, code: str) -> Department:
    """Return the department with the code. Raises NotFound."""
    department = await tx.scalar(select(Department).where(col(Department.code) == code))
    if department is None:
        raise NotFound("department", code, path=("department",))
    return department
