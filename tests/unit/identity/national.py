"""The national profile in the short forms that tests use."""

from datetime import datetime

from dauys.identity.kazakhstan.algorithms import ALGORITHMS
from dauys.identity.kazakhstan.certificates import NumberRule, Role, profile
from dauys.identity.signature.certificates import Certificate
from dauys.identity.signature.profile import Holder
from dauys.identity.signature.trust import Trust, TrustedChain


def build_chain(
    certificate: bytes,
    anchors: tuple[bytes, ...],
    intermediates: tuple[bytes, ...],
    moment: datetime,
) -> TrustedChain:
    """Chain by a trust that remembers nothing yet."""
    return Trust(anchors, intermediates, ALGORITHMS).chain(certificate, (), moment)


def holder_of(certificate: Certificate, *, right_to_sign: bool, strict: bool) -> Holder:
    """Holder, by the rules of an election or by those of test certificates."""
    roles = {Role.FIRST_HEAD} | ({Role.RIGHT_TO_SIGN} if right_to_sign else set())
    numbers = NumberRule.STRICT if strict else NumberRule.ANY
    return profile(organisation_roles=frozenset(roles), numbers=numbers).holder_of(certificate)


def require_for_signing(certificate: Certificate) -> None:
    """Raise RefusedError("not_for_signing") unless it is."""
    profile().require_for_signing(certificate)
