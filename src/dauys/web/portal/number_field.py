"""The voter's number as pages ask for it and speak of it, in the reader's language."""

from dataclasses import dataclass

from dauys.identity.numbering import NumberWords
from dauys.web.portal.times import pick


@dataclass(frozen=True, slots=True)
class NumberField:
    """Sentences around a voter's number. Empty `count`: the page checks nothing while typed."""

    label: str
    hint: str
    first_step: str
    if_registered: str
    done: str
    nothing_done: str
    count: str = ""
    good: str = ""
    slip: str = ""

    @classmethod
    def of(cls, words: NumberWords, language: str) -> "NumberField":
        """`words` in `language`."""
        typing = words.typing
        said = (
            (words.label, words.hint, words.first_step, words.if_registered)
            + (words.done, words.nothing_done)
            + ((typing.count, typing.good, typing.slip) if typing else ())
        )
        return cls(*(pick(text, language) for text in said))
