from services.core.errors import ConstraintRefusal, DomainError, InvalidInput

CONSTRAINTS = {
    "pk_redaction": ConstraintRefusal("CONFLICT", "The same was redacted at the same time."),
    "ck_redaction_field": ConstraintRefusal("INVALID_STATE", "The field is not one that is redacted."),
    "ck_redaction_field_has_words": ConstraintRefusal(
        "INVALID_STATE", "What is redacted has other words; what is hidden has none."
    ),
}


class NothingToRedact(InvalidInput):
    """Other words were given for a text that is not there."""

    code = "NOTHING_TO_REDACT"

    def __init__(self, field: str, *, path: str) -> None:
        super().__init__(f"There is no {field} that the public could read otherwise.", path=(path,))
        self.field = field


class AlreadyHidden(DomainError):
    """A thing was to be hidden from the public that is hidden."""

    code = "ALREADY_HIDDEN"

    def __init__(self, kind: str) -> None:
        super().__init__(f"The {kind} is hidden from the public already.", path=(kind,))
        self.kind = kind


class NotHidden(DomainError):
    """A thing was to be shown again that was not hidden."""

    code = "NOT_HIDDEN"

    def __init__(self, kind: str) -> None:
        super().__init__(f"The {kind} is not hidden from the public; there is nothing to show again.", path=(kind,))
        self.kind = kind
