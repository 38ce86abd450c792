"""Sign people in at the practice tenant: device code, browser, renewal, consent.

How MSAL for Python is led here. MSAL insists on ``https`` authorities, whatever the host. The
practice tenant speaks plain HTTP on loopback, so that no certificate has to be trusted. Hand MSAL

    PublicClientApplication(
        client_id,
        authority="https://127.0.0.1:PORT/TENANT",   # PracticeServer.authority_url with https
        instance_discovery=False,                    # else it asks login.microsoftonline.com
        http_client=...,                             # get, post, close
    )

with an ``http_client`` that turns ``https`` into ``http`` for loopback addresses. The discovery
document says ``https`` for what MSAL itself calls, and ``http`` for what a browser opens. Any GUID
is a registered public client whose redirect address is ``http://localhost``.

Whoever has no browser completes a sign-in by ``POST /practice/sign-in``, or by
``PracticeServer.complete_sign_in``.
"""
