"""Set how this computer reaches the network, and try it layer by layer."""

from urllib.parse import urlsplit

from PySide6.QtWidgets import QButtonGroup, QGridLayout, QLineEdit, QWidget

from sparkwizard.errors import InputError, SparkWizardError
from sparkwizard.gui.aio import TaskScope, run_blocking
from sparkwizard.gui.help.frame import HelpDialog
from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.widgets import (
    Label,
    LayerList,
    LayerRow,
    LayerState,
    Message,
    MessageKind,
    MessageStrip,
    PrimaryButton,
    RadioButton,
    SecondaryButton,
    SecretField,
    WrapLabel,
)
from sparkwizard.gui.widgets.kept import keep_size
from sparkwizard.net.proxy_check import WayStep, check_way
from sparkwizard.net.proxy_choice import ProxyChoice, ProxyMode, choose_proxy
from sparkwizard.runs.services import Services
from sparkwizard.setup.network import checked_proxy, load_proxy, proxy_with_password, save_proxy
from sparkwizard.setup.profile import Profile

__all__ = ["ProxyDialog"]

_WHY = "For every setup of this data folder, for the window and for the commands."
_LIMITS = (
    "HTTP proxies, with or without user name and password (Basic). Not spoken: proxies that want a"
    " Windows sign-in (NTLM, Kerberos) and scripts that find one (PAC); enter the proxy by hand."
    " “As the system says” takes the environment variables HTTPS_PROXY and NO_PROXY first."
)
_MODES = (
    (ProxyMode.SYSTEM, "As the &system says"),
    (ProxyMode.NONE, "&No proxy"),
    (ProxyMode.EXPLICIT, "This &proxy"),
)
_WEBEX = "https://webexapis.com"


