from graph.enums import DepartmentKind
from graph.inputs.fields import bounded
from graph.mutations.verb import verb
from graph.scalars import DivisionCode
from graph.types.departments import Department
from services.core.bounds import CODE, DEPARTMENT_CODE, NAME
from services.departments import commands


@verb(commands.register_department, gives=Department)
class RegisterDepartment:
    """Register a department (登记责任单位) with its channel."""

    code: str = bounded(DEPARTMENT_CODE)
    name: str = bounded(NAME)
    kind: DepartmentKind
    division: DivisionCode
    enabled: bool = True


@verb(commands.disable_channel, gives=Department)
class DisableDepartment:
    """Take a department's channel out of use (停用通道); its notices wait in their rows."""

    department: str = bounded(CODE)


@verb(commands.enable_channel, gives=Department)
class EnableDepartment:
    """Put a department's channel into use (启用通道); what waited is sent."""

    department: str = bounded(CODE)
