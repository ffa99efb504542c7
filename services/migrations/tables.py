"""Every table of the project, so that one import fills the metadata."""

from sqlmodel import SQLModel

import services.access.models
import services.centers.models
import services.core.idempotency
import services.core.keys
import services.departments.models
import services.divisions.models
import services.duty.models
import services.matters.models
import services.members.models
import services.notices.models
import services.outcomes.models
import services.plans.models
import services.platforms.models
import services.search.models
import services.sessions.models
import services.tallies.models
import services.topics.models
import services.trace.models  # noqa: F401 -- all imported for their tables
from services.core.tables import bound_times

metadata = SQLModel.metadata
bound_times(metadata)
