"""The partner kit: a department's side of the events. Needs aio-pika and nothing of the service."""

from shangliang_kit.consumer import Consumer, Handler
from shangliang_kit.event import BadEvent, Event, event_of
from shangliang_kit.replies import Replies, ReplyFailed, replying
from shangliang_kit.store import Store

__all__ = ["BadEvent", "Consumer", "Event", "Handler", "Replies", "ReplyFailed", "Store", "event_of", "replying"]
