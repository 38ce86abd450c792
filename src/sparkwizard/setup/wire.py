"""A profile as TOML tables, and back; strict, so that a slip of the pen never changes who is met.

``decode`` and ``encode`` are each other's inverse. Version 1 is the only one so far.
"""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from sparkwizard.errors import ProfileError
from sparkwizard.provisioning.types import Actions, Clause, Filter, MappingRule, RemovalLimit
from sparkwizard.setup.profile import (
    CloudSettings,
    GroupSettings,
    Notifications,
    Profile,
    Safeguards,
    ScopeSettings,
    SmtpSettings,
    SourceSettings,
    WebexSettings,
)
from sparkwizard.setup.toml_table import Table

__all__ = ["VERSION", "check_name", "decode", "encode"]

VERSION = 1
MAX_NAME = 100

type Toml = str | int | float | bool | list[Toml] | dict[str, Toml]


def decode(content: Mapping[str, object], file: Path, *, draft: bool = False) -> Profile:
    """Return the profile that the tables of a file hold; missing sections take their defaults.

    A draft may have no name yet. Raises ``ProfileError`` naming the file and the key.
    """
    top = Table(content, "", file, _TOP_KEYS)
    _check_version(top)
    name = top.text("name") if "name" in content or draft else top.missing("name")
    if not draft:
        check_name(name, file)
    return Profile(
        name=name,
        webex=_webex(top.table("webex", _WEBEX_KEYS)),
        source=_source(top.table("source", _SOURCE_KEYS)),
        scope=_scope(top.table("scope", _SCOPE_KEYS)),
        mapping=tuple(_rule(table) for table in top.tables("mapping", _RULE_KEYS, "target")),
        actions=_actions(top.table("actions", _ACTION_KEYS)),
        safeguards=_safeguards(top.table("safeguards", _SAFEGUARD_KEYS)),
        notifications=_notifications(top.table("notifications", _NOTIFICATION_KEYS)),
        groups=_groups(top),
        cloud=_cloud(top.table("cloud", _CLOUD_KEYS)),
        explicit_id=top.text("id"),
    )


def encode(profile: Profile) -> dict[str, Toml]:
    """Return the tables of a profile, sections in the order of the documentation."""
    content: dict[str, Toml] = {"version": VERSION, "name": profile.name}
    if profile.explicit_id:
        content["id"] = profile.explicit_id
    content["webex"] = _filled(
        {
            "tenant_url": profile.webex.tenant_url,
            "organization_id": profile.webex.organization_id,
        },
        api_url=profile.webex.api_url,
        entra_tenant_url=profile.webex.entra_tenant_url,
    )
    content["source"] = _filled(
        {"kind": profile.source.kind},
        path=profile.source.path,
        tenant=profile.source.tenant,
        client_id=profile.source.client_id,
        graph_url=profile.source.graph_url,
    )
    content["scope"] = _encoded_scope(profile.scope)
    if profile.mapping:
        content["mapping"] = [_encoded_rule(rule) for rule in profile.mapping]
    content["actions"] = {key: getattr(profile.actions, key) for key in _ACTION_KEYS}
    content["safeguards"] = _encoded_safeguards(profile.safeguards)
    content["notifications"] = _encoded_notifications(profile.notifications)
    # written only where they were chosen: a setup for people alone stays as it was
    if profile.groups != GroupSettings():
        content["groups"] = {"provision": profile.groups.provision}
    if profile.cloud != CloudSettings():
        content["cloud"] = _encoded_cloud(profile.cloud)
    if profile.groups.mapping:
        content["group_mapping"] = [_encoded_rule(rule) for rule in profile.groups.mapping]
    return content


def check_name(name: str, file: Path | None = None) -> None:
    """Raise ``ProfileError`` unless a profile can be named and found again by this name."""
    where = f"{file}: the name of the profile" if file else "The name of a profile"
    fix = "Choose another name, for example the name of the organization."
    if not name.strip() or name != name.strip():
        raise ProfileError(f"{where} is empty or has spaces around it.", fix=fix)
    if len(name) > MAX_NAME:
        raise ProfileError(f"{where} is longer than {MAX_NAME} characters.", fix=fix)
    if not name.isprintable():
        raise ProfileError(f"{where} has characters in it that can't be printed.", fix=fix)
    if re.search(r"[/\\]|\.toml$", name, re.IGNORECASE):
        raise ProfileError(f"{where} looks like the path of a file.", fix=fix)


