from services.core.errors import ConstraintRefusal

CONSTRAINTS = {
    "pk_division": ConstraintRefusal("DIVISION_CODE_TAKEN", "A division with this code exists.", ("code",)),
    "uq_division_code": ConstraintRefusal("DIVISION_CODE_TAKEN", "A division with this code exists.", ("code",)),
    "ck_division_number_is_padded_code": ConstraintRefusal(
        "INVALID_STATE", "A division's number is its code padded to 12 digits."
    ),
    "ck_division_upper_is_successor": ConstraintRefusal(
        "INVALID_STATE", "A division's range ends at the successor of its code."
    ),
    "ck_division_only_provinces_lack_parent": ConstraintRefusal(
        "INVALID_INPUT", "Every division but a province has a parent."
    ),
    "ck_division_level": ConstraintRefusal("INVALID_INPUT", "The level is not one of a division's.", ("level",)),
    "ck_division_kind": ConstraintRefusal("INVALID_INPUT", "The kind is not one of a division's.", ("kind",)),
}
