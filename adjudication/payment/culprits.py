"""Which of many things are at fault when something made of all of them fails: a search by halving, so that
nothing is tried by itself while all is well."""

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def culprits(items: Sequence[T], fails: Callable[[Sequence[T]], bool]) -> tuple[T, ...]:
    """The items that fail by themselves; all of them when they fail only together. Nothing when they pass."""
    if not items or not fails(items):
        return ()
    if len(items) == 1:
        return tuple(items)
    half = len(items) // 2
    return (*culprits(items[:half], fails), *culprits(items[half:], fails)) or tuple(items)
