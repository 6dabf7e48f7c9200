"""Sentences that the services themselves put into cases, in three languages."""

from dauys.core.forms import Text
from dauys.core.state import BallotRecord


def reported_title(ballot: BallotRecord) -> Text:
    """Title of a case that a voter's report opens."""
    return Text(
        kk=f"Сайлаушы {ballot.index}-жазбадағы бюллетеньді өзі бермегенін айтады",
        ru=f"Избиратель сообщает: бюллетень в записи {ballot.index} подан не им",
        en=f"A voter says that the ballot in entry {ballot.index} is not theirs",
    )


def reported(ballot: BallotRecord) -> Text:
    """Line of evidence that a voter's report adds."""
    return Text(
        kk=f"Сайлаушы цифрлық қолтаңбамен расталып, {ballot.index}-жазбадағы бюллетеньді өзі бермегенін айтты және дауысын қайтарып алды.",
        ru=f"Избиратель, подтвердивший личность цифровой подписью, сообщил, что бюллетень в записи {ballot.index} подан не им, и вернул себе голос.",
        en=f"A voter identified by a digital signature said that the ballot in entry {ballot.index} was not theirs, and took the vote back.",
    )
