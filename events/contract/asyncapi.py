"""The AsyncAPI document: where messages go, who may send and take them, and where each body's schema is."""

from collections.abc import Iterable
from typing import Any

from events.contract.messages import MessageType, event_types, reply_types
from events.messages.envelope import CONTENT_TYPE
from events.names import DEAD, EVENTS, REPLIES, dead, inbox
from services.notices.events import NoticeReminder

Document = dict[str, Any]

VHOST = "/shangliang"
CODE = "{code}"
BINDING = {"bindingVersion": "0.3.0"}
ABOUT = """\
What departments are told of the topics that involve them, and how they answer.

Messages are CloudEvents 1.0; events come in structured mode, replies are taken in structured and in binary mode. Each \
event comes at least once, in order for each `partitionkey`. Drop one whose `id` and `replay` you have handled both: a \
replay, which an operator asks for, has the `id` and the `sequence` of the first time and another `replay`. `sequence` \
counts the events of a department and a `partitionkey`; a number is missing only where an operator decided that its \
event is not sent, or where a `system.restored` passed it over. Within a version fields, known values and types of \
messages are only ever added: ignore what you do not know."""
PERSPECTIVE = "The operations are the service's own: what it sends, a department receives, and the other way round."


def document() -> Document:
    """Return the AsyncAPI 3 document of the contract."""
    events, replies = list(event_types()), list(reply_types())
    return {
        "asyncapi": "3.0.0",
        "id": "urn:cn:shangliang:events",
        "info": {
            "title": "Shangliang events (商量·事件)",
            "version": "1",
            "description": f"{ABOUT}\n\n{PERSPECTIVE}",
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": CONTENT_TYPE,
        "servers": {"broker": server()},
        "channels": {
            "inbox": queue(inbox(CODE), "What a department is told; one consumer at a time.", events),
            "dead": queue(dead(CODE), "What a department gave back too often, for its operators.", events),
            "replies": exchange(REPLIES, replies),
        },
        "operations": operations(events, replies),
        "components": {
            "messages": {each.key: message(each) for each in (*events, *replies)},
            "securitySchemes": {
                "account": {
                    "type": "userPassword",
                    "description": "The department's account on the broker; its name is the department's code.",
                }
            },
        },
    }


def server() -> Document:
    """Return the broker; each installation has its own address."""
    return {
        "host": "{host}",
        "pathname": VHOST,
        "protocol": "amqp",
        "protocolVersion": "0-9-1",
        "description": "RabbitMQ; the installation's operator gives the address, and TLS where it crosses a network.",
        "variables": {"host": {"default": "localhost:5672", "description": "Host and port."}},
        "security": [reference("components", "securitySchemes", "account")],
    }


def queue(name: str, description: str, messages: Iterable[MessageType]) -> Document:
    """Return the channel of a department's queue."""
    settings = {"name": name, "durable": True, "exclusive": False, "autoDelete": False, "vhost": VHOST}
    return {
        "address": name,
        "description": description,
        "messages": references(messages),
        "parameters": {"code": {"description": "The department's code.", "examples": ["qinshui-court"]}},
        "bindings": {"amqp": {"is": "queue", "queue": settings, **BINDING}},
    }


def exchange(name: str, messages: Iterable[MessageType]) -> Document:
    """Return the channel of an exchange that departments publish to; its address is their routing key."""
    settings = {"name": name, "type": "topic", "durable": True, "autoDelete": False, "vhost": VHOST}
    verbs = [each.name.removeprefix("reply.") for each in messages]
    return {
        "address": f"{CODE}.reply.{{verb}}",
        "description": f"What a department answers: to the exchange {name}, under this routing key.",
        "messages": references(messages),
        "parameters": {
            "code": {"description": "The department's code.", "examples": ["qinshui-court"]},
            "verb": {"description": "What it answers.", "enum": verbs},
        },
        "bindings": {"amqp": {"is": "routingKey", "exchange": settings, **BINDING}},
    }


def operations(events: Iterable[MessageType], replies: Iterable[MessageType]) -> Document:
    """Return what the service does on its channels."""
    return {
        "tellDepartment": {
            "action": "send",
            "channel": reference("channels", "inbox"),
            "summary": "Tell a department what happened to a topic that involves it.",
            "description": f"Published to the exchange {EVENTS} under `<code>.<type's name>`, persistent, confirmed.",
            "bindings": {"amqp": {"deliveryMode": 2, "mandatory": True, "timestamp": True, **BINDING}},
            "messages": on_channel("inbox", events),
        },
        "setAside": {
            "action": "send",
            "channel": reference("channels", "dead"),
            "summary": "Set aside what a department gave back too often.",
            "description": f"The broker does it, by way of the exchange {DEAD}.",
            "messages": on_channel("dead", events),
        },
        "takeReply": {
            "action": "receive",
            "channel": reference("channels", "replies"),
            "summary": "Take in what a department answers to an event.",
            "description": (
                "The AMQP property `user_id` is the department's account; the routing key begins with it. What cannot "
                "be taken in is put aside with its reason."
            ),
            "bindings": {"amqp": {"ack": True, **BINDING}},
            "messages": on_channel("replies", replies),
        },
    }


def message(type_: MessageType) -> Document:
    """Return a message; its body's schema is a file beside the document."""
    is_answer = type_.name.startswith("reply.") or type_.name == NoticeReminder.type
    belongs_to = "causationid" if is_answer else "partitionkey"
    return {
        "name": type_.type,
        "title": type_.title,
        "summary": type_.summary,
        "contentType": CONTENT_TYPE,
        "payload": {"$ref": f"./schemas/{type_.key}.json"},
        "correlationId": {"location": f"$message.payload#/{belongs_to}"},
        "bindings": {"amqp": {"messageType": type_.type, **BINDING}},
        "examples": [{"name": type_.title, "payload": type_.example}],
    }


def references(messages: Iterable[MessageType]) -> Document:
    """Return a channel's messages."""
    return {each.key: reference("components", "messages", each.key) for each in messages}


def on_channel(channel: str, messages: Iterable[MessageType]) -> list[Document]:
    """Return an operation's messages: those of its channel."""
    return [reference("channels", channel, "messages", each.key) for each in messages]


def reference(*path: str) -> Document:
    """Return a reference within the document."""
    return {"$ref": "#/" + "/".join(path)}
