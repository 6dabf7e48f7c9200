"""The fast kernel: what checking public proofs asks of the group, compiled by numba.

For public data only: its time depends on what it is given. Whatever holds a secret goes
through libsodium (`ed25519.py`), which is also the judge: `checking.py` trusts this file
only after a trial against it, and lets it say "holds", never "does not hold".

One file, because numba's cache notices changes of the file that a function stands in and of
no other. Cold, it compiles for some seconds; `python -m dauys.crypto.kernel_trial` does that
once, at set-up.

Numbers modulo p = 2**255 - 19 are five limbs of 51 bits, as in Bernstein, Duif, Lange,
Schwabe and Yang, "High-speed high-security signatures" (2012), section 3. Each function
names the limbs that it takes and gives:

- tight: below 2**51 + 2**13. What `mul`, `sq` and `carry` give; all points in memory but the
  sums and differences said below.
- wide: below 2**54. What `mul`, `sq` and `carry` take.

Points are rows of 64-bit words in flat arrays, named by array and offset:

- extended (20 words): X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z; all tight.
- cached (20 words): Y + X, Y - X, 2 Z, 2 d T, ready to be added; wide.
- affine (15 words): y + x, y - x, 2 d x y, likewise with Z = 1; wide.

The formulas are complete on this curve (-1 is a square modulo p, d is not): they hold for
the identity, for equal points and for points of small order alike. Hisil, Wong, Carter and
Dawson, "Twisted Edwards curves revisited" (2008), sections 3.1 and 3.3.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar, cast

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic
from numpy.typing import NDArray

P: Final = 2**255 - 19
Q: Final = 2**252 + 27742317777372353535851937790883648493
D: Final = -121665 * pow(121666, -1, P) % P
"""The curve is -x**2 + y**2 = 1 + d x**2 y**2. RFC 8032 section 5.1."""

LIMBS: Final = 5
MASK: Final = 2**51 - 1
EXTENDED: Final = 20
"""Words of a point in extended coordinates."""
AFFINE: Final = 15
DIGIT: Final = 7
"""Bits of a digit: the tables of g and of a key together fit into a core's own cache."""
WINDOWS: Final = 37
"""Digits of a scalar to the base 128, each from -63 to 64."""
ENTRIES: Final = 64
TABLE: Final = WINDOWS * ENTRIES * AFFINE
"""Words of a table: 1 to 64 times 128**w times a point, for every window w."""
ROW: Final = 65
"""Bytes of an encoded point: 64 hex digits and a comma."""

Words = NDArray[np.uint64]
Places = NDArray[np.int64]
Octets = NDArray[np.uint8]
Digits = NDArray[np.int8]
"""In compiled code all of these are bare pointers: callers see to it that there is room."""
Fe = tuple[np.uint64, np.uint64, np.uint64, np.uint64, np.uint64]
"""A field element by value."""
Llvm = Any  # llvmlite and numba come without types
F = TypeVar("F", bound=Callable[..., object])
Value = Sequence[Llvm]
"""A field element in the making: the registers of its five limbs."""


def limbs(number: int) -> tuple[int, ...]:
    """Five tight limbs of `number` modulo p."""
    return tuple((number % P >> 51 * i) & MASK for i in range(LIMBS))


_BIT, _WORD, _LONG = ir.IntType(1), ir.IntType(64), ir.IntType(128)
_VOID, _POINTER = ir.VoidType(), ir.PointerType()
_BIAS: Final = (2**53 - 76, *(2**53 - 4,) * 4)
"""Limbs of 4 p, each above those of what is subtracted."""


