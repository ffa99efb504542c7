"""A selection becomes one SQL statement: plan, catalogue, visibility, compile, fetch."""
