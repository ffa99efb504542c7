"""The second world: whatever lies outside a caller's sight is changed at random, removed, or new."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from services.core.actor import Actor
from tests.graph.worlds.drawing import Draw
from tests.graph.worlds.guarded import GUARDED
from tests.graph.worlds.rows import Row, World
from tests.graph.worlds.sight import NOBODYS, Sight

REMOVED, CHANGED, COPIED = 15, 75, 15
"""Of a hundred rows out of sight, how many are removed, changed if they are left, and new in their likeness."""
ORDER = (
    *("topic", "topic_history", "matter", "matter_history", "annual_plan", "annual_plan_history", "plan_item"),
    *("plan_item_history", "involvement", "evidence", "trace_chain", "trace_entry", "event", "lane", "delivery"),
    *("role_grant", "duty_assessment", "duty_record", *sorted(NOBODYS)),
)
"""Tables with rows that may be out of sight."""


class Changes:
    """Makes a second world of the first for a caller, and counts what was done by kind.

    The ids of new rows are the same for every caller, so that all can be asked about the same ones. Without `columns`
    the rows that a caller sees stay as they are, in columns too that they do not read.
    """

    def __init__(self, first: World, actor: Actor, seed: int, *, columns: bool = True) -> None:
        self.first = first
        self._seed = seed
        self._columns = columns
        self.sight = Sight(first, actor)
        self.second = first.copied()
        self.draw = Draw(Random(f"{seed} {actor}"), self.sight)  # noqa: S311 -- to be drawn again by its seed
        self.made: Counter[str] = Counter()
        """How many rows were changed, removed or added, by table."""
        self.new: dict[str, list[Any]] = {}
        """The ids of new rows, by table."""
        self._twins = {
            id(row): twin
            for table, rows in first.rows.items()
            for row, twin in zip(rows, self.second.rows[table], strict=True)
        }
        self._gone: set[int] = set()

    def make(self) -> World:
        """Return the second world."""
        hidden = {table: [row for row in self.first.rows[table] if not self.sight.sees(table, row)] for table in ORDER}
        self._removed(hidden)
        for table, rows in hidden.items():
            for row in rows:
                if self.draw.chance(CHANGED):
                    self._change(table, row)
        for table, rows in hidden.items():
            if add := getattr(self, f"_add_{table}", None):
                for row in rows:
                    if self.draw.chance(COPIED):
                        add(row)
        if self._columns:
            self._guarded()
        for table, rows in self.second.rows.items():
            self.second.rows[table] = [row for row in rows if id(row) not in self._gone]
        return self.second

    def _removed(self, hidden: Mapping[str, Sequence[Row]]) -> None:
        """Remove some of what is out of sight, and let nothing new refer to it."""
        for table, rows in hidden.items():
            for row in rows:
                if self.draw.chance(REMOVED):
                    self._remove(table, row)
        left = {row["id"] for row in self.second.rows["topic"] if id(row) not in self._gone}
        self.draw.topics = [key for key in self.draw.topics if key in left]

    def _guarded(self) -> None:
        """Give other values to columns that are out of sight."""
        for table, other in GUARDED.items():
            for row in self.first.rows[table]:
                twin = self._twins[id(row)]
                if (values := other(self.sight, self.draw, row)) and id(twin) not in self._gone:
                    self._set(table, twin, values, "guarded")

    def missing(self) -> list[str]:
        """Return the tables of which nothing was changed, removed or added, though they have rows."""
        done = {kind.rpartition(" ")[0] for kind in self.made}
        return [
            table
            for table in (*ORDER, *(GUARDED if self._columns else ()))
            if self.first.rows[table] and table not in done
        ]

    def _set(self, table: str, twin: Row, values: Row, how: str) -> None:
        """Give a row other values."""
        unknown = values.keys() - twin.keys()
        if unknown:
            raise LookupError(f"{table} has no {unknown}")
        twin.update(values)
        self.second.changed.add(table)
        self.made[f"{table} {how}"] += 1

    def _remove(self, table: str, row: Row) -> None:
        """Remove a row with all that refers to it, unless something of that is in sight."""
        branch = list(self._branch(table, row, set()))
        if all(not self.sight.sees(name, one) for name, one in branch):
            for name, one in branch:
                if id(self._twins[id(one)]) not in self._gone:
                    self._gone.add(id(self._twins[id(one)]))
                    self.second.changed.add(name)
                    self.made[f"{name} removed"] += 1

    def _branch(self, table: str, row: Row, met: set[int]) -> Iterator[tuple[str, Row]]:
        """Yield a row, its former versions, and what refers to it, each once."""
        if id(row) in met:
            return
        met.add(id(row))
        yield table, row
        if f"{table}_history" in self.first.rows:
            for version in self.first.of(f"{table}_history", "id", row["id"]):
                yield f"{table}_history", version
        for source, column, target, target_column in self.first.references:
            if target == table:
                for one in self.first.of(source, column, row[target_column]):
                    yield from self._branch(source, one, met)

    def _change(self, table: str, row: Row) -> None:
        """Give a row that is out of sight other values."""
        twin = self._twins[id(row)]
        if id(twin) in self._gone:
            return
        values = self.draw.values(table.removesuffix("_history"))
        if table == "topic":
            values["number"] = f"H-{self.draw.number():05d}"
        if table == "delivery" and not self.sight.ever("topic", self.first.one("lane", row["lane_id"])["topic_id"]):
            values |= self.draw.answer()
        if table == "duty_assessment" and row["superseded_at"] is not None:
            values["year"] = self.draw.pick((2019, 2020, 2021))
        self._set(table, twin, values, "changed")

    def _add(self, table: str, row: Row, **values: Any) -> Row:
        """Add a row in the likeness of another one."""
        made = {**row, **self.draw.values(table), "id": self._new_id(table), **values}
        if made.keys() != row.keys():
            raise LookupError(f"{table} has no {made.keys() - row.keys()}")
        self.second.rows[table].append(made)
        self.second.changed.add(table)
        self.made[f"{table} added"] += 1
        self.new.setdefault(table, []).append(made["id"])
        return made

    def _new_id(self, table: str) -> UUID:
        """Return the id of a new row."""
        return uuid5(NAMESPACE_OID, f"{self._seed} {table} {len(self.new.get(table, ()))}")

    def _add_topic(self, row: Row) -> None:
        """Add a topic that is not listed, with its matter, its trace, a part of a department and what that was told."""
        topic = self._add("topic", row, number=f"N-{self.draw.number():05d}")
        matter = self.draw.pick(self.first.rows["matter"])
        listed = {"status": "LISTED", "topic_id": topic["id"], "accepted_at": self.draw.at()}
        raised = self._add("matter", matter, **listed, answer=None, answered_at=None)
        for of in ({"topic_id": topic["id"], "matter_id": None}, {"topic_id": None, "matter_id": raised["id"]}):
            chain = self._add("trace_chain", self.first.rows["trace_chain"][0], **of)
            for sequence in (1, 2):
                entry = self.draw.pick(self.first.rows["trace_entry"])
                about = {"subject_kind": "topic", "subject_id": topic["id"]}
                self._add("trace_entry", entry, chain_id=chain["id"], sequence=sequence, **about)
        others = [one for one in self.first.rows["department"] if self.sight.outside(one)]
        told = {"department_id": self.draw.pick(others)["id"], "topic_id": topic["id"]}
        self._add("involvement", self.draw.pick(self.first.rows["involvement"]), **told)
        event = self._add(
            "event", self.first.rows["event"][0], topic_id=topic["id"], arrival=None, position=self._position()
        )
        event["arrival"] = 10**6 + self.draw.number()
        lane = self._add("lane", self.first.rows["lane"][0], **told, id=10**6 + self.draw.number())
        self._add_notice(event, lane, **self.draw.answer())

    def _add_notice(self, event: Row, lane: Row, **values: Any) -> None:
        """Add a delivery of an event in a lane."""
        of = {"event_id": event["id"], "lane_id": lane["id"], "department_id": lane["department_id"]}
        numbered = {"sequence": 10**6 + self.draw.number(), "position": self._position()}
        self._add("delivery", self.first.rows["delivery"][0], **of, **numbered, **values)

    def _add_matter(self, row: Row) -> None:
        self._add("matter", row)

    def _add_annual_plan(self, row: Row) -> None:
        """Add a plan that is not approved, with its topic, and an entry of that topic's trace that tells of it."""
        plan = self._add("annual_plan", row, approved_at=None, approving_body=None, superseded_at=None)
        topic_id = self.draw.pick(self.draw.listed)
        item = self.draw.pick(self.first.rows["plan_item"])
        self._add("plan_item", item, plan_id=plan["id"], topic_id=topic_id)
        for chain in self.first.of("trace_chain", "topic_id", topic_id):
            entry = self.draw.pick(self.first.rows["trace_entry"])
            about = {"subject_kind": "annualplan", "subject_id": plan["id"]}
            numbered = {"chain_id": chain["id"], "sequence": 10**6 + self.draw.number()}
            self._add("trace_entry", entry, **numbered, **about)

    def _add_delivery(self, row: Row) -> None:
        """Add a notice about a topic, in sight or not, that is not answered, to a department that was not told."""
        event = self.first.one("event", row["event_id"])
        told = {one["department_id"] for one in self.first.of("delivery", "event_id", event["id"])}
        lanes = [
            lane
            for lane in self.first.of("lane", "topic_id", event["topic_id"])
            if lane["department_id"] not in told
            and self.draw.unseen(event["division_number"])
            and self.sight.outside(self.first.one("department", lane["department_id"]))
        ]
        for lane in lanes[:1]:
            if id(self._twins[id(lane)]) not in self._gone and id(self._twins[id(event)]) not in self._gone:
                self._add_notice(event, lane, receipt=None, receipt_at=None, **self.draw.note())

    def _add_role_grant(self, row: Row) -> None:
        self._add("role_grant", row)

    def _add_duty_assessment(self, row: Row) -> None:
        """Add an assessment that another one took the place of, with its record."""
        made = self._add("duty_assessment", row, superseded_at=self.draw.at())
        for record in self.first.of("duty_record", "assessment_id", row["id"])[:1]:
            self._add("duty_record", record, assessment_id=made["id"])

    def _position(self) -> int:
        """Return a place in the feed that nothing has, amid the others."""
        taken = {row["position"] for table in ("event", "delivery") for row in self.second.rows[table]}
        while (place := self.draw.random.randrange(1, max(taken))) in taken:
            pass
        return place