class _Field:
    """Emits arithmetic modulo p. 64 times 64 bits give 128, which numba itself cannot say."""

    def __init__(self, builder: Llvm) -> None:
        self.builder = self._b = builder

    def mul(self, x: Value, y: Value) -> Value:
        """Product; wide times wide gives tight.

        19 y is below 2**58.3, a column below 5 * 2**112.3 < 2**115, its carry below 2**64.
        """
        y19 = [self._b.mul(limb, _word(19)) for limb in y]
        return self._reduce(
            [
                [(x[i], y[k - i] if i <= k else y19[k - i + LIMBS]) for i in range(LIMBS)]
                for k in range(LIMBS)
            ]
        )

    def sq(self, x: Value) -> Value:
        """Square; wide gives tight. The columns of `mul`, like terms taken together."""
        twice = [self._b.shl(limb, _word(1)) for limb in x]
        x3, x4 = (self._b.mul(limb, _word(19)) for limb in x[3:])
        return self._reduce(
            [
                [(x[0], x[0]), (twice[1], x4), (twice[2], x3)],
                [(twice[0], x[1]), (twice[2], x4), (x[3], x3)],
                [(twice[0], x[2]), (x[1], x[1]), (twice[3], x4)],
                [(twice[0], x[3]), (twice[1], x[2]), (x[4], x4)],
                [(twice[0], x[4]), (twice[1], x[3]), (x[2], x[2])],
            ]
        )

    def _reduce(self, columns: Sequence[Sequence[tuple[Llvm, Llvm]]]) -> Value:
        """Sum the columns and carry; the last column holds no factor 19.

        So its carry is below 2**60 and 19 times that below 2**64; the second limb may
        stay above 2**51 by as much as 2**13.
        """
        b, mask = self._b, _word(MASK)
        out = []
        carry = _word(0)
        for column in columns:
            total = b.zext(carry, _LONG)
            for left, right in column:
                total = b.add(total, b.mul(b.zext(left, _LONG), b.zext(right, _LONG)))
            out.append(b.and_(b.trunc(total, _WORD), mask))
            carry = b.trunc(b.lshr(total, ir.Constant(_LONG, 51)), _WORD)
        out[0] = b.add(out[0], b.mul(carry, _word(19)))
        out[1] = b.add(out[1], b.lshr(out[0], _word(51)))
        out[0] = b.and_(out[0], mask)
        return out

    def carry(self, x: Value) -> Value:
        """The same number; wide gives tight (below 2**51 + 19 * 8)."""
        b = self._b
        over = [b.lshr(limb, _word(51)) for limb in x]
        low = [b.and_(limb, _word(MASK)) for limb in x]
        first = b.add(low[0], b.mul(over[4], _word(19)))
        return [first, *(b.add(low[i], over[i - 1]) for i in range(1, LIMBS))]

    def add(self, x: Value, y: Value) -> Value:
        """Sum, limb by limb: two tight ones give less than 2**52 + 2**14."""
        return [self._b.add(left, right) for left, right in zip(x, y, strict=True)]

    def sub(self, x: Value, y: Value) -> Value:
        """Difference plus 4 p. `y` tight or the sum of two tight.

        A tight `x` gives less than 2**53.33, the sum of two tight ones less than 2**53.6.
        """
        b = self._b
        return [
            b.sub(b.add(left, _word(bias)), right)
            for left, right, bias in zip(x, y, _BIAS, strict=True)
        ]

    def choose(self, condition: Llvm, x: Value, y: Value) -> Value:
        """`x` if `condition`, else `y`."""
        return [self._b.select(condition, left, right) for left, right in zip(x, y, strict=True)]

    def constant(self, number: int) -> Value:
        """A number known beforehand; tight."""
        return [_word(limb) for limb in limbs(number)]

    def load(self, row: Llvm, coordinates: int) -> list[Value]:
        """Read the first `coordinates` of a row."""
        b = self._b
        return [
            [b.load(self._place(row, c * LIMBS + i), typ=_WORD) for i in range(LIMBS)]
            for c in range(coordinates)
        ]

    def store(self, row: Llvm, *coordinates: Value) -> None:
        """Write a row from its start."""
        for c, value in enumerate(coordinates):
            for i, limb in enumerate(value):
                self._b.store(limb, self._place(row, c * LIMBS + i))

    def _place(self, row: Llvm, word: int) -> Llvm:
        return self._b.gep(row, [_word(word)], source_etype=_WORD)


def _word(number: int) -> Llvm:
    return ir.Constant(_WORD, number)


def _emit_double(f: _Field, to: Llvm, row: Llvm) -> None:
    """`to` = 2 `row`, without T. Three products and four squares."""
    e, g, f_, h = _doubled(f, row)
    f.store(to, f.mul(e, f_), f.mul(g, h), f.mul(f_, g))


def _emit_double_whole(f: _Field, to: Llvm, row: Llvm) -> None:
    """`to` = 2 `row`, with T."""
    e, g, f_, h = _doubled(f, row)
    f.store(to, f.mul(e, f_), f.mul(g, h), f.mul(f_, g), f.mul(e, h))


def _doubled(f: _Field, row: Llvm) -> tuple[Value, Value, Value, Value]:
    """E, G, F, H of the paper's "dbl", each negated: every product takes two of them.

    F is below 2**53 + 2**51 + 2**13 + 2**52 + 2**14 < 2**54: wide.
    """
    x, y, z = f.load(row, 3)
    xx, yy, zz = f.sq(x), f.sq(y), f.sq(z)
    h = f.add(xx, yy)
    g = f.sub(xx, yy)
    return f.sub(h, f.sq(f.add(x, y))), g, f.add(g, f.add(zz, zz)), h


def _emit_cache(f: _Field, to: Llvm, row: Llvm) -> None:
    """`to` = `row` in cached form."""
    x, y, z, t = f.load(row, 4)
    f.store(to, f.add(y, x), f.sub(y, x), f.add(z, z), f.mul(t, f.constant(2 * D)))


