from services.core.errors import ConstraintRefusal

CONSTRAINTS = {
    "ck_platform_code_form": ConstraintRefusal("INVALID_INPUT", "A code has capitals, digits and hyphens.", ("code",)),
    "pk_brand": ConstraintRefusal("DUPLICATE_ID", "A brand with this id exists."),
    "uq_brand_division_number_name": ConstraintRefusal(
        "BRAND_NAME_TAKEN", "The division has a brand of this name.", ("name",)
    ),
    "fk_brand_division_number": ConstraintRefusal("NOT_FOUND", "The division does not exist.", ("division",)),
    "pk_platform": ConstraintRefusal("DUPLICATE_ID", "A platform with this id exists."),
    "uq_platform_code": ConstraintRefusal("PLATFORM_CODE_TAKEN", "A platform with this code exists.", ("code",)),
    "ck_platform_only_general_lacks_parent": ConstraintRefusal(
        "INVALID_INPUT", "Every platform but a general one has a parent.", ("parent",)
    ),
    "ck_platform_closed_after_opened": ConstraintRefusal(
        "INVALID_INPUT", "A platform closes after it opened.", ("closed_on",)
    ),
    "ck_platform_tier": ConstraintRefusal("INVALID_INPUT", "A tier is GENERAL, SUB or MICRO.", ("tier",)),
    "ck_platform_kind": ConstraintRefusal("INVALID_INPUT", "The kind is not one of a platform's.", ("kind",)),
    "ex_platform_one_general_at_a_time": ConstraintRefusal(
        "GENERAL_PLATFORM_EXISTS", "The division has a general platform at that time.", ("tier",)
    ),
    "fk_platform_brand_id": ConstraintRefusal("NOT_FOUND", "The brand does not exist.", ("brand",)),
    "fk_platform_division_number": ConstraintRefusal("NOT_FOUND", "The division does not exist.", ("division",)),
    "fk_platform_parent_id": ConstraintRefusal("NOT_FOUND", "The parent does not exist.", ("parent",)),
    "fk_platform_liaison_group_id": ConstraintRefusal(
        "NOT_FOUND", "The liaison group does not exist.", ("liaison_group",)
    ),
}
