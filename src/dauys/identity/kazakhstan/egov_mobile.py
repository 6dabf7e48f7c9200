"""eGov Mobile: signing with the state's app on a phone, whose keys stay there.

The app is given an address, as a QR code or a link. It asks the address what is to be signed
(GET), fetches the documents (GET with a bearer token), and puts them back signed (PUT): 200, or
403 with words for the person. The operator's host must be on the app's list (a contract).
"""

import base64
from datetime import datetime
from typing import Annotated, Any, Final
from urllib.parse import urlencode

import msgspec

from dauys.core.errors import MalformedError
from dauys.core.forms import Text, format_instant

_APP: Final = {"isi": "1476128386", "ibi": "kz.egov.mobile", "apn": "kz.mobile.mgov"}
_MAX_BYTES: Final = 262_144


def qr_text(address: str) -> str:
    """What the QR code says."""
    return f"mobileSign:{address}"


def deep_link(address: str) -> str:
    """What opens the app on this phone, or the shop that has it."""
    return f"https://m.egov.kz/mobileSign?{urlencode({'link': address, **_APP})}"


def description(
    what: Text, organiser: Text, expires: datetime, document: str, token: str
) -> dict[str, Any]:
    """Answer to the first request. `document` is where the second goes, with `token`."""
    return {
        "description": what.ru,
        "expiry_date": format_instant(expires),
        "organisation": {
            "nameRu": organiser.ru,
            "nameKz": organiser.kk,
            "nameEn": organiser.en,
            "bin": "",
        },
        "document": {"uri": document, "auth_type": "Token", "auth_token": token},
    }


def documents(name: Text, code: str, content: bytes) -> dict[str, Any]:
    """Answer to the second request: one document, to be signed with its data inside.

    `code` is what the person compares with the page that waits.
    """
    data = base64.b64encode(content).decode()
    return {
        "signMethod": "CMS_WITH_DATA",
        "version": 1,
        "documentsToSign": [
            {
                "id": 1,
                "nameRu": f"{name.ru} {code}",
                "nameKz": f"{name.kk} {code}",
                "nameEn": f"{name.en} {code}",
                "meta": [],
                "document": {"file": {"mime": "", "data": data}},
            }
        ],
    }


class _File(msgspec.Struct):
    data: str


class _Inside(msgspec.Struct):
    file: _File


class _Document(msgspec.Struct):
    document: _Inside


class _Signed(msgspec.Struct):
    documents: Annotated[list[_Document], msgspec.Meta(min_length=1, max_length=1)] = msgspec.field(
        name="documentsToSign"
    )


def signed_cms(body: bytes) -> bytes:
    """The signature in what the app puts back, DER or PEM. Raises MalformedError.

    The app may add fields of its own; only the one document's data is looked at.
    """
    if len(body) > _MAX_BYTES:
        raise MalformedError("signed document", "too long")
    try:
        signed = msgspec.json.decode(body, type=_Signed)
        return base64.b64decode(signed.documents[0].document.file.data)
    except (msgspec.MsgspecError, ValueError) as error:
        raise MalformedError("signed document", str(error)) from error
