"""The operating system's trust, for every connection with TLS."""

import ssl

import truststore

__all__ = ["system_context"]


def system_context() -> ssl.SSLContext:
    """Return a context that trusts what the operating system trusts.

    Not injected into ``ssl``: that would change it for every library (sethmlarson/truststore#204).
    """
    context: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return context
