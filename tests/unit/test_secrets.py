"""A secret in a value's `repr` ends in a log or a traceback, sooner or later."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "dauys"
SECRET = re.compile(r"(^|_)(secret|token|password|passphrase|salt)$")
NONE = {
    "Endpoints.token",  # an address
    # Of the demonstration, which prints them.
    *("Account.password", "Account.totp_secret", "Samples.passphrase"),
    *("SampleAccount.password", "SampleAccount.totp_secret"),
}


def shown() -> Iterator[str]:
    """Fields of dataclasses that are called like a secret, and that `repr` shows."""
    for file in SOURCE.rglob("*.py"):
        for kind in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(kind, ast.ClassDef):
                continue
            if not any("dataclass" in ast.unparse(one) for one in kind.decorator_list):
                continue
            for field in kind.body:
                if isinstance(field, ast.AnnAssign) and "repr=False" not in ast.unparse(field):
                    name = ast.unparse(field.target)
                    if SECRET.search(name):
                        yield f"{kind.name}.{name}"


def test_no_secret_is_in_a_repr() -> None:
    assert set(shown()) == NONE
