from sqlalchemy import select
from sqlmodel import col

from services.core.database import WriteTx
from services.core.errors import NotFound
from services.departments.models import Department


async def department_by_code(tx: WriteTx, code: str) -> Department:
    """Return the department with the code. Raises NotFound."""
    found = await tx.execute(select(Department).where(col(Department.code) == code))
    department: Department | None = found.scalar_one_or_none()
    if department is None:
        raise NotFound("department", code, path=("department",))
    return department
