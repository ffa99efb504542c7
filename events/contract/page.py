"""The contract as a page: one file, no scripts, nothing loaded from elsewhere."""

from collections.abc import Iterator
from html import escape

from events.contract.asyncapi import ABOUT
from events.contract.attributes import TopicAttributes, TopicData
from events.contract.messages import MessageType, event_types, reply_types
from events.contract.schemas import Schema, schema_of
from events.contract.text import json_text
from events.messages.incoming import ReplyEnvelope
from events.names import EVENTS, REJECTED_INBOX, REPLIES, dead, inbox

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
STYLE = """\
:root{color-scheme:light dark;--line:light-dark(#d5d8dc,#3a3f45);--soft:light-dark(#f5f6f7,#1d2125)}
body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;padding:1rem;max-width:60rem}
h1{font-size:1.5rem}h2{font-size:1.25rem;margin-top:2.5rem;border-top:1px solid var(--line);padding-top:1rem}
h3{font-size:1rem;margin:2rem 0 .25rem}code,pre{font:.85em/1.45 ui-monospace,monospace}
pre{background:var(--soft);padding:.75rem;overflow-x:auto}p{margin:.5rem 0}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-bottom:1px solid var(--line)}
td:first-child{white-space:nowrap}.columns{columns:14rem;padding-left:1rem}summary{cursor:pointer}"""


def page(header: str) -> str:
    """Return the page of the contract, with a header for those who read its source."""
    return "".join(f"{line}\n" for line in lines(header))


def lines(header: str) -> Iterator[str]:
    """Yield the page's lines."""
    events, replies = list(event_types()), list(reply_types())
    yield f"<!doctype html>\n<!-- {header} -->"
    yield '<html lang="en">\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    yield '<meta name="viewport" content="width=device-width">\n<title>Shangliang events 商量·事件</title>'
    yield f"<style>\n{STYLE}\n</style>\n<h1>Shangliang events <span lang=zh>商量·事件</span></h1>"
    yield from (f"<p>{prose(part)}</p>" for part in ABOUT.split("\n\n"))
    yield '<p>For machines: <a href="asyncapi.yaml">asyncapi.yaml</a> (AsyncAPI 3), one JSON Schema a type below.</p>'
    yield '<ul class="columns">'
    yield from (f'<li><a href="#{each.key}"><code>{each.name}</code></a></li>' for each in (*events, *replies))
    yield "</ul>"
    yield "<h2>On the broker</h2>"
    yield from table(("what", "where"), places())
    yield "<h2>What every event about a topic has</h2>"
    yield from fields(schema_of(TopicAttributes))
    yield from fields(schema_of(TopicData), "data.")
    yield "<h2>Events</h2>"
    shared = schema_of(TopicData)["properties"]
    for each in events:
        yield from section(each, each.schema["properties"]["data"], shared)
    yield "<h2>Replies</h2>"
    yield from fields(schema_of(ReplyEnvelope))
    for each in replies:
        yield from section(each, each.schema["properties"]["data"], {})


def places() -> Iterator[tuple[str, str]]:
    """Yield what a department's account uses on the broker."""
    yield "A department reads", code(inbox("<code>"))
    yield "What it gave back too often", code(dead("<code>"))
    yield "Events are published to", f"{code(EVENTS)} under {code('<code>.<aggregate>.<event>')}"
    yield "A department answers to", f"{code(REPLIES)} under {code('<code>.reply.<verb>')}"
    yield "Replies that cannot be taken in", f"{code(REJECTED_INBOX)}, the reason in the header {code('x-reason')}"


def section(type_: MessageType, data: Schema, shared: Schema) -> Iterator[str]:
    """Yield what a type of message says: its own data and an example."""
    own = {name: field for name, field in data["properties"].items() if name not in shared}
    yield f'<h3 id="{type_.key}">{escape(type_.title)}</h3>'
    yield f'<p>{code(type_.type)} — <a href="schemas/{type_.key}.json">JSON Schema</a></p><p>{prose(type_.summary)}</p>'
    yield from fields({**data, "properties": own}, "data.")
    yield f"<details><summary>Example</summary><pre>{escape(json_text(type_.example), quote=False)}</pre></details>"


def fields(schema: Schema, path: str = "") -> Iterator[str]:
    """Yield the table of an object's fields."""
    yield from table(("field", "type", "says"), rows(schema, path))


def rows(schema: Schema, path: str) -> Iterator[tuple[str, ...]]:
    """Yield an object's fields, those of the objects in it after them."""
    for name, field in schema["properties"].items():
        if name == "data":
            continue
        optional = "" if name in schema.get("required", ()) else " (optional)"
        yield code(path + name), f"{kind(field)}{optional}", prose(field.get("description", ""))
        if field.get("type") == "object":
            yield from rows(field, f"{path}{name}.")


def kind(field: Schema) -> str:
    """Return what a field's values are."""
    if "const" in field:
        return code(field["const"])
    types = [field["type"]] if isinstance(field["type"], str) else field["type"]
    return escape(" or ".join([field.get("format", types[0]), *types[1:]]))


def table(heads: tuple[str, ...], cells: Iterator[tuple[str, ...]]) -> Iterator[str]:
    """Yield a table of cells that are HTML already."""
    yield "<table><tr>" + "".join(f"<th>{head}" for head in heads)
    yield from ("<tr>" + "".join(f"<td>{cell}" for cell in row) for row in cells)
    yield "</table>"


def code(text: str) -> str:
    """Return text that is code."""
    return f"<code>{escape(text)}</code>"


def prose(text: str) -> str:
    """Return a sentence, what stands between backquotes as code."""
    parts = escape(text, quote=False).split("`")
    return "".join(f"<code>{part}</code>" if place % 2 else part for place, part in enumerate(parts))
