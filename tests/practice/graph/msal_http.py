"""Lead MSAL, which insists on https, to the plain HTTP of the practice tenant."""

from typing import Any

import httpx
import msal

CLIENT = "14d82eec-204b-4c2f-b7e8-296a70dab67e"


class PlainHttp:
    """Be the HTTP client of MSAL."""

    def __init__(self) -> None:
        self._client = httpx.Client(trust_env=False)

    def get(self, url: str, params: Any = None, headers: Any = None, **_: Any) -> httpx.Response:
        return self._client.get(_plain(url), params=params, headers=headers)

    def post(
        self, url: str, params: Any = None, data: Any = None, headers: Any = None, **_: Any
    ) -> httpx.Response:
        return self._client.post(_plain(url), params=params, data=data, headers=headers)

    def close(self) -> None:
        self._client.close()


def application(authority: str) -> msal.PublicClientApplication:
    return msal.PublicClientApplication(
        CLIENT,
        authority=authority.replace("http:", "https:", 1),
        instance_discovery=False,
        http_client=PlainHttp(),
    )


def _plain(url: str) -> str:
    return url.replace("https://127.0.0.1", "http://127.0.0.1", 1)
