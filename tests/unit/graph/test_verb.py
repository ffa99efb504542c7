"""A verb that does not fit its command is refused when it is declared."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
from strawberry import ID, UNSET

from graph.inputs.fields import bounded, input_type, refers_to
from graph.mutations.arguments import arguments_of
from graph.mutations.verb import verb
from graph.types.topics import Topic
from services.core.act import Act
from services.core.bounds import AGENDA, CODE, NOTE, POINTS
from services.core.errors import MalformedId
from services.core.ids import new_id, node_id


class Colour(StrEnum):
    RED = "RED"
    BLUE = "BLUE"


@dataclass(frozen=True, slots=True)
class Guest:
    member_id: UUID
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Worth:
    points: Decimal
    least: Decimal | None = None


@input_type()
class GuestInput:
    """Somebody who comes."""

    member: ID = refers_to("member")
    note: str | None = bounded(NOTE)


async def invite(
    act: Act,
    *,
    topic_id: UUID,
    session_ids: Sequence[UUID] = (),
    guests: tuple[Guest, ...],
    worth: Worth,
    colour: Colour,
    due_on: date | None,
) -> UUID:
    raise NotImplementedError


def fields(**changed: Any) -> type[Any]:
    """Return a class that fits `invite`, with fields of other types or, for None, without them."""
    annotations = {
        "topic": ID,
        "sessions": list[ID] | None,
        "guests": list[GuestInput],
        "points": float,
        "from_": float | None,
        "colour": Colour | None,
        "due_on": date | None,
    }
    declared = {
        "topic": refers_to("topic"),
        "sessions": refers_to("session", bound=AGENDA),
        "points": bounded(POINTS),
        "from_": bounded(POINTS, into="least"),
        "colour": Colour.BLUE,
    }
    taken = {name: type_ for name, type_ in {**annotations, **changed}.items() if type_ is not None}
    values = {name: value for name, value in declared.items() if name in taken}
    return type("Invite", (), {"__doc__": "Invite guests.", "__annotations__": taken, **values})


def test_arguments_are_made_of_an_inputs_fields() -> None:
    topic, session, member = new_id(), new_id(), new_id()
    declared = input_type()(fields())
    values = declared(
        topic=ID(node_id("topic", topic)),
        sessions=[ID(node_id("session", session))],
        guests=[GuestInput(member=ID(node_id("member", member)))],  # type: ignore[call-arg]
        points=0.1,
        colour=Colour.RED,
    )
    assert arguments_of("invite", declared, invite)(values, ()) == {
        "topic_id": topic,
        "session_ids": [session],
        "guests": (Guest(member, None),),
        "worth": Worth(Decimal("0.1"), None),
        "colour": Colour.RED,
        "due_on": None,
    }


@pytest.mark.parametrize("nothing", [None, UNSET])
def test_null_stands_for_the_default_of_the_field_or_of_the_parameter(nothing: object) -> None:
    declared = input_type()(fields())
    values = declared(
        topic=ID(node_id("topic", new_id())), sessions=nothing, guests=[], points=1.0, colour=nothing, due_on=nothing
    )
    made = arguments_of("invite", declared, invite)(values, ())
    assert (made["session_ids"], made["colour"], made["due_on"]) == ((), Colour.BLUE, None)


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"topic": "session_1"}, ("topic",)),
        ({"sessions": ["session_1"]}, ("sessions",)),
        ({"guests": [GuestInput(member=ID("member_1"))]}, ("guests", "member")),  # type: ignore[call-arg]
    ],
)
def test_a_malformed_id_is_refused_with_the_path_of_its_field(changed: dict[str, Any], path: tuple[str, ...]) -> None:
    declared = input_type()(fields())
    values = declared(**{"topic": node_id("topic", new_id()), "guests": [], "points": 1.0, **changed})
    with pytest.raises(MalformedId) as refused:
        arguments_of("invite", declared, invite)(values, ())
    assert refused.value.path == path


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"due_on": None}, "invite: no field gives the parameter due_on of invite"),
        ({"points": None}, "invite: no field gives the parameter points of Worth"),
        ({"reason": str}, "invite: invite has no parameter reason for the field reason"),
        ({"topic_id": str}, "invite: two fields give one parameter of invite: .*topic_id.*topic_id"),
        ({"due_on": str}, r"invite: the parameter due_on of invite takes .*date.*, the field due_on gives .*str"),
        ({"topic": ID | None}, "invite: the parameter topic_id of invite takes no null, the field topic may be null"),
        ({"topic": str}, "invite: the parameter topic_id of invite takes .*UUID.*, the field topic gives .*str"),
        ({"guests": list[str]}, "invite: the parameter guests of invite takes .*Guest.*, the field guests gives .*str"),
    ],
)
def test_a_verb_that_does_not_fit_its_command_is_refused(changed: dict[str, Any], words: str) -> None:
    with pytest.raises(TypeError, match=words):
        verb(invite, gives=Topic)(fields(**changed))


def test_a_nested_input_that_does_not_fit_is_refused_with_the_way_to_it() -> None:
    @input_type()
    class Unknown:
        """Somebody."""

        member: ID = refers_to("member")
        code: str = bounded(CODE)

    with pytest.raises(
        TypeError, match="invite: the parameter guests of invite: Guest has no parameter code for the field code"
    ):
        verb(invite, gives=Topic)(fields(guests=list[Unknown]))


def test_a_global_id_without_a_kind_is_refused() -> None:
    async def command(act: Act, *, topic: str) -> UUID:
        raise NotImplementedError

    declared = type("Open", (), {"__doc__": "Open.", "__annotations__": {"topic": ID}})
    with pytest.raises(
        TypeError, match=r"open: the parameter topic of command takes .*str.*, the field topic gives .*ID"
    ):
        verb(command, gives=Topic)(declared)
