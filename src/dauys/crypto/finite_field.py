"""The groups of numbers modulo a prime of 2,048 bits that belenios-tool offers beside Ed25519.

Only to check archives: in variable time, never with a secret. Specification 3.0, section
5.1. gmpy2 (GMP) raises a number to a power in an eighth of the time that Python takes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import gmpy2

from dauys.core.errors import MalformedError
from dauys.crypto.group import Group, group_named

Number = Any  # gmpy2.mpz, which comes without types

_OFTEN: Final = 16
"""Multiples after which an element is worth a table, which takes as long as some eight."""


class _Powers:
    """The powers of one number; after some of them they come from a table.

    Of g and the election's key thousands are wanted, of a voter's ciphertext three.
    """

    __slots__ = ("_asked", "_table")

    def __init__(self) -> None:
        self._asked = 0
        self._table: list[Sequence[Number]] | None = None

    def power(self, base: Number, exponent: int, group: "FieldGroup") -> Number:
        """`base` to the power `exponent` in [0, q)."""
        if self._table is None:
            self._asked += 1
            if self._asked < _OFTEN:
                return gmpy2.powmod(base, exponent, group.p)
            self._table = _table(base, group)
        product, p = gmpy2.mpz(1), group.p
        for row, digit in zip(self._table, f"{exponent:x}"[::-1], strict=False):
            if digit != "0":
                product = product * row[int(digit, 16)] % p
        return product


@dataclass(frozen=True, slots=True)
class Residue:
    """A number modulo p, of the subgroup of order q. From outside only by `FieldGroup.parse`."""

    value: Number
    """In [1, p)."""
    group: "FieldGroup"
    _powers: _Powers = field(default_factory=_Powers, init=False, repr=False, compare=False)

    def text(self) -> str:
        """Print in decimal."""
        return str(self.value)

    def __add__(self, other: "Residue") -> "Residue":
        """Multiply."""
        return Residue(self.value * other.value % self.group.p, self._shared(other))

    def __sub__(self, other: "Residue") -> "Residue":
        """Divide."""
        p = self.group.p
        return Residue(self.value * gmpy2.invert(other.value, p) % p, self._shared(other))

    def __rmul__(self, scalar: int) -> "Residue":
        """Raise to the power `scalar`, taken modulo q."""
        group = self.group
        return Residue(self._powers.power(self.value, scalar % group.order, group), group)

    def __reduce__(self) -> tuple[object, ...]:
        """Travel between processes without the table."""
        return Residue, (self.value, self.group)

    def _shared(self, other: "Residue") -> "FieldGroup":
        if other.group is not self.group:
            raise TypeError(other.group.name)
        return self.group


def _table(base: Number, group: "FieldGroup") -> list[Sequence[Number]]:
    """For each hex digit of an exponent, the lowest first, the powers that it stands for.

    Brickell, Gordon, McCurley and Wilson, "Fast exponentiation with precomputation" (1992).
    """
    rows: list[Sequence[Number]] = []
    for _ in range(len(f"{group.order:x}")):
        row = [gmpy2.mpz(1)]
        for _ in range(15):
            row.append(row[-1] * base % group.p)
        rows.append(row)
        base = row[-1] * base % group.p
    return rows


class FieldGroup(Group):
    """The subgroup of order q of the numbers modulo p; both are prime."""

    def __init__(self, name: str, p: int, q: int, g: int) -> None:
        super().__init__(name, q, f"(?:0|[1-9][0-9]{{0,{len(str(p)) - 1}}})")
        self.p: Final[Number] = gmpy2.mpz(p)
        self._form = re.compile(self.element_form)
        self._generator = Residue(gmpy2.mpz(g), self)
        self._identity = Residue(gmpy2.mpz(1), self)

    @property
    def generator(self) -> Residue:
        """The number g."""
        return self._generator

    @property
    def identity(self) -> Residue:
        """The number 1."""
        return self._identity

    @property
    def longest(self) -> Residue:
        """The number p - 1, which is not of the subgroup."""
        return Residue(self.p - 1, self)

    def parse(self, text: object, *, allow_identity: bool = False) -> Residue:
        """Read a decimal without leading zeros. Raises MalformedError, as in `Group`."""
        if not isinstance(text, str) or not self._form.fullmatch(text):
            raise MalformedError("element", "not a plain decimal number")
        value = gmpy2.mpz(text)
        if value >= self.p:
            raise MalformedError("element", "not below p")
        if value == 1:
            if not allow_identity:
                raise MalformedError("element", "the identity")
        elif not self._has_order_q(value):
            raise MalformedError("element", "not in the subgroup of order q")
        return Residue(value, self)

    def __reduce__(self) -> tuple[object, ...]:
        """Travel between processes by name."""
        return group_named, (self.name,)

    def _has_order_q(self, value: Number) -> bool:
        if self.p == 2 * self.order + 1:  # its subgroup is that of the squares: Euler's criterion
            return bool(gmpy2.jacobi(value, self.p) == 1)
        return bool(gmpy2.powmod(value, self.order, self.p) == 1)


# Specification 3.0, section 5.1.1; made by the procedure of FIPS 186-4.
_BELENIOS_P: Final = int(
    "20694785691422546401013643657505008064922989295751104097100884787057374219242717"
    "40192223725449768433812906663313807895840496005438963628979639303877390572280360"
    "59737494276713767776188985898727358650490811670993105358677809800307904916540637"
    "77173764198678527273474476341835600035698305193144284561701911000786737307333564"
    "12397173289791324047457883446826065232797464795113767265869358218004631792207366"
    "88600526271863633860887968821207694323661494910029234443463732221458841005864210"
    "50242120365433561201320481118852408731077014151666200162313177169372189248078507"
    "711827842317498073276598828825169183103125680162072880719"
)
_BELENIOS_Q: Final = int(
    "78571733251071885079927659812671450121821421258408794611510081919805623223441"
)
_BELENIOS_G: Final = int(
    "24023526775018522092276877035323999327122876573783649165100753187876632741463532"
    "19320285676155269678799694668298749389095083896573425601900601068477164491735474"
    "13728310461045868131451178164675540052740288984613986453266121505579709716201616"
    "82703128864324566638348636357821061549184199825343151897406581868686511513585764"
    "10138882215396016043228843603930989333662772848406593138406010231675095763777982"
    "66510360682240663507669776402534625377308513317349519424896775405257365904949247"
    "76314759915751987751777114814909204566002054781270547282381409725186398583341157"
    "00568353695553423781475582491896050296680037745308460627"
)

# RFC 3526, section 3.
_RFC_P: Final = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74"
    "020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437"
    "4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF05"
    "98DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB"
    "9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF695581718"
    "3995497CEA956AE515D2261898FA051015728E5A8AACAA68FFFFFFFFFFFFFFFF",
    16,
)

FIELDS: Final = {
    group.name: group
    for group in (
        FieldGroup("BELENIOS-2048", _BELENIOS_P, _BELENIOS_Q, _BELENIOS_G),
        FieldGroup("RFC-3526-2048", _RFC_P, (_RFC_P - 1) // 2, 2),
    )
}
"""By name."""
