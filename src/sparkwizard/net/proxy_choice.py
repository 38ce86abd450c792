"""The setting of a proxy, one for the whole process; ``net.proxy`` says what it means."""

from collections.abc import Callable
from enum import StrEnum

import msgspec

__all__ = ["ProxyChoice", "ProxyMode", "choose_proxy", "chosen_proxy"]


class ProxyMode(StrEnum):
    """Say where the proxy comes from."""

    SYSTEM = "system"  # the environment's, else the system's
    NONE = "none"
    EXPLICIT = "explicit"


class ProxyChoice(msgspec.Struct, frozen=True):
    """Hold the setting. ``exclusions`` are names that are reached directly, with all below them;
    ``*.contoso.example`` and ``.contoso.example`` leave the name itself out. Shows no password."""

    mode: ProxyMode = ProxyMode.SYSTEM
    host: str = ""
    port: int = 8080
    exclusions: tuple[str, ...] = ()
    username: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"ProxyChoice({self.mode.value!r}, {self.host!r}, {self.port})"

    @property
    def address(self) -> str:
        """Return the proxy's address with user name and password; "" where none is entered."""
        if self.mode is not ProxyMode.EXPLICIT or not self.host:
            return ""
        host = f"[{self.host}]" if ":" in self.host else self.host
        from urllib.parse import quote  # noqa: PLC0415 -- every command chooses, few go that way

        who = quote(self.username, safe="")
        if who and self.password:
            who += f":{quote(self.password, safe='')}"
        return f"http://{who}{'@' if who else ''}{host}:{self.port}"

    def excludes(self, host: str) -> bool:
        """Return whether a host is reached without the proxy that is entered."""
        name = host.rstrip(".").lower()
        for exclusion in self.exclusions:
            wanted = exclusion.strip().rstrip(".").lower()
            below = wanted.removeprefix("*")
            if below.startswith("."):
                if name.endswith(below) and name != below[1:]:
                    return True
            elif wanted and (name == wanted or name.endswith(f".{wanted}")):
                return True
        return False


_chosen: list[ProxyChoice | Callable[[], ProxyChoice]] = [ProxyChoice()]


def choose_proxy(choice: ProxyChoice | Callable[[], ProxyChoice]) -> None:
    """Send every request from now on the way that was set.

    A function is asked at the first request, so that a command that sends none reads no setting.
    """
    _chosen[0] = choice


def chosen_proxy() -> ProxyChoice:
    """Return what was set last; raises whatever the function that was set does."""
    choice = _chosen[0]
    if not isinstance(choice, ProxyChoice):
        choice = _chosen[0] = choice()
    return choice
