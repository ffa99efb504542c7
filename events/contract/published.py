"""The contract of the code: as files, and as what releases are compared by."""

from events.contract.asyncapi import document
from events.contract.evolution import Contract
from events.contract.files import ASYNCAPI, PAGE, SCHEMAS
from events.contract.messages import event_types, reply_types
from events.contract.page import page
from events.contract.text import header, json_text, yaml_text

HEADER = header("contract")


def files() -> dict[str, str]:
    """Return the texts of the contract's files by name."""
    types = (*event_types(), *reply_types())
    return {
        ASYNCAPI: f"# {HEADER}\n{yaml_text(document())}",
        PAGE: page(HEADER),
        **{f"{SCHEMAS}/{each.key}.json": json_text({"$comment": HEADER, **each.published}) for each in types},
    }


def contract() -> Contract:
    """Return what partners rely on: channels, what is sent and what is taken."""
    channels = {
        name: {"address": channel["address"], **channel["bindings"]["amqp"]}
        for name, channel in document()["channels"].items()
    }
    return {
        "channels": channels,
        "sent": {each.type: each.schema for each in event_types()},
        "taken": {each.type: each.schema for each in reply_types()},
    }
