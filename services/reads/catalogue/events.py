from services.reads import visibility
from services.reads.catalogue.common import event_id_column
from services.reads.catalogue.shape import Column, Entity, One
from services.reads.catalogue.topics import instant

TOPIC_CHANGE = Entity(
    name="TopicChange",
    source="event",
    fields={
        "event_id": event_id_column(),
        "type": Column("{t}.type"),
        "occurred_at": instant("{t}.occurred_at"),
        "topic": One("Topic", on="{t}.id = {p}.topic_id"),
    },
    joins={"topic": "JOIN topic AS {topic} ON {topic}.id = {t}.topic_id"},
    visible=visibility.TOPIC_CHANGE,
)
