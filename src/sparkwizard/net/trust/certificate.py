"""Read who made a TLS certificate, without trusting it.

The standard library decodes only certificates it has verified; the one that matters here failed.
So this walks the few DER elements up to the issuer (RFC 5280 §4.1) and reads its names.
"""

from collections.abc import Iterator

__all__ = ["issuer_of"]

_CONTEXT_0 = 0xA0
_SEQUENCE = 0x30
_COMMON_NAME = bytes((0x55, 0x04, 0x03))
_ORGANIZATION = bytes((0x55, 0x04, 0x0A))
_BMP_STRING = 0x1E


def issuer_of(der: bytes) -> str:
    """Return the issuer's common name and organization, or an empty text if unreadable."""
    try:
        names = dict(_names(_issuer(der)))
    except (ValueError, IndexError, StopIteration):
        return ""
    common, organization = names.get(_COMMON_NAME, ""), names.get(_ORGANIZATION, "")
    if common and organization and organization.lower() not in common.lower():
        return f"{common} ({organization})"
    return common or organization


def _issuer(der: bytes) -> bytes:
    """Return the content of the issuer's Name: after version, serial number and algorithm."""
    certificate = next(_elements(der))[1]
    fields = _elements(next(_elements(certificate))[1])
    tag, _ = next(fields)
    if tag == _CONTEXT_0:
        next(fields)
    next(fields)
    tag, issuer = next(fields)
    if tag != _SEQUENCE:
        raise ValueError("no issuer where it should be")
    return issuer


def _names(name: bytes) -> Iterator[tuple[bytes, str]]:
    """Yield object identifier and text of every attribute of a Name."""
    for _, relative in _elements(name):
        for _, pair in _elements(relative):
            (_, identifier), (tag, value) = list(_elements(pair))[:2]
            yield identifier, _text(tag, value)


def _text(tag: int, value: bytes) -> str:
    encoding = "utf-16-be" if tag == _BMP_STRING else "utf-8"
    decoded = value.decode(encoding, errors="replace")
    return "".join(char for char in decoded if char.isprintable()).strip()[:120]


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield tag and content of each element; ``ValueError`` where a length runs past the end."""
    position = 0
    while position < len(data):
        tag, length, start = data[position], data[position + 1], position + 2
        if length & 0x80:
            size = length & 0x7F
            length = int.from_bytes(data[start : start + size])
            start += size
        if start + length > len(data):
            raise ValueError("an element runs past the end")
        yield tag, data[start : start + length]
        position = start + length