def _emit_add(f: _Field, to: Llvm, row: Llvm, negative: Llvm) -> None:
    """`to` += or -= the cached `row`."""
    plus, minus, zz, td = f.load(row, 4)
    z = f.load(to, 3)[2]
    _accumulate(f, to, (plus, minus, td), f.mul(z, zz), negative)


def _emit_add_affine(f: _Field, to: Llvm, row: Llvm, negative: Llvm) -> None:
    """`to` += or -= the affine `row`."""
    plus, minus, td = f.load(row, 3)
    z = f.load(to, 3)[2]
    _accumulate(f, to, (plus, minus, td), f.add(z, z), negative)


def _accumulate(
    f: _Field, to: Llvm, other: tuple[Value, Value, Value], d: Value, negative: Llvm
) -> None:
    """Add in extended coordinates; `d` is 2 Z1 Z2. The negative has x and xy negated."""
    plus, minus, td = other
    x, y, _, t = f.load(to, 4)
    a = f.mul(f.sub(y, x), f.choose(negative, plus, minus))
    b = f.mul(f.add(y, x), f.choose(negative, minus, plus))
    c = f.mul(t, td)
    more, less = f.add(d, c), f.sub(d, c)
    e, h = f.sub(b, a), f.add(b, a)
    f_, g = f.choose(negative, more, less), f.choose(negative, less, more)
    f.store(to, f.mul(e, f_), f.mul(g, h), f.mul(f_, g), f.mul(e, h))


def _emit_copy(f: _Field, to: Llvm, row: Llvm, negative: Llvm) -> None:
    """`to` = `row` or its negative, both extended."""
    x, y, z, t = f.load(row, 4)
    zero = f.constant(0)
    x, t = (f.choose(negative, f.carry(f.sub(zero, one)), one) for one in (x, t))
    f.store(to, x, y, z, t)


_FE: Final = types.UniTuple(types.uint64, LIMBS)  # type: ignore[no-untyped-call]  # numba's own
_ARRAY: Final = ir.ArrayType(_WORD, LIMBS)


def _unary(name: str, emit: Callable[[_Field, Value], Value]) -> Llvm:
    """A function of one field element; inlined if it has no `name`."""

    def typed(_context: Llvm, x: Llvm) -> Llvm:  # numba counts the names
        def code(_context: Llvm, builder: Llvm, _signature: Llvm, arguments: Llvm) -> Llvm:
            return _apply(builder, name, emit, arguments)

        return _FE(x), code

    return intrinsic(typed)


def _binary(name: str, emit: Callable[[_Field, Value, Value], Value]) -> Llvm:
    """A function of two field elements; inlined if it has no `name`."""

    def typed(_context: Llvm, x: Llvm, y: Llvm) -> Llvm:
        def code(_context: Llvm, builder: Llvm, _signature: Llvm, arguments: Llvm) -> Llvm:
            return _apply(builder, name, emit, arguments)

        return _FE(x, y), code

    return intrinsic(typed)


def _apply(builder: Llvm, name: str, emit: Callable[..., Value], arguments: Llvm) -> Llvm:
    if not name:
        return _pack(builder, emit(_Field(builder), *(_unpack(builder, one) for one in arguments)))

    def body(f: _Field, *values: Llvm) -> Llvm:
        inner = f.builder
        return _pack(inner, emit(f, *(_unpack(inner, value) for value in values)))

    function = _function(builder.module, name, _ARRAY, [_ARRAY] * len(arguments), body)
    return builder.call(function, arguments)


def _unpack(builder: Llvm, value: Llvm) -> Value:
    return [builder.extract_value(value, i) for i in range(LIMBS)]


def _pack(builder: Llvm, limbs_: Value) -> Llvm:
    value = ir.Constant(_ARRAY, ir.Undefined)
    for i, limb in enumerate(limbs_):
        value = builder.insert_value(value, limb, i)
    return value


def _of_two_rows(name: str, emit: Callable[[_Field, Llvm, Llvm], None]) -> Llvm:
    """A procedure `(to, offset, row, offset)`."""

    def typed(
        _context: Llvm,
        to: Llvm,
        at: Llvm,  # noqa: ARG001 -- numba counts the names
        row: Llvm,
        where: Llvm,  # noqa: ARG001 -- likewise
    ) -> Llvm:
        def code(context: Llvm, builder: Llvm, signature: Llvm, arguments: Llvm) -> Llvm:
            function = _function(builder.module, name, _VOID, [_POINTER, _POINTER], emit)
            builder.call(function, _rows(context, builder, signature, arguments))
            return context.get_dummy_value()

        return types.void(to, types.int64, row, types.int64), code

    return intrinsic(typed)