_WEBEX_KEYS = ("tenant_url", "organization_id", "api_url", "entra_tenant_url")
_SOURCE_KEYS = ("kind", "path", "tenant", "client_id", "graph_url")
_SCOPE_KEYS = ("people", "groups", "filters")
_RULE_KEYS = ("target", "expression", "matching_precedence", "apply", "default")
_ACTION_KEYS = ("create", "update", "disable", "delete")
_SAFEGUARD_KEYS = ("max_removals", "never_touch", "max_plan_age_hours")
_NOTIFICATION_KEYS = ("email", "on_failure", "every_run", "smtp")
_SMTP_KEYS = ("host", "port", "security", "username", "from")
_GROUP_KEYS = ("provision",)
_CLOUD_KEYS = (
    "application",
    "name",
    "application_id",
    "job_id",
    "assign",
    "delete_threshold",
    "renew_by",
)
_TOP_KEYS = (
    "version",
    "name",
    "id",
    "webex",
    "source",
    "scope",
    "mapping",
    "actions",
    "safeguards",
    "notifications",
    "groups",
    "cloud",
    "group_mapping",
)


def _check_version(top: Table) -> None:
    version = top.raw("version")
    if version is None:
        top.missing("version")
    if version != VERSION or isinstance(version, bool):
        top.refuse("version", f"{VERSION}; others are made by a later SparkWizard")


def _webex(table: Table) -> WebexSettings:
    return WebexSettings(
        tenant_url=table.text("tenant_url"),
        organization_id=table.text("organization_id"),
        api_url=table.text("api_url"),
        entra_tenant_url=table.text("entra_tenant_url"),
    )


def _source(table: Table) -> SourceSettings:
    return SourceSettings(
        kind=table.choice("kind", ("csv", "entra")),
        path=table.text("path"),
        tenant=table.text("tenant"),
        client_id=table.text("client_id"),
        graph_url=table.text("graph_url"),
    )


def _scope(table: Table) -> ScopeSettings:
    return ScopeSettings(
        people=table.choice("people", ("all", "assigned")),
        groups=table.texts("groups"),
        filters=tuple(
            _filter(entry) for entry in table.tables("filters", ("name", "clauses"), "name")
        ),
    )


def _filter(table: Table) -> Filter:
    clauses = table.tables("clauses", ("attribute", "operator", "values"), "attribute")
    return Filter(table.text("name"), tuple(_clause(clause) for clause in clauses))


def _clause(table: Table) -> Clause:
    return Clause(table.required("attribute"), table.required("operator"), table.texts("values"))


def _rule(table: Table) -> MappingRule:
    return MappingRule(
        target=table.required("target"),
        expression=table.text("expression"),
        matching_precedence=table.number("matching_precedence", 1),
        apply=table.choice("apply", ("always", "create")),
        default=table.text("default") if table.raw("default") is not None else None,
    )


def _actions(table: Table) -> Actions:
    defaults = Actions()
    return Actions(**{key: table.flag(key, default=getattr(defaults, key)) for key in _ACTION_KEYS})


def _safeguards(table: Table) -> Safeguards:
    usual = Safeguards()
    return Safeguards(
        _removal_limit(table),
        _never_touch(table),
        table.number("max_plan_age_hours", 1) or usual.max_plan_age_hours,
    )


def _never_touch(table: Table) -> tuple[str, ...]:
    names = tuple(name.strip() for name in table.texts("never_touch"))
    for name in names:
        # a star for everybody, or in the middle, would not mean what it seems to mean
        if not name.strip("*") or "*" in name[1:-1] or (name[0] == name[-1] == "*"):
            table.refuse(
                "never_touch", 'a list of names such as "ceo@contoso.example" or "*@board.example"'
            )
    return names


def _removal_limit(table: Table) -> RemovalLimit:
    written = table.raw("max_removals")
    if written is None:
        return RemovalLimit()
    if isinstance(written, str):
        percent = re.fullmatch(r"(\d{1,3})\s*%", written.strip(), re.ASCII)
        if percent and int(percent[1]) <= 100:
            return RemovalLimit(int(percent[1]), percent=True)
    elif isinstance(written, int) and not isinstance(written, bool) and written >= 0:
        return RemovalLimit(written, percent=False)
    wanted = 'a percentage from "0%" to "100%" in quotes, or a whole number from 0'
    return table.refuse("max_removals", wanted)


