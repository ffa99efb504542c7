from services.core.codes import Code
from services.core.errors import ConstraintRefusal
from services.core.words import Words

CONSTRAINTS = {
    "uq_department_code": ConstraintRefusal(
        Code.DEPARTMENT_CODE_TAKEN, Words("A department with this code exists.", "此代码的责任单位已存在。"), ("code",)
    ),
    "ck_department_kind": ConstraintRefusal(
        Code.INVALID_INPUT, Words("The kind is not one of a department's.", "不是责任单位的类别。"), ("kind",)
    ),
    "pk_department_channel": ConstraintRefusal(
        Code.DUPLICATE_ID, Words("The department has a channel already.", "责任单位已有通道。")
    ),
    "ck_department_channel_pauses_not_negative": ConstraintRefusal(
        Code.INVALID_STATE, Words("Pauses are 0 or more.", "暂停次数不小于0。")
    ),
    "fk_department_channel_department_id": ConstraintRefusal(
        Code.NOT_FOUND, Words("The department does not exist.", "责任单位不存在。")
    ),
}
