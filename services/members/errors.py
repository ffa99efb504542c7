from services.core.errors import ConstraintRefusal, DomainError, NotAllowed


class GroupOfAnotherCommittee(DomainError):
    """A member's liaison group is one of their own committee."""

    code = "GROUP_OF_ANOTHER_COMMITTEE"

    def __init__(self, group: str, committee: str) -> None:
        super().__init__(f"{group} is no liaison group of {committee}.", path=("liaison_group",))
        self.group = group
        self.committee = committee


class MemberNotLinked(NotAllowed):
    """A caller speaks as a member and is none."""

    code = "MEMBER_NOT_LINKED"

    def __init__(self) -> None:
        super().__init__(
            "The caller is linked to no member; the secretariat links them by linkMember.", path=("member",)
        )


class NotOwnMember(NotAllowed):
    """A member speaks for themselves alone."""

    code = "NOT_OWN_MEMBER"

    def __init__(self) -> None:
        super().__init__("The caller is another member; leave member out to speak for yourself.", path=("member",))


class MemberUnclear(DomainError):
    """A member of several committees does not say as which of them they speak."""

    code = "MEMBER_UNCLEAR"

    def __init__(self) -> None:
        super().__init__("The caller is a member of several committees; name one of theirs.", path=("member",))


class OwnLink(NotAllowed):
    """Nobody makes themselves a member."""

    code = "OWN_LINK"

    def __init__(self) -> None:
        super().__init__("Nobody links themselves to a member; ask somebody else with the right.", path=("subject",))


CONSTRAINTS = {
    "uq_committee_division_number": ConstraintRefusal(
        "COMMITTEE_EXISTS", "The division has a committee.", ("division",)
    ),
    "pk_liaison_group": ConstraintRefusal("DUPLICATE_ID", "A liaison group with this id exists."),
    "uq_member_committee_id_subject": ConstraintRefusal(
        "ALREADY_LINKED", "The subject is another member of the committee; unlink that one first.", ("subject",)
    ),
}
