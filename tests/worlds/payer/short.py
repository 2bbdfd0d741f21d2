"""What an engine decided, written short."""

from collections.abc import Iterable

from x12_payer.edi.messages.claim_status import Status


def status_words(statuses: Iterable[Status]) -> list[str]:
    """Each status as `A7:158:IL`: category, code and entity."""
    return [":".join(filter(None, (s.category, s.code, s.entity))) for s in statuses]
