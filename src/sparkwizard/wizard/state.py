"""What the wizard knows, as one frozen value. A page changes it by replacing it."""

import msgspec

from sparkwizard.provisioning.types import Population, RemovalLimit
from sparkwizard.runs.types import Preview, RunResult
from sparkwizard.setup.profile import Profile, SourceSettings
from sparkwizard.values import replace
from sparkwizard.webex.types import Identity, Layer, PastedToken, Standing

__all__ = ["Cloud", "PracticeTenant", "WizardState", "differ"]

type Cloud = str
"""``commercial``, ``government`` or ``practice``."""


class PracticeTenant(msgspec.Struct, frozen=True):
    """Hold where the practice tenant listens and what it hands out for pasting.

    ``graph_url`` and ``entra_tenant`` are what a source in Entra is set up with.
    """

    tenant_url: str
    api_url: str
    organization_id: str
    csv: str
    token: str
    graph_url: str = ""
    entra_tenant: str = ""

    def __repr__(self) -> str:
        return f"PracticeTenant({self.tenant_url!r})"


class WizardState(msgspec.Struct, frozen=True, kw_only=True):
    """Hold everything the pages share.

    ``profile`` is the setup as far as it is known. ``base_dir`` is the folder that a relative
    source path starts from. Whatever was derived from an earlier answer (``layers``,
    ``population``, ``preview``) is forgotten by the ``with_`` methods when that answer changes.
    A run is limited to the source ids of ``pilot``, where there are some; with ``rings`` it goes
    ring by ring, each begun only if at most ``ring_percent`` of the people before could not be
    written; ``although_entra_runs`` allows it once while Entra's own service is on.
    ``editing`` names the saved setup that is being changed, empty for a new one, and ``file`` is
    where it was opened from. ``link_state`` is
    what the administrator link was opened with, so that a pasted address can be told from others.
    """

    profile: Profile
    base_dir: str = ""
    cloud: Cloud = "commercial"
    practice: PracticeTenant | None = None
    pasted: PastedToken | None = None
    keep_token: bool = True
    token_kept: bool = False
    identity: Identity | None = None
    layers: tuple[Layer, ...] = ()
    population: Population | None = None
    preview: Preview | None = None
    pilot: tuple[str, ...] = ()
    rings: bool = False
    ring_percent: int = 0
    although_entra_runs: bool = False
    result: RunResult | None = None
    editing: str = ""
    file: str = ""
    link_state: str = ""

    def __repr__(self) -> str:
        return f"WizardState({self.profile.name!r}, editing={self.editing!r}, file={self.file!r})"

    @property
    def token(self) -> str:
        """Return the token in use, or an empty text."""
        return self.pasted.token if self.pasted else ""

    @property
    def connection_failed(self) -> bool:
        """Return whether a layer of the diagnosis failed."""
        return any(layer.standing is Standing.FAIL for layer in self.layers)

    def with_token(self, pasted: PastedToken | None) -> "WizardState":
        """Return the state with another token; who it belongs to has to be asked again."""
        if self.pasted and pasted and self.pasted.token == pasted.token:
            return self
        return replace(
            self, pasted=pasted, identity=None, layers=(), preview=None, token_kept=False
        )

    def with_profile(self, profile: Profile) -> "WizardState":
        """Return the state with another setup; what rested on the old one is forgotten."""
        old = self.profile
        return replace(
            self,
            profile=profile,
            layers=self.layers if profile.webex == old.webex else (),
            population=self.population if profile.source == old.source else None,
            preview=self.preview if profile.digest == old.digest else None,
        )

    def with_source(self, source: SourceSettings, population: Population) -> "WizardState":
        """Return the state with the people that were read from ``source``."""
        changed = self.with_profile(replace(self.profile, source=source))
        return replace(changed, population=population, preview=None)

    def with_limit(self, limit: RemovalLimit) -> "WizardState":
        """Return the state with another limit on removals."""
        safeguards = replace(self.profile.safeguards, max_removals=limit)
        return self.with_profile(replace(self.profile, safeguards=safeguards))


_OF_EVERYBODY = frozenset(("population", "preview", "result"))


def differ(old: WizardState, new: WizardState) -> bool:
    """Return whether anything differs; what holds everybody counts as other when read anew.

    To compare 100,000 people with themselves would hold the window for a tenth of a second.
    """
    names = WizardState.__struct_fields__
    return any(_other(getattr(old, name), getattr(new, name), name) for name in names)


def _other(old: object, new: object, name: str) -> bool:
    return old is not new and (name in _OF_EVERYBODY or old != new)
