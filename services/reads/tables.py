"""Tables of a FROM clause: their aliases, their joins, and what templates may name of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.reads.catalogue.shape import Column, Entity, One
from services.reads.parameters import Given, Parameter
from services.reads.statement import Statement
from services.reads.text import Piece, conjunction, or_null
from services.reads.visibility import RULES

Names = Mapping[str, str | Given]
"""What templates may name: SQL, or a parameter that is numbered where a template names it."""


@dataclass(slots=True, eq=False)
class Table:
    """An entity's table in a FROM clause, which it shares with the tables joined to it."""

    statement: Statement
    entity: Entity
    alias: str
    from_items: list[str]
    """The first table of the FROM clause, then the joins in order."""
    joins: Mapping[str, str]
    """Joins that templates may name; each is added when a template does."""
    names: Names = field(default_factory=dict)
    parent: "Table | None" = None
    """The table that `{p}` names: the outer one of a subquery, or the one joined to."""
    optional: bool = False
    """Whether its row may be missing: tables joined to it must not remove the other rows."""
    _join_aliases: dict[str, str] = field(default_factory=dict)
    _related: dict[str, "Table"] = field(default_factory=dict)

    @classmethod
    def select_from(
        cls,
        statement: Statement,
        entity: Entity,
        source: str | None = None,
        *,
        parent: "Table | None" = None,
        names: Names | None = None,
    ) -> "Table":
        """Return the first table of a new FROM clause: the entity's own, unless a source is given."""
        alias = statement.alias()
        from_items = [f"{source or statement.table(entity.source)} AS {alias}"]
        return cls(statement, entity, alias, from_items, entity.joins, names or {}, parent)

    def subquery(self, entity: Entity, source: str | None = None, names: Names | None = None) -> "Table":
        """Return the first table of a subquery, which may name this table as its parent."""
        return Table.select_from(self.statement, entity, source, parent=self, names=names)

    def embedded(self, entity: Entity, names: Names) -> "Table":
        """Return this table seen as another entity; its templates may use this one's names and joins too."""
        return Table(
            self.statement,
            entity,
            self.alias,
            self.from_items,
            {**self.joins, **entity.joins},
            {**self.names, **names},
            self.parent,
            self.optional,
            {} if names else self._join_aliases,
        )

    def for_each(self, item: str, entity: Entity, names: Names) -> "Table":
        """Return this table's row seen as another entity in a subquery, once for each row of its FROM item."""
        joins = {**self.joins, **entity.joins}
        return Table(self.statement, entity, self.alias, [item], joins, {**self.names, **names}, self.parent)

    def same_row(self) -> "Table":
        """Return the first table of a new FROM clause over this table's row."""
        return Table.select_from(self.statement, self.entity, f"(SELECT {self.alias}.*)")

    @property
    def from_clause(self) -> str:
        """The FROM clause as it stands."""
        return " ".join(self.from_items)

    def fill(self, template: str, **names: str) -> str:
        """Return a template with the SQL of its names; joins that it names are added."""
        given = {"t": self.alias, **names}
        if self.parent is not None:
            given["p"] = self.parent.alias
        return template.format_map(_Names(given, self))

    def column(self, column: Column) -> list[Piece]:
        """Return the JSON text of a column."""
        value = self.fill(column.sql)
        return or_null(column.form.render(value)) if column.nullable else column.form.pieces(value)

    def placeholder(self, parameter: Parameter) -> str:
        """Return the placeholder of a parameter."""
        return self.statement.parameters.placeholder(parameter)

    def resolve(self, name: str) -> str:
        """Return the SQL of a name in a template. Raises KeyError.

        A name is looked for among the names given, the joins, the parent's names (as `p_…`), the rules of visibility
        and the statement's names, in this order. Parameters are numbered here: the server refuses one that is not used.
        """
        if name in self.names:
            given = self.names[name]
            return given if isinstance(given, str) else self.placeholder(given)
        if name in self._join_aliases:
            return self._join_aliases[name]
        if name in self.joins:
            return self._join(name)
        if name.startswith("p_") and self.parent is not None:
            return self.parent.resolve(name.removeprefix("p_"))
        if name in RULES:
            return self.fill(RULES[name].predicate(self.statement.sight))
        return self.statement.resolve(name)

    def _join(self, name: str) -> str:
        """Add a join that a template names; return its alias."""
        alias = self._join_aliases[name] = self.statement.alias()
        join = self.fill(self.joins[name])
        self.from_items.append(f"LEFT {join}" if self.optional and join.startswith("JOIN") else join)
        return alias

    def visible(self) -> list[str]:
        """Return the predicate that the caller may see the row; none where everybody may."""
        rule = self.entity.visible
        return [] if rule is None else [self.fill(rule.predicate(self.statement.sight))]

    def related(self, name: str, one: One, entity: Entity) -> "Table":
        """Return the table of a to-one relation, which is joined once."""
        if name not in self._related:
            optional = self.optional or one.nullable
            alias = self.statement.alias()
            table = Table(self.statement, entity, alias, self.from_items, entity.joins, {}, self, optional)
            self._related[name] = table
            if one.lateral is not None:
                item = f"LATERAL ({table.fill(one.lateral)}) AS {alias} ON true"
            else:
                on = [table.fill(one.on), *(table.visible() if one.nullable else [])]
                item = f"{self.statement.table(entity.source)} AS {alias} ON {conjunction(on)}"
            self.from_items.append(f"{'LEFT JOIN' if optional else 'JOIN'} {item}")
        return self._related[name]


class _Names(dict[str, str]):
    """The names of one template: the given ones, then those of its table."""

    def __init__(self, given: Mapping[str, str], table: Table) -> None:
        super().__init__(given)
        self._table = table

    def __missing__(self, name: str) -> str:
        return self._table.resolve(name)
