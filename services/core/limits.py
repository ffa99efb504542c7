from pydantic import BaseModel, ConfigDict, Field


class Limits(BaseModel):
    """How much one request may ask for; each is a setting `SHANGLIANG_LIMIT_…` and an error code `LIMIT_…`."""

    model_config = ConfigDict(frozen=True)

    characters: int = Field(50_000, ge=1)
    """Twenty times the introspection query of GraphiQL; long texts travel as variables."""
    tokens: int = Field(4_000, ge=1)
    """Names, punctuation, values and comments: what the parser takes some 5 µs for, each."""
    directives: int = Field(50, ge=0)
    """A front end decides over a few parts by @skip and @include, not over every field."""
    aliases: int = Field(50, ge=0)
    """Enough to put four pages of each city side by side; more things of one kind are a list."""
    nesting: int = Field(40, ge=1)
    """Brackets in a document, objects and lists in variables: far below where recursion ends."""
    depth: int = Field(20, ge=1)
    """From the province by edges and nodes to a commitment's department takes 16."""
    root_fields: int = Field(20, ge=1)
    """Each is a subquery of its own, or a transaction; a dashboard takes about ten."""
    fragment_nesting: int = Field(10, ge=0)
    """A page, its parts and their parts, one fragment each, take four or five."""
    selections: int = Field(2_000, ge=1)
    """Fields and spreads with fragments expanded: what a plan is made of; GraphiQL's introspection has 242."""
    repeats: int = Field(30, ge=1)
    """The same field of the same object, once for each fragment that wants it; all pairs are compared."""
    introspection_nesting: int = Field(1, ge=0)
    """Fields of types, arguments of fields: introspection queries of tools nest the schema's lists no further."""
    introspection_selections: int = Field(300, ge=0)
    """Above what GraphiQL and code generators ask, which is 242; each is completed in Python for every type."""
    variable_values: int = Field(5_000, ge=0)
    """Values, lists and objects in variables: attendance lists of a thousand people fit."""
    cost: int = Field(2_000_000, ge=1)
    """A province's cities, counties, 100 platforms each and 100 topics each cost 1,020,211."""


LONGEST_MESSAGE = 262_144
"""Bytes of the longest message that the broker takes, `max_message_size` in deploy/rabbitmq/rabbitmq.conf."""


class AgencyLimits(BaseModel):
    """How much of the broker one department may take; each is a setting `SHANGLIANG_AGENCY_…`.

    What goes beyond harms nobody but the department itself. Limits of queues are in messages and bytes.
    """

    model_config = ConfigDict(frozen=True)

    connections: int = Field(10, ge=1)
    channels: int = Field(50, ge=1)
    """Of one department's account at once; the broker refuses the next."""
    other_connections: int = Field(200, ge=1)
    """What the vhost takes beside its departments' connections: relays, intakes, operators."""
    events: int = Field(100_000, ge=1)
    event_bytes: int = Field(256 * 2**20, ge=LONGEST_MESSAGE)
    """In a department's inbox, and as much in its dead queue. The relay keeps what goes beyond in its rows."""
    replies: int = Field(10_000, ge=1)
    reply_bytes: int = Field(16 * 2**20, ge=LONGEST_MESSAGE)
    """Of a department that wait to be taken in."""
    rejected: int = Field(100_000, ge=1)
    rejected_bytes: int = Field(256 * 2**20, ge=LONGEST_MESSAGE)
    """Refused replies of all departments together."""
    parked: int = Field(1_000, ge=1)
    parked_bytes: int = Field(16 * 2**20, ge=LONGEST_MESSAGE)
    """Of a department's refused replies while the queue of all rejected ones is full."""
    replies_at_once: int = Field(1_000, ge=1)
    replies_per_s: float = Field(20.0, gt=0, allow_inf_nan=False)
    """What an intake takes in of a department: so many at once, then so many in a second; others wait in its queue."""
