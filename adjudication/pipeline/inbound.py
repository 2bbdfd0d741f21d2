"""One inbound file, known to be the same from the check to the commit.

A file may be overwritten while it is read (a second upload under its name). Then what was checked would
not be what is decided, and the digest kept would belong to neither. So the file is sealed before it is
read: the digest of each of its pieces. Before an interchange commits, the pieces it lies in have to be
unchanged. Only 16 bytes for each 64 kB of the file are held."""

from hashlib import blake2b

from x12_payer.adjudication.errors import InputChangedError
from x12_payer.edi.frozen import frozen
from x12_payer.edi.wire.segments import Source

PIECE = 1 << 16


@frozen
class Seal:
    """The digests of a file's pieces, taken before anything else was read of it."""

    pieces: tuple[bytes, ...]

    def check(self, source: Source, offset: int, length: int) -> None:
        """Raises InputChangedError when the bytes there are not what they were."""
        first, last = offset // PIECE, max(offset + length - 1, offset) // PIECE
        for n in range(first, last + 1):
            if n >= len(self.pieces) or _piece(source, n) != self.pieces[n]:
                raise InputChangedError


def seal(source: Source) -> Seal:
    """The seal of a file as it is now."""
    pieces: list[bytes] = []
    while (found := source.read(len(pieces) * PIECE, PIECE)) or not pieces:
        pieces.append(_digest(found))
    return Seal(tuple(pieces))


def _piece(source: Source, n: int) -> bytes:
    return _digest(source.read(n * PIECE, PIECE))


def _digest(piece: bytes) -> bytes:
    return blake2b(piece, digest_size=16).digest()
