"""What must not be read as an element of a group of numbers modulo a prime."""

from dauys.crypto.finite_field import FieldGroup


def bad_numbers(field: FieldGroup, good: str) -> dict[str, object]:
    """By its fault; some are made from a `good` one."""
    p, q = int(field.p), field.order
    outside = next(n for n in range(2, 100) if pow(n, q, p) != 1)
    return {
        "zero": "0",
        "identity": "1",
        "minus-1": str(p - 1),
        "outside": str(outside),
        "negated": str(p - int(good)),
        "p": str(p),
        "p-plus-1": str(p + 1),
        "plus-p": str(int(good) + p),
        "leading-zero": "0" + good,
        "plus": "+" + good,
        "negative": "-" + good,
        "empty": "",
        "space": good + " ",
        "line-feed": good + "\n",
        "hexadecimal": f"{int(good):x}",
        "arabic-digits": "٤" + good[1:],
        "underscore": good[0] + "_" + good[1:],
        "very-long": "9" * 5000,
        "number": int(good),
        "of-ed25519": "58" + "66" * 31,
    }
