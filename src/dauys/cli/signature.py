"""`dauys signature`: look into a digital signature or a certificate of the national PKI.

Exit status: 0 when it is valid, 1 when it is not, 2 when it cannot be read.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from dauys.identity.signature.inspection import Circumstances, Inspection
    from dauys.identity.signature.trust import Trust

NOT_VALID = 1
UNREADABLE = 2
BUNDLE = 10_000_000

app = typer.Typer(
    help="Look into a digital signature or a certificate; nothing is fetched.",
    no_args_is_help=True,
)

Anchors = Annotated[
    Path,
    typer.Option(
        help="Folder of certificates to trust: roots, or authorities whose issuer is not there;"
        " the others help to get from a signer to those."
    ),
]
Intermediates = Annotated[
    Path | None, typer.Option(help="Folder of further certificates between root and signer.")
]
Lists = Annotated[
    list[Path] | None, typer.Option("--crl", help="Revocation list, whole or changes (DER, PEM).")
]
At = Annotated[str, typer.Option(help="When it must hold: 2026-08-05T04:00:00Z; now if left out.")]
Numbers = Annotated[
    str,
    typer.Option(
        help="strict: real numbers only, as elections do; test: those of the CA's test"
        " certificates too; any: any twelve digits."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")]


@app.command()
def check(  # noqa: PLR0913, PLR0917 - an option each
    file: Annotated[Path, typer.Argument(help="Signed message (CMS; DER, PEM or base64).")],
    anchors: Anchors,
    content: Annotated[
        Path | None, typer.Option(help="What was signed, if it is not in the message.")
    ] = None,
    intermediates: Intermediates = None,
    lists: Lists = None,
    at: At = "",
    numbers: Numbers = "test",
    as_json: AsJson = False,
) -> None:
    """Check a signed message and the certificate of who signed it."""
    from dauys.core.errors import RefusedError
    from dauys.identity.signature.inspection import inspect_message

    circumstances = _circumstances(anchors, intermediates, lists, at, numbers)
    detached = None if content is None else _read(content, as_json=as_json)
    try:
        found = inspect_message(_read(file, as_json=as_json), circumstances, detached)
    except RefusedError as error:
        _stop(f"{file} is no signed message: {error.detail}", as_json=as_json)
    _tell(found, circumstances, as_json=as_json)


@app.command()
def certificate(
    file: Annotated[Path, typer.Argument(help="Certificate (DER, PEM or base64).")],
    anchors: Anchors,
    intermediates: Intermediates = None,
    lists: Lists = None,
    at: At = "",
    numbers: Numbers = "test",
    as_json: AsJson = False,
) -> None:
    """Check a certificate, and tell whose it is and what for."""
    from dauys.core.errors import RefusedError
    from dauys.identity.signature.inspection import inspect_certificate

    circumstances = _circumstances(anchors, intermediates, lists, at, numbers)
    try:
        found = inspect_certificate(_read(file, as_json=as_json), circumstances)
    except RefusedError as error:
        _stop(f"{file} is no certificate: {error.detail}", as_json=as_json)
    _tell(found, circumstances, as_json=as_json)


def _circumstances(
    anchors: Path, intermediates: Path | None, lists: list[Path] | None, at: str, numbers: str
) -> "Circumstances":
    from dauys.identity.kazakhstan.certificates import ROLES, NumberRule, profile
    from dauys.identity.signature.inspection import Circumstances

    moment = _moment(at) if at else datetime.now(UTC)
    if numbers not in set(NumberRule):
        _stop(f"--numbers {numbers}: strict, test or any")
    # Whether a role may vote is for an election to say; here every role is told.
    means = profile(organisation_roles=frozenset(ROLES.values()), numbers=NumberRule(numbers))
    return Circumstances(
        _trust(anchors, intermediates), means, tuple(map(_read, lists or ())), moment
    )


def _moment(text: str) -> datetime:
    """A time as people write it (ISO 8601); in UTC unless it says otherwise."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        _stop(f"--at {text}: not a time like 2026-08-05T04:00:00Z or 2026-08-05")
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _trust(anchors: Path, intermediates: Path | None) -> "Trust":
    """Roots of the folder are trusted, and authorities whose issuer is not in it."""
    from dauys.identity.kazakhstan.algorithms import ALGORITHMS
    from dauys.identity.signature.trust import Trust, sorted_out

    trusted, between = sorted_out(_certificates(anchors))
    if not trusted:
        _stop(f"{anchors} holds no certificate of an authority")
    more = _certificates(intermediates) if intermediates else ()
    return Trust(trusted, (*between, *more), ALGORITHMS)


