import sqlite3
import time
from dataclasses import replace
from pathlib import Path

from shangliang_kit.event import Event, numbers_missing

KEEP_DAYS = 120
"""Longer than the sender's log, out of which it repeats, keeps anything."""
TABLES = """
CREATE TABLE IF NOT EXISTS handled (
  id TEXT NOT NULL, replay INTEGER NOT NULL, handled_at REAL NOT NULL, PRIMARY KEY (id, replay)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS lane (partition_key TEXT PRIMARY KEY, sequence INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS restored (first_sequence INTEGER PRIMARY KEY);
"""
NOTE = "INSERT OR IGNORE INTO handled (id, replay, handled_at) VALUES (?, ?, ?)"
ADVANCE = """INSERT INTO lane (partition_key, sequence) VALUES (?, ?)
ON CONFLICT (partition_key) DO UPDATE SET sequence = max(sequence, excluded.sequence)"""


class Store:
    """What was handled, in a file of SQLite: the ids, how far each partition key is, and where all began anew."""

    def __init__(self, path: Path | str, *, keep_days: float = KEEP_DAYS) -> None:
        self._connection = sqlite3.connect(path)
        self._connection.executescript(TABLES)
        with self._connection:
            self._connection.execute("DELETE FROM handled WHERE handled_at < ?", (time.time() - keep_days * 86_400,))

    def has(self, event: Event) -> bool:
        """Tell whether the same event, sent for the same reason, was handled."""
        found = self._connection.execute(
            "SELECT 1 FROM handled WHERE id = ? AND replay = ?", (event.id, event.replay)
        ).fetchone()
        return found is not None

    def placed(self, event: Event) -> Event:
        """Return the event with its place after what was handled of its partition key."""
        found = self._connection.execute(
            "SELECT sequence FROM lane WHERE partition_key = ?", (event.partition_key,)
        ).fetchone()
        last = found[0] if found else 0
        # A restore that comes after this one passes over numbers that are greater still.
        told = self._connection.execute(
            "SELECT coalesce(max(first_sequence), 0) FROM restored WHERE first_sequence <= ?", (event.sequence,)
        ).fetchone()
        first = max(told[0], event.first_sequence)
        missing = numbers_missing(event.sequence, last=last, first=first)
        return replace(event, missing=missing, late=event.sequence <= last)

    def note(self, event: Event) -> None:
        """The event is handled, on disk when this returns."""
        with self._connection:
            self._connection.execute(NOTE, (event.id, event.replay, time.time()))
            self._connection.execute(ADVANCE, (event.partition_key, event.sequence))
            if event.first_sequence:
                self._connection.execute(
                    "INSERT OR IGNORE INTO restored (first_sequence) VALUES (?)", (event.first_sequence,)
                )

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
