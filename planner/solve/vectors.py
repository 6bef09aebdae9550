"""Vectors for compiled code, a number in each lane: Numba has none, and makes few of loops.

All machines give the same bytes: nothing is reordered, and what is rounded once says so.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import extending
from numba.core import types
from numba.core.cgutils import get_or_insert_function, unpack_tuple
from numba.core.typing.templates import ConcreteTemplate, infer_global, signature
from numba.extending import lower_builtin, models, register_model

# Its type hints count what numba hands over as an argument of the caller.
intrinsic: Any = extending.intrinsic

LANES = 4
"""Two vectors of SSE or NEON, one of AVX2. With eight, in one of AVX-512, the tableaus of one
quarter do not fit into a first cache of 48 KB, which costs more than half the instructions save."""

MOST_NUMBERS = 4096
"""Slots, and rows, that a lane can tell apart."""

_NUMBERS = ir.VectorType(ir.DoubleType(), LANES)
_TRUTHS = ir.VectorType(ir.IntType(1), LANES)
_WHOLE = ir.IntType(64)
_WHOLES = ir.VectorType(_WHOLE, LANES)


class _Vector(types.Type):
    """A number of each lane."""


class _Mask(types.Type):
    """Whether something holds, of each lane."""


_vector, _mask = _Vector("vector"), _Mask("mask")


@register_model(_Vector)
class _VectorModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, _NUMBERS)


@register_model(_Mask)
class _MaskModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, _TRUTHS)


def _operate(symbol: Any, of: Any, result: Any, make: Callable[..., Any]) -> None:
    infer_global(symbol)(type("_", (ConcreteTemplate,), {"cases": [signature(result, of, of)]}))
    lower_builtin(symbol, of, of)(lambda context, builder, kinds, pair: make(builder, *pair))


_operate(operator.add, _vector, _vector, ir.IRBuilder.fadd)
_operate(operator.sub, _vector, _vector, ir.IRBuilder.fsub)
_operate(operator.mul, _vector, _vector, ir.IRBuilder.fmul)
_operate(operator.truediv, _vector, _vector, ir.IRBuilder.fdiv)
_operate(operator.gt, _vector, _mask, lambda builder, a, b: builder.fcmp_ordered(">", a, b))
_operate(operator.le, _vector, _mask, lambda builder, a, b: builder.fcmp_ordered("<=", a, b))
_operate(operator.ge, _vector, _mask, lambda builder, a, b: builder.fcmp_ordered(">=", a, b))
_operate(operator.ne, _vector, _mask, lambda builder, a, b: builder.fcmp_unordered("!=", a, b))
_operate(operator.and_, _mask, _mask, lambda builder, a, b: builder.and_(a, b))


def _defined(kinds: tuple[Any, ...], result: Any, make: Callable[..., Any]) -> Any:
    """Return what an intrinsic returns: its signature, and what writes its instructions."""
    return result(*kinds), lambda context, builder, sig, args: make(context, builder, *args)


def _pointer(context: Any, builder: Any, kind: Any, array: Any) -> tuple[Any, Any]:
    view = context.make_array(kind)(context, builder, array)
    return view.data, unpack_tuple(builder, view.shape)


def _address(context: Any, builder: Any, kind: Any, array: Any, index: Any) -> Any:
    """Return where the lanes at an index are; the last axis is of a length that is known here."""
    data, lengths = _pointer(context, builder, kind, array)
    flat = _WHOLE(0)
    for length, at in zip(lengths, unpack_tuple(builder, index), strict=False):
        flat = builder.add(builder.mul(flat, length), at)
    return builder.gep(builder.bitcast(data, _NUMBERS.as_pointer()), [flat])


@intrinsic
def load(typing: Any, array: Any, *index: Any) -> Any:
    """Return what an array, whose last axis is the lanes, has at an index of the other axes."""

    def make(context: Any, builder: Any, values: Any, at: Any) -> Any:
        return builder.load(_address(context, builder, array, values, at), align=8)

    return _defined((array, types.StarArgTuple(index)), _vector, make)


@intrinsic
def store(typing: Any, vector: Any, array: Any, *index: Any) -> Any:
    """Write a vector to where `load` would find it."""

    def make(context: Any, builder: Any, value: Any, values: Any, at: Any) -> Any:
        builder.store(value, _address(context, builder, array, values, at), align=8)
        return context.get_dummy_value()

    return _defined((_vector, array, types.StarArgTuple(index)), types.void, make)


def _flat_address(context: Any, builder: Any, kind: Any, array: Any, at: Any) -> Any:
    data, _ = _pointer(context, builder, kind, array)
    return builder.bitcast(builder.gep(data, [at]), _NUMBERS.as_pointer())


@intrinsic
def group(typing: Any, flat: Any, at: Any) -> Any:
    """Return as many numbers as there are lanes, from a position of a flat array on."""

    def make(context: Any, builder: Any, values: Any, start: Any) -> Any:
        return builder.load(_flat_address(context, builder, flat, values, start), align=8)

    return _defined((flat, types.int64), _vector, make)


@intrinsic
def put(typing: Any, vector: Any, flat: Any, at: Any) -> Any:
    """Write a vector to where `group` would find it."""

    def make(context: Any, builder: Any, value: Any, values: Any, start: Any) -> Any:
        builder.store(value, _flat_address(context, builder, flat, values, start), align=8)
        return context.get_dummy_value()

    return _defined((_vector, flat, types.int64), types.void, make)


@intrinsic
def take(typing: Any, flat: Any, starts: Any, offset: Any) -> Any:
    """Return of each lane what is so far from its start in a flat array, and leave zeros there."""

    def make(context: Any, builder: Any, values: Any, froms: Any, far: Any) -> Any:
        data, _ = _pointer(context, builder, flat, values)
        at, _ = _pointer(context, builder, starts, froms)
        vector = ir.Constant(_NUMBERS, ir.Undefined)
        for lane in range(LANES):
            start = builder.load(builder.gep(at, [_WHOLE(lane)]))
            place = builder.gep(data, [builder.add(start, far)])
            vector = builder.insert_element(vector, builder.load(place), ir.IntType(32)(lane))
            builder.store(ir.DoubleType()(0.0), place)
        return vector

    return _defined((flat, starts, types.int64), _vector, make)


def _all(builder: Any, value: Any) -> Any:
    nothing = ir.Constant(ir.VectorType(value.type, LANES), ir.Undefined)
    first = builder.insert_element(nothing, value, ir.IntType(32)(0))
    zeros = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    return builder.shuffle_vector(first, nothing, zeros)


@intrinsic
def spread(typing: Any, number: Any) -> Any:
    """Return a number for all lanes."""
    return _defined((types.float64,), _vector, lambda context, builder, value: _all(builder, value))


@intrinsic
def select(typing: Any, mask: Any, holds: Any, otherwise: Any) -> Any:
    """Return of each lane the one number where something holds and the other where not."""
    return _defined(
        (_mask, _vector, _vector), _vector, lambda context, builder, *args: builder.select(*args)
    )


def _extreme(symbol: str) -> Any:
    def make(context: Any, builder: Any, one: Any, other: Any) -> Any:
        return builder.select(builder.fcmp_ordered(symbol, one, other), one, other)

    return _defined((_vector, _vector), _vector, make)


@intrinsic
def least(typing: Any, one: Any, other: Any) -> Any:
    """Return the lesser of two numbers, of each lane."""
    return _extreme("<")


@intrinsic
def most(typing: Any, one: Any, other: Any) -> Any:
    """Return the greater of two numbers, of each lane."""
    return _extreme(">")


def _extreme_of_all(symbol: str) -> Any:
    def make(context: Any, builder: Any, vector: Any) -> Any:
        found = builder.extract_element(vector, ir.IntType(32)(0))
        for lane in range(1, LANES):
            other = builder.extract_element(vector, ir.IntType(32)(lane))
            found = builder.select(builder.fcmp_ordered(symbol, other, found), other, found)
        return found

    return _defined((_vector,), types.float64, make)


@intrinsic
def least_of(typing: Any, vector: Any) -> Any:
    """Return the least number of a vector."""
    return _extreme_of_all("<")


@intrinsic
def most_of(typing: Any, vector: Any) -> Any:
    """Return the greatest number of a vector."""
    return _extreme_of_all(">")


@intrinsic
def any_of(typing: Any, mask: Any) -> Any:
    """Return whether something holds in any lane."""

    def make(context: Any, builder: Any, truths: Any) -> Any:
        bits = builder.bitcast(truths, ir.IntType(LANES))
        return builder.icmp_unsigned("!=", bits, ir.IntType(LANES)(0))

    return _defined((_mask,), types.boolean, make)


@intrinsic
def less_product(typing: Any, value: Any, one: Any, other: Any) -> Any:
    """Return ``value - one * other``, rounded once."""

    def make(context: Any, builder: Any, value: Any, one: Any, other: Any) -> Any:
        kind = ir.FunctionType(_NUMBERS, [_NUMBERS] * 3)
        fused = get_or_insert_function(builder.module, kind, f"llvm.fma.v{LANES}f64")
        return builder.call(fused, [builder.fneg(one), other, value])

    return _defined((_vector, _vector, _vector), _vector, make)


@intrinsic
def numbered(typing: Any, vector: Any, number: Any) -> Any:
    """Return numbers of zero or more, changed by 1e-12 of them, so that `number_in` finds one."""

    def make(context: Any, builder: Any, value: Any, n: Any) -> Any:
        bits = builder.bitcast(value, _WHOLES)
        cleared = builder.and_(bits, ir.Constant(_WHOLES, [-MOST_NUMBERS] * LANES))
        return builder.bitcast(builder.or_(cleared, _all(builder, n)), _NUMBERS)

    return _defined((_vector, types.int64), _vector, make)


@intrinsic
def number_in(typing: Any, value: Any) -> Any:
    """Return the number that `numbered` has put in."""

    def make(context: Any, builder: Any, value: Any) -> Any:
        return builder.and_(builder.bitcast(value, _WHOLE), _WHOLE(MOST_NUMBERS - 1))

    return _defined((types.float64,), types.int64, make)


@intrinsic
def from_zero(typing: Any, value: Any) -> Any:
    """Return a number from 0 as a whole one, of which the compiler knows that it is not less."""

    def make(context: Any, builder: Any, given: Any) -> Any:
        whole = context.cast(builder, given, value, types.int64)
        return builder.and_(whole, _WHOLE(MOST_NUMBERS - 1))

    return _defined((value,), types.int64, make)
