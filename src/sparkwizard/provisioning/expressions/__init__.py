"""Entra's expression language for attribute mappings: compiled once, called for every person."""

from sparkwizard.provisioning.expressions.assist import (
    Completion,
    SignatureHelp,
    complete,
    signature_at,
)
from sparkwizard.provisioning.expressions.compiler import Expression, compile_expression
from sparkwizard.provisioning.expressions.faults import EvaluationError, ExpressionError
from sparkwizard.provisioning.expressions.formatting import format_expression
from sparkwizard.provisioning.expressions.functions import FUNCTIONS
from sparkwizard.provisioning.expressions.functions.spec import (
    ExpressionWarning,
    Function,
    Parameter,
)
from sparkwizard.provisioning.expressions.tracing import TraceStep, trace
from sparkwizard.provisioning.expressions.values import DROP

__all__ = [
    "DROP",
    "FUNCTIONS",
    "Completion",
    "EvaluationError",
    "Expression",
    "ExpressionError",
    "ExpressionWarning",
    "Function",
    "Parameter",
    "SignatureHelp",
    "TraceStep",
    "compile_expression",
    "complete",
    "format_expression",
    "signature_at",
    "trace",
]
