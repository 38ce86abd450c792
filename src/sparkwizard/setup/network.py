"""How this computer reaches the network: one setting for a data folder, outside every setup.

``network.toml`` holds it; the proxy's password is in the keyring, kept for that proxy only.
"""

import contextlib
import tomllib
from pathlib import Path

from sparkwizard.errors import InputError, StorageError
from sparkwizard.net.proxy_choice import ProxyChoice, ProxyMode
from sparkwizard.net.redact import register_secret
from sparkwizard.setup.places import Places, storage_error, write_private
from sparkwizard.setup.secrets import SecretName, SecretStore, StoredSecret
from sparkwizard.values import replace

__all__ = [
    "checked_proxy",
    "load_proxy",
    "network_path",
    "proxy_account",
    "proxy_with_password",
    "save_proxy",
]

_KEYS = {"mode", "host", "port", "exclusions", "username"}
_LONGEST_NAME = 253  # of a host (RFC 1035, 2.3.4)


def network_path(places: Places) -> Path:
    """Return where the setting is kept."""
    return places.data_dir / "network.toml"


def load_proxy(places: Places) -> ProxyChoice:
    """Return the setting without its password; the system's where nothing is saved.

    Raises StorageError for a file that can't be read or understood: going another way than the
    one that was set would be a surprise.
    """
    path = network_path(places)
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return ProxyChoice()
    except OSError as error:
        raise storage_error(error, path, "read") from error
    except UnicodeDecodeError as error:
        raise _not_understood(path) from error
    try:
        return checked_proxy(_read(tomllib.loads(text)))
    except (ValueError, TypeError, InputError) as error:
        raise _not_understood(path) from error


def proxy_with_password(choice: ProxyChoice, secrets: SecretStore) -> ProxyChoice:
    """Return the setting with its password from the keyring, where it has one. Blocking.

    Raises StorageError where the keyring can't be asked.
    """
    if choice.mode is not ProxyMode.EXPLICIT or not choice.username:
        return choice
    kept = secrets.load(proxy_account(choice), SecretName.PROXY)
    if kept is None or not kept.confirmed_for(_origin(choice)):
        return choice
    register_secret(kept.token)
    return replace(choice, password=kept.token)


def save_proxy(choice: ProxyChoice, places: Places, secrets: SecretStore) -> None:
    """Save the setting, and its password to the keyring; without one the old is forgotten.

    Blocking. Raises InputError for a setting that can't be used, and StorageError.
    """
    choice = checked_proxy(choice)
    _forget_other(choice, places, secrets)
    if choice.mode is ProxyMode.EXPLICIT and choice.username:
        register_secret(choice.password)
        if choice.password:
            secret = StoredSecret(choice.password, (_origin(choice),))
            secrets.save(proxy_account(choice), SecretName.PROXY, secret)
        else:
            secrets.delete(proxy_account(choice), SecretName.PROXY)
    write_private(network_path(places), _text(choice).encode())


def _forget_other(choice: ProxyChoice, places: Places, secrets: SecretStore) -> None:
    """Forget the password of the proxy that was set before, if it is another: nobody would."""
    with contextlib.suppress(StorageError):  # a setting that can't be read names none
        before = load_proxy(places)
        if before.username and proxy_account(before) != proxy_account(choice):
            secrets.delete(proxy_account(before), SecretName.PROXY)


def checked_proxy(choice: ProxyChoice) -> ProxyChoice:
    """Return the setting in one spelling. Raises InputError with what to enter instead."""
    if choice.mode is not ProxyMode.EXPLICIT:
        return choice
    host = choice.host.strip().strip("[]").rstrip(".")
    if not host or len(host) > _LONGEST_NAME or any(mark in host for mark in " /@\\?#\"'\n\r\t"):
        raise InputError(
            "This is not the name of a proxy.",
            fix="Enter the host alone, for example proxy.contoso.example; the port has a field of"
            " its own.",
        )
    if not 1 <= choice.port <= 65535:
        raise InputError("This is not a port.", fix="Enter a number from 1 to 65535.")
    if any(ord(letter) < 32 for letter in choice.username + choice.password):
        raise InputError(
            "The user name or password holds a line break.", fix="Enter it without one."
        )
    names = tuple(dict.fromkeys(name.strip() for name in choice.exclusions if name.strip()))
    return replace(choice, host=host, exclusions=names, username=choice.username.strip())


def _read(content: dict[str, object]) -> ProxyChoice:
    table = content.get("proxy", {})
    if not isinstance(table, dict) or set(content) - {"proxy"} or set(table) - _KEYS:
        raise ValueError("an unknown key")
    exclusions, port = table.get("exclusions", []), table.get("port", 8080)
    texts = [table.get("host", ""), table.get("username", "")]
    if (
        not isinstance(exclusions, list)
        or not isinstance(port, int)
        or not all(isinstance(text, str) for text in (*texts, *exclusions))
    ):
        raise TypeError("a value of another type")
    return ProxyChoice(
        mode=ProxyMode(table.get("mode", "system")),
        host=texts[0],
        port=port,
        exclusions=tuple(exclusions),
        username=texts[1],
    )


def _text(choice: ProxyChoice) -> str:
    import tomlkit  # noqa: PLC0415  for writing only

    table = tomlkit.table()
    table["mode"] = choice.mode.value
    if choice.mode is ProxyMode.EXPLICIT:
        table["host"], table["port"] = choice.host, choice.port
        table["exclusions"] = list(choice.exclusions)
        table["username"] = choice.username
    document = tomlkit.document()
    document.add(tomlkit.comment("How SparkWizard reaches the network, for window and commands."))
    document.add(tomlkit.comment('mode: "system", "none" or "explicit". No password stands here.'))
    document["proxy"] = table
    return tomlkit.dumps(document)


def proxy_account(choice: ProxyChoice) -> str:
    """Return what stands in the place of an organization where the keyring keeps the password."""
    return f"proxy {choice.username}@{choice.host}:{choice.port}"


def _origin(choice: ProxyChoice) -> str:
    host = f"[{choice.host}]" if ":" in choice.host else choice.host
    return f"http://{host}:{choice.port}"


def _not_understood(path: Path) -> StorageError:
    return StorageError(
        f"{path} does not hold a proxy setting that SparkWizard understands.",
        fix="Set the proxy anew in the window (Help and settings), or remove the file to use the"
        " system's proxy.",
        code="network-setting",
    )
