from services.core.errors import ConstraintRefusal

COUNTED_AT_ONCE = ConstraintRefusal("CONFLICT", "The same place was counted at the same time; try again.")

CONSTRAINTS = dict.fromkeys(("pk_tally", "pk_resolution_tally", "pk_due_tally", "pk_platform_tally"), COUNTED_AT_ONCE)
