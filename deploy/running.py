"""What every process that goes on running does around its work."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

import structlog

from deploy.traces import traced
from deploy.versions import versions
from services.core.database import Database
from services.core.faults import fault
from services.core.settings import Settings
from services.core.variables import set_otherwise

log = structlog.get_logger()


@asynccontextmanager
async def running(command: str, settings: Settings, db: Database) -> AsyncIterator[None]:
    """Log that a command's process begins, with its versions and settings, and that it ends; trace it meanwhile.

    Raises ServerError where traces cannot be exported as the environment says.
    """
    with traced(command):
        log.info("started", command=command, **await versions(db.primary), settings=set_otherwise(settings))
        began, why = monotonic(), None
        try:
            yield
        except BaseException as error:
            why = fault(error)
            raise
        finally:
            log.info("stopped", command=command, after_s=round(monotonic() - began, 1), error=why)
