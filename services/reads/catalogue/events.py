from services.reads import visibility
from services.reads.catalogue.common import node_id_column
from services.reads.catalogue.shape import Column, Entity, One
from services.reads.catalogue.topics import instant

TOPIC_CHANGE = Entity(
    name="TopicChange",
    source="event",
    fields={
        "event_id": node_id_column("event"),
        "type": Column("{t}.type"),
        "occurred_at": instant("{t}.occurred_at"),
        "topic": One("Topic", on="{t}.id = {p}.topic_id"),
    },
    joins={"topic": "JOIN topic AS {topic} ON {topic}.id = {t}.topic_id"},
    visible=visibility.TOPIC_CHANGE,
)
