from services.core.codes import Code
from services.core.errors import ConstraintRefusal
from services.core.words import Words

CONSTRAINTS = {
    "pk_division": ConstraintRefusal(
        Code.DIVISION_CODE_TAKEN, Words("A division with this code exists.", "此代码的区划已存在。"), ("code",)
    ),
    "uq_division_code": ConstraintRefusal(
        Code.DIVISION_CODE_TAKEN, Words("A division with this code exists.", "此代码的区划已存在。"), ("code",)
    ),
    "ck_division_number_is_padded_code": ConstraintRefusal(
        Code.INVALID_STATE,
        Words("A division's number is its code padded to 12 digits.", "区划编号是补足12位的区划代码。"),
    ),
    "ck_division_upper_is_successor": ConstraintRefusal(
        Code.INVALID_STATE, Words("A division's range ends at the successor of its code.", "区划范围止于其代码的后继。")
    ),
    "ck_division_only_provinces_lack_parent": ConstraintRefusal(
        Code.INVALID_INPUT, Words("Every division but a province has a parent.", "除省外，每个区划都有上级。")
    ),
    "ck_division_level": ConstraintRefusal(
        Code.INVALID_INPUT, Words("The level is not one of a division's.", "不是区划的级别。"), ("level",)
    ),
    "ck_division_kind": ConstraintRefusal(
        Code.INVALID_INPUT, Words("The kind is not one of a division's.", "不是区划的性质。"), ("kind",)
    ),
}
