"""Who changes a notice notifies the feed's readers after the commit: a transaction that notifies lets all others wait.

A change by hand, or by a process of the release before, is heard of when readers look by themselves, each second.
"""

from services.migrations.statements import execute

revision = "0010_notified_after"
down_revision = "0009_tally_slots"
branch_labels = None
depends_on = None

PLACE = """
CREATE OR REPLACE FUNCTION leave_place_in_feed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.position := NULL;
{notice}    RETURN NEW;
END
$$
"""


def upgrade() -> None:
    """Bring the schema to this revision."""
    execute(PLACE.format(notice=""))


def downgrade() -> None:
    """Bring the schema back to the revision before."""
    execute(PLACE.format(notice="    PERFORM pg_notify('shangliang_feed', '');\n"))
