"""Every sentence of the board stands in its Kazakh, Russian and English catalogue."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

WEB = Path(__file__).parents[2] / "src" / "dauys" / "web"
CATALOGUE = WEB / "board" / "locale"
KAZAKH = re.compile("[әғқңөұүһіӘҒҚҢӨҰҮҺІ]")
CYRILLIC = re.compile("[а-яА-ЯёЁ]")
PLACES = re.compile(r"%\((\w+)\)|(</?strong>)")


def catalogue(language: str) -> dict[str, Message]:
    with (CATALOGUE / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return {f"{m.context or ''}|{texts(m.id)[0]}": m for m in read_po(file) if m.id}


def texts(value: object) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, (list, tuple)) else (str(value),)


def asked() -> set[str]:
    """What the templates ask to be translated, with its context."""
    found = set()
    for file in (WEB / "templates" / "board").glob("*.html"):
        source = file.read_text(encoding="utf-8")
        for tag in re.findall(r"{% translate (.*?) %}", source):
            match = re.fullmatch(r"""(["'])(.*?)\1(?: context (["'])(\w+)\3)?""", tag)
            assert match is not None, tag
            found.add(f"{match[4] or ''}|{match[2]}")
        for block in re.findall(r"{% blocktranslate.*? %}(.*?){%", source):
            found.add("|" + re.sub(r"{{ (\w+) }}", r"%(\1)s", block).replace(" %<", " %%<"))
    return found


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_no_sentence_of_a_page_is_missing(language: str) -> None:
    plain = {key.replace("%%", "%") for key in catalogue(language)}
    assert {key.replace("%%", "%") for key in asked()} - plain == set()


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_translations_are_whole_and_in_their_language(language: str) -> None:
    for key, message in catalogue(language).items():
        for text in texts(message.string):
            assert text, key
            assert CYRILLIC.search(text) or not re.search("[a-z]{3}", PLACES.sub("", text)), key
            if language == "ru":
                assert KAZAKH.search(text) is None, key
            for place in PLACES.findall(texts(message.id)[0]):
                assert place in PLACES.findall(text), key


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_compiled_catalogues_are_those_of_the_text(language: str) -> None:
    folder = CATALOGUE / language / "LC_MESSAGES"
    compiled = (folder / "django.mo").read_bytes()
    for message in catalogue(language).values():
        for text in texts(message.string):
            assert text.encode() in compiled
