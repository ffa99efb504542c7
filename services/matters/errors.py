from services.core.errors import ConstraintRefusal, NotAllowed

CONSTRAINTS = {
    "ck_matter_answered_has_text": ConstraintRefusal(
        "INVALID_STATE", "A matter that was answered or declined, and no other, says what was answered."
    ),
    "ck_matter_answered_has_instant": ConstraintRefusal("INVALID_STATE", "An answer has the instant of its giving."),
    "ck_matter_accepted_has_instant": ConstraintRefusal(
        "INVALID_STATE", "A matter that is no longer only raised has the instant of its acceptance."
    ),
    "ck_matter_listed_has_topic": ConstraintRefusal("INVALID_STATE", "A listed matter, and no other, has a topic."),
    "ck_matter_version_positive": ConstraintRefusal("INVALID_STATE", "A matter's version starts at 1."),
    "ck_matter_nature": ConstraintRefusal("INVALID_INPUT", "The nature is not one of the list.", ("nature",)),
    "ck_matter_raised_by": ConstraintRefusal("INVALID_INPUT", "The part is not one of the list.", ("raised_by",)),
    "ck_matter_category": ConstraintRefusal("INVALID_INPUT", "The category is not one of the list.", ("category",)),
    "ck_matter_status": ConstraintRefusal("INVALID_STATE", "The state is not one of a matter's."),
    "fk_matter_division_number": ConstraintRefusal("NOT_FOUND", "The division does not exist."),
}


class PartNotHeld(NotAllowed):
    """The caller has no grant at this place to speak in the part."""

    code = "PART_NOT_HELD"

    def __init__(self, part: str, held: tuple[str, ...]) -> None:
        super().__init__(f"You cannot raise this as {part}; your grants here: {', '.join(held)}.", path=("raised_by",))
        self.part = part
        self.held = held
