from services.core.actor import Role
from services.core.errors import ConstraintRefusal, DomainError, NotAllowed


class GrantPlaceInvalid(DomainError):
    """The role DEPARTMENT is given for a department, every other over a division."""

    code = "GRANT_PLACE_INVALID"

    def __init__(self, role: Role) -> None:
        wanted = "a department and no division" if role is Role.DEPARTMENT else "a division and no department"
        super().__init__(f"The role {role} is given for {wanted}.", path=("division",))
        self.role = role


class OwnGrant(NotAllowed):
    """Nobody gives or takes their own rights."""

    code = "OWN_GRANT"

    def __init__(self) -> None:
        super().__init__("Nobody changes their own grants; ask somebody else with the right.", path=("subject",))


class GrantAbove(NotAllowed):
    """A role that runs or checks a place is given by who runs a place above it."""

    code = "GRANT_ABOVE"

    def __init__(self, role: Role, division_code: str) -> None:
        super().__init__(
            f"The role {role} over division {division_code} is given by a SECRETARIAT of a division above it.",
            path=("role",),
        )
        self.role = role
        self.division_code = division_code


class GrantRevoked(DomainError):
    """The grant was taken back before."""

    code = "GRANT_REVOKED"

    def __init__(self) -> None:
        super().__init__("This grant was revoked before.", path=("grant",))


CONSTRAINTS = {
    "uq_revocation_token_id": ConstraintRefusal("DUPLICATE_ID", "The token is revoked already."),
    "uq_revocation_subject": ConstraintRefusal("DUPLICATE_ID", "The subject is blocked already."),
    "ck_revocation_token_or_subject": ConstraintRefusal("INVALID_STATE", "A revocation names a token or a subject."),
    "uq_role_grant_current": ConstraintRefusal("ALREADY_GRANTED", "The subject has this role there already."),
    "ck_role_grant_role": ConstraintRefusal("INVALID_INPUT", "The role is not one that can be given.", ("role",)),
    "ck_role_grant_department_has_role": ConstraintRefusal(
        "GRANT_PLACE_INVALID", "The role DEPARTMENT, and no other, is given for a department.", ("department",)
    ),
    "ck_role_grant_revoked_by_somebody": ConstraintRefusal("INVALID_STATE", "A revoked grant says by whom and when."),
}
