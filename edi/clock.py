"""The machine's clock. Only the commands and the Python door read it: everything else is given its time."""

from datetime import datetime
from zoneinfo import ZoneInfo


def local_now(time_zone: str) -> datetime:
    """The local time in a zone (America/New_York), to the second; the machine's when none is given."""
    return datetime.now(ZoneInfo(time_zone) if time_zone else None).replace(microsecond=0, tzinfo=None)
