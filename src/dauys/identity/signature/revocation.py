"""Whether a certificate was revoked: asked by OCSP, and if that fails looked up in the list.

Where to ask stands in the certificate, which its issuer signed; asked are only hosts that the
installation names. Answers and lists are kept for a while, and a place that fails is left
alone for a minute, so that voters do not wait for it one after another.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from threading import Lock
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from dauys.core.errors import RefusedError
from dauys.core.ports import RandomSource
from dauys.identity.signature.algorithms import Algorithms
from dauys.identity.signature.asn1 import load_certificate, reading, unarmoured_all
from dauys.identity.signature.fetching import Fetch, FetchError
from dauys.identity.signature.ocsp import MAX_ANSWER, REQUEST, Answer, Question, read_answer
from dauys.identity.signature.revocation_lists import (
    RevocationList,
    read_list,
    require_current,
    require_whole,
)
from dauys.identity.signature.trust import SKEW, Revocation

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
    algorithms: Algorithms
    limits: RevocationLimits = RevocationLimits()
    _answers: dict[bytes, Answer] = field(default_factory=dict)
    _lists: dict[tuple[str, bytes], tuple[RevocationList, datetime]] = field(default_factory=dict)
    _failed: dict[str, datetime] = field(default_factory=dict)
    _fetching: dict[str, Lock] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def status(
        self,
        certificate: bytes,
        issuer: bytes,
        moment: datetime,
        signed: datetime | None = None,
    ) -> Revocation:
        """Status as of `moment`, or as it was at `signed` (see `RevocationSource`)."""
        about = sha256(issuer + certificate).digest()
        kept = self._answers.get(about)
        if kept is not None and moment < kept.until:
            return kept.as_of(signed)
        try:
            places = Places.of(certificate)
        except RefusedError:
            return Revocation.UNKNOWN
        answer = next(self._heard(places, certificate, issuer, moment), None)
        if answer is None:
            return Revocation.UNKNOWN
        self._keep(about, answer, moment)
        return answer.as_of(signed)

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
        return read_answer(data, question, issuer, moment, self.algorithms)

    def _look_up(self, address: str, certificate: bytes, issuer: bytes, moment: datetime) -> Answer:
        listed = self._list(address, issuer, moment)
        return _listed(listed, certificate)

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
        listed = self._read(self.fetch.get(address, MAX_LIST), address, issuer)
        try:
            require_whole(listed)
            changed = self._changed(listed, issuer, moment)
            require_current(changed, moment)
        except RefusedError as error:
            raise FetchError(address, str(error)) from error
        return changed

    def _changed(self, listed: RevocationList, issuer: bytes, moment: datetime) -> RevocationList:
        """Make the newest changes to `listed`, if they can be had: else it serves as it is."""
        for address in self._allowed(listed.changes_at):
            with suppress(FetchError, RefusedError):
                data = self._fetched(address, moment, partial(self.fetch.get, address, MAX_LIST))
                changed = listed.changed_by(self._read(data, address, issuer))
                require_current(changed, moment)
                return changed
        return listed

    def _read(self, data: bytes, address: str, issuer: bytes) -> RevocationList:
        try:
            return read_list(data, issuer, self.algorithms)
        except RefusedError as error:
            raise FetchError(address, str(error)) from error

    def _keep(self, about: bytes, answer: Answer, moment: datetime) -> None:
        until = min(answer.until, moment + self.limits.answer)
        with self._lock:
            if len(self._answers) >= _MAX_ANSWERS:
                self._answers.clear()
            self._answers[about] = replace(answer, until=until)


@dataclass(slots=True)
class ListedRevocation:
    """Looks certificates up in `lists` (DER, PEM) that somebody else brought; fetches nothing.

    A list that is out of date still knows whom it names; of others it knows nothing.
    """

    lists: tuple[bytes, ...]
    algorithms: Algorithms
    _read: dict[tuple[int, bytes], RevocationList | None] = field(default_factory=dict)

    def status(
        self,
        certificate: bytes,
        issuer: bytes,
        moment: datetime,
        signed: datetime | None = None,
    ) -> Revocation:
        """Status as of `moment`, or as it was at `signed` (see `RevocationSource`)."""
        known = [listed for listed in self._of(issuer) if listed.base is None]
        changes = [listed for listed in self._of(issuer) if listed.base is not None]
        best = Revocation.UNKNOWN
        for whole in known:
            listed = whole
            for change in changes:
                with suppress(RefusedError):
                    listed = listed.changed_by(change)
            answer = _listed(listed, certificate).as_of(signed or moment)
            if answer is Revocation.REVOKED:
                return answer
            if _covers(listed, certificate, moment):
                best = Revocation.GOOD
        return best

    def _of(self, issuer: bytes) -> list[RevocationList]:
        found = []
        for place, data in enumerate(self.lists):
            if (place, issuer) not in self._read:
                try:
                    (der,) = unarmoured_all(data, MAX_LIST)
                    self._read[place, issuer] = read_list(der, issuer, self.algorithms)
                except (RefusedError, ValueError):
                    self._read[place, issuer] = None
            listed = self._read[place, issuer]
            if listed is not None:
                found.append(listed)
        return found


def _covers(listed: RevocationList, certificate: bytes, moment: datetime) -> bool:
    """Whether a certificate that `listed` does not name was good at `moment`.

    A newer list tells it too, unless the certificate had run out by then: it may be dropped.
    """
    if listed.this_update > moment + SKEW:
        return bool(load_certificate(certificate).not_valid_after > listed.this_update)
    return moment < listed.next_update


def _listed(listed: RevocationList, certificate: bytes) -> Answer:
    serial = load_certificate(certificate).serial_number
    if serial not in listed.serials:
        return Answer(Revocation.GOOD, listed.next_update)
    return Answer(Revocation.REVOKED, listed.next_update, listed.revoked_at(serial))


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
