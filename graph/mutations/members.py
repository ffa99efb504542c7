from strawberry import ID

from graph.inputs.fields import bounded, refers_to
from graph.mutations.verb import verb
from graph.types.divisions import Member
from services.core.bounds import NAME, SUBJECT
from services.members import commands


@verb(commands.seat_member, gives=Member)
class SeatMember:
    """Seat a member (增补政协委员) in a committee and its liaison group."""

    committee: ID = refers_to("committee")
    liaison_group: ID | None = refers_to("liaisongroup")
    name: str = bounded(NAME)
    sector: str = bounded(NAME)


@verb(commands.link_member, gives=Member)
class LinkMember:
    """Say who signs in as a member (关联委员账号): with the role MEMBER they see their own duty."""

    member: ID = refers_to("member")
    subject: str | None = bounded(SUBJECT, "The `sub` of the member's tokens; nobody where left out.", private=True)
