"""Commitments that are taken back: those of released departments and of withdrawn topics."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

STATES = ("ASSIGNED", "ACCEPTED", "DECLINED", "IN_PROGRESS", "DONE", "VERIFIED", "DISPUTED")
CLOSED = ("DONE", "VERIFIED", "DECLINED")
WITHDRAWN = "WITHDRAWN"

ORPHANED = """
UPDATE commitment SET status = 'WITHDRAWN' FROM topic
WHERE topic.id = commitment.topic_id AND commitment.status NOT IN ('DONE', 'VERIFIED', 'DECLINED')
  AND (topic.status = 'WITHDRAWN' OR EXISTS (
      SELECT FROM involvement AS part WHERE part.topic_id = topic.id AND part.department_id = commitment.department_id
      HAVING count(*) > 0 AND count(*) FILTER (WHERE part.until IS NULL) = 0))
"""

DUE_OF = """
CREATE OR REPLACE FUNCTION due_of(counted commitment, OUT day DATE, OUT due_on DATE) LANGUAGE sql IMMUTABLE AS $$
    SELECT (counted.assigned_at AT TIME ZONE 'Asia/Shanghai')::date,
           CASE WHEN counted.status NOT IN ({}) THEN counted.due_on END
$$
"""


def upgrade() -> None:
    """Bring the schema to this revision."""
    _set_states((*STATES, WITHDRAWN), (*CLOSED, WITHDRAWN))
    op.execute(ORPHANED)
    _count()


def downgrade() -> None:
    """Bring the schema back to the revision before."""
    op.execute("UPDATE commitment SET status = 'DECLINED' WHERE status = 'WITHDRAWN'")
    op.execute("UPDATE commitment_history SET status = 'DECLINED' WHERE status = 'WITHDRAWN'")
    _count()
    _set_states(STATES, CLOSED)


def _count() -> None:
    """Let what waits for the commit be counted now: a table with such rows cannot be altered."""
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    op.execute("SET CONSTRAINTS ALL DEFERRED")


def _set_states(states: tuple[str, ...], closed: tuple[str, ...]) -> None:
    """Let commitments have these states, some of which leave nothing to be done."""
    listed, done = (", ".join(f"'{state}'" for state in some) for some in (states, closed))
    is_open = " AND ".join(f"status <> '{state}'" for state in closed)
    to_tell = f"{is_open} AND overdue_told IS DISTINCT FROM due_on"
    op.execute("ALTER TABLE commitment DROP CONSTRAINT ck_commitment_status")
    op.execute(f"ALTER TABLE commitment ADD CONSTRAINT ck_commitment_status CHECK (status IN ({listed}))")
    op.execute("DROP INDEX ix_commitment_open")
    op.execute("DROP INDEX ix_commitment_to_tell")
    op.execute(f"CREATE INDEX ix_commitment_open ON commitment (division_number, due_on) WHERE {is_open}")
    op.execute(f"CREATE INDEX ix_commitment_to_tell ON commitment (due_on) WHERE {to_tell}")
    op.execute(DUE_OF.format(done))
