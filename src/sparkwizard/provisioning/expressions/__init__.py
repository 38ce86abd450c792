"""Entra's expression language for attribute mappings: compiled once, called for every person."""

from sparkwizard.provisioning.expressions.compiler import Expression, compile_expression
from sparkwizard.provisioning.expressions.faults import EvaluationError, ExpressionError
from sparkwizard.provisioning.expressions.functions import FUNCTIONS
from sparkwizard.provisioning.expressions.functions.spec import (
    ExpressionWarning,
    Function,
    Parameter,
)
from sparkwizard.provisioning.expressions.values import DROP

__all__ = [
    "DROP",
    "FUNCTIONS",
    "EvaluationError",
    "Expression",
    "ExpressionError",
    "ExpressionWarning",
    "Function",
    "Parameter",
    "compile_expression",
]
