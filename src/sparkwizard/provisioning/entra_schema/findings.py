"""What could not be taken over one to one, and where it stands."""

import msgspec

__all__ = ["SchemaFinding"]


class SchemaFinding(msgspec.Struct, frozen=True):
    """Say what could not be taken over, or needs a look.

    ``code`` is stable. ``path`` leads to the place in the document, such as
    ``synchronizationRules[0].objectMappings[1].scope``; ``fix`` says what to do, or is empty.
    """

    code: str
    path: str
    text: str
    fix: str = ""
