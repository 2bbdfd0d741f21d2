"""What an error message adds to the fault: the nearest valid value, and why a file cannot be read."""

from collections.abc import Collection
from errno import ESPIPE

LONGEST = 60  # a longer value is no slip of the pen


def nearest(value: str, choices: Collection[str]) -> str:
    """'; did you mean X?' when one of the choices is near, else ''."""
    near = closest(value, choices)
    return f"; did you mean {near}?" if near else ""


def closest(value: str, choices: Collection[str]) -> str:
    """The choice that is most like the value, '' when none is near."""
    if not value or len(value) > LONGEST:
        return ""
    from difflib import get_close_matches  # only who errs waits for it

    by_small = {choice.lower(): choice for choice in choices}
    found = get_close_matches(value.lower(), by_small, n=1)
    return by_small[found[0]] if found else ""


def unread(error: OSError) -> str:
    """Why a file cannot be read."""
    return "it is a pipe that nobody writes into" if error.errno == ESPIPE else str(error.strerror)
