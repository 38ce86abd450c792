"""Explain a person from a preview that is there: nothing is read again, nothing is written."""

from datetime import datetime

from sparkwizard.provisioning.explain import Explanation, explain_person
from sparkwizard.provisioning.planning.planner import Draft, Rules, Situation
from sparkwizard.runs.journal import Journal
from sparkwizard.runs.preview import rules_of, situation_of
from sparkwizard.runs.types import Preview
from sparkwizard.setup.profile import Profile
from sparkwizard.webex.types import Identity

__all__ = ["ExplainablePreview", "explainable"]


class ExplainablePreview:
    """Hold what a preview rests on; made by ``explainable`` where the journal may be read."""

    def __init__(self, rules: Rules, situation: Situation, draft: Draft) -> None:
        self._rules, self._situation, self._draft = rules, situation, draft

    def explain(self, asked: str) -> Explanation:
        """Explain one person; touches no file, so any thread may do it. Raises InputError."""
        return explain_person(self._rules, self._situation, asked, self._draft)


def explainable(
    preview: Preview,
    profile: Profile,
    journal: Journal,
    *,
    identity: Identity | None,
    now: datetime,
) -> ExplainablePreview:
    """Put together what a preview rests on; slow for many, so call it in a thread.

    Raises MappingError, ScopeError and StorageError.
    """
    plan = preview.plan
    situation = situation_of(
        profile,
        preview.population,
        preview.users,
        journal,
        identity=identity,
        now=now,
        source_confirmed=plan.source_confirmed,
    )
    draft = Draft(plan.actions, plan.stops, plan.managed_active, plan.removals_allowed)
    return ExplainablePreview(rules_of(profile), situation, draft)
