"""E-mail addresses as a person types them: one, or several with commas between."""

import re

__all__ = ["address_problem", "split_addresses"]

MOST_ADDRESSES = 20

# ASCII only: not every mail server carries other letters, and a mail that never arrives is worse
# than an address that is refused here. No sign that could end a header or start a second address.
_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}"
_PART = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_LOCAL}@{_PART}(?:\.{_PART})+")


def split_addresses(text: str) -> tuple[str, ...]:
    """Return the addresses of a text with commas or semicolons between them, each once."""
    parts = (part.strip() for part in re.split(r"[,;]", text))
    return tuple(dict.fromkeys(part for part in parts if part))


def address_problem(address: str) -> str:
    """Return what is wrong with one e-mail address, or an empty text."""
    if len(address) <= 254 and _ADDRESS.fullmatch(address):
        return ""
    if "@" not in address:
        return "There is no @ in this address."
    if re.search(r"\s", address):
        return "There is a space in this address; put a comma between two addresses."
    return "This is not a whole e-mail address."
