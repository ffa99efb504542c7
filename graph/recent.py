import sys
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

LARGEST_PART = 4
"""An entry that takes a larger part than this of all bytes is not kept."""
MIB = 1 << 20


def footprint(value: Any) -> int:  # noqa: ANN401 -- whatever is kept
    """Return about how many bytes a value takes with all that it holds; enums and functions are somebody else's."""
    bytes_, seen, stack = 0, set[int](), [value]
    while stack:
        one = stack.pop()
        if one is None or isinstance(one, bool | Enum | type) or id(one) in seen:
            continue
        seen.add(id(one))
        bytes_ += sys.getsizeof(one)
        if isinstance(one, Mapping):
            stack += [*one.keys(), *one.values()]
        elif isinstance(one, tuple | list | set | frozenset):
            stack += one
        elif is_dataclass(one):
            stack += [getattr(one, field.name) for field in fields(one)]
    return bytes_


class Recent(Generic[K, V]):
    """A map of at most so many entries and bytes that evicts the least recently used, and counts hits and misses."""

    def __init__(self, most: int, most_bytes: int, size: Callable[[K, V], int]) -> None:
        """Take what returns an entry's bytes; it is called once for each that is kept."""
        self._most = most
        self._most_bytes = most_bytes
        self._size = size
        self._entries: OrderedDict[K, V] = OrderedDict()
        self._sizes: dict[K, int] = {}
        self.bytes = 0
        self.hits = 0
        self.misses = 0

    def __len__(self) -> int:
        """Return how many entries there are."""
        return len(self._entries)

    def get(self, key: K) -> V | None:
        """Return the entry; None where there is none."""
        entry = self._entries.get(key)
        if entry is None:
            self.misses += 1
            return None
        self._entries.move_to_end(key)
        self.hits += 1
        return entry

    def keep(self, key: K, value: V) -> V:
        """Keep an entry, unless it is too large, and return it."""
        size = self._size(key, value)
        self.bytes -= self._sizes.pop(key, 0)
        self._entries.pop(key, None)
        if size * LARGEST_PART > self._most_bytes:
            return value
        self._entries[key] = value
        self._sizes[key] = size
        self.bytes += size
        while len(self._entries) > self._most or self.bytes > self._most_bytes:
            oldest, _ = self._entries.popitem(last=False)
            self.bytes -= self._sizes.pop(oldest)
        return value

    def get_or_make(self, key: K, make: Callable[[], V]) -> V:
        """Return the entry; make and keep it if there is none."""
        entry = self.get(key)
        return self.keep(key, make()) if entry is None else entry
