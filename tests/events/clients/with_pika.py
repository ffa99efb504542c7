"""Publishes replies by pika and takes what comes of them. Reads and prints JSON; see `test_clients.py`."""

import json
import sys
from base64 import b64decode, b64encode

import pika  # type: ignore[import-untyped]


def main() -> None:
    """Do what standard input says."""
    asked = json.load(sys.stdin)
    connection = pika.BlockingConnection(pika.URLParameters(asked["url"]))
    channel = connection.channel()
    channel.confirm_delivery()
    for one in asked["publish"]:
        properties = pika.BasicProperties(
            user_id=one.get("user_id"), content_type=one.get("content_type"), headers=one.get("headers")
        )
        channel.basic_publish("shangliang.replies", one["key"], b64decode(one["body"]), properties, mandatory=True)
    taken = []
    channel.basic_qos(prefetch_count=1)
    for method, properties, body in channel.consume(asked["queue"]):
        taken.append({"correlation_id": properties.correlation_id, "body": b64encode(body).decode()})
        channel.basic_ack(method.delivery_tag)
        if len(taken) == asked["count"]:
            break
    connection.close()
    json.dump(taken, sys.stdout)


if __name__ == "__main__":
    main()
