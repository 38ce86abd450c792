"""Name the shapes of JSON that arrive over the wire."""

from typing import Any

type JsonObject = dict[str, Any]
"""A JSON object as a client sent it: any value may stand under any key."""
