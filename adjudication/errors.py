"""What may go wrong outside of our code and ends a command with one line. Everything else that is raised is
a bug."""


class StoreError(Exception):
    """The store cannot be opened or used; the text says why, without data."""


class StoreBusyError(StoreError):
    """Another writer was in the way of a unit of work: begun anew it may succeed."""


class InputChangedError(Exception):
    """An inbound file was changed while it was read: nothing of the interchange in hand is kept."""
