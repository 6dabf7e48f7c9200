"""Sentences that are marked for translation in Python code."""

import ast
from collections.abc import Iterator

CALLS = {"gettext", "gettext_lazy", "gettext_noop", "_"}


def in_code(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=words), *_]):
                if name in CALLS:
                    yield str(words)
