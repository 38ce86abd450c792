"""An address as a QR code, as data: whoever shows it draws it."""

__all__ = ["qr_of"]


def qr_of(text: str) -> tuple[tuple[bool, ...], ...]:
    """Return the modules of a QR code row by row, True for dark, without the quiet zone around."""
    import segno  # noqa: PLC0415 -- only a sign-in by code needs it

    return tuple(tuple(bool(module) for module in row) for row in segno.make_qr(text).matrix)
