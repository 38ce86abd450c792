"""The layers below HTTP: the name, the connection, the certificate."""

import asyncio
import ipaddress
import socket
import ssl
import time
from urllib.parse import urlsplit

from sparkwizard.net.faults import Fault, certificate_problem, unreachable
from sparkwizard.net.proxy import is_loopback, proxy_name
from sparkwizard.net.trust.system import system_context
from sparkwizard.net.trust.tls import connect, peer_issuer
from sparkwizard.webex.diagnosis.subject import Subject, Verdict
from sparkwizard.webex.types import Standing

__all__ = ["check_certificate", "check_connection", "check_name"]


async def check_name(subject: Subject) -> Verdict:
    """Look the host's name up; behind a proxy the proxy's, which then looks up the host's."""
    host, port = subject.tenant.host, _port(subject)
    if is_loopback(host):
        return Verdict(Standing.PASS, f"{host} is this computer")
    if subject.proxy:
        parts = urlsplit(subject.proxy)
        host, port = parts.hostname or "", parts.port or 80
    if _is_address(host):
        return Verdict(Standing.PASS, f"{host} is an address: no name has to be known")
    started = time.monotonic()
    try:
        async with asyncio.timeout(subject.timeout):
            found = await asyncio.get_running_loop().getaddrinfo(
                host, port, type=socket.SOCK_STREAM
            )
    except TimeoutError:
        raise unreachable(Fault.CONNECT_TIMEOUT, host) from None
    except OSError as error:
        raise unreachable(Fault.NAME, host) from error
    finally:
        subject.took((time.monotonic() - started) * 1000)
    subject.note(f"{host} is {', '.join(sorted({str(entry[4][0]) for entry in found}))}")
    if subject.proxy:
        return Verdict(
            Standing.PASS, f"The proxy {host} is known to this network and looks names up itself"
        )
    return Verdict(Standing.PASS, f"{host} is known to this network")


async def check_connection(subject: Subject) -> Verdict:
    """Open a TCP connection, through the proxy where there is one, and keep it for TLS."""
    host, port = subject.tenant.host, _port(subject)
    shown = proxy_name(subject.proxy) if subject.proxy else ""
    if not is_loopback(host):
        subject.note(f"{shown or 'No proxy'}: {subject.route.source}")
    started = time.monotonic()
    try:
        async with asyncio.timeout(subject.timeout):
            subject.connection = await connect(host, port, subject.proxy)
    except TimeoutError:
        raise unreachable(Fault.CONNECT_TIMEOUT, host, proxy=shown) from None
    except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        fault = Fault.PROXY if subject.proxy else Fault.REFUSED
        raise unreachable(fault, host, proxy=shown) from error
    finally:
        subject.took((time.monotonic() - started) * 1000)
    subject.note(f"{host}, port {port}")
    if shown:
        return Verdict(Standing.PASS, f"Reached through {shown}, {subject.route.source}")
    return Verdict(Standing.PASS, f"{host} answers")


async def check_certificate(subject: Subject) -> Verdict:
    """Shake hands over TLS with the operating system's trust, and say who issued what."""
    host = subject.tenant.host
    if urlsplit(subject.tenant.scim_base).scheme == "http":
        return Verdict(Standing.SKIPPED, "Not used on this computer")
    connection = subject.connection
    if connection is None:
        raise unreachable(Fault.REFUSED, host)
    started = time.monotonic()
    try:
        async with asyncio.timeout(subject.timeout):
            issuer = await connection.start_tls(system_context(), host)
    except ssl.SSLCertVerificationError as error:
        found = await peer_issuer(host, _port(subject), subject.proxy)
        if found:
            subject.note(f"Issued by {found}")
        raise certificate_problem(host, error.verify_message, found) from error
    except ssl.SSLError as error:
        raise unreachable(Fault.TLS, host) from error
    except TimeoutError:
        raise unreachable(Fault.CONNECT_TIMEOUT, host) from None
    except OSError as error:
        raise unreachable(Fault.DROPPED, host) from error
    finally:
        subject.took((time.monotonic() - started) * 1000)
    if issuer:
        subject.note(f"Issued by {issuer}")
    return Verdict(Standing.PASS, "Trusted by this computer")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _port(subject: Subject) -> int:
    parts = urlsplit(subject.tenant.scim_base)
    return parts.port or (443 if parts.scheme == "https" else 80)
