"""Whether a certificate was revoked: asked by OCSP, and if that fails looked up in the list.

Where to ask stands in the certificate, which its issuer signed; asked are only hosts that the
installation names. Answers and lists are kept for a while, and a place that fails is left
alone for a minute, so that voters do not wait for it one after another.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Lock
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from dauys.core.errors import RefusedError
from dauys.core.ports import RandomSource
from dauys.identity.signature.asn1 import load_certificate, reading
from dauys.identity.signature.fetching import Fetch, FetchError
from dauys.identity.signature.ocsp import MAX_ANSWER, REQUEST, Answer, Question, read_answer
from dauys.identity.signature.revocation_lists import RevocationList, read_list, require_current
from dauys.identity.signature.trust import Revocation

T = TypeVar("T")

MAX_LIST: Final = 100_000_000
_MAX_ADDRESSES: Final = 4
_MAX_ANSWERS: Final = 10_000
_OCSP: Final = "1.3.6.1.5.5.7.48.1"


@dataclass(frozen=True, slots=True)
class RevocationLimits:
    """For how long what was heard counts, never beyond what the authority says itself."""

    answer: timedelta = timedelta(minutes=5)
    list: timedelta = timedelta(hours=1)
    """Then a new one is asked for; while there is none, the old one serves to its end."""
    failure: timedelta = timedelta(minutes=1)


@dataclass(slots=True)
class OnlineRevocation:
    """Asks certificate authorities at `hosts` ("ocsp.pki.gov.kz"; "127.0.0.1:8080").

    Serves any number of threads; a list is fetched by one of them while the others wait.
    """

    fetch: Fetch
    hosts: frozenset[str]
    random: RandomSource
    limits: RevocationLimits = RevocationLimits()
    _answers: dict[bytes, Answer] = field(default_factory=dict)
    _lists: dict[tuple[str, bytes], tuple[RevocationList, datetime]] = field(default_factory=dict)
    _failed: dict[str, datetime] = field(default_factory=dict)
    _fetching: dict[str, Lock] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def status(self, certificate: bytes, issuer: bytes, moment: datetime) -> Revocation:
        """Status of `certificate` (DER) of `issuer` (DER) at `moment`; never raises."""
        about = sha256(issuer + certificate).digest()
        kept = self._answers.get(about)
        if kept is not None and moment < kept.until:
            return kept.status
        try:
            places = Places.of(certificate)
        except RefusedError:
            return Revocation.UNKNOWN
        answer = next(self._heard(places, certificate, issuer, moment), None)
        if answer is None:
            return Revocation.UNKNOWN
        self._keep(about, answer, moment)
        return answer.status

    def _heard(
        self, places: "Places", certificate: bytes, issuer: bytes, moment: datetime
    ) -> Iterator[Answer]:
        """What is to be believed, of each place in turn."""
        asked = [(self._ask, address) for address in self._allowed(places.responders)]
        asked += [(self._look_up, address) for address in self._allowed(places.lists)]
        for ask, address in asked:
            with suppress(FetchError, RefusedError):
                yield ask(address, certificate, issuer, moment)

    def _allowed(self, addresses: tuple[str, ...]) -> list[str]:
        allowed = [address for address in addresses if _host(address) in self.hosts]
        return allowed[:_MAX_ADDRESSES]

    def _ask(self, address: str, certificate: bytes, issuer: bytes, moment: datetime) -> Answer:
        question = Question.about(certificate, issuer, self.random(16))
        body = question.encode()
        data = self._fetched(
            address, moment, lambda: self.fetch.post(address, body, REQUEST, MAX_ANSWER)
        )
        # An answer that is refused may be about this certificate alone: no failure of the place.
        return read_answer(data, question, issuer, moment)

    def _look_up(self, address: str, certificate: bytes, issuer: bytes, moment: datetime) -> Answer:
        listed = self._list(address, issuer, moment)
        serial = load_certificate(certificate).serial_number
        status = Revocation.REVOKED if serial in listed.serials else Revocation.GOOD
        return Answer(status, listed.next_update)

    def _list(self, address: str, issuer: bytes, moment: datetime) -> RevocationList:
        with self._lock:
            fetching = self._fetching.setdefault(address, Lock())
        with fetching:
            kept = self._lists.get((address, issuer))
            if kept is not None and moment < kept[1]:
                return kept[0]
            try:
                listed = self._fetched(
                    address, moment, lambda: self._fetch_list(address, issuer, moment)
                )
            except FetchError:
                if kept is not None and moment < kept[0].next_update:
                    return kept[0]
                raise
            until = min(moment + self.limits.list, listed.next_update)
            self._lists[(address, issuer)] = (listed, until)
            return listed

    def _fetched(self, address: str, moment: datetime, fetch: Callable[[], T]) -> T:
        """What `fetch` brings, unless the place failed lately. Raises FetchError."""
        failed = self._failed.get(address)
        if failed is not None and abs(moment - failed) < self.limits.failure:
            raise FetchError(address, "failed lately")
        try:
            return fetch()
        except FetchError:
            self._failed[address] = moment
            raise

    def _fetch_list(self, address: str, issuer: bytes, moment: datetime) -> RevocationList:
        data = self.fetch.get(address, MAX_LIST)
        try:
            listed = read_list(data, issuer)
            require_current(listed, moment)
        except RefusedError as error:
            raise FetchError(address, str(error)) from error
        return listed

    def _keep(self, about: bytes, answer: Answer, moment: datetime) -> None:
        until = min(answer.until, moment + self.limits.answer)
        with self._lock:
            if len(self._answers) >= _MAX_ANSWERS:
                self._answers.clear()
            self._answers[about] = Answer(answer.status, until)


@dataclass(slots=True)
class ListedRevocation:
    """Looks certificates up in `lists` (DER) that somebody else brought; fetches nothing."""

    lists: tuple[bytes, ...]

    def status(self, certificate: bytes, issuer: bytes, moment: datetime) -> Revocation:
        """Status of `certificate` (DER) of `issuer` (DER) at `moment`; never raises."""
        for data in self.lists:
            try:
                listed = read_list(data, issuer)
                require_current(listed, moment)
                serial = load_certificate(certificate).serial_number
            except RefusedError:
                continue
            return Revocation.REVOKED if serial in listed.serials else Revocation.GOOD
        return Revocation.UNKNOWN


@dataclass(frozen=True, slots=True)
class Places:
    """Where a certificate says that its status is known."""

    responders: tuple[str, ...]
    lists: tuple[str, ...]

    @classmethod
    def of(cls, certificate: bytes) -> "Places":
        """Read them from a certificate (DER). Raises RefusedError("unreadable")."""
        loaded = load_certificate(certificate)
        with reading("certificate"):
            access = loaded.authority_information_access_value or ()
            responders = [
                place["access_location"].native
                for place in access
                if place["access_method"].dotted == _OCSP
                and place["access_location"].name == "uniform_resource_identifier"
            ]
            points = loaded.crl_distribution_points_value or ()
            lists = [
                name.native
                for point in points
                for name in _full_names(point["distribution_point"])
                if name.name == "uniform_resource_identifier"
            ]
            return cls(tuple(dict.fromkeys(responders)), tuple(dict.fromkeys(lists)))


def _full_names(point: Any) -> Any:  # noqa: ANN401 - asn1crypto values
    return point.chosen if point.name == "full_name" else ()


def _host(address: str) -> str:
    """Host and port of an HTTP address, else nothing."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return parts.netloc.lower() if parts.scheme in ("http", "https") else ""
