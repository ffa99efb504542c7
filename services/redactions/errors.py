from services.core.codes import Code
from services.core.errors import ConstraintRefusal, DomainError, InvalidInput
from services.core.words import Words

CONSTRAINTS = {
    "pk_redaction": ConstraintRefusal(
        Code.CONFLICT, Words("The same was redacted at the same time.", "同一内容同时被更换。")
    ),
    "ck_redaction_field": ConstraintRefusal(
        Code.INVALID_STATE, Words("The field is not one that is redacted.", "该内容不能更换。")
    ),
    "ck_redaction_field_has_words": ConstraintRefusal(
        Code.INVALID_STATE,
        Words("What is redacted has other words; what is hidden has none.", "更换的内容须有替代文字，不公开的则无。"),
    ),
}


class NothingToRedact(InvalidInput):
    """Other words were given for a text that is not there."""

    code = Code.NOTHING_TO_REDACT
    words = Words(
        "There is no {field:field} that the public could read otherwise.", "没有可更换公开内容的{field:field}。"
    )

    def __init__(self, field: str, *, path: str) -> None:
        super().__init__(self.words(field=field), path=(path,))


class AlreadyHidden(DomainError):
    """A thing was to be hidden from the public that is hidden."""

    code = Code.ALREADY_HIDDEN
    words = Words("The {kind:thing} is hidden from the public already.", "{kind:thing}已不公开。")

    def __init__(self, kind: str) -> None:
        super().__init__(self.words(kind=kind), path=(kind,))


class NotHidden(DomainError):
    """A thing was to be shown again that was not hidden."""

    code = Code.NOT_HIDDEN
    words = Words(
        "The {kind:thing} is not hidden from the public; there is nothing to show again.",
        "{kind:thing}并未隐去，无需恢复公开。",
    )

    def __init__(self, kind: str) -> None:
        super().__init__(self.words(kind=kind), path=(kind,))
