from datetime import date
from uuid import UUID

from services.core.lookup import row_by_id
from services.core.transaction import WriteTx
from services.platforms.errors import PlatformClosed
from services.platforms.models import Platform


async def open_platform_by_id(tx: WriteTx, platform_id: UUID, *, today: date, path: str = "platform") -> Platform:
    """Return the platform, which is not closed. Raises NotFound, PlatformClosed."""
    platform = await row_by_id(tx, Platform, platform_id, "platform", path=path)
    if platform.closed_on is not None and platform.closed_on <= today:
        raise PlatformClosed(platform.code, platform.closed_on, path=path)
    return platform
