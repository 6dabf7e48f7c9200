"""Every sentence of the console stands in its Kazakh, Russian and English catalogue."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.web.sentences import in_code

WEB = Path(__file__).parents[2] / "src" / "dauys" / "web"
TEMPLATES = [WEB / "templates" / name for name in ("console", "account", "mfa")]
CATALOGUE = WEB / "console" / "locale"
LIBRARY = "shown by a library"
CYRILLIC = re.compile("[а-яА-ЯёЁ]")
KAZAKH = re.compile("[әғқңөұүһіӘҒҚҢӨҰҮҺІ]")


def sentences() -> set[str]:
    """Everything that the console asks to be translated."""
    found: set[str] = set()
    for folder in TEMPLATES:
        for file in folder.rglob("*.html"):
            found.update(in_template(file.read_text(encoding="utf-8")))
    for file in (WEB / "console").rglob("*.py"):
        found.update(in_code(file.read_text(encoding="utf-8")))
    return found


def in_template(text: str) -> Iterator[str]:
    for quote, words in re.findall(r"""{% translate (["'])(.*?)\1(?: as \w+)? %}""", text):
        assert quote
        yield words
    for words in re.findall(
        r"{% blocktranslate[^%]*%}(.*?){% endblocktranslate %}", text, re.DOTALL
    ):
        yield re.sub(r"{{ (\w+) }}", r"%(\1)s", words)


def catalogue(language: str) -> dict[str, str]:
    """Sentences and their translations; without those that libraries ask for."""
    with (CATALOGUE / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return {
            str(m.id): str(m.string)
            for m in read_po(file, language)
            if m.id and LIBRARY not in m.auto_comments
        }


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_no_sentence_is_left_in_another_language(language: str) -> None:
    known = catalogue(language)
    missing = [words for words in sorted(sentences()) if not known.get(words)]
    assert missing == []
    stale = sorted(set(known) - sentences())
    assert stale == []


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_placeholders_survive_translation(language: str) -> None:
    for words, translated in catalogue(language).items():
        assert sorted(re.findall(r"%(?:\(\w+\))?s", words)) == sorted(
            re.findall(r"%(?:\(\w+\))?s", translated)
        ), words


def test_russian_is_not_kazakh_and_neither_is_english() -> None:
    for words, russian in catalogue("ru").items():
        assert CYRILLIC.search(russian), words
        assert not KAZAKH.search(russian), words
    for words, kazakh in catalogue("kk").items():
        assert CYRILLIC.search(kazakh), words


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_compiled_catalogue_is_the_written_one(language: str) -> None:
    from gettext import GNUTranslations

    file = CATALOGUE / language / "LC_MESSAGES" / "django.mo"
    with file.open("rb") as compiled:
        translations = GNUTranslations(compiled)
    for words, translated in catalogue(language).items():
        assert translations.gettext(words) == translated
