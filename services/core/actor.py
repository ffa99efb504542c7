"""Who is asking: a subject with grants. A grant is (role, division subtree or department)."""

from dataclasses import dataclass

from services.core.choices import Choice
from services.core.errors import Forbidden, Unauthenticated
from services.core.scope import EVERYWHERE, NOWHERE, Scope, division_code, subtree


class Role(Choice):
    """角色: what a grant allows.

    Over which divisions, or for which department, is the other half of the grant.
    """

    RESIDENT = "RESIDENT", "居民", "Resident", "Raises matters, and says whether they were settled."
    MEMBER = "MEMBER", "委员", "Member", "Proposes topics and adds opinions."
    CADRE = "CADRE", "干部", "Cadre", "Staff: runs a platform's matters, topics and sessions."
    SECRETARIAT = "SECRETARIAT", "政协办公室", "Secretariat", "Staff: runs plans and the registry too, and gives roles."
    APPROVER = "APPROVER", "审批人", "Approver", "Approves annual plans."
    DEPARTMENT = "DEPARTMENT", "责任单位", "Department", "Works on its own commitments."
    OPERATOR = "OPERATOR", "运维人员", "Operator", "Runs the departments' deliveries."
    AUDITOR = "AUDITOR", "审计人员", "Auditor", "Sees what staff sees and changes nothing."


ACTS = (Role.CADRE, Role.SECRETARIAT)
"""Roles that act for the platforms of their subtree: its staff."""
SEES = frozenset({*ACTS, Role.APPROVER, Role.AUDITOR})
"""Roles that see what is not yet published in their subtree."""

RUNS_DELIVERIES = (Role.SECRETARIAT, Role.OPERATOR)
"""Roles that run the channels of their subtree's departments and what waits for them."""
SEES_DELIVERIES = frozenset({*RUNS_DELIVERIES, Role.AUDITOR})
"""Roles that see the delivery log of their subtree."""

WRITES = frozenset(Role) - {Role.AUDITOR}
"""Roles that change something in their subtree."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role over a division's subtree (`within`) or for a department's code; without either it covers nothing.

    `everywhere` is for who acts at the command line: neither a token nor a row gives it.
    """

    role: Role
    within: str | None = None
    department: str | None = None
    everywhere: bool = False

    @property
    def scope(self) -> Scope:
        """The subtree that the grant covers."""
        if self.everywhere:
            return EVERYWHERE
        return subtree(self.within) if self.within else NOWHERE


@dataclass(frozen=True, slots=True)
class Actor:
    """The caller. Without a subject it is anonymous and has no grants."""

    subject: str | None = None
    grants: tuple[Grant, ...] = ()

    @classmethod
    def system(cls, part: str) -> "Actor":
        """Return a part of the platform that acts by itself."""
        return cls(f"system:{part}")

    @classmethod
    def of_department(cls, code: str) -> "Actor":
        """Return a department that replies to what it was told."""
        return cls(f"department:{code}")

    def scopes(self, roles: frozenset[Role]) -> tuple[Scope, ...]:
        """Return the subtrees over which the caller holds one of the roles."""
        held = {g.scope for g in self.grants if g.role in roles and g.department is None}
        return tuple(sorted(held - {NOWHERE}))

    def departments(self) -> tuple[str, ...]:
        """Return the codes of the departments that the caller acts for."""
        return tuple(sorted({g.department for g in self.grants if g.role is Role.DEPARTMENT and g.department}))

    def holds(self, division_number: int, *roles: Role) -> bool:
        """Tell whether the caller has one of the roles over the division."""
        return any(division_number in scope for scope in self.scopes(frozenset(roles)))

    def require(self, division_number: int, *roles: Role) -> Role:
        """Return the role, the first of those given, that the caller has over the division.

        Raises Unauthenticated for an anonymous caller, Forbidden for one whose grants do not cover it.
        """
        if self.subject is None:
            raise Unauthenticated
        for role in roles:
            if any(division_number in scope for scope in self.scopes(frozenset({role}))):
                return role
        raise Forbidden(roles, division_code(division_number))

    def require_department(self, code: str, division_number: int, *roles: Role) -> Role:
        """Return the role of a caller who acts for the department, or on its behalf by one over the division.

        Raises Unauthenticated, Forbidden.
        """
        return Role.DEPARTMENT if code in self.departments() else self.require(division_number, *roles)


ANONYMOUS = Actor()
