"""The envelope of every message: CloudEvents 1.0, JSON event format, structured content mode."""

CONTENT_TYPE = "application/cloudevents+json"
SPEC_VERSION = "1.0"
TYPE_PREFIX = "cn.shangliang."
TYPE_VERSION = ".v1"
MOST_BYTES = 64 * 1024
"""A message's body at most: what every broker and client takes without settings of its own."""
SEQUENCE_DIGITS = 12


def event_type(name: str) -> str:
    """Return the CloudEvents type of an event's or reply's name."""
    return f"{TYPE_PREFIX}{name}{TYPE_VERSION}"


def event_name(type_: str) -> str | None:
    """Return the name in a CloudEvents type of this version, None for any other."""
    if type_.startswith(TYPE_PREFIX) and type_.endswith(TYPE_VERSION):
        return type_.removeprefix(TYPE_PREFIX).removesuffix(TYPE_VERSION)
    return None
