"""The two ways in which an expression goes wrong: as written, or with one person's values."""

from sparkwizard.errors import MappingError

__all__ = ["EvaluationError", "ExpressionError"]


class ExpressionError(MappingError):
    """Report an expression that can't be used.

    ``position`` counts characters from 0 and points at the fault; ``suggestion`` is the text that
    would be right in its place, or empty.
    """

    default_code = "expression"

    def __init__(
        self, message: str, *, position: int = 0, suggestion: str = "", fix: str = ""
    ) -> None:
        super().__init__(message, fix=fix or (f"Did you mean {suggestion}?" if suggestion else ""))
        self.position = position
        self.suggestion = suggestion


class EvaluationError(ExpressionError):
    """Report a good expression that one person's values don't fit, e.g. a text as a date.

    ``position`` is that of the function it happened in, -1 as long as nobody knows.
    """

    default_code = "evaluation"

    def __init__(self, message: str, *, position: int = -1, fix: str = "") -> None:
        super().__init__(message, position=position, fix=fix)
