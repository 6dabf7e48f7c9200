"""`dauys signature`: look into a digital signature or a certificate of the national PKI.

Exit status: 0 when every check holds, 1 when one does not, 2 when there is nothing to check.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from dauys.identity.signature.inspection import Circumstances, Inspection

NOT_VALID = 1
UNREADABLE = 2

app = typer.Typer(
    help="Look into a digital signature or a certificate; nothing is fetched.",
    no_args_is_help=True,
)

Anchors = Annotated[Path, typer.Option(help="Folder of the root certificates to trust.")]
Intermediates = Annotated[
    Path | None, typer.Option(help="Folder of certificates between root and signer.")
]
Lists = Annotated[list[Path] | None, typer.Option("--crl", help="Revocation list (DER).")]
At = Annotated[str, typer.Option(help="When it must hold: 2026-08-05T04:00:00Z; now if left out.")]
TestNumbers = Annotated[
    bool, typer.Option("--test-numbers", help="Take the wrong check digits of test certificates.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")]


@app.command()
def check(  # noqa: PLR0913, PLR0917 - an option each
    file: Annotated[Path, typer.Argument(help="Signed message (CMS, DER or PEM).")],
    anchors: Anchors,
    content: Annotated[
        Path | None, typer.Option(help="What was signed, if it is not in the message.")
    ] = None,
    intermediates: Intermediates = None,
    lists: Lists = None,
    at: At = "",
    test_numbers: TestNumbers = False,
    as_json: AsJson = False,
) -> None:
    """Check a signed message and the certificate of who signed it."""
    from dauys.core.errors import RefusedError
    from dauys.identity.signature.inspection import inspect_message

    circumstances = _circumstances(anchors, intermediates, lists, at, strict=not test_numbers)
    detached = None if content is None else _read(content)
    try:
        _tell(inspect_message(_read(file), circumstances, detached), as_json=as_json)
    except RefusedError as error:
        _stop(f"{file}: {error}")


@app.command()
def certificate(
    file: Annotated[Path, typer.Argument(help="Certificate (DER or PEM).")],
    anchors: Anchors,
    intermediates: Intermediates = None,
    lists: Lists = None,
    at: At = "",
    test_numbers: TestNumbers = False,
    as_json: AsJson = False,
) -> None:
    """Check a certificate, and tell whose it is and what for."""
    from dauys.core.errors import RefusedError
    from dauys.identity.signature.inspection import inspect_certificate

    circumstances = _circumstances(anchors, intermediates, lists, at, strict=not test_numbers)
    try:
        _tell(inspect_certificate(_read(file), circumstances), as_json=as_json)
    except RefusedError as error:
        _stop(f"{file}: {error}")


def _circumstances(
    anchors: Path, intermediates: Path | None, lists: list[Path] | None, at: str, *, strict: bool
) -> "Circumstances":
    from dauys.core.errors import MalformedError, RefusedError
    from dauys.core.forms import parse_instant
    from dauys.identity.signature.asn1 import load_certificate
    from dauys.identity.signature.inspection import Circumstances

    try:
        moment = parse_instant(at) if at else datetime.now(UTC)
    except MalformedError as error:
        _stop(f"--at {at}: {error.why}")
    trusted, between = _folder(anchors), _folder(intermediates) if intermediates else ()
    for one in (*trusted, *between):
        try:
            load_certificate(one)
        except RefusedError as error:
            _stop(f"not a certificate in {anchors} or {intermediates}: {error}")
    return Circumstances(trusted, between, tuple(map(_read, lists or ())), moment, strict)


def _folder(path: Path) -> tuple[bytes, ...]:
    if not path.is_dir():
        _stop(f"{path} is no folder")
    return tuple(_read(file) for file in sorted(path.iterdir()) if file.is_file())


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        _stop(str(error))


def _stop(why: str) -> NoReturn:
    typer.echo(why, err=True)
    raise typer.Exit(UNREADABLE)


def _tell(found: "Inspection", *, as_json: bool) -> None:
    import msgspec

    told = _told(found)
    if as_json:
        typer.echo(msgspec.json.format(msgspec.json.encode(told)).decode())
    else:
        for finding in found.findings:
            why = f": {finding.code}" + (f" ({finding.detail})" if finding.detail else "")
            _line(f"{'holds' if finding.ok else 'FAILS'}  {finding.name}{why * (not finding.ok)}")
        for name, value in told.items():
            if name not in ("ok", "checks") and value:
                text = ", ".join(value) if isinstance(value, list) else value
                _line(f"{name.replace('_', ' '):14} {text}")
        typer.echo("VALID" if found.ok else "NOT VALID")
    if not found.ok:
        raise typer.Exit(NOT_VALID)


def _line(text: str) -> None:
    # A certificate may hold anything, also what moves a terminal's cursor.
    typer.echo(
        "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)
    )


def _told(found: "Inspection") -> dict[str, object]:
    from dauys.core.forms import format_instant
    from dauys.identity.signature.certificates import PURPOSES

    holder, certificate = found.holder, found.certificate
    return {
        "ok": found.ok,
        "checks": [
            {"name": one.name, "ok": one.ok, "code": one.code, "detail": one.detail}
            for one in found.findings
        ],
        "algorithm": found.algorithm,
        "iin": holder.iin if holder else "",
        "bin": holder.bin or "" if holder else "",
        "name": holder.name if holder else "",
        "organisation": holder.organisation or "" if holder else "",
        "role": holder.role if holder else "",
        "purposes": [PURPOSES.get(oid, oid) for oid in sorted(certificate.purposes)],
        "valid_from": format_instant(certificate.not_before),
        "valid_until": format_instant(certificate.not_after),
        "revocation": found.revocation,
    }
