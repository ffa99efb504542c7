"""What can be read: each entity's relations, expressions, filters, orders and visibility, as SQL templates.

Columns and foreign keys need no template: they are derived from the entity's model. In braces templates name aliases
({t} the entity's own row, {p} its parent's, a join of the entity by its name), tables ({table_topic}; only so they are
read as of an instant), a filter's parameters ({value}) and ambient parameters.
"""
