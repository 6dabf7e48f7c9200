"""What the help desk says of a signature that is not valid: what it means, what to do.

By the code of RefusedError. What the voter reads on a page is `web/portal/refusals.py`.
"""

from typing import Final

_NEW_KEY: Final = (
    "The voter gets a new key, free of charge: at egov.kz with the old one while it works, in"
    " the eGov Mobile app, or at a public service centre (ЦОН) with an identity card."
)
_SIGN_AGAIN: Final = "The voter signs once more, on the page of the election."

ADVICE: Final[dict[str, tuple[str, str]]] = {
    "bad_signature": (
        "the signature does not hold: the file was changed, or another key made it",
        _SIGN_AGAIN,
    ),
    "unreadable": (
        "the file is not made as signing programs make it, or was changed",
        _SIGN_AGAIN,
    ),
    "old_gost": ("the key is of the old kind GOST 34.310-2004, which is not accepted", _NEW_KEY),
    "weak_hash": ("the signature rests on an old hash (SHA-1 or MD5), not accepted", _NEW_KEY),
    "unknown_algorithm": ("the algorithm is not one that the national CA uses", _NEW_KEY),
    "expired": ("a certificate was out of date at that time", _NEW_KEY),
    "not_yet_valid": (
        "a certificate was not valid yet at that time",
        "Look at the time that was asked about, and at this computer's clock.",
    ),
    "untrusted": (
        "the certificate does not lead to a trusted anchor",
        "See that the folder of anchors holds the national CA's certificates of this key's year.",
    ),
    "revoked": ("the certificate was revoked", _NEW_KEY),
    "not_for_signing": (
        "the key is not for signing documents: it is for logging in, or an authority's own",
        "The voter signs with the other key of the pair: RSA… or GOST…, not AUTH….",
    ),
    "wrong_role": (
        "the certificate names no role that goes with its holder",
        "The voter signs with their own key, or with that of the organisation's first head.",
    ),
    "no_number": (
        "the certificate has no IIN or BIN that may be issued",
        "Test certificates have such numbers; --numbers any takes them.",
    ),
    "two_signers": (
        "more than one person signed the file",
        "One voter, one signature: " + _SIGN_AGAIN[0].lower() + _SIGN_AGAIN[1:],
    ),
    "not_attached": (
        "the signed text is not in the file",
        "Give it with --content; to vote, the voter signs with “include the data” switched on.",
    ),
    "wrong_content": (
        "the file holds another text than the one given with --content",
        "See that both files belong together.",
    ),
}