def _notifications(table: Table) -> Notifications:
    return Notifications(
        table.text("email"),
        table.flag("on_failure", default=True),
        table.flag("every_run", default=False),
        _smtp(table.table("smtp", _SMTP_KEYS)),
    )


def _smtp(table: Table) -> SmtpSettings:
    port = table.number("port", 1) or 0
    if port > 65535:
        table.refuse("port", "a port from 1 to 65535")
    return SmtpSettings(
        host=table.text("host"),
        port=port,
        security=table.choice("security", ("starttls", "tls", "none")),
        username=table.text("username"),
        sender=table.text("from"),
    )


def _groups(top: Table) -> GroupSettings:
    table = top.table("groups", _GROUP_KEYS)
    rules = top.tables("group_mapping", _RULE_KEYS, "target")
    return GroupSettings(
        table.flag("provision", default=False), tuple(_rule(rule) for rule in rules)
    )


def _cloud(table: Table) -> CloudSettings:
    expires = table.text("renew_by")
    if expires and not _is_date(expires):
        table.refuse("renew_by", 'a day such as "2027-11-28"')
    threshold = table.number("delete_threshold", 0)
    return CloudSettings(
        application=table.choice("application", ("gallery", "existing", "non-gallery")),
        name=table.text("name"),
        application_id=table.text("application_id"),
        job_id=table.text("job_id"),
        assign=table.texts("assign"),
        delete_threshold=CloudSettings().delete_threshold if threshold is None else threshold,
        renew_by=expires,
    )


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _encoded_cloud(cloud: CloudSettings) -> Toml:
    usual = CloudSettings()
    content: dict[str, Toml] = {"application": cloud.application}
    if cloud.assign:
        content["assign"] = list(cloud.assign)
    if cloud.delete_threshold != usual.delete_threshold:
        content["delete_threshold"] = cloud.delete_threshold
    return _filled(
        content,
        name=cloud.name,
        application_id=cloud.application_id,
        job_id=cloud.job_id,
        renew_by=cloud.renew_by,
    )


def _filled(always: dict[str, Toml], **others: str) -> Toml:
    return always | {key: value for key, value in others.items() if value}


def _encoded_safeguards(safeguards: Safeguards) -> Toml:
    limit, usual = safeguards.max_removals, Safeguards()
    content: dict[str, Toml] = {"max_removals": str(limit) if limit.percent else limit.amount}
    if safeguards.never_touch:
        content["never_touch"] = list(safeguards.never_touch)
    if safeguards.max_plan_age_hours != usual.max_plan_age_hours:
        content["max_plan_age_hours"] = safeguards.max_plan_age_hours
    return content


def _encoded_notifications(notifications: Notifications) -> Toml:
    """Return the section; what came later is written only where it was chosen."""
    content: dict[str, Toml] = {
        "email": notifications.email,
        "on_failure": notifications.on_failure,
    }
    if notifications.every_run:
        content["every_run"] = True
    smtp = notifications.smtp
    if smtp != SmtpSettings():
        port: dict[str, Toml] = {"port": smtp.port} if smtp.port else {}
        server: dict[str, Toml] = {"host": smtp.host, **port, "security": smtp.security}
        content["smtp"] = _filled(server, username=smtp.username, **{"from": smtp.sender})
    return content


def _encoded_scope(scope: ScopeSettings) -> Toml:
    content: dict[str, Toml] = {"people": scope.people, "groups": list(scope.groups)}
    if scope.filters:
        content["filters"] = [_encoded_filter(entry) for entry in scope.filters]
    return content


def _encoded_filter(entry: Filter) -> Toml:
    content: dict[str, Toml] = {"name": entry.name}
    if entry.clauses:
        content["clauses"] = [
            {
                "attribute": clause.attribute,
                "operator": clause.operator,
                "values": list(clause.values),
            }
            for clause in entry.clauses
        ]
    return content


def _encoded_rule(rule: MappingRule) -> Toml:
    content: dict[str, Toml] = {"target": rule.target, "expression": rule.expression}
    if rule.matching_precedence is not None:
        content["matching_precedence"] = rule.matching_precedence
    content["apply"] = rule.apply
    if rule.default is not None:
        content["default"] = rule.default
    return content
