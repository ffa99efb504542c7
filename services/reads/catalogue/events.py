from services.notices.models import Event
from services.reads import visibility
from services.reads.catalogue.common import event_id_column
from services.reads.catalogue.shape import Entity, One

TOPIC_CHANGE = Entity(
    name="TopicChange",
    model=Event,
    fields={
        "event_id": event_id_column(),
        "topic": One("Topic", on="{t}.id = {p}.topic_id"),
    },
    joins={"topic": "JOIN {table_topic} AS {topic} ON {topic}.id = {t}.topic_id"},
    visible=visibility.TOPIC_CHANGE,
)
