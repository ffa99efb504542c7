from services.core.codes import Code
from services.core.errors import ConstraintRefusal, DomainError, NotAllowed
from services.core.words import Words


class GroupOfAnotherCommittee(DomainError):
    """A member's liaison group is one of their own committee."""

    code = Code.GROUP_OF_ANOTHER_COMMITTEE
    words = Words("{group} is no liaison group of {committee}.", "{group}不是{committee}的联络组。")

    def __init__(self, group: str, committee: str) -> None:
        super().__init__(self.words(group=group, committee=committee), path=("liaison_group",))


class MemberNotLinked(NotAllowed):
    """A caller speaks as a member and is none."""

    code = Code.MEMBER_NOT_LINKED
    words = Words(
        "The caller is linked to no member; the secretariat links them by linkMember.",
        "您的账号未关联委员，请由政协办公室用linkMember关联。",
    )

    def __init__(self) -> None:
        super().__init__(self.words, path=("member",))


class NotOwnMember(NotAllowed):
    """A member speaks for themselves alone."""

    code = Code.NOT_OWN_MEMBER
    words = Words(
        "The caller is another member; leave member out to speak for yourself.",
        "您不是该委员；以本人身份发言请不填委员。",
    )

    def __init__(self) -> None:
        super().__init__(self.words, path=("member",))


class MemberUnclear(DomainError):
    """A member of several committees does not say as which of them they speak."""

    code = Code.MEMBER_UNCLEAR
    words = Words(
        "The caller is a member of several committees; name one of theirs.", "您是多个委员会的委员，请指明其中之一。"
    )

    def __init__(self) -> None:
        super().__init__(self.words, path=("member",))


class OwnLink(NotAllowed):
    """Nobody makes themselves a member."""

    code = Code.OWN_LINK
    words = Words(
        "Nobody links themselves to a member; ask somebody else with the right.",
        "不得为本人关联委员，请由其他有权限的人办理。",
    )

    def __init__(self) -> None:
        super().__init__(self.words, path=("subject",))


CONSTRAINTS = {
    "uq_committee_division_number": ConstraintRefusal(
        Code.COMMITTEE_EXISTS, Words("The division has a committee.", "该区划已有政协委员会。"), ("division",)
    ),
    "pk_liaison_group": ConstraintRefusal(
        Code.DUPLICATE_ID, Words("A liaison group with this id exists.", "此编号的联络组已存在。")
    ),
    "uq_member_committee_id_subject": ConstraintRefusal(
        Code.ALREADY_LINKED,
        Words(
            "The subject is another member of the committee; unlink that one first.",
            "该账号已关联本委员会的另一委员，请先解除关联。",
        ),
        ("subject",),
    ),
}
