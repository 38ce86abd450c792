"""Seal a plan of changes with a digest over all of it, and read it back. Pure."""

import hashlib

import msgspec

from sparkwizard.entra.provisioning_job.types import TenantPlan
from sparkwizard.errors import PlanError, SafeguardStop
from sparkwizard.values import replace

__all__ = ["read_tenant_plan", "sealed", "write_tenant_plan"]


def sealed(plan: TenantPlan) -> TenantPlan:
    """Return the plan with its digest."""
    return replace(plan, digest=_digest(plan))


def write_tenant_plan(plan: TenantPlan) -> bytes:
    """Encode a sealed plan; it holds no token."""
    return msgspec.json.encode(plan, order="deterministic")


def read_tenant_plan(content: bytes) -> TenantPlan:
    """Decode a plan. Raises PlanError for what is none, SafeguardStop for one that was changed."""
    try:
        plan = msgspec.json.decode(content, type=TenantPlan)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PlanError(
            "This is no list of changes to the tenant.", fix="Make a new one."
        ) from error
    if plan.digest != _digest(plan):
        raise SafeguardStop(
            "This list of changes was altered after it was made. Nothing was written.",
            fix="Make a new one.",
            code="plan-changed",
        )
    return plan


def _digest(plan: TenantPlan) -> str:
    content = msgspec.json.encode(replace(plan, digest=""), order="deterministic")
    return hashlib.sha256(content).hexdigest()
