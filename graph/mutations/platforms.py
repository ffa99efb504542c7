from datetime import date

from strawberry import ID

from graph.enums import PlatformKind, PlatformTier
from graph.inputs.fields import bounded, refers_to
from graph.mutations.verb import verb
from graph.scalars import DivisionCode
from graph.types.divisions import Brand
from graph.types.platforms import Platform
from services.core.bounds import NAME, PLATFORM_CODE, TITLE
from services.platforms import commands
from services.sessions import closing


@verb(commands.open_platform, gives=Platform)
class OpenPlatform:
    """Open a platform (设立协商平台) in a division."""

    code: str = bounded(PLATFORM_CODE)
    name: str = bounded(TITLE)
    tier: PlatformTier
    kind: PlatformKind
    division: DivisionCode
    parent: ID | None = refers_to("platform")
    brand: ID | None = refers_to("brand")
    liaison_group: ID | None = refers_to("liaisongroup")
    opened_on: date | None


@verb(closing.close_platform, gives=Platform)
class ClosePlatform:
    """Close a platform (撤销协商平台); what was consulted there stays."""

    platform: ID = refers_to("platform")
    closed_on: date | None


@verb(commands.launch_brand, gives=Brand)
class LaunchBrand:
    """Launch a brand (推出工作品牌) under which a division consults."""

    name: str = bounded(NAME)
    umbrella: str | None = bounded(NAME)
    division: DivisionCode
    launched_on: date | None
