"""Who acts: what the audit says of a run beside what was decided. Nothing decided depends on it."""

import os
from collections.abc import Callable
from datetime import UTC, datetime

from x12_payer.edi.frozen import frozen
from x12_payer.edi.version import VERSION


def utc_now() -> datetime:
    """The machine's clock, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


@frozen
class Actor:
    """operator: a person or service, by the name they log in with. now: the real time, in UTC."""

    operator: str
    host: str
    version: str = VERSION
    now: Callable[[], datetime] = utc_now


def this_process(by: str = "") -> Actor:
    """`by`, else $EDI_USER, else the login name, on this machine."""
    return Actor(by or os.environ.get("EDI_USER") or _login_name(), os.uname().nodename)


def _login_name() -> str:
    from getpass import getuser

    try:
        return getuser()
    except (KeyError, OSError):  # a container's user need not have a name
        return str(os.getuid())
