from datetime import date
from uuid import UUID

from services.core.database import WriteTx
from services.core.errors import NotFound
from services.core.ids import node_id
from services.platforms.errors import PlatformClosed
from services.platforms.models import Platform


async def platform_by_id(tx: WriteTx, platform_id: UUID, *, path: str = "platform") -> Platform:
    """Return the platform. Raises NotFound that names the input's field."""
    platform: Platform | None = await tx.get(Platform, platform_id)
    if platform is None:
        raise NotFound("platform", node_id("platform", platform_id), path=(path,))
    return platform


async def open_platform_by_id(tx: WriteTx, platform_id: UUID, *, today: date, path: str = "platform") -> Platform:
    """Return the platform, which is not closed. Raises NotFound, PlatformClosed."""
    platform = await platform_by_id(tx, platform_id, path=path)
    if platform.closed_on is not None and platform.closed_on <= today:
        raise PlatformClosed(platform.code, platform.closed_on, path=path)
    return platform
