"""`dauys evidence`: the voters' own signatures behind the permits, for auditors and operators.

Exit status: 0 when all is well, 1 when something is wrong, 2 when nothing could be looked at.
"""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dauys.cli.installation import FAILED, Data, Slug, read_file, services_of

if TYPE_CHECKING:
    from dauys.conduct.evidence_audit import EvidenceReport

app = typer.Typer(
    help="Voters' own signatures, which are kept encrypted behind the permits.",
    no_args_is_help=True,
)
SHOWN = 20

MEANS = {
    "missing": "the signature that the permit names is not kept",
    "damaged": "what is kept is not what the permit names: swapped, or damaged",
    "signature": "not a valid signature by a trusted certificate for signing",
    "content": "it authorises something else",
    "person": "somebody else signed than the voter behind the pseudonym",
    "time": "it was not kept while the authorisation was good",
    "revoked": "the certificate had been revoked before",
    "used_twice": "two permits rest on one signature",
    "permit": "the permit is not the registrar's, or not the board's",
    "extra": "kept, but no voter's valid signature and behind no permit",
}


@app.command()
def verify(
    slug: Slug,
    lists: Annotated[
        list[Path] | None, typer.Option("--crl", help="Revocation list (DER or PEM).")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    data: Data = None,
) -> None:
    """Check that every signed permit rests on a valid signature of the right voter."""
    from dauys.cli.progress import shown
    from dauys.identity.signature.revocation import ListedRevocation

    brought = tuple(read_file(file) for file in lists or ())
    with services_of(slug, data) as services, shown("Looking at signatures") as progress:
        audit = services.evidence_audit()
        if brought:
            source = ListedRevocation(brought, audit.profile.algorithms)
            audit = services.evidence_audit(source)
        report = audit.verify(datetime.now(UTC), progress)
    if as_json:
        _print_json(report)
    else:
        _tell(report)
    if not report.ok:
        raise typer.Exit(FAILED)


@app.command()
def recheck(slug: Slug, data: Data = None) -> None:
    """Ask again about certificates of which nobody could tell when their holders signed."""
    with services_of(slug, data) as services:
        pending = services.recheck.pending()
        found = services.recheck.recheck()
    typer.echo(
        f"Marked: {pending}. Good: {found.good}, revoked: {found.revoked},"
        f" still unknown: {found.unknown}."
    )
    if found.revoked:
        typer.echo("The commission has a case for each contest with such ballots.")
    if found.revoked or found.unknown:
        raise typer.Exit(FAILED)


@app.command()
def rotate(slug: Slug, data: Data = None) -> None:
    """Seal the signatures anew under a fresh key (run twice to forget the key in use now)."""
    from dauys.cli.progress import shown

    with services_of(slug, data) as services, shown("Sealing anew") as progress:
        sealed = services.evidence.rotate(progress)
    typer.echo(f"{sealed} signatures are under a new key. Back up the folder of keys.")


def _tell(report: "EvidenceReport") -> None:
    typer.echo("GOOD" if report.ok else "NOT GOOD")
    typer.echo(
        f"\n{report.permits} permits, {report.signed} of them signed;"
        f" {report.kept} signatures kept."
        f"\n{report.valid} signed permits rest on a valid signature of the right voter."
    )
    if report.without_permit:
        typer.echo(
            f"{report.without_permit} voters signed validly and went no further:"
            " no permit, no harm."
        )
    if report.unasked:
        typer.echo(
            f"Of {report.unasked} certificates nobody could tell whether they were revoked:"
            " give lists with --crl."
        )
    counts = Counter(flaw.fault for flaw in report.flaws)
    for fault, count in counts.items():
        typer.echo(f"\n{count} × {fault}: {MEANS[fault]}")
        for flaw in [one for one in report.flaws if one.fault is fault][:SHOWN]:
            where = f"permit {flaw.serial}" if flaw.serial else "no permit"
            typer.echo(f"  {where}  {flaw.evidence[:16]:16}  {flaw.detail}".rstrip())
        if count > SHOWN:
            typer.echo(f"  … and {count - SHOWN} more (--json lists all)")


def _print_json(report: "EvidenceReport") -> None:
    import msgspec

    told: dict[str, Any] = {"ok": report.ok, **msgspec.to_builtins(report)}
    typer.echo(msgspec.json.format(msgspec.json.encode(told)).decode())
