"""The hall and the desk as browsers get them: `source` is what is built, `static` what was built and is shipped."""

from pathlib import Path

STATIC = Path(__file__).parent / "static"
DOCUMENTS = STATIC / "documents.json"
"""The manifest of what the pages ask and do, which the API trusts where it serves them."""
