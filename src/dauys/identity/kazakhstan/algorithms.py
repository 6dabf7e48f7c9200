"""What the national CA signs with: RSA, and GOST R 34.10-2015 with Streebog.

Since April 2024 it issues GOST keys of 512 bits only. Its older GOST 34.310-2004 keys are known
by name, so that a voter who holds one is told to renew it.
"""

from functools import partial
from typing import Final

from dauys.identity.kazakhstan.gost import GOST_256, GOST_512, Scheme, verify
from dauys.identity.signature.algorithms import (
    WEAK_HASHES,
    Algorithm,
    Algorithms,
    Kind,
    rsa_kinds,
)

OLD_GOST: Final = (
    "1.2.398.3.10.1.1.1",  # keys and signatures of GOST 34.310-2004
    "1.2.398.3.10.1.3.1",  # its hash, GOST 34.311-95
    # The same in the arc of the signing software of those years.
    "1.3.6.1.4.1.6801.1.1",
    "1.3.6.1.4.1.6801.1.2",
    "1.3.6.1.4.1.6801.1.5.8",
)


def _gost(scheme: Scheme) -> Algorithm:
    name = f"gost-2015-{scheme.curve.bits}"
    return Algorithm(name, scheme.digest, partial(verify, scheme))


ALGORITHMS: Final = Algorithms.of(
    (
        *rsa_kinds(),
        Kind(
            "1.2.398.3.10.1.1.2.2", "1.2.398.3.10.1.3.3", "1.2.398.3.10.1.1.2.3.2", _gost(GOST_512)
        ),
        Kind(
            "1.2.398.3.10.1.1.2.1", "1.2.398.3.10.1.3.2", "1.2.398.3.10.1.1.2.3.1", _gost(GOST_256)
        ),
    ),
    dict(WEAK_HASHES) | dict.fromkeys(OLD_GOST, "old_gost"),
)