def _of_two_rows_and_sign(name: str, emit: Callable[[_Field, Llvm, Llvm, Llvm], None]) -> Llvm:
    """A procedure `(to, offset, row, offset, negative)`."""

    def typed(
        _context: Llvm,
        to: Llvm,
        at: Llvm,  # noqa: ARG001 -- numba counts the names
        row: Llvm,
        where: Llvm,  # noqa: ARG001 -- likewise
        negative: Llvm,  # noqa: ARG001 -- likewise
    ) -> Llvm:
        def code(context: Llvm, builder: Llvm, signature: Llvm, arguments: Llvm) -> Llvm:
            function = _function(builder.module, name, _VOID, [_POINTER, _POINTER, _BIT], emit)
            builder.call(function, [*_rows(context, builder, signature, arguments), arguments[4]])
            return context.get_dummy_value()

        return types.void(to, types.int64, row, types.int64, types.boolean), code

    return intrinsic(typed)


def _rows(context: Llvm, builder: Llvm, signature: Llvm, arguments: Llvm) -> list[Llvm]:
    """Addresses of the two rows that the first four arguments name: in arrays, or at pointers."""

    def start(i: int) -> Llvm:
        if isinstance(signature.args[i], types.Array):
            return context.make_array(signature.args[i])(context, builder, arguments[i]).data
        return arguments[i]

    return [builder.gep(start(i), [arguments[i + 1]], source_etype=_WORD) for i in (0, 2)]


def _function(
    module: Llvm, name: str, result: Llvm, parameters: list[Llvm], emit: Callable[..., Llvm]
) -> Llvm:
    """The function in `module`, emitted when first asked for: its code stands there once."""
    full_name = f"dauys_{name}"
    if full_name in module.globals:
        return module.globals[full_name]
    function = ir.Function(module, ir.FunctionType(result, parameters), full_name)
    function.linkage = "linkonce_odr"
    for attribute in ("nounwind", "noinline"):
        function.attributes.add(attribute)
    builder = ir.IRBuilder(function.append_basic_block())
    value = emit(_Field(builder), *function.args)
    if value is None:
        builder.ret_void()
    else:
        builder.ret(value)
    return function


fe_mul = _binary("mul", _Field.mul)
fe_sq = _unary("sq", _Field.sq)
_fe_sq_inlined = _unary("", _Field.sq)
fe_carry = _unary("", _Field.carry)
fe_add = _binary("", lambda f, x, y: f.carry(f.add(x, y)))
fe_sub = _binary("", lambda f, x, y: f.carry(f.sub(x, y)))
point_double = _of_two_rows("double", _emit_double)
point_double_whole = _of_two_rows("double_whole", _emit_double_whole)
point_cache = _of_two_rows("cache", _emit_cache)
point_add = _of_two_rows_and_sign("add", _emit_add)
point_add_affine = _of_two_rows_and_sign("add_affine", _emit_add_affine)
point_copy = _of_two_rows_and_sign("copy", _emit_copy)

_u = np.uint64
_WORDS: Final = types.CPointer(types.uint64)  # type: ignore[no-untyped-call]  # numba's own
_PLACES: Final = types.CPointer(types.int64)  # type: ignore[no-untyped-call]
_OCTETS: Final = types.CPointer(types.uint8)  # type: ignore[no-untyped-call]
_DIGITS: Final = types.CPointer(types.int8)  # type: ignore[no-untyped-call]


def _compiled(function: F) -> F:
    """Compile for the types that the callers in this file give."""
    return cast("F", njit(error_model="numpy")(function))


_exported: dict[str, tuple[Llvm, Callable[..., object]]] = {}


def _typed(signature: Llvm) -> Callable[[F], F]:
    """One of the functions that `compiled_objects` hands out."""

    def decorate(function: F) -> F:
        _exported[function.__name__] = signature, function
        return function

    return decorate


def compiled_objects() -> dict[str, tuple[str, bytes]]:
    """Compile the exported functions for this machine: takes seconds.

    For each its symbol and the object code it stands in. By numba's convention it takes the
    address of its result, one of an exception that is never raised, then its arguments; and
    returns 0.
    """
    objects = {}
    for name, (signature, function) in _exported.items():
        options: Llvm = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
        dispatcher: Llvm = njit(signature, error_model="numpy", **options)(function)
        (compiled,) = dispatcher.overloads.values()
        code = compiled.library._get_compiled_object()  # noqa: SLF001 -- numba has no other way
        objects[name] = (compiled.fndesc.llvm_func_name, code)
    return objects


def _constant(number: int) -> Fe:
    a, b, c, d, e = (_u(limb) for limb in limbs(number))
    return a, b, c, d, e


