"""The key ceremonies: who has sent what, whose turn it is, and what the others take away."""

import io
import zipfile
from dataclasses import dataclass

from django.utils.translation import gettext

from dauys.conduct.ceremony import GROUP, PLAN, SENT, Ceremony, Stage, file_name
from dauys.core.errors import DauysError
from dauys.store.ceremonies import CeremonyBook
from dauys.store.outline import outline
from dauys.web.console.ceremony_words import STAGES
from dauys.web.console.forms.ceremony import MessageForm
from dauys.web.console.words import refusal_text
from dauys.wiring import Services


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member of a group, and their messages: each is sent, awaited now or later."""

    number: int
    name: str
    sent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupCard:
    """One group: `waiting` names whose message of the stage `turn` is missing."""

    number: int
    needed: int
    stages: tuple[str, ...]
    members: tuple[MemberRow, ...]
    turn: str
    waiting: str
    fingerprint: str
    key: str
    form: MessageForm


@dataclass(frozen=True, slots=True)
class Ceremonies:
    """All groups of the election; `broken` says why a kept message cannot be shown."""

    groups: tuple[GroupCard, ...]
    broken: tuple[str, ...]
    sealed: bool


def ceremonies(services: Services, refused: dict[int, MessageForm]) -> Ceremonies:
    """Every ceremony; `refused` holds the form of a group whose last file was not taken."""
    book, draft = CeremonyBook(services.election), outline(services.election)
    cards, broken = [], []
    for group in draft.groups:
        form = refused.get(group.number) or MessageForm(auto_id=f"group-{group.number}-%s")
        try:
            cards.append(_card(group.number, book.ceremony(group.number), form))
        except DauysError as error:  # altered in the database: each was checked when it came
            broken.append(f"{group.number}: {refusal_text(error)}")
    return Ceremonies(tuple(cards), tuple(broken), draft.sealed)


def zipped(ceremony: Ceremony) -> bytes:
    """All messages as a ZIP, for `dauys trustee ceremony`."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(PLAN, ceremony.plan.to_text())
        for stage in SENT:
            for place in range(1, len(ceremony.plan.members) + 1):
                text = ceremony.text(stage, place)
                if text is not None:
                    archive.writestr(file_name(stage, place), text)
        if ceremony.stage is Stage.DONE:
            archive.writestr(GROUP, ceremony.group().to_json())
    return stream.getvalue()


def _card(number: int, ceremony: Ceremony, form: MessageForm) -> GroupCard:
    stage, plan = ceremony.stage, ceremony.plan
    return GroupCard(
        number=number,
        needed=plan.threshold,
        stages=tuple(gettext(STAGES[one]) for one in SENT),
        members=tuple(
            MemberRow(place, name, tuple(_state(ceremony, one, place) for one in SENT))
            for place, name in enumerate(plan.members, 1)
        ),
        turn="" if stage is Stage.DONE else gettext(STAGES[stage]),
        waiting=""
        if stage is Stage.DONE
        else ", ".join(plan.members[place - 1] for place in ceremony.missing(stage)),
        fingerprint="" if stage is Stage.CERTIFICATE else ceremony.fingerprint(),
        key=ceremony.group().public_key.text() if stage is Stage.DONE else "",
        form=form,
    )


def _state(ceremony: Ceremony, stage: Stage, place: int) -> str:
    if ceremony.text(stage, place) is not None:
        return "sent"
    return "now" if stage is ceremony.stage else "later"
