"""A voter's browser without a window: cookies, forms, and the calls that the page makes."""

import base64
import json
import os
import re
import urllib.parse
import urllib.request
from collections.abc import Callable
from http.cookiejar import CookieJar
from typing import Any

from dauys.core.canonical import encode
from dauys.crypto.ballot import CredentialKey, make_ballot
from dauys.crypto.election import parse_election
from tests.server import Server
from tests.web.outbox import code_for

Sign = Callable[[bytes], bytes]


class Voter:
    """One browser; `secrets` is what nobody else may ever read."""

    def __init__(self, server: Server, slug: str, election: str) -> None:
        self.secrets: dict[str, bytes] = {}
        self.cookies = CookieJar()
        self._pages = f"{server.url}/ru/e/{slug}/"
        self._outbox = f"{server.url}/ru/demo/outbox/list/"
        self._api = f"{server.url}/api/v1/elections/{election}/"
        processor = urllib.request.HTTPCookieProcessor(self.cookies)
        self._opener = urllib.request.build_opener(processor)

    def ask_for_code(self, number: str) -> str:
        """Type the number and ask for a code; the page that comes."""
        return self._submit("identify/", number=number, method="sms")

    def identify_by_code(self, number: str, phone: str) -> None:
        """Type the number, read the phone, type the code."""
        self.ask_for_code(number)
        code = code_for(phone, self._open(self._outbox))
        self.secrets["code"] = code.encode()
        self._submit("identify/code/", code=code)

    def vote(self, contest: str, sign: Sign | None = None) -> dict[str, Any]:
        """Make a key, identify by signature if there is `sign`, and cast; the receipt."""
        key = CredentialKey.generate(os.urandom)
        self.secrets["credential secret"] = str(key.secret).encode()
        self.secrets["credential secret, hex"] = f"{key.secret:x}".encode()
        if sign is not None:
            content = self._call("challenge", credential=key.public)["challenge"]
            cms = sign(base64.b64decode(content))
            self.secrets["signature"] = cms
            self._call("signature", cms=base64.b64encode(cms).decode())
        permit = self._call("permit", credential=key.public, reclaims=None)
        election = parse_election(self._open(f"{self._api}contests/{contest}/election"))
        places = len(election.questions[0].answers)
        choice = [[int(place == 1) for place in range(places)]]
        ballot = make_ballot(election, key, choice, os.urandom)
        self._keep_cookies()
        return self._call("cast", permit=permit, ballot=ballot)

    def _keep_cookies(self) -> None:
        for cookie in self.cookies:
            self.secrets[f"cookie {cookie.name}"] = (cookie.value or "").encode()

    def _submit(self, page: str, **fields: str) -> str:
        form = {**fields, "csrfmiddlewaretoken": self._token()}
        return self._open(self._pages + page, urllib.parse.urlencode(form).encode())

    def _call(self, name: str, **fields: object) -> dict[str, Any]:
        headers = {"content-type": "application/json", "x-csrftoken": self._token()}
        answer: dict[str, Any] = json.loads(self._open(self._api + name, encode(fields), headers))
        return answer

    def _token(self) -> str:
        page = self._open(f"{self._pages}identify/")
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert found is not None
        return found[1]

    def _open(
        self, url: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> str:
        request = urllib.request.Request(url, body, headers or {})  # noqa: S310 -- our own server
        with self._opener.open(request, timeout=30) as answer:
            text: str = answer.read().decode()
            return text
