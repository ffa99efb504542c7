from services.core.codes import Code
from services.core.errors import ConstraintRefusal, NotAllowed
from services.core.words import Words

CONSTRAINTS = {
    "ck_matter_answered_has_text": ConstraintRefusal(
        Code.INVALID_STATE,
        Words(
            "A matter that was answered or declined, and no other, says what was answered.",
            "已答复或不予受理的反映事项才有答复内容。",
        ),
    ),
    "ck_matter_answered_has_instant": ConstraintRefusal(
        Code.INVALID_STATE, Words("An answer has the instant of its giving.", "答复须有时间。")
    ),
    "ck_matter_accepted_has_instant": ConstraintRefusal(
        Code.INVALID_STATE,
        Words(
            "A matter that is no longer only raised has the instant of its acceptance.",
            "已受理的反映事项须有受理时间。",
        ),
    ),
    "ck_matter_listed_has_topic": ConstraintRefusal(
        Code.INVALID_STATE, Words("A listed matter, and no other, has a topic.", "已立项的反映事项才有议题。")
    ),
    "ck_matter_version_positive": ConstraintRefusal(
        Code.INVALID_STATE, Words("A matter's version starts at 1.", "反映事项版本号从1起。")
    ),
    "ck_matter_nature": ConstraintRefusal(
        Code.INVALID_INPUT, Words("The nature is not one of the list.", "不是所列的诉求性质。"), ("nature",)
    ),
    "ck_matter_raised_by": ConstraintRefusal(
        Code.INVALID_INPUT, Words("The part is not one of the list.", "不是所列的身份。"), ("raised_by",)
    ),
    "ck_matter_category": ConstraintRefusal(
        Code.INVALID_INPUT, Words("The category is not one of the list.", "不是所列的类别。"), ("category",)
    ),
    "ck_matter_status": ConstraintRefusal(
        Code.INVALID_STATE, Words("The state is not one of a matter's.", "不是反映事项的状态。")
    ),
    "fk_matter_division_number": ConstraintRefusal(
        Code.NOT_FOUND, Words("The division does not exist.", "区划不存在。")
    ),
}


class PartNotHeld(NotAllowed):
    """The caller has no grant at this place to speak in the part."""

    code = Code.PART_NOT_HELD
    words = Words(
        "You cannot raise this as {part}; your grants here: {held}.", "不能以“{part}”身份反映；您在此处的身份：{held}。"
    )

    def __init__(self, part: str, held: tuple[str, ...]) -> None:
        super().__init__(self.words(part=part, held=held), path=("raised_by",))
