from services.core.codes import Code
from services.core.errors import ConstraintRefusal, InvalidInput
from services.core.words import Words


class SearchTextEmpty(InvalidInput):
    """A text to look for has a character, a letter or a digit."""

    words = Words(
        "There is no word in the text to look for; it needs a character, a letter or a digit.",
        "搜索词中没有可查的内容，至少要有一个汉字、字母或数字。",
    )

    def __init__(self) -> None:
        super().__init__(self.words)


class SearchTextTooLong(InvalidInput):
    """A text to look for has a few words."""

    words = Words(
        "The text to look for has {length} characters, at most {most} are taken.", "搜索词有{length}字，最多{most}字。"
    )

    def __init__(self, length: int, most: int) -> None:
        super().__init__(self.words(length=length, most=most))


CONSTRAINTS = {
    "pk_search_document": ConstraintRefusal(
        Code.DUPLICATE_ID, Words("A search document with this id exists.", "此编号的搜索文档已存在。")
    ),
    "ck_search_document_kind": ConstraintRefusal(
        Code.INVALID_STATE, Words("The kind is not one that search finds.", "不在搜索范围之内。")
    ),
    "ck_search_document_has_words": ConstraintRefusal(
        Code.INVALID_STATE, Words("A search document has a title or a text.", "搜索文档须有标题或正文。")
    ),
    "fk_search_document_division_number": ConstraintRefusal(
        Code.NOT_FOUND, Words("The division does not exist.", "区划不存在。")
    ),
}
