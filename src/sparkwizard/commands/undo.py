"""``undo``: plan the inverse of a run. Nothing is written to Webex until ``apply``."""

from collections.abc import Iterator
from pathlib import Path

from sparkwizard.commands.line.arguments import Options
from sparkwizard.commands.plans import refuse_input
from sparkwizard.commands.telling.estimates import estimate_document, estimate_lines
from sparkwizard.commands.telling.output import Output
from sparkwizard.commands.telling.plan_texts import plan_document, plan_lines
from sparkwizard.provisioning.plan import Plan, write_plan
from sparkwizard.provisioning.types import ActionKind
from sparkwizard.runs.services import LocalServices
from sparkwizard.setup.places import write_private

__all__ = ["undo"]

LISTED = 20


async def undo(options: Options, services: LocalServices, output: Output) -> int:
    """Save the plan that undoes a run, and say what of the run can't be undone."""
    loaded = services.load(options.profile or "")
    out = options.out or Path()
    refuse_input(out, loaded)
    token = services.token_for(loaded.profile)
    made = await services.undo(
        loaded.profile, options.run, token, confirm_removals=options.confirm_removals
    )
    write_private(out, write_plan(made.plan))
    document = {
        **plan_document(made.plan, out),
        "undoes": options.run,
        "estimate": estimate_document(made),
    }
    lines = (*plan_lines(made.plan, out), *_left_lines(made.plan), *estimate_lines(made))
    output.result(document, lines)
    return 0


def _left_lines(plan: Plan) -> Iterator[str]:
    left = [action for action in plan.actions if action.kind is ActionKind.SKIPPED]
    for action in left[:LISTED]:
        why = " ".join(reason.text for reason in action.reasons)
        yield f"  left     {action.label} <{action.user_name}>  {why}"
    if len(left) > LISTED:
        yield f"  and {len(left) - LISTED:,} more left as they are"
