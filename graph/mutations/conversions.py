from datetime import date

import strawberry
from strawberry import ID

from graph.enums import ConversionKind
from graph.inputs.fields import bounded, refers_to
from graph.mutations.verb import verb
from graph.types.outcomes import Conversion
from services.core.bounds import TITLE
from services.outcomes import conversions


@verb(conversions.convert_outcome, gives=Conversion)
class ConvertOutcome:
    """Record that an outcome became a document (成果转化); once for each kind."""

    outcome: ID = refers_to("outcome")
    kind: ConversionKind
    title: str = bounded(TITLE)
    submitted_on: date | None = strawberry.field(description="Today where left out.")
    author: ID | None = refers_to("member", "The member who wrote it.")


@verb(conversions.convert_opinion, gives=Conversion)
class ConvertOpinion:
    """Record that an opinion became a document (成果转化); once for each kind."""

    opinion: ID = refers_to("opinion")
    kind: ConversionKind
    title: str = bounded(TITLE)
    submitted_on: date | None = strawberry.field(description="Today where left out.")
    author: ID | None = refers_to("member", "The member who wrote it.")


@verb(conversions.file_conversion, gives=Conversion)
class FileConversion:
    """Decide whether a case is opened on a conversion (立案)."""

    conversion: ID = refers_to("conversion")
    filed: bool
