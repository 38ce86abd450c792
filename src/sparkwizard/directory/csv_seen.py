"""Hold how a CSV file was seen last: digests of its rows in blocks, and whose rows they are.

Most of a file is as it was, so its rows are digested by the hundred. A block ends where the row
itself says so, not after so many: a row more or less changes its own block and no other. Only a
strong digest tells that something is unchanged; checksums just find the ends of blocks, and call
for a closer look.
"""

import struct
from collections.abc import Buffer, Iterable, Iterator
from hashlib import blake2b, sha256
from itertools import chain
from zlib import crc32

import msgspec

__all__ = [
    "BY_LINE",
    "BY_PERSON",
    "Block",
    "Seen",
    "block_end",
    "decoded",
    "digest_of",
    "digest_of_all",
    "marks_of",
    "single_marks",
]

BY_LINE = "line"
BY_PERSON = "person"
FORMAT = 2
SIZE = 16
"""Bytes of a row's digest."""
MARKS = 8
"""Bytes of a row's marks."""
_GOES_ON = 127
"""A row ends its block where its checksum has none of these bits: one of 128 rows does."""
_BETWEEN = "\0"
"""What no source id holds: a row with it can't be read."""


class Block(msgspec.Struct, array_like=True, frozen=True):
    """Hold neighbouring rows: a digest of them all; of each a digest, the source id and marks.

    The id of a row that is nobody's is empty. Rows that were never digested together have no
    ``digest``, and those that nobody looks at by name no ``marks``. ``size`` is how many bytes were
    digested, 0 where that is not known.
    """

    digest: bytes
    rows: bytes
    ids: str
    marks: bytes = b""
    size: int = 0

    @classmethod
    def of(
        cls,
        digest: bytes,
        rows: Iterable[bytes],
        ids: Iterable[str],
        marks: Iterable[bytes] = (),
        size: int = 0,
    ) -> "Block":
        """Put rows together."""
        return cls(digest, b"".join(rows), _BETWEEN.join(ids), b"".join(marks), size)

    def __len__(self) -> int:
        return len(self.rows) // SIZE

    def digests(self) -> Iterator[bytes]:
        """Return the digest of each row."""
        return (one for (one,) in struct.iter_unpack(f"{SIZE}s", self.rows))

    def people(self) -> list[str]:
        """Return the source id of each row."""
        return self.ids.split(_BETWEEN) if self.rows else []

    def marks_each(self) -> Iterator[bytes]:
        """Return the marks of each row."""
        return (one for (one,) in struct.iter_unpack(f"{MARKS}s", self.marks))

    def is_whole(self, *, marked: bool) -> bool:
        """Return whether it holds as much of everything."""
        rows = self.ids.count(_BETWEEN) + 1 if self.rows or self.ids else 0
        return len(self.rows) == SIZE * rows and len(self.marks) == MARKS * rows * marked


class Seen(msgspec.Struct, array_like=True, frozen=True):
    """Hold a file as it was seen: row by line or by person, with its header, and all rows."""

    version: int
    by: str
    header: bytes
    blocks: list[Block]

    @classmethod
    def of(cls, by: str, header: bytes, blocks: list[Block]) -> "Seen":
        """Return a file as it is seen today."""
        return cls(FORMAT, by, header, blocks)

    def watermark(self) -> bytes:
        """Return what ``decoded`` reads."""
        return msgspec.msgpack.encode(self)

    def by_digest(self) -> dict[bytes, str]:
        """Return the source id of each row by the row's digest."""
        digests = chain.from_iterable(block.digests() for block in self.blocks)
        people = chain.from_iterable(block.people() for block in self.blocks)
        return dict(zip(digests, people, strict=True))


class _SeenBefore(msgspec.Struct, array_like=True, frozen=True):
    """Hold a watermark as version 0.1 wrote it: without blocks, with names."""

    by: str
    header: bytes
    digests: bytes
    ids: list[str]
    names: list[str]
    version: int

    def now(self) -> Seen | None:
        """Return the same with all rows in one block, None for what can't be right."""
        if self.version != 1 or len(self.names) != len(self.ids):
            return None
        marks = map(marks_of, self.ids, self.names) if self.by == BY_LINE else ()
        return Seen.of(self.by, self.header, [Block.of(b"", [self.digests], self.ids, marks)])


def decoded(watermark: bytes) -> Seen | None:
    """Return how a file was seen, None for what is no watermark of a file."""
    seen = _decoded(watermark, Seen)
    if seen is None and (before := _decoded(watermark, _SeenBefore)):
        seen = before.now()
    if seen is None or seen.version != FORMAT:
        return None
    marked = seen.by == BY_LINE
    return seen if all(block.is_whole(marked=marked) for block in seen.blocks) else None


def _decoded[T](watermark: bytes, kind: type[T]) -> T | None:
    try:
        return msgspec.msgpack.decode(watermark, type=kind)
    except msgspec.DecodeError:
        return None


def block_end(data: bytes, start: int) -> int:
    """Return where the block ends that begins here, given data of whole lines."""
    while start < len(data):
        end = data.index(b"\n", start)
        check = crc32(data[start:end])
        start = end + 1
        if not check & _GOES_ON:
            break
    return start


def digest_of(row: bytes) -> bytes:
    """Return a row's digest."""
    return blake2b(row, digest_size=SIZE).digest()


def digest_of_all(lines: Buffer) -> bytes:
    """Return the digest of whole lines in their order."""
    return sha256(lines).digest()


def marks_of(source_id: str, name: str) -> bytes:
    """Return checksums of a source id and a case-folded name.

    Where they differ from somebody else's, so do id and name.
    """
    return struct.pack("<II", crc32(source_id.encode()), crc32(name.encode()))


def single_marks(marks: bytes) -> tuple[int, ...]:
    """Return the checksums in the marks of many rows, those of ids and of names alike."""
    found: tuple[int, ...] = struct.unpack(f"<{len(marks) // 4}I", marks)
    return found
