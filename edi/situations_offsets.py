"""The name under which findings got their offsets before they got their loops too."""

from edi.situations_places import with_places as with_offsets

__all__ = ["with_offsets"]
