from services.core.actor import Role
from services.core.codes import Code
from services.core.errors import ConstraintRefusal, DomainError, NotAllowed
from services.core.words import Words


class GrantPlaceInvalid(DomainError):
    """The role DEPARTMENT is given for a department, every other over a division."""

    code = Code.GRANT_PLACE_INVALID
    words = Words(
        "The role {role} is given for a division and no department.", "“{role}”角色按区划授予，不按责任单位授予。"
    )
    for_a_department = Words(
        "The role {role} is given for a department and no division.", "“{role}”角色按责任单位授予，不按区划授予。"
    )

    def __init__(self, role: Role) -> None:
        words = self.for_a_department if role is Role.DEPARTMENT else self.words
        super().__init__(words(role=role), path=("division",))


class OwnGrant(NotAllowed):
    """Nobody gives or takes their own rights."""

    code = Code.OWN_GRANT
    words = Words(
        "Nobody changes their own grants; ask somebody else with the right.",
        "不得更改本人的授权，请由其他有权限的人办理。",
    )

    def __init__(self) -> None:
        super().__init__(self.words, path=("subject",))


class GrantAbove(NotAllowed):
    """A role that runs or checks a place is given by who runs a place above it."""

    code = Code.GRANT_ABOVE
    words = Words(
        "The role {role} over division {division} is given by a SECRETARIAT of a division above it.",
        "区划{division}的“{role}”角色须由上级区划的政协办公室授予。",
    )

    def __init__(self, role: Role, division_code: str) -> None:
        super().__init__(self.words(role=role, division=division_code), path=("role",))


class GrantRevoked(DomainError):
    """The grant was taken back before."""

    code = Code.GRANT_REVOKED
    words = Words("This grant was revoked before.", "此授权此前已撤销。")

    def __init__(self) -> None:
        super().__init__(self.words, path=("grant",))


CONSTRAINTS = {
    "uq_revocation_token_id": ConstraintRefusal(
        Code.DUPLICATE_ID, Words("The token is revoked already.", "令牌已撤销。")
    ),
    "uq_revocation_subject": ConstraintRefusal(
        Code.DUPLICATE_ID, Words("The subject is blocked already.", "账号已停用。")
    ),
    "ck_revocation_token_or_subject": ConstraintRefusal(
        Code.INVALID_STATE, Words("A revocation names a token or a subject.", "撤销须指明令牌或账号。")
    ),
    "uq_role_grant_current": ConstraintRefusal(
        Code.ALREADY_GRANTED, Words("The subject has this role there already.", "该账号在此已有此角色。")
    ),
    "ck_role_grant_role": ConstraintRefusal(
        Code.INVALID_INPUT, Words("The role is not one that can be given.", "该角色不能授予。"), ("role",)
    ),
    "ck_role_grant_department_has_role": ConstraintRefusal(
        Code.GRANT_PLACE_INVALID,
        Words(
            "The role DEPARTMENT, and no other, is given for a department.",
            "只有责任单位角色按单位授予，其他角色不按单位授予。",
        ),
        ("department",),
    ),
    "ck_role_grant_revoked_by_somebody": ConstraintRefusal(
        Code.INVALID_STATE, Words("A revoked grant says by whom and when.", "已撤销的授权须注明撤销人和时间。")
    ),
}
