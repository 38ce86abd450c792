"""Say in words why no answer came."""

from enum import Enum

from sparkwizard.errors import CertificateProblem, NetError, Unreachable

__all__ = ["Fault", "certificate_problem", "unreachable"]


class Fault(Enum):
    """Name what went wrong on the way."""

    NAME = "name"
    REFUSED = "refused"
    CONNECT_TIMEOUT = "connect-timeout"
    READ_TIMEOUT = "read-timeout"
    DROPPED = "dropped"
    TLS = "tls"
    PROXY = "proxy"
    BUSY = "busy"


# After these the request may have arrived.
_SENT = frozenset((Fault.READ_TIMEOUT, Fault.DROPPED))

_NETWORK = "Check this computer's network connection, VPN and proxy, then try again."

_WORDS: dict[Fault, tuple[str, str]] = {
    Fault.NAME: (
        "The name {host} is not known to this network.",
        "Check the address for a slip, and this computer's network connection.",
    ),
    Fault.REFUSED: (
        "{host} can't be reached from this computer.",
        "Check the address, and whether a firewall, VPN or proxy of your network stands between.",
    ),
    Fault.CONNECT_TIMEOUT: ("{host} did not take the connection in time.", _NETWORK),
    Fault.READ_TIMEOUT: (
        "{host} took the request but did not answer in time.",
        "Try again in a few minutes.",
    ),
    Fault.DROPPED: ("The connection to {host} broke off before the answer came.", _NETWORK),
    Fault.TLS: (
        "{host} does not take an encrypted connection there.",
        "Check the address and its port; the server has to speak TLS 1.2 or newer.",
    ),
    Fault.PROXY: (
        "The proxy {proxy} did not let the request to {host} through.",
        (
            "Ask whoever runs the proxy to allow {host}, or set another one in the window, under "
            "“Help and settings”, Proxy: its test says what the proxy wants. A proxy that is found "
            "by a script (PAC) has to be entered by hand."
        ),
    ),
    Fault.BUSY: ("Too many requests to {host} are under way.", "Wait a moment, then try again."),
}


def unreachable(fault: Fault, host: str, *, proxy: str = "") -> NetError:
    """Return the error for a fault; ``proxy`` is a name without password, "" for none."""
    message, fix = _WORDS[fault]
    if proxy and fault in (Fault.NAME, Fault.REFUSED, Fault.CONNECT_TIMEOUT):
        # Through a proxy only the proxy itself is looked up and connected to.
        message = message.replace("{host}", "the proxy {proxy}").replace("The name the", "The")
    message = message.format(host=host, proxy=proxy)
    return Unreachable(
        message[:1].upper() + message[1:] if message.startswith("the ") else message,
        fix=fix.format(host=host, proxy=proxy),
        sent=fault in _SENT,
    )


def certificate_problem(host: str, why: str, issuer: str) -> CertificateProblem:
    """Return the error for a certificate that this computer does not trust.

    ``why`` is what the TLS library says, e.g. "certificate has expired".
    """
    made = f" It was issued by “{issuer}”." if issuer else ""
    if "expired" in why.lower():
        said = f"The certificate of {host} has expired.{made}"
    elif "mismatch" in why.lower() or "not valid for" in why.lower():
        said = f"The certificate that answered for {host} belongs to another name.{made}"
    else:
        said = f"The certificate of {host} is not trusted by this computer.{made}"
    return CertificateProblem(
        said,
        fix=(
            "If your network inspects encrypted traffic, have its certificate installed in this "
            "computer's system store; otherwise check the clock and the address. SparkWizard "
            "never sends a token over a connection it does not trust."
        ),
        issuer=issuer,
    )
