"""Open a text file as what it is, and refuse in a sentence what is none."""

import codecs
import io
import os
import stat
from pathlib import Path
from typing import IO, Self

from sparkwizard.errors import SourceError

__all__ = ["MAX_BYTES", "OpenedText", "open_text"]

MAX_BYTES = 1024**3  # ten times an export of a million people with every column

_SAMPLE = 64 * 1024
_SAVE_AS_UTF8 = (
    "Save it as “CSV UTF-8 (comma delimited)” in Excel, or download it again from the "
    "Entra admin centre."
)
_EXCEL = "{name} is an Excel workbook, not a CSV file."
_SIGNATURES = (
    (b"PK\x03\x04", _EXCEL),
    (b"\xd0\xcf\x11\xe0", _EXCEL),
    (b"%PDF", "{name} is a PDF document, not a CSV file."),
    (b"\x1f\x8b", "{name} is compressed, not a CSV file."),
)


class OpenedText:
    """Hold a file that is open for reading and can tell whether it changed since then."""

    def __init__(self, path: Path, binary: IO[bytes], encoding: str) -> None:
        self.path = path
        self.encoding = encoding
        self._binary = binary
        self._before = os.fstat(binary.fileno())
        # newline="" keeps \r\n inside quoted cells as it was written
        self.text = io.TextIOWrapper(binary, encoding=encoding, newline="")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.text.close()

    @property
    def fraction(self) -> float:
        """Return how much of the file was read, from 0 to 1."""
        return min(1.0, self._binary.tell() / max(1, self._before.st_size))

    def read(self, characters: int) -> str:
        """Read on. Raises ``SourceError`` for what is not text, or can no longer be read."""
        try:
            return self.text.read(characters)
        except UnicodeDecodeError as error:
            raise _not_decodable(self) from error
        except OSError as error:
            raise _unreadable(self.path, error) from error

    def changed(self) -> bool:
        """Return whether the file was written, replaced or removed since it was opened."""
        try:
            now = self.path.stat()
        except OSError:
            return True
        return _fingerprint(now) != _fingerprint(self._before)


def open_text(path: Path) -> OpenedText:
    """Open a text file in the encoding it is in: UTF-8, or UTF-16 with a byte order mark.

    Raises ``SourceError`` for what is no readable text file.
    """
    binary = _open_regular(path)
    try:
        sample = binary.read(_SAMPLE)
        binary.seek(0)
        return OpenedText(path, binary, _encoding(path, sample))
    except BaseException:
        binary.close()
        raise


def _open_regular(path: Path) -> IO[bytes]:
    try:
        found = path.stat()
        if stat.S_ISREG(found.st_mode) and found.st_size <= MAX_BYTES:
            return path.open("rb")
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    if stat.S_ISDIR(found.st_mode):
        raise SourceError(f"{path} is a folder.", fix="Choose the CSV file inside it.")
    if not stat.S_ISREG(found.st_mode):
        raise SourceError(f"{path} is not a regular file.", fix="Choose a CSV file.")
    raise SourceError(
        f"{path.name} is larger than {MAX_BYTES // 1024**3} GB, which no export of people is.",
        fix="Choose the file that the Entra admin centre downloaded.",
    )


def _unreadable(path: Path, error: OSError | ValueError) -> SourceError:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return SourceError(
            f"There is no file {path}.", fix="Choose the file again; it may have been moved."
        )
    if isinstance(error, PermissionError):
        return SourceError(
            f"{path} can't be opened: this account may not read it.",
            fix="Allow reading it, close the program that has it open, or choose a copy.",
        )
    why = (error.strerror if isinstance(error, OSError) else None) or "it can't be read"
    return SourceError(f"{path} can't be read: {why}.", fix="Choose another copy of the file.")


def _encoding(path: Path, sample: bytes) -> str:
    if not sample.strip():
        raise SourceError(f"{path.name} is empty.", fix="Download the users again.")
    for signature, message in _SIGNATURES:
        if sample.startswith(signature):
            raise SourceError(message.format(name=path.name), fix=_SAVE_AS_UTF8)
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in sample.lstrip().splitlines()[0]:
        raise SourceError(f"{path.name} is not a text file.", fix=_SAVE_AS_UTF8)
    return "utf-8-sig"


def _not_decodable(opened: OpenedText) -> SourceError:
    if opened.encoding == "utf-16":
        what = f"{opened.path.name} is damaged: its UTF-16 text breaks off or is not valid."
        return SourceError(what, fix=_SAVE_AS_UTF8)
    line = _first_line_not_utf8(opened.path)
    return SourceError(f"Line {line} of {opened.path.name} is not UTF-8 text.", fix=_SAVE_AS_UTF8)


def _first_line_not_utf8(path: Path) -> int:
    number = 0
    with path.open("rb") as binary:
        for number, line in enumerate(binary, start=1):  # noqa: B007  the last number is the answer
            try:
                line.decode("utf-8-sig")
            except UnicodeDecodeError:
                break
    return number


def _fingerprint(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_size, found.st_mtime_ns, found.st_ino
