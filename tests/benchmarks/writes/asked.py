"""What is asked of everybody: by whom, and the text of each mutation."""

SUBJECT = "user:benchmark"
WITHIN = "14"
"""The division that whoever acts is secretary of."""

GIVES = {
    "raiseMatter": "matter",
    "proposeTopic": "topic",
    "listTopic": "topic",
    "scheduleSession": "session",
    "recordSession": "session",
    "resolveTopic": "topic",
}
"""The mutations, and what each gives."""
OURS = (
    "mutation Do($input: {type}Input!) "
    "{{ {name}(input: $input) {{ {gives} {{ id status }} errors {{ code message }} }} }}"
)
FOREIGN = "mutation Do($input: Peer{type}Input!) {{ peer{type}(input: $input) {{ result {{ rowId status }} }} }}"


def document(mutation: str, *, foreign: bool) -> str:
    """Return the text of a mutation in this service's schema, or in PostGraphile's own."""
    kind = f"{mutation[0].upper()}{mutation[1:]}"
    return (FOREIGN if foreign else OURS).format(type=kind, name=mutation, gives=GIVES[mutation])
