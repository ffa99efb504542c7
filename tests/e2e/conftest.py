"""Applications over the demonstration province or an empty one, as the tests of the API have them."""

from tests.graph.conftest import api, issuer, schema, seeded_db, statements

__all__ = ["api", "issuer", "schema", "seeded_db", "statements"]
