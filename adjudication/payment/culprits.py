"""Which of many parts are at fault when the whole fails: a search by halving, so that no part is tried alone
while everything is fine."""

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
