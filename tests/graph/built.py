"""What holds for the built files of pages."""

import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
"""What a browser accepts where somebody opens an address."""
NOT_SOURCES = {"node_modules", "generated"}


def digest(source: Path, beside: Mapping[str, Path] | None = None) -> str:
    """Return the SHA-256 of the sources' names and contents, with files elsewhere by names of their own."""
    names = (path.relative_to(source) for path in source.rglob("*") if path.is_file())
    files = {str(name): source / name for name in names if name.parts[0] not in NOT_SOURCES} | dict(beside or {})
    found = sha256()
    for name, path in sorted(files.items()):
        found.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def hosts_named(static: Path) -> set[str]:
    """Return the hosts that scripts name; a page that names one, or a script that makes code of texts, is a failure."""
    texts = [(path.suffix, path.read_text()) for path in static.iterdir() if path.suffix in {".html", ".js"}]
    pages, scripts = ("\n".join(text for suffix, text in texts if suffix == wanted) for wanted in (".html", ".js"))
    assert re.findall(r"(?:https?:)?//[\w.-]+", pages) == []
    assert re.findall(r"\beval\(|new Function|importScripts|new Worker", scripts) == []
    return set(re.findall(r"https?://([\w-]+(?:\.[\w-]+)+)", scripts))


def loaded_by_styles(static: Path) -> set[str]:
    """Return the beginnings of what style sheets load."""
    styles = "\n".join(path.read_text() for path in static.glob("*.css"))
    assert "@import" not in styles
    return {found[:15] for found in re.findall(r"url\(([^)]*)", styles)}
