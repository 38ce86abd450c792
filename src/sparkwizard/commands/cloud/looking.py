"""``cloud foretell``, ``watch``, ``logs``, ``check``, ``checklist``: the tenant stays as it is."""

from collections.abc import Sequence
from datetime import timedelta

from sparkwizard.commands.cloud import documents, foretold_documents
from sparkwizard.commands.line.arguments import Options
from sparkwizard.commands.telling.output import Output
from sparkwizard.entra.provisioning_job.desired import desired_of
from sparkwizard.entra.provisioning_job.log_filter import LogFilter
from sparkwizard.errors import InputError, SparkWizardError
from sparkwizard.runs.reports.provisioning_log import log_document, write_log
from sparkwizard.runs.services import Services
from sparkwizard.setup.profile import Profile
from sparkwizard.wizard.cloud.checklist import ChecklistItem, checklist, done_count

__all__ = ["check", "foretell", "logs", "points", "watch"]


async def watch(options: Options, services: Services, output: Output) -> int:
    """Say how the job stands; exit code 4 in quarantine."""
    profile = services.load(options.profile or "").profile
    found = await services.watch_cloud(profile)
    output.result(documents.watch_document(found), documents.watch_lines(found, services.clock()))
    return 4 if found.status.quarantine else 0


async def logs(options: Options, services: Services, output: Output) -> int:
    """Say what the job did for whom, and write it to a file where asked."""
    profile = services.load(options.profile or "").profile
    since = services.clock() - timedelta(days=options.days) if options.days else None
    wanted = LogFilter(frozenset(options.action), frozenset(options.status), options.search, since)
    read = await services.cloud_logs(profile, wanted)
    entries = read.entries
    if options.out:
        write_log(options.out, entries)
    document = {
        "count": len(entries),
        "complete": read.complete,
        "out": str(options.out) if options.out else None,
        "entries": [log_document(entry) for entry in entries],
    }
    output.result(document, documents.log_lines(read))
    return 0


async def foretell(options: Options, services: Services, output: Output) -> int:
    """Tell what the service will do with each person, by its own rules; nothing is written."""
    loaded = services.load(options.profile or "")
    token = services.token_for(loaded.profile)
    found = await services.foretell_cloud(loaded.profile, loaded.base_dir, token)
    output.result(
        foretold_documents.foretold_document(found), foretold_documents.foretold_lines(found)
    )
    return 0


async def check(options: Options, services: Services, output: Output) -> int:
    """Compare schema and first cycle with the setup; exit code 4 where they differ."""
    loaded = services.load(options.profile or "")
    token, note = _webex_token(services, loaded.profile)
    found = await services.check_hand_off(loaded.profile, loaded.base_dir, token, anew=options.anew)
    output.result(
        foretold_documents.hand_off_document(found),
        (*foretold_documents.hand_off_lines(found), *note),
    )
    compared = found.comparison
    told = (*compared.people, *compared.groups) if compared else ()
    differ = any(one.kind.value in ("differing", "unexpected") for one in told)
    return 4 if found.differences or differ else 0


def _webex_token(services: Services, profile: Profile) -> tuple[str, tuple[str, ...]]:
    """Return the Webex token, and why there is none: the schema is compared without one too."""
    try:
        return services.token_for(profile), ()
    except SparkWizardError as error:
        return "", (f"No preview was made: {error}",)


async def points(options: Options, services: Services, output: Output) -> int:
    """Say the set-up by hand, point by point, or tick one off."""
    profile = services.load(options.profile or "").profile
    desired = desired_of(profile, on=True)
    state = await services.read_cloud(profile)
    items = checklist(desired, state, services.ticks(profile), profile.source.graph_url)
    if asked := options.tick or options.untick:
        services.tick(profile, _point(asked, items), ticked=bool(options.tick))
        items = checklist(desired, state, services.ticks(profile), profile.source.graph_url)
    document = {
        "done": done_count(items),
        "points": documents.checklist_document(items),
        "unreadable": [reason.text for reason in state.unreadable],
    }
    output.result(document, documents.checklist_lines(items))
    return 0


def _point(asked: str, items: Sequence[ChecklistItem]) -> str:
    item = next((item for item in items if item.key == asked), None)
    if item is None:
        raise InputError(
            f"The checklist has no point {asked[:60]}.",
            fix=f"Its points are {', '.join(item.key for item in items)}.",
            code="no-point",
        )
    if not item.by_hand:
        raise InputError(
            f"“{item.title}” is checked through Graph, so it is not ticked off by hand.",
            fix="Do it in the Entra admin centre; it shows here once it is done.",
            code="checked-point",
        )
    return item.key
