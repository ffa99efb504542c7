"""What can be read: each entity's columns, relations, filters, orders and visibility, as SQL templates.

Templates name aliases in braces: {t} the entity's own row, {p} its parent's, {value}… a filter's parameters, a
join of the entity by its name, an ambient parameter by its name.
"""
