"""Lists with qualities in headers (RFC 9110, 12.4.2)."""


def qualities(header: str) -> dict[str, float]:
    """Return the entries of a list in a header, in lower case and in order, with their qualities."""
    return dict(_weighed(entry) for entry in header.split(","))


def _weighed(entry: str) -> tuple[str, float]:
    """Return the name and the quality of one entry."""
    name, *parameters = [part.strip().lower() for part in entry.split(";")]
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return name, float(parameter[2:])
            except ValueError:
                return name, 0.0
    return name, 1.0
