from services.core.errors import ConstraintRefusal, InvalidInput


class SearchTextEmpty(InvalidInput):
    """A text to look for has a character, a letter or a digit."""

    code = "SEARCH_TEXT_EMPTY"

    def __init__(self) -> None:
        super().__init__("There is no word in the text to look for; it needs a character, a letter or a digit.")


class SearchTextTooLong(InvalidInput):
    """A text to look for has a few words."""

    code = "SEARCH_TEXT_TOO_LONG"

    def __init__(self, length: int, most: int) -> None:
        super().__init__(f"The text to look for has {length} characters, at most {most} are taken.")
        self.length = length
        self.most = most


CONSTRAINTS = {
    "pk_search_document": ConstraintRefusal("DUPLICATE_ID", "A search document with this id exists."),
    "ck_search_document_kind": ConstraintRefusal("INVALID_STATE", "The kind is not one that search finds."),
    "ck_search_document_has_words": ConstraintRefusal("INVALID_STATE", "A search document has a title or a text."),
    "fk_search_document_division_number": ConstraintRefusal("NOT_FOUND", "The division does not exist."),
}
