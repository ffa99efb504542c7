from services.core.errors import ConstraintRefusal

CONSTRAINTS = {
    "pk_committee": ConstraintRefusal("DUPLICATE_ID", "A committee with this id exists."),
    "uq_committee_division_number": ConstraintRefusal(
        "COMMITTEE_EXISTS", "The division has a committee.", ("division",)
    ),
    "fk_committee_division_number": ConstraintRefusal("NOT_FOUND", "The division does not exist.", ("division",)),
    "pk_liaison_group": ConstraintRefusal("DUPLICATE_ID", "A liaison group with this id exists."),
    "fk_liaison_group_committee_id": ConstraintRefusal("NOT_FOUND", "The committee does not exist.", ("committee",)),
    "fk_liaison_group_division_number": ConstraintRefusal("NOT_FOUND", "The division does not exist.", ("division",)),
    "pk_member": ConstraintRefusal("DUPLICATE_ID", "A member with this id exists."),
    "fk_member_committee_id": ConstraintRefusal("NOT_FOUND", "The committee does not exist.", ("committee",)),
    "fk_member_liaison_group_id": ConstraintRefusal(
        "NOT_FOUND", "The liaison group does not exist.", ("liaison_group",)
    ),
    "fk_member_division_number": ConstraintRefusal("NOT_FOUND", "The division does not exist.", ("division",)),
}
