"""What the certificates of one PKI mean: the part of checking signatures that differs by country.

`X509Profile` is a mapping from fields and purposes to people and roles, and is enough for the
PKIs we know. Whoever needs more implements `Profile`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from dauys.core.errors import MalformedError, RefusedError
from dauys.identity.signature.algorithms import Algorithms
from dauys.identity.signature.certificates import COMMON_NAME, ORGANISATION, Certificate


@dataclass(frozen=True, slots=True)
class Holder:
    """Who signs: a person, and for whom; what they do not have is None.

    `person` and `organisation` are identifiers, as the register has them.
    """

    person: str
    organisation: str | None
    name: str
    organisation_name: str | None
    role: str
    """As whom they sign: one of the profile's roles."""

    @property
    def number(self) -> str:
        """What the voter is called on the register: the organisation's number, else their own."""
        return self.organisation or self.person


class Profile(Protocol):
    """The meaning of one PKI's certificates. All that is asked is in the certificate."""

    @property
    def algorithms(self) -> Algorithms:
        """With which keys it signs."""
        ...

    def require_for_signing(self, certificate: Certificate) -> None:
        """Raise RefusedError("not_for_signing") unless the key is for signing documents."""
        ...

    def roles_of(self, certificate: Certificate) -> tuple[str, ...]:
        """Every role that the certificate names, in the profile's order."""
        ...

    def numbers_of(self, certificate: Certificate) -> tuple[str, str]:
        """Identifiers of person and organisation as written, right or wrong; empty for none."""
        ...

    def name_of(self, certificate: Certificate) -> str:
        """The holder's name; may be empty."""
        ...

    def holder_of(self, certificate: Certificate) -> Holder:
        """Who may vote with this certificate. Raises RefusedError `wrong_role`, `no_number`."""
        ...


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier in the subject: the text of a field after `prefix`, as `parse` reads it.

    `parse` gives it back in the register's form, or raises MalformedError.
    """

    field: str
    prefix: str = ""
    parse: Callable[[str], str] = str

    def written(self, certificate: Certificate) -> str:
        """The identifier as it stands there, empty for none. Raises RefusedError("no_number")."""
        found = {v for v in certificate.values(self.field) if v.startswith(self.prefix)}
        if len(found) > 1:
            raise RefusedError("no_number", f"two of {self.prefix or self.field}")
        return next(iter(found), "").removeprefix(self.prefix)

    def read(self, certificate: Certificate) -> str | None:
        """The identifier, checked; None if there is none. Raises RefusedError("no_number")."""
        text = self.written(certificate)
        if not text:
            return None
        try:
            return self.parse(text)
        except MalformedError as error:
            raise RefusedError("no_number", f"{self.prefix or error.what}: {error.why}") from error


@dataclass(frozen=True, slots=True)
class X509Profile:
    """A profile by mapping.

    A key signs if its usages are all of `key_usage` and one of its purposes is among
    `signing_purposes` (an empty set asks for none). `roles` maps purposes to roles, in order; an
    organisation is spoken for by a holder with one of `organisation_roles`, and people speak for
    themselves with one of `person_roles` and no other (empty: anybody whose certificate names no
    organisation).
    """

    algorithms: Algorithms
    person: Identifier
    organisation: Identifier | None = None
    names: tuple[str, ...] = (COMMON_NAME,)
    key_usage: frozenset[str] = frozenset({"digital_signature"})
    signing_purposes: frozenset[str] = frozenset()
    roles: Mapping[str, str] | None = None
    person_roles: frozenset[str] = frozenset()
    organisation_roles: frozenset[str] = frozenset()

    def require_for_signing(self, certificate: Certificate) -> None:
        """Raise RefusedError("not_for_signing") unless the key is for signing documents."""
        wanted = self.signing_purposes
        if wanted and not wanted & certificate.purposes:
            raise RefusedError("not_for_signing", "purpose")
        if not certificate.key_usage >= self.key_usage:
            raise RefusedError("not_for_signing", "key usage")

    def roles_of(self, certificate: Certificate) -> tuple[str, ...]:
        """Every role that the certificate names, in the profile's order."""
        known = self.roles or {}
        return tuple(role for oid, role in known.items() if oid in certificate.purposes)

    def numbers_of(self, certificate: Certificate) -> tuple[str, str]:
        """Identifiers of person and organisation as written; empty for none, or for two."""

        def written(identifier: Identifier | None) -> str:
            try:
                return identifier.written(certificate) if identifier else ""
            except RefusedError:
                return ""

        return written(self.person), written(self.organisation)

    def holder_of(self, certificate: Certificate) -> Holder:
        """Who may vote with this certificate. Raises RefusedError `wrong_role`, `no_number`."""
        person = self.person.read(certificate)
        if person is None:
            raise RefusedError("no_number", self.person.prefix or self.person.field)
        organisation = self.organisation.read(certificate) if self.organisation else None
        titles = certificate.values(ORGANISATION)
        return Holder(
            person=person,
            organisation=organisation,
            name=self.name_of(certificate),
            organisation_name=titles[0] if organisation and titles else None,
            role=self._role(certificate, for_organisation=organisation is not None),
        )

    def name_of(self, certificate: Certificate) -> str:
        """The holder's name."""
        return " ".join(text for oid in self.names for text in certificate.values(oid)[:1])

    def _role(self, certificate: Certificate, *, for_organisation: bool) -> str:
        found = self.roles_of(certificate)
        if for_organisation:
            allowed = [role for role in found if role in self.organisation_roles]
            if not allowed:
                raise RefusedError("wrong_role", "does not speak for the organisation")
            return allowed[0]
        if self.person_roles and not (found and set(found) <= self.person_roles):
            raise RefusedError("wrong_role", "not an individual's certificate")
        return found[0] if found else ""