class ProxyDialog(HelpDialog):
    """Edit the setting of ``services``'s data folder; opened, never ``exec``-ed.

    The test goes to the host of ``profile``'s Tenant URL, else to Webex.
    """

    def __init__(self, parent: QWidget, services: Services, profile: Profile) -> None:
        super().__init__(parent, "Proxy", _WHY)
        self._services = services
        host = urlsplit(profile.webex.tenant_url)
        self.target = f"https://{host.netloc}" if host.scheme == "https" else _WEBEX
        self.tasks = TaskScope(self._failed)
        self._saved = ProxyChoice()
        self.resize(620, 560)
        keep_size(self)
        self.modes = QButtonGroup(self)
        self.host, self.port = QLineEdit(), QLineEdit()
        self.exclusions, self.username = QLineEdit(), QLineEdit()
        self.password = SecretField("Password", placeholder="The saved one, if there is one")
        self.fields = QWidget()
        self.strip = MessageStrip()
        self.layers = LayerList(name="Test of the way")
        self.test_button = SecondaryButton("&Test", icon_name="refresh", on_click=self._test)
        self.save_button = PrimaryButton("Sa&ve", on_click=self._save)
        self._build()
        self.tasks.start(self._load())

    def _build(self) -> None:
        for at, (mode, words) in enumerate(_MODES):
            button = RadioButton(words)
            button.setObjectName(mode.value)
            self.modes.addButton(button, at)
            self.body.addWidget(button)
        self.modes.idToggled.connect(lambda _at, _on: self._fit())
        self.fields.setLayout(self._grid())
        self.body.addWidget(self.fields)
        self.body.addWidget(WrapLabel(_LIMITS, tone=Tone.MUTED))
        self.body.addWidget(self.strip)
        self.body.addWidget(self.layers, 1)
        self.layers.setVisible(False)
        self.body.addStretch(0)
        self.foot.addWidget(self.test_button)
        self.foot.addStretch(1)
        self.foot.addWidget(self.save_button)
        self.foot.addWidget(SecondaryButton("Cancel", on_click=self.reject))
        self.save_button.setDefault(True)
        self._show(self._saved)

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(26, 0, 0, 0)
        grid.setSpacing(SPACE.s)
        rows: tuple[tuple[str, QWidget, str], ...] = (
            ("&Host", self.host, "proxy.contoso.example"),
            ("P&ort", self.port, "8080"),
            ("&Directly", self.exclusions, "Names without the proxy: contoso.example, *.lan"),
            ("&User name", self.username, "Empty where nobody signs in"),
            ("Pass&word", self.password, ""),
        )
        for at, (words, field, hint) in enumerate(rows):
            label = Label(words)
            label.setBuddy(field)
            grid.addWidget(label, at, 0)
            grid.addWidget(field, at, 1)
            if isinstance(field, QLineEdit):
                field.setAccessibleName(words.replace("&", ""))
                field.setPlaceholderText(hint)
        return grid

    def _fit(self) -> None:
        self.fields.setEnabled(self._mode() is ProxyMode.EXPLICIT)

    def _mode(self) -> ProxyMode:
        return _MODES[max(0, self.modes.checkedId())][0]

    async def _load(self) -> None:
        self._saved = await run_blocking(load_proxy, self._services.places)
        self._show(self._saved)

    def _show(self, choice: ProxyChoice) -> None:
        at = next(at for at, (mode, _words) in enumerate(_MODES) if mode is choice.mode)
        self.modes.button(at).setChecked(True)
        self.host.setText(choice.host)
        self.port.setText(str(choice.port) if choice.host else "")
        self.exclusions.setText(", ".join(choice.exclusions))
        self.username.setText(choice.username)
        self._fit()
        self.modes.button(at).setFocus()

    # What a person does

    def _entered(self) -> ProxyChoice | None:
        """Return what was entered; tell what can't be used and return None."""
        self.strip.dismiss()
        port = self.port.text().strip() or "8080"
        try:
            return checked_proxy(
                ProxyChoice(
                    self._mode(),
                    self.host.text(),
                    int(port) if port.isdecimal() else 0,
                    tuple(self.exclusions.text().replace(";", ",").split(",")),
                    self.username.text(),
                    self.password.text(),
                )
            )
        except InputError as error:
            self._failed(error)
            return None

    async def _complete(self, choice: ProxyChoice) -> ProxyChoice:
        """Return the choice with the saved password where none was entered for the same proxy."""
        if choice.password or not choice.username:
            return choice
        return await run_blocking(proxy_with_password, choice, self._services.secrets)

    def _test(self) -> None:
        choice = self._entered()
        if choice is not None:
            self.test_button.setEnabled(False)
            self.layers.set_rows(())
            self.layers.setVisible(True)
            self.tasks.start(self._try(choice))

    async def _try(self, choice: ProxyChoice) -> None:
        try:
            async for step in check_way(self.target, await self._complete(choice)):
                self.layers.add_row(_row(step))
                last = step
        finally:
            self.test_button.setEnabled(True)
        if last.passed:
            host = urlsplit(self.target).netloc
            self._tell(MessageKind.SUCCESS, f"{host} can be reached this way.")
        else:
            self._tell(MessageKind.DANGER, f"{last.summary}.", last.fix)

    def _save(self) -> None:
        choice = self._entered()
        if choice is not None:
            self.save_button.setEnabled(False)
            self.tasks.start(self._keep(choice))

    async def _keep(self, choice: ProxyChoice) -> None:
        services = self._services
        try:
            whole = await self._complete(choice)
            await run_blocking(save_proxy, whole, services.places, services.secrets)
        finally:
            self.save_button.setEnabled(True)
        choose_proxy(whole)
        self.accept()

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, SparkWizardError):
            self._tell(MessageKind.DANGER, error.message, error.fix)
        else:
            self._tell(MessageKind.DANGER, "The way could not be tried.")

    def _tell(self, kind: MessageKind, heading: str, text: str = "") -> None:
        self.strip.show_message(Message(kind, heading, text))

    def done(self, code: int) -> None:
        """Stop trying when the dialog closes."""
        self.tasks.cancel()
        super().done(code)


def _row(step: WayStep) -> LayerRow:
    return LayerRow(
        step.layer.value,
        LayerState.PASSED if step.passed else LayerState.FAILED,
        step.summary,
        step.milliseconds,
        fix=step.fix,
    )
