from services.core.errors import ConstraintRefusal

CONSTRAINTS = {
    "uq_department_code": ConstraintRefusal("DEPARTMENT_CODE_TAKEN", "A department with this code exists.", ("code",)),
    "ck_department_kind": ConstraintRefusal("INVALID_INPUT", "The kind is not one of a department's.", ("kind",)),
    "pk_department_channel": ConstraintRefusal("DUPLICATE_ID", "The department has a channel already."),
    "ck_department_channel_pauses_not_negative": ConstraintRefusal("INVALID_STATE", "Pauses are 0 or more."),
    "fk_department_channel_department_id": ConstraintRefusal("NOT_FOUND", "The department does not exist."),
}
