"""Every field of every verb's input, at its ends and beyond: refused with its path, or read back as it was written."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from graphql import get_named_type, is_leaf_type
from graphql import get_nullable_type as nullable
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.schema import Schema
from services.core.bounds import Text, Whole
from services.core.words import Language
from tests.graph.ends.inputs import Place, edges, holding, is_beyond, places, verbs
from tests.graph.ends.office import Office

DONE = 40
"""How many verbs at least are done, so that what they read back is seen."""
EQUAL_ENOUGH = {"sha256": str.lower}
"""Fields that are kept in one form of several that say the same."""


def every_place(schema: Schema) -> list[Place]:
    return [place for verb, type_ in verbs(schema.core).items() for place in places(verb, type_)]


def test_every_number_text_and_list_of_an_input_has_a_bound(schema: Schema) -> None:
    free = {
        str(place)
        for place in every_place(schema)
        if place.bound is None and (place.type_name in {"String", "Int", "Float"} or place.is_list)
    }
    assert free == set()


def test_every_bound_stands_in_its_description(schema: Schema) -> None:
    for verb, type_ in verbs(schema.core).items():
        for place in places(verb, type_):
            if place.bound is not None:
                holder = type_
                for step in place.path[:-1]:
                    holder = get_named_type(holder.fields[step].type)
                said = holder.fields[place.path[-1]].description or ""
                assert place.bound.words.told(Language.ENGLISH)[1:] in said, place


async def hold(office: Office, place: Place, values: dict[str, Any], value: Any) -> str:
    """Hold what has to hold of a value in a place; tell what became of it."""
    who, _ = office.bases[place.verb]
    beyond = is_beyond(place, value)
    answer = await office.answer(who, place.verb, place.put(values, value), asked(office, place))
    about = (str(place), value if len(str(value)) < 100 else f"{str(value)[:20]}… ({len(value)})", answer)
    if beyond is None:
        assert "errors" in answer or "INTERNAL" not in json.dumps(answer), about
        codes = {error["extensions"]["code"] for error in answer.get("errors", [])}
        assert codes <= {"BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED"}, about
        return "refused by its scalar" if codes else "taken or refused"
    assert "errors" not in answer, about
    errors = answer["data"][place.verb]["errors"]
    if beyond:
        assert [(error["code"], error["path"]) for error in errors] == [("INVALID_INPUT", list(place.path))], about
        return "refused"
    if errors:
        assert all(error["code"] != "INTERNAL_SERVER_ERROR" for error in errors), about
        return "refused by a rule"
    (thing,) = (one for key, one in answer["data"][place.verb].items() if key != "errors")
    return read_back(place, value, thing, about)


def asked(office: Office, place: Place) -> str:
    """Return the selection that reads a place's value back, nothing where the thing has none of its name."""
    fields, selection, ends = office.fields(place.verb), "", ""
    for step in place.path:
        found = fields.get(step)
        if found is None or any(argument.type != nullable(argument.type) for argument in found.args.values()):
            return ""
        named = get_named_type(found.type)
        if is_leaf_type(named):
            return f"{selection} {step} {ends}"
        connection = getattr(named, "fields", {}).get("nodes")
        selection, ends = f"{selection} {step} {{", f"}} {ends}"
        if connection is not None:
            selection, ends, named = f"{selection} nodes {{", f"}} {ends}", get_named_type(connection.type)
        fields = getattr(named, "fields", {})
    return ""


def read_back(place: Place, value: Any, thing: Any, about: Any) -> str:
    """Hold that a value is read back as it was written, where the thing has it."""
    found = list(within(thing, place.path))
    if not found or place.type_name not in {"String", "Int", "Float", "Date", "DateTime"}:
        return "taken"
    plain = datetime.fromisoformat if place.type_name == "DateTime" else lambda one: one
    same = EQUAL_ENOUGH.get(place.path[-1], plain)
    wanted = same(value)
    seen = [one if isinstance(one, list) or one is None else same(one) for one in found]
    assert wanted in seen, (about, found)
    return "read back"


def within(thing: Any, path: tuple[str, ...]) -> Iterator[Any]:
    """Give what stands at the end of a path in an answer, through lists and the nodes of connections."""
    if not path:
        yield thing
        return
    for one in thing if isinstance(thing, list) else [thing]:
        inner = one.get(path[0]) if isinstance(one, dict) else None
        if inner is not None:
            yield from within(inner["nodes"] if isinstance(inner, dict) and "nodes" in inner else inner, path[1:])


@pytest.mark.timeout(600)
async def test_each_end_of_each_field_is_taken_or_refused_with_its_path(office: Office, schema: Schema) -> None:
    done = Counter[str]()
    types = verbs(schema.core)
    for place in every_place(schema):
        _, base = office.bases[place.verb]
        values = holding(base, types[place.verb], place.path)
        present = list(within(values, place.path))
        for value in edges(place, present[0] if present else None):
            done[await hold(office, place, values, value)] += 1
    assert done["refused"] > 800, done
    assert done["read back"] > 150, done


async def test_nearly_every_verb_is_done_in_the_office(office: Office) -> None:
    refused = {
        verb: errors
        for verb, (who, values) in office.bases.items()
        if (errors := (await office.payload(who, verb, values, ""))["errors"])
    }
    assert len(office.bases) - len(refused) >= DONE, refused


@pytest.mark.timeout(300)
async def test_whatever_a_field_is_given_is_taken_or_refused_with_its_path(office: Office, schema: Schema) -> None:
    types = verbs(schema.core)
    bounded = [place for place in every_place(schema) if isinstance(place.bound, Text | Whole) and not place.is_list]
    tried: list[tuple[Place, Any]] = []

    @settings(max_examples=400, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(bounded), st.data())
    def draw(place: Place, data: st.DataObject) -> None:
        if isinstance(place.bound, Whole):
            ends = st.sampled_from((place.bound.least, place.bound.most))
            value: Any = data.draw(st.integers(-(2**31), 2**31 - 1) | st.builds(int.__add__, ends, st.integers(-2, 2)))
        else:
            value = data.draw(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
        tried.append((place, value))

    draw()
    for place, value in tried:
        _, base = office.bases[place.verb]
        await hold(office, place, holding(base, types[place.verb], place.path), value)


async def test_a_lone_surrogate_is_no_json(office: Office) -> None:
    query = "mutation($input:ProposeTopicInput!){proposeTopic(input:$input){errors{code}}}"
    body = json.dumps({"query": query, "variables": {"input": {"title": "\ud800"}}})
    response = await office.callers["secretariat"].http.post(
        "/graphql", content=body, headers={"Content-Type": "application/json"}
    )
    assert response.status_code == 400
    literal = 'mutation{proposeTopic(input:{title:"\\ud800" platform:"p" kind:MICRO category:ROADS}){errors{code}}}'
    (error,) = (await office.callers["secretariat"].answer(literal))["errors"]
    assert error["extensions"]["code"] == "GRAPHQL_PARSE_FAILED"
