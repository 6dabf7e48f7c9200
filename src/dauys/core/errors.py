"""Errors that every stage shares: one class for each thing a caller does differently.

Each carries data, not just a sentence, and never a secret. Stages define their own
errors beside the code that raises them, as subclasses of `DauysError`.
"""


class DauysError(Exception):
    """Base of every error that Dauys raises on purpose."""


class MalformedError(DauysError):
    """Bytes from outside do not have the one accepted form.

    `what` names the structure ("ballot", "checkpoint"), `why` the first fault found.
    """

    def __init__(self, what: str, why: str) -> None:
        """Keep `what` and `why` for callers that map the error to a message."""
        super().__init__(f"malformed {what}: {why}")
        self.what = what
        self.why = why


class VerificationError(DauysError):
    """Something well formed does not hold: a proof, a signature, a hash.

    `what` names the claim that failed, in the words of docs/protocol.md.
    """

    def __init__(self, what: str, why: str = "") -> None:
        """Keep `what` and `why` for callers that map the error to a message."""
        super().__init__(f"{what}: {why}" if why else what)
        self.what = what
        self.why = why


class RefusedError(DauysError):
    """A well-formed request is against the rules of the election at this moment.

    `code` is a stable word ("closed", "already_voted") that the faces translate.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        """Keep `code` for the faces; `detail` is for staff and logs, without secrets."""
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
