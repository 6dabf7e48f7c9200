"""The demonstration: the election of 2020 up to the hour when the commission must decide.

Voting is open, cases wait, the server runs in real time. `demo.json` in the data folder
tells the pages and the terminal who there is to be.
"""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dauys.core.canonical import encode
from dauys.core.forms import Text
from dauys.scenario import demo_signer
from dauys.scenario.asking import AS_IN_2020, Asked
from dauys.scenario.people import Actor, Category, Voter
from dauys.scenario.people_keys import PASSPHRASE, SEATS
from dauys.scenario.week import DECISION_BEFORE_END, LENGTH, SLUG, Progress, Week

SEED = 2020

FRESH = Text(
    kk="Әлі дауыс берген жоқ; қолтаңбасы да, телефоны да бар",
    ru="Ещё не голосовал; есть и подпись, и телефон",
    en="Has not voted yet; has a signature and a phone",
)
ROBBED = Text(
    kk="Дауысын ұрлап кеткен: кірген соң «дауыс беріліп қойған» дегенді көреді",
    ru="Голос украден: после входа увидит «уже проголосовал»",
    en="The vote was stolen: after identifying, reads “already voted”",
)
VOTED = Text(kk="Дауыс беріп қойған", ru="Уже проголосовал сам", en="Has voted already")
HEAD = Text(
    kk="Ұйымның басшысы: БСН арқылы, цифрлық қолтаңбамен",
    ru="Руководитель организации: по БИН, цифровой подписью",
    en="Head of an organisation: by BIN, with a digital signature",
)


@dataclass(frozen=True, slots=True)
class Account:
    """A staff account of the demonstration."""

    username: str
    password: str
    totp_secret: str
    roles: tuple[str, ...]
    seat: str | None
    """The commission seat it holds."""


def play(folder: Path, voters: int, progress: Progress, asked: Asked = AS_IN_2020) -> Week:
    """Play the election in `folder` so that now is the hour of decision."""
    start = datetime.now(UTC).replace(microsecond=0) - (LENGTH - DECISION_BEFORE_END)
    week = Week.begin(folder, voters, SEED, start, progress, asked=asked)
    week.vote(datetime.now(UTC))
    week.services.counting.publish(folder / "public" / SLUG)
    week.keys.write(folder / "holders", os.urandom)
    return week


def accounts(new_secret: Callable[[], str]) -> tuple[Account, ...]:
    """One account for each desk, and one for each seat of the commission."""
    desks = (
        ("organiser", ("organiser",), None),
        ("helpdesk", ("help-desk",), None),
        ("analyst", ("analyst",), None),
        *((seat, ("commission",), seat) for seat, _ in SEATS),
        ("trustee", ("trustee",), None),
        ("auditor", ("auditor",), None),
    )
    return tuple(
        Account(name, f"demo-{name}-2020", new_secret(), roles, seat) for name, roles, seat in desks
    )


def write_guide(folder: Path, week: Week, staff: Iterable[Account]) -> dict[str, Any]:
    """Write `demo.json`, keep the sample voters' signer, and return what was written."""
    samples = _samples(week)
    demo_signer.keep(
        folder,
        week.voter_keys.authority,
        tuple(week.voter_keys.signer(voter) for voter, _ in samples),
    )
    guide = {
        "election": week.services.election,
        "slug": SLUG,
        "passphrase": PASSPHRASE,
        "holders": str(folder / "holders"),
        "voters": [_sample(voter, note) for voter, note in samples],
        "accounts": [
            {
                "username": one.username,
                "password": one.password,
                "totp_secret": one.totp_secret,
                "roles": one.roles,
                "key_file": f"commission-{one.seat}.json" if one.seat else "",
            }
            for one in staff
        ],
    }
    (folder / "demo.json").write_bytes(encode(guide))
    return guide


def _sample(voter: Voter, note: Text) -> dict[str, Any]:
    return {
        "number": voter.number,
        "name": {"kk": voter.name.kk, "ru": voter.name.ru, "en": voter.name.en},
        "phone": voter.phone,
        "category": voter.category.value,
        "contest": voter.contest,
        "note": {"kk": note.kk, "ru": note.ru, "en": note.en},
    }


def _samples(week: Week) -> list[tuple[Voter, Text]]:
    """Voters to try the pages as: fresh, robbed, voted, heads of organisations."""
    ballots = week.players.truth.ballots
    robbed = {b.register_number for b in ballots if b.by is Actor.THIEF}
    voted = {b.register_number for b in ballots if b.by is Actor.VOTER}
    people = [v for v in week.electorate.voters if v.has_signature]
    entrepreneurs = [v for v in people if v.category is Category.ENTREPRENEUR]
    fresh = [v for v in entrepreneurs if v.register_number not in robbed | voted]
    heads = [
        v
        for v in people
        if v.category is not Category.ENTREPRENEUR and v.register_number not in robbed | voted
    ]
    stolen = [v for v in entrepreneurs if v.register_number in robbed - voted]
    done = [v for v in entrepreneurs if v.register_number in voted]
    return [
        *((voter, FRESH) for voter in fresh[:4]),
        *((voter, ROBBED) for voter in stolen[:3]),
        *((voter, VOTED) for voter in done[:1]),
        *((voter, HEAD) for voter in heads[:2]),
    ]
