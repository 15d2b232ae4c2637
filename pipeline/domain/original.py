"""The bytes of a feed file as the bank sent them, kept with what was read from them.

As gzip (RFC 1952), which any system can open in ten years' time.
"""

import gzip
import hashlib
import zlib
from collections.abc import Iterator
from typing import NamedTuple

_FAST = 1
_GZIP = 31
_PIECE = 1 << 20


class Original(NamedTuple):
    """One file: the SHA-256 of its bytes, its name, its size in bytes, its bytes as gzip.

    ``encoding``: as what its text was read where it is no UTF-8.
    """

    sha256: str
    name: str
    size: int
    packed: bytes = b""
    encoding: str = ""


def packed(data: bytes) -> bytes:
    """Bytes as gzip; the same bytes give the same gzip."""
    return gzip.compress(data, _FAST, mtime=0)


def unpacked(packed: bytes) -> Iterator[bytes]:
    """The bytes again, a megabyte at a time. Raises ValueError where they are damaged."""
    gunzip = zlib.decompressobj(_GZIP)
    rest = packed
    try:
        while not gunzip.eof:
            piece = gunzip.decompress(rest, _PIECE)
            rest = gunzip.unconsumed_tail
            if not piece and not gunzip.eof:
                raise ValueError("the gzip ends early")
            yield piece
    except zlib.error as error:
        raise ValueError(str(error)) from None
    if gunzip.unused_data:
        raise ValueError("something stands behind the gzip")


def is_whole(packed: bytes, sha256: str, size: int) -> bool:
    """Whether the bytes are those that are known by this hash and size."""
    digest, length = hashlib.sha256(), 0
    try:
        for piece in unpacked(packed):
            digest.update(piece)
            length += len(piece)
    except ValueError:
        return False
    return (digest.hexdigest(), length) == (sha256, size)