_ZERO, _ONE, _D, _2D = (_constant(number) for number in (0, 1, D, 2 * D))
_ROOT = _constant(pow(2, (P - 1) // 4, P))
"""A square root of -1."""
_0, _1, _19, _51, _M = _u(0), _u(1), _u(19), _u(51), _u(MASK)
_5, _31, _63, _64 = _u(5), _u(31), _u(63), _u(64)
_FORM = 5
"""Width of the signed digits in `multiply`: odd, from -15 to 15."""
_BUCKETS = 8
_LENGTH = 256
"""Places for such digits of a scalar; the last stays free."""
_NOW, _READY, _FIRST = 3 * EXTENDED, 4 * EXTENDED, 5 * EXTENDED
"""Offsets in `multiply`'s work space: the point, the same cached, the first bucket."""
WORK: Final = _FIRST


@_compiled
def fe_freeze(x: Fe) -> Fe:
    """The number from 0 to p - 1 that the wide `x` stands for: one form of each.

    Two carries leave less than 2 p; adding 19 then reaches 2**255 exactly when p is passed.
    """
    a, b, c, d, e = fe_carry(fe_carry(x))
    over = (a + _19) >> _51
    over = (b + over) >> _51
    over = (c + over) >> _51
    over = (d + over) >> _51
    over = (e + over) >> _51
    a += _19 * over
    b += a >> _51
    c += b >> _51
    d += c >> _51
    e += d >> _51
    return a & _M, b & _M, c & _M, d & _M, e & _M


@_compiled
def fe_is_zero(x: Fe) -> bool:
    """Whether the wide `x` is 0 modulo p."""
    a, b, c, d, e = fe_freeze(x)
    return bool((a | b | c | d | e) == _0)


@_compiled
def fe_squares(x: Fe, times: int) -> Fe:
    """Square `times` times."""
    for _ in range(times):
        x = _fe_sq_inlined(x)
    return x


@_compiled
def fe_power(x: Fe) -> tuple[Fe, Fe]:
    """`x` to the powers 2**250 - 1 and 11, which end in an inverse or in a square root."""
    x2 = fe_sq(x)
    x9 = fe_mul(fe_squares(x2, 2), x)
    x11 = fe_mul(x9, x2)
    ones5 = fe_mul(fe_sq(x11), x9)  # 2**5 - 1
    ones10 = fe_mul(fe_squares(ones5, 5), ones5)
    ones20 = fe_mul(fe_squares(ones10, 10), ones10)
    ones40 = fe_mul(fe_squares(ones20, 20), ones20)
    ones50 = fe_mul(fe_squares(ones40, 10), ones10)
    ones100 = fe_mul(fe_squares(ones50, 50), ones50)
    ones200 = fe_mul(fe_squares(ones100, 100), ones100)
    return fe_mul(fe_squares(ones200, 50), ones50), x11


@_compiled
def fe_invert(x: Fe) -> Fe:
    """`x` to the power p - 2 = (2**250 - 1) * 2**5 + 11; 0 gives 0."""
    ones250, x11 = fe_power(x)
    inverse: Fe = fe_mul(fe_squares(ones250, 5), x11)
    return inverse


@_compiled
def _load(row: Words, at: int) -> Fe:
    return row[at], row[at + 1], row[at + 2], row[at + 3], row[at + 4]


@_compiled
def _store(row: Words, at: int, x: Fe) -> None:
    row[at], row[at + 1], row[at + 2], row[at + 3], row[at + 4] = x


@_compiled
def _store_identity(row: Words, at: int) -> None:
    for i in range(EXTENDED):
        row[at + i] = _0
    row[at + LIMBS] = _1
    row[at + 2 * LIMBS] = _1


@_compiled
def _decode(words: Words, at: int, row: Words, to: int) -> bool:
    """Read RFC 8032's 32 bytes as four words, and whether y < p and a point is there.

    RFC 8032 section 5.1.3. The identity and points of small order are read like others.
    """
    w0, w1, w2, w3 = words[at], words[at + 1], words[at + 2], words[at + 3]
    y = (
        w0 & _M,
        (w0 >> _51 | w1 << _u(13)) & _M,
        (w1 >> _u(38) | w2 << _u(26)) & _M,
        (w2 >> _u(25) | w3 << _u(39)) & _M,
        w3 >> _u(12) & _M,
    )
    sign = w3 >> _63
    # p is 2**51 - 19 in the first limb and all ones in the others.
    if y[0] >= _u(MASK - 18) and (y[1] & y[2] & y[3] & y[4]) == _M:
        return False
    yy = fe_sq(y)
    u = fe_sub(yy, _ONE)
    v = fe_add(fe_mul(_D, yy), _ONE)
    v3 = fe_mul(fe_sq(v), v)
    ones250, _ = fe_power(fe_mul(fe_mul(fe_sq(v3), v), u))
    power = fe_mul(fe_squares(ones250, 2), fe_mul(fe_mul(fe_sq(v3), v), u))  # to (p - 5) / 8
    x = fe_mul(fe_mul(u, v3), power)
    found = fe_mul(v, fe_sq(x))
    if not fe_is_zero(fe_sub(found, u)):
        if not fe_is_zero(fe_add(found, u)):
            return False
        x = fe_mul(x, _ROOT)
    frozen = fe_freeze(x)
    if (frozen[0] & _1) != sign:
        if fe_is_zero(frozen):
            return False  # "minus 0"
        x = fe_sub(_ZERO, x)
    _store(row, to, x)
    _store(row, to + 5, y)
    _store(row, to + 10, _ONE)
    _store(row, to + 15, fe_mul(x, y))
    return True


def _digits(scalar: int) -> NDArray[np.int8]:
    """What `_recode` writes, by plain arithmetic."""
    digits = [0] * _LENGTH
    for place in range(_LENGTH):
        if scalar & 1:
            digit = (scalar & 31) - (32 if scalar & 16 else 0)
            digits[place] = digit
            scalar -= digit
        scalar >>= 1
    return np.array(digits, np.int8)


@_compiled
def _recode(words: Words, at: int, digits: Digits, to: int) -> None:
    """Write a scalar below 2**254 as digits d_k, each 0 or odd from -15 to 15.

    The scalar is the sum of d_k 2**k; of five digits in a row at most one is not 0.
    Guide to Elliptic Curve Cryptography (2004), algorithm 3.35.
    """
    for i in range(to, to + _LENGTH):
        digits[i] = 0
    place = 0
    carry = 0
    while place < _LENGTH - 1:
        word = place >> 6
        bit = _u(place & 63)
        buffer = words[at + word] >> bit
        if bit > _u(64 - _FORM) and word < 3:
            buffer |= words[at + word + 1] << (_64 - bit)
        window = np.int64(buffer & _31) + carry
        if window & 1 == 0:
            place += 1
            continue
        carry = 1 if window > 15 else 0
        digits[to + place] = window - 32 * carry
        place += _FORM


_ORDER = _digits(Q)


@_compiled
def _recode_order(digits: Digits, to: int) -> None:
    """As `_recode` for q, whose digits are known."""
    for i in range(_LENGTH):
        digits[to + i] = _ORDER[i]


@_compiled
def _gather(work: Words, base: int, used: Octets, flags: int) -> None:
    """Sum (2 i + 1) times bucket i into the first bucket, at `base`.

    That is twice the sum of i times bucket i, by running sums, plus all buckets.
    """
    running, total, cached = 0, EXTENDED, 2 * EXTENDED
    _store_identity(work, running)
    _store_identity(work, total)
    some, several = False, False
    for i in range(_BUCKETS - 1, -1, -1):
        if used[flags + i]:
            if some:
                point_cache(work, cached, work, base + i * EXTENDED)
                point_add(work, running, work, cached, False)
            else:
                point_copy(work, running, work, base + i * EXTENDED, False)
            some = True
        if several and i > 0:
            point_cache(work, cached, work, running)
            point_add(work, total, work, cached, False)
        elif some and i > 0:
            point_copy(work, total, work, running, False)
            several = True
    point_double_whole(work, total, work, total)
    point_cache(work, cached, work, running)
    point_add(work, total, work, cached, False)
    point_copy(work, base, work, total, False)


@_compiled
def _is_identity(row: Words, at: int) -> bool:
    x, y, z = _load(row, at), _load(row, at + 5), _load(row, at + 10)
    return fe_is_zero(x) and fe_is_zero(fe_sub(y, z))


@_compiled
def _multiply(point: Words, at: int, digits: Digits, rows: int, work: Words, used: Octets) -> None:
    """Multiply one point by the scalars in `rows` of `digits`, into every eighth bucket.

    The buckets stand in `work` behind five rows.

    One chain of doublings serves all scalars: at place k the point is 2**k times the first,
    and is added to the bucket of each scalar's digit there (Yao's method, 1976).
    """
    point_copy(work, _NOW, point, at, False)
    for i in range(rows * _BUCKETS):
        used[i] = 0
    for place in range(_LENGTH - 2):
        wanted = False
        for row in range(rows):
            digit = np.int64(digits[row * _LENGTH + place])
            if digit == 0:
                continue
            if not wanted:
                point_cache(work, _READY, work, _NOW)
                wanted = True
            bucket = row * _BUCKETS + (abs(digit) >> 1)
            place_of = _FIRST + bucket * EXTENDED
            if used[bucket]:
                point_add(work, place_of, work, _READY, digit < 0)
            else:
                point_copy(work, place_of, work, _NOW, digit < 0)
                used[bucket] = 1
        for row in range(rows):
            if digits[row * _LENGTH + place + 1] != 0:  # T is wanted there
                point_double_whole(work, _NOW, work, _NOW)
                break
        else:
            point_double(work, _NOW, work, _NOW)
    for row in range(rows):
        _gather(work, _FIRST + row * _BUCKETS * EXTENDED, used, row * _BUCKETS)


@_compiled
def _encode(points: Words, first: int, count: int, out: Octets, products: Words) -> None:
    """Write extended points as `ROW` bytes each: parity of x * 2**255 + y in hex, a comma.

    `products` is work space of five words a point and five more.

    One inversion for all. Montgomery, "Speeding the Pollard and elliptic curve methods of
    factorization" (1987), section 10.3.1.
    """
    _store(products, 0, _ONE)
    for i in range(count):
        so_far = fe_mul(_load(products, i * LIMBS), _load(points, (first + i) * EXTENDED + 10))
        _store(products, (i + 1) * LIMBS, so_far)
    inverse = fe_invert(_load(products, count * LIMBS))
    for i in range(count - 1, -1, -1):
        at = (first + i) * EXTENDED
        z = fe_mul(inverse, _load(products, i * LIMBS))
        inverse = fe_mul(inverse, _load(points, at + 10))
        x = fe_freeze(fe_mul(_load(points, at), z))
        y = fe_freeze(fe_mul(_load(points, at + 5), z))
        _write_hex((x[0] & _1) << _63, y, out, i * ROW)


@_compiled
def _write_hex(top: np.uint64, y: Fe, out: Octets, at: int) -> None:
    words = (
        y[0] | y[1] << _51,
        y[1] >> _u(13) | y[2] << _u(38),
        y[2] >> _u(26) | y[3] << _u(25),
        y[3] >> _u(39) | y[4] << _u(12) | top,
    )
    for i in range(64):
        nibble = words[3 - (i >> 4)] >> _u(60 - 4 * (i & 15)) & _u(15)
        out[at + i] = nibble + (_u(48) if nibble < _u(10) else _u(87))
    out[at + 64] = 44


@_compiled
def _sum(points: Words, given: int, count: int, sums: Places, work: Words) -> None:
    place = 0
    for i in range(given, count):
        _store_identity(points, i * EXTENDED)
        length = sums[place]
        for part in range(place + 1, place + 1 + length):
            point_cache(work, 0, points, sums[part] * EXTENDED)
            point_add(points, i * EXTENDED, work, 0, False)
        place += 1 + length


@_compiled
def _recode_windows(words: Words, at: int, digits: Digits, to: int) -> None:
    """Write a scalar below 2**253 as `WINDOWS` digits from -63 to 64, to the base 128."""
    carry = 0
    for window in range(WINDOWS):
        place = window * DIGIT
        word, bit = place >> 6, _u(place & 63)
        buffer = words[at + word] >> bit
        if bit > _u(64 - DIGIT) and word < 3:
            buffer |= words[at + word + 1] << (_64 - bit)
        digit = np.int64(buffer & _u(2 * ENTRIES - 1)) + carry
        carry = 1 if digit > ENTRIES else 0
        digits[to + window] = digit - 2 * ENTRIES * carry


@_compiled
def _add_multiples(points: Words, count: int, digits: Digits, first: int, table: Words) -> None:
    """Add to each point its own scalar times the point of `table`.

    The first digits begin at `first`, the next at every second `WINDOWS`. Window by window,
    not point by point: what is needed of the table then stays near the processor, and one
    addition need not wait for the one before it.
    """
    for window in range(WINDOWS):
        for i in range(count):
            digit = np.int64(digits[first + 2 * i * WINDOWS + window])
            if digit != 0:
                entry = (window * ENTRIES + abs(digit) - 1) * AFFINE
                point_add_affine(points, i * EXTENDED, table, entry, digit < 0)


@_compiled
def _to_affine(points: Words, count: int, table: Words, ahead: Words) -> None:
    """Divide by Z, with one inversion for all as in `_encode`."""
    _store(ahead, 0, _ONE)
    for i in range(count):
        so_far = fe_mul(_load(ahead, i * LIMBS), _load(points, i * EXTENDED + 10))
        _store(ahead, (i + 1) * LIMBS, so_far)
    inverse = fe_invert(_load(ahead, count * LIMBS))
    for i in range(count - 1, -1, -1):
        at = i * EXTENDED
        z = fe_mul(inverse, _load(ahead, i * LIMBS))
        inverse = fe_mul(inverse, _load(points, at + 10))
        x = fe_mul(_load(points, at), z)
        y = fe_mul(_load(points, at + 5), z)
        _store(table, i * AFFINE, fe_add(y, x))
        _store(table, i * AFFINE + 5, fe_sub(y, x))
        _store(table, i * AFFINE + 10, fe_mul(fe_mul(x, y), _2D))


@_typed(
    types.int64(
        *(_WORDS, types.int64, _PLACES, _WORDS, _PLACES, types.int64),
        *(_WORDS, _OCTETS, _WORDS, _WORDS, _DIGITS, _OCTETS),
    )
)
def products(  # noqa: PLR0913, PLR0917 -- all memory is the caller's
    encodings: Words,
    given: int,
    sums: Places,
    scalars: Words,
    starts: Places,
    count: int,
    multiples: Words,
    sums_hex: Octets,
    points: Words,
    work: Words,
    digits: Digits,
    used: Octets,
) -> int:
    """Multiply points by scalars, and whether all points are in the group of order q: 0 or 1.

    `encodings` are `given` points, four words each. `sums` is a flat list of sums of them,
    each as its length and the numbers of its points: they follow as further points up to
    `count`, and their text goes to `sums_hex`, `ROW` bytes each. Point i is multiplied by the
    scalars `starts[i]` up to `starts[i + 1]`, four words each and below 2**253; `multiples`
    takes the results, extended, in that order, and `points` the points. They mean nothing if
    the answer is 0. With r the most scalars of a point and one more, `work` is the greater of
    `WORK` + 160 r and 5 (count + 1) words, `digits` 256 r bytes, `used` 8 r.
    """
    for i in range(given):
        if not _decode(encodings, 4 * i, points, i * EXTENDED):
            return 0
    _sum(points, given, count, sums, work)
    _encode(points, given, count - given, sums_hex, work)
    for i in range(count):
        rows = starts[i + 1] - starts[i]
        for row in range(rows):
            _recode(scalars, 4 * (starts[i] + row), digits, row * _LENGTH)
        asked = i < given  # a sum of points of the group is one
        if asked:
            _recode_order(digits, rows * _LENGTH)
        _multiply(points, i * EXTENDED, digits, rows + asked, work, used)
        step = _BUCKETS * EXTENDED
        if asked and not _is_identity(work, _FIRST + rows * step):
            return 0
        for row in range(rows):
            to = (starts[i] + row) * EXTENDED
            point_copy(multiples, to, work, _FIRST + row * step, False)
    return 1


@_typed(
    types.int64(
        *(_WORDS, _PLACES, types.int64, _WORDS, _WORDS, _WORDS),
        *(_OCTETS, _WORDS, _WORDS, _DIGITS),
    )
)
def commitments(  # noqa: PLR0913, PLR0917 -- likewise
    multiples: Words,
    which: Places,
    count: int,
    scalars: Words,
    generator: Words,
    key: Words,
    out: Octets,
    points: Words,
    work: Words,
    digits: Digits,
) -> int:
    """Write, for every row, multiple + multiple + scalar * g + scalar * y, `ROW` bytes each.

    `which` holds two numbers of `multiples` a row, -1 for none; `scalars` two scalars a row,
    four words each and below 2**253; `generator` and `key` are the tables of g and y. `points`
    is work space for `count` points, `work` for 5 (count + 4) words, `digits` for 74 count bytes.
    """
    for i in range(count):
        _store_identity(points, i * EXTENDED)
        for j in range(2 * i, 2 * i + 2):
            if which[j] >= 0:
                point_cache(work, 0, multiples, which[j] * EXTENDED)
                point_add(points, i * EXTENDED, work, 0, False)
        for j in range(2 * i, 2 * i + 2):
            _recode_windows(scalars, 4 * j, digits, j * WINDOWS)
    _add_multiples(points, count, digits, 0, generator)
    _add_multiples(points, count, digits, WINDOWS, key)
    _encode(points, 0, count, out, work)
    return 1


@_typed(types.int64(_WORDS, types.int64, _WORDS, types.int64, types.int64, _WORDS))
def accumulate(sums: Words, fresh: int, points: Words, first: int, count: int, work: Words) -> int:
    """Add `count` points from the number `first` on to as many `sums`, both extended.

    The sums begin at the identity if `fresh`. `work` is one row.
    """
    for i in range(count):
        if fresh:
            _store_identity(sums, i * EXTENDED)
        point_cache(work, 0, points, (first + i) * EXTENDED)
        point_add(sums, i * EXTENDED, work, 0, False)
    return 1


@_typed(types.int64(_WORDS, types.int64, _OCTETS, _WORDS))
def encode(points: Words, count: int, out: Octets, work: Words) -> int:
    """Write extended points, `ROW` bytes each; `work` is 5 (count + 1) words."""
    _encode(points, 0, count, out, work)
    return 1


@_typed(types.int64(_WORDS, _WORDS, _WORDS, _WORDS))
def tabulate(encoding: Words, table: Words, points: Words, work: Words) -> int:
    """Fill the `TABLE` words of `table` for a point of four words; 0 if it is none.

    `points` is work space for 2368 points, `work` for 5 * 2369 words.
    """
    rows = WINDOWS * ENTRIES
    base = EXTENDED
    if not _decode(encoding, 0, work, base):
        return 0
    for window in range(WINDOWS):
        point_cache(work, 0, work, base)
        for entry in range(ENTRIES):
            at = (window * ENTRIES + entry) * EXTENDED
            if entry == 0:
                point_copy(points, at, work, base, False)
            else:
                point_copy(points, at, points, at - EXTENDED, False)
                point_add(points, at, work, 0, False)
        for _ in range(DIGIT):
            point_double_whole(work, base, work, base)
    _to_affine(points, rows, table, work)
    return 1