def _certificates(folder: Path) -> tuple[bytes, ...]:
    """Every certificate in the folder; says which files hold none."""
    from dauys.core.errors import RefusedError
    from dauys.identity.signature.asn1 import load_certificate, unarmoured_all

    if not folder.is_dir():
        _stop(f"{folder} is no folder")
    found: list[bytes] = []
    for file in sorted(folder.iterdir()):
        if file.is_file():
            try:
                inside = unarmoured_all(_read(file), BUNDLE)
                found += [load_certificate(one).dump() for one in inside]
            except RefusedError:
                typer.echo(f"Left aside, no certificate: {file}", err=True)
    return tuple(found)


def _read(path: Path, *, as_json: bool = False) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        _stop(str(error), as_json=as_json)


def _stop(why: str, *, as_json: bool = False) -> NoReturn:
    if as_json:
        _print_json({"verdict": "unreadable", "ok": False, "reason": "unreadable", "detail": why})
    else:
        typer.echo("UNREADABLE")
    _line(why, err=True)
    raise typer.Exit(UNREADABLE)


def _tell(found: "Inspection", circumstances: "Circumstances", *, as_json: bool) -> None:
    told = _told(found, circumstances)
    if as_json:
        _print_json(told)
    else:
        _tell_people(found, told)
    if not found.ok:
        raise typer.Exit(NOT_VALID)


def _tell_people(found: "Inspection", told: dict[str, object]) -> None:
    from dauys.identity.kazakhstan.advice import ADVICE

    if found.fault is None:
        _line("VALID")
    else:
        means, todo = ADVICE.get(found.fault.code, (found.fault.code, ""))
        _line(f"NOT VALID: {means}.")
        _line(f"  {todo}")
    typer.echo()
    for name, value in told.items():
        if name not in _FOR_PROGRAMS and value:
            text = ", ".join(map(str, value)) if isinstance(value, list) else value
            _line(f"{_NAMES.get(name, name.replace('_', ' ')):15} {text}")
    typer.echo("\nChecks")
    for finding in found.findings:
        why = f": {finding.code}" + (f" ({finding.detail})" if finding.detail else "")
        _line(f"  {'holds' if finding.ok else 'FAILS'}  {finding.name}{why * (not finding.ok)}")


_FOR_PROGRAMS = ("verdict", "ok", "reason", "checks")
_NAMES = {"iin": "IIN", "bin": "BIN", "signed": "claims signing"}


def _told(found: "Inspection", circumstances: "Circumstances") -> dict[str, object]:
    from dauys.core.forms import format_instant
    from dauys.identity.kazakhstan.certificates import PURPOSES
    from dauys.identity.signature.certificates import ORGANISATION

    subject, certificate = found.subject, found.certificate
    numbers = (subject.person, subject.organisation) if subject else ("", "")
    return {
        "verdict": "valid" if found.ok else "not_valid",
        "ok": found.ok,
        "reason": found.fault.code if found.fault else "",
        "name": subject.name if subject else "",
        "iin": numbers[0],
        "organisation": next(iter(certificate.values(ORGANISATION)), "") if certificate else "",
        "bin": numbers[1],
        "note": _note(found),
        "role": found.holder.role if found.holder else "",
        "roles": list(subject.roles) if subject else [],
        "may_vote": _may_vote(found),
        "signers": [
            " ".join(filter(None, (one.name, one.person, one.organisation)))
            for one in found.signers
        ],
        "purposes": _purposes(certificate.purposes, PURPOSES) if certificate else [],
        "algorithm": found.algorithm,
        "signed": format_instant(found.claimed_time) if found.claimed_time else "",
        "valid_from": format_instant(certificate.not_before) if certificate else "",
        "valid_until": format_instant(certificate.not_after) if certificate else "",
        "checked_at": format_instant(circumstances.moment),
        "revocation": found.revocation,
        "checks": [
            {"name": one.name, "ok": one.ok, "code": one.code, "detail": one.detail}
            for one in found.findings
        ],
    }


def _note(found: "Inspection") -> str:
    from dauys.identity.kazakhstan.numbers import is_test_number

    if found.subject is None:
        return ""
    if any(map(is_test_number, (found.subject.person, found.subject.organisation))):
        return "a test number: no voter has it"
    return ""


def _purposes(found: frozenset[str], words: dict[str, str]) -> list[str]:
    return [words.get(oid, oid) for oid in sorted(found)]


def _may_vote(found: "Inspection") -> str:
    from dauys.identity.kazakhstan.certificates import Role

    if found.holder is None or not found.ok:
        return ""
    if _note(found):
        return "nobody votes with a test number"
    return {
        Role.INDIVIDUAL.value: "for themselves",
        Role.FIRST_HEAD.value: "for the organisation",
        Role.RIGHT_TO_SIGN.value: "for the organisation, where the election's rules allow it",
    }.get(found.holder.role, "no: neither an individual's key nor the organisation's first head's")


def _print_json(value: dict[str, object]) -> None:
    import msgspec

    typer.echo(msgspec.json.format(msgspec.json.encode(value)).decode())


def _line(text: str, *, err: bool = False) -> None:
    # A certificate may hold anything, also what moves a terminal's cursor.
    shown = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)
    typer.echo(shown, err=err)
