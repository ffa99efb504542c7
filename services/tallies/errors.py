from services.core.errors import ConstraintRefusal

CONSTRAINTS = {
    "pk_county_tally": ConstraintRefusal("CONFLICT", "The county's year was counted at the same time."),
    "pk_conversion_tally": ConstraintRefusal("CONFLICT", "The county's conversions were counted at the same time."),
    "pk_due_tally": ConstraintRefusal("CONFLICT", "The county's month was counted at the same time."),
    "pk_platform_tally": ConstraintRefusal("CONFLICT", "The county's platforms were counted at the same time."),
    "pk_resolution_tally": ConstraintRefusal("CONFLICT", "A place's resolved topics were counted at the same time."),
    "pk_satisfaction_tally": ConstraintRefusal("CONFLICT", "The county's follow-ups were counted at the same time."),
}
