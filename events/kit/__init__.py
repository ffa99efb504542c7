"""The partner kit: a department's side of the events.

Needs aio-pika and nothing else, so that the folder can be copied into a department's own system under any name: hence
its relative imports.
"""

from .consumer import Consumer, Handler
from .event import BadEvent, Event, event_of
from .replies import Replies, ReplyFailed, replying
from .store import Store

__all__ = ["BadEvent", "Consumer", "Event", "Handler", "Replies", "ReplyFailed", "Store", "event_of", "replying"]
