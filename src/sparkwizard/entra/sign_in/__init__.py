"""Sign-in to Microsoft Entra ID; the only importer of MSAL."""

from sparkwizard.entra.sign_in.flows import SignedInTokens, SignIn

__all__ = ["SignIn", "SignedInTokens"]
