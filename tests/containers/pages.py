"""What the pages for operators tell to type."""

import re

from tests.containers.project import ROOT

PAGES = ("README.md", "docs/operations.md", "docs/runbook.md", "docs/trace.md", "docs/privacy.md")
BLOCK = re.compile(r"(?ms)^```\w*\n(.*?)^```$")
INLINE = re.compile(r"`([^`\n]+(?:\n[^`\n]+)?)`")
COMPOSE = re.compile(r"(?m)^(?:\w+=\S+ )*(?:docker compose|export COMPOSE_FILE)")


def blocks() -> list[str]:
    """Return the blocks of lines with commands of Docker Compose."""
    return [block for page in PAGES for block in BLOCK.findall(text(page)) if COMPOSE.search(block)]


def block(heading: str) -> str:
    """Return the one such block after a heading, up to the next."""
    after = re.compile(rf"(?ms)^#+ {re.escape(heading)}$(.*?)(?=^#|\Z)")
    (section,) = (found for page in PAGES for found in after.findall(BLOCK.sub(commented, text(page))))
    (found,) = [one for one in BLOCK.findall(section.replace("\0", "#")) if COMPOSE.search(one)]
    return str(found)


def commented(match: re.Match[str]) -> str:
    """Return a block without what could be taken for a heading."""
    return match[0].replace("#", "\0")


def inline() -> set[str]:
    """Return the commands of Docker Compose within sentences."""
    spans = (" ".join(span.split()) for page in PAGES for span in INLINE.findall(BLOCK.sub("", text(page))))
    return {span for span in spans if " " in span and COMPOSE.search(span) and span != "docker compose"}


def text(page: str) -> str:
    """Return a page's text."""
    return (ROOT / page).read_text(encoding="utf-8")
