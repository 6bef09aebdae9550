"""Many small linear programs at once: each lane of the processor's vectors solves its own.

The dual simplex of `planner.solve.kernel`, for programs so small that a pivot there is all short
loops and unforeseen branches. Here `LANES` programs make a pivot each by the same instructions: the
lane is the last axis of every array, a choice is a selection and not a branch, and a lane whose
program has ended takes the next of the block, so that none waits for another. (Gurung and Ray 2016,
arXiv:1609.08114, solve batches of programs so on graphics processors.)

A step of all lanes is

1. ``_choose_rows``: the row furthest out of its bounds, by the weights of dual Devex;
2. ``_find_ratios``: that row is moved out of the tableau, where it leaves zeros; the first pass of
   Harris's ratio test;
3. ``_pass_by``: slots that can flip to their other bound are passed by, in the order of their
   ratios; this goes lane by lane, for some have many and most have none;
4. ``_choose_slots``: the second pass;
5. ``_exchange`` and ``_update``: the entering column is moved out, too, and multiples of the row
   are taken from all rows. Because of the zeros this also writes the new pivot row and column.

No lane's numbers depend on another's: the same program gives the same bytes wherever it stands.

Only the plain way is gone here. A program that has no feasible point or takes many pivots, a column
that would be cheaper at a bound that it does not have and, when ties are to be broken, an optimum
that may not be the only one are left to `planner.solve.kernel`.
"""

from __future__ import annotations

import numpy as np

from planner.solve.compiling import compiled, kept
from planner.solve.lanes import CHAINS, Lanes
from planner.solve.tableau import (
    AT_LOWER,
    AT_UPPER,
    BASIC,
    FEASIBLE,
    NEAR,
    NEVER,
    NOISE,
    NOTHING,
    OPTIMAL,
    PIVOT,
    SMALL,
    ZERO,
    Array,
    Ends,
    Programs,
)
from planner.solve.vectors import (
    LANES,
    from_zero,
    least,
    less_product,
    load,
    most,
    number_in,
    numbered,
    select,
    spread,
    store,
    take,
)


@kept
def solve_block(programs: Programs, lanes: Lanes, limit: int, ties: bool, ends: Ends) -> None:
    """Solve what is plain of a block; of the rest `ends.optimal` stays False.

    Parameters
    ----------
    programs : Programs
    lanes : Lanes
        To work in.
    limit : int
        The most pivots of a program.
    ties : bool
        Whether to leave optima that may not be the only ones.
    ends : Ends
        Of zeros.
    """
    following, busy = 0, True
    for lane in range(LANES):
        following = _start_next(programs, lanes, lane, following)
    while busy:
        _choose_rows(lanes)
        busy, fresh = False, False
        for lane in range(LANES):
            if lanes.sample[lane] == NOTHING:
                continue
            busy = True
            if lanes.row[lane] < 0.0 or lanes.pivots[lane] >= limit:
                if lanes.pivots[lane] < limit:
                    _finish(programs, lanes, lane, ties, ends)
                following = _start_next(programs, lanes, lane, following)
                fresh = True
        if busy and not fresh:
            _step(lanes, limit)


@compiled
def _start_next(programs: Programs, lanes: Lanes, lane: int, following: int) -> int:
    """Give a lane the next plain program, or nothing to do; return which one follows."""
    n = programs.rhs.shape[0]
    while following < n and not _is_plain(programs, following):
        following += 1
    if following < n:
        _start(programs, lanes, lane, following)
        return following + 1
    lanes.sample[lane] = NOTHING
    for i in range(lanes.value.shape[0]):
        lanes.low[i, lane], lanes.high[i, lane] = -np.inf, np.inf
    return following


@compiled
def _is_plain(programs: Programs, s: int) -> bool:
    """Return whether no bounds cross and what is cheaper at its upper bound has one."""
    plain = True
    for j in range(programs.cost.shape[1]):
        lower, upper = programs.lower[s, j], programs.upper[s, j]
        plain &= (lower <= upper) & ((upper < np.inf) | (programs.cost[s, j] >= 0.0))
    return plain


@compiled
def _start(programs: Programs, lanes: Lanes, lane: int, s: int) -> None:
    """Set up the tableau of the slacks, every column at its cheaper bound."""
    rows, columns = programs.rhs.shape[1], programs.cost.shape[1]
    lanes.sample[lane], lanes.pivots[lane] = s, 0
    for i in range(rows):
        for k in range(columns):
            lanes.body[i, k, lane] = 0.0
        lanes.rows[i, lane], lanes.weight[i, lane] = columns + i, 1.0
        lanes.value[i, lane] = programs.rhs[s, i]
        lanes.low[i, lane], lanes.high[i, lane] = lanes.slack_low[i], lanes.slack_high[i]
    at_zero = True
    for j in range(columns):
        cost, floor, ceiling = programs.cost[s, j], programs.lower[s, j], programs.upper[s, j]
        lanes.body[rows, j, lane], lanes.slots[j, lane] = cost, j
        lanes.floor[j, lane], lanes.ceiling[j, lane] = floor, ceiling
        lanes.side[j, lane] = (-1.0 if cost < 0.0 else 1.0) if floor < ceiling else 0.0
        at_zero &= (floor == 0.0) & (cost >= 0.0)
    for e in range(lanes.place.size):
        lanes.flat[lanes.place[e] + lane] = programs.values[s, e]
    if not at_zero:
        for e in range(lanes.place.size):
            j = lanes.column_of[e]
            bound = programs.upper[s, j] if programs.cost[s, j] < 0.0 else programs.lower[s, j]
            lanes.value[lanes.row_of[e], lane] -= programs.values[s, e] * bound


@compiled
def _step(lanes: Lanes, limit: int) -> None:
    """Make a pivot in every lane."""
    size = lanes.along.shape[0] * LANES
    for lane in range(LANES):
        lanes.row_start[lane] = from_zero(max(lanes.row[lane], 0.0)) * size + lane
    _find_ratios(lanes)
    for lane in range(LANES):
        _pass_by(lanes, lane)
    _choose_slots(lanes)
    for lane in range(LANES):
        _exchange(lanes, lane, limit)
    _update(lanes)


@compiled
def _choose_rows(lanes: Lanes) -> None:
    """Write `row`, `sign` and `out`."""
    zero, one, minus, feasible = spread(0.0), spread(1.0), spread(-1.0), spread(FEASIBLE)
    row, sign, out, worst, weight, number = minus, zero, zero, zero, one, zero
    for i in range(lanes.value.shape[0]):
        value, own = load(lanes.value, i), load(lanes.weight, i)
        under, over = load(lanes.low, i) - value, value - load(lanes.high, i)
        far, side = most(under, over), select(under > over, minus, one)
        score = far * far
        worse = (far > feasible) & (score * weight > worst * own)
        row, sign, out = (
            select(worse, number, row),
            select(worse, side, sign),
            select(worse, far, out),
        )
        worst, weight = select(worse, score, worst), select(worse, own, weight)
        number = number + one
    store(row, lanes.row)
    store(sign, lanes.sign)
    store(out, lanes.out)


@compiled
def _find_ratios(lanes: Lanes) -> None:
    """Write `along`, `room`, `ratio`, `relaxed` and `nearest`."""
    one, zero, never, slack = spread(1.0), spread(0.0), spread(NEVER), spread(OPTIMAL)
    sign, smallest, nearest, costs = load(lanes.sign), spread(PIVOT), never, lanes.value.shape[0]
    for k in range(lanes.along.shape[0]):
        along, side = take(lanes.flat, lanes.row_start, k * LANES), load(lanes.side, k)
        pivot, cost = sign * side * along, most(side * load(lanes.body, costs, k), zero)
        enters = pivot > smallest
        inverse = one / select(enters, pivot, one)
        ratio = cost * inverse
        relaxed = select(enters, numbered(ratio + slack * inverse, k), never)
        store(along, lanes.along, k)
        store(select(enters, numbered(pivot, k), zero), lanes.room, k)
        store(ratio, lanes.ratio, k)
        store(relaxed, lanes.relaxed, k)
        nearest = least(relaxed, nearest)
    store(nearest, lanes.nearest)


@compiled
def _pass_by(lanes: Lanes, lane: int) -> None:
    """Flip slots in the order of their ratios while the row stays out of its bounds."""
    nearest, out = lanes.nearest[lane], lanes.out[lane]
    while nearest < NEVER:
        slot = number_in(nearest)
        width = lanes.ceiling[slot, lane] - lanes.floor[slot, lane]
        left = out - abs(lanes.along[slot, lane]) * width
        if left <= FEASIBLE:
            break
        out = left
        lanes.room[slot, lane], lanes.relaxed[slot, lane] = 0.0, NEVER
        step = lanes.side[slot, lane] * width
        lanes.side[slot, lane] = -lanes.side[slot, lane]
        for i in range(lanes.value.shape[0]):
            lanes.value[i, lane] -= step * lanes.body[i, slot, lane]
        nearest = _next_nearest(lanes, lane)
    lanes.nearest[lane], lanes.out[lane] = nearest, out


@compiled
def _next_nearest(lanes: Lanes, lane: int) -> float:
    """Return the least of a lane's relaxed ratios, in chains of which none waits for another."""
    relaxed, quarter = lanes.relaxed, lanes.relaxed.shape[0] // CHAINS
    a, b, c, d = NEVER, NEVER, NEVER, NEVER
    for k in range(quarter):
        a, b = min(relaxed[k, lane], a), min(relaxed[k + quarter, lane], b)
        c = min(relaxed[k + 2 * quarter, lane], c)
        d = min(relaxed[k + 3 * quarter, lane], d)
    return min(min(a, b), min(c, d))


@compiled
def _choose_slots(lanes: Lanes) -> None:
    """Write `largest`, of the pivots whose ratios are within the nearest; 0 where there is none."""
    nearest, zero = load(lanes.nearest), spread(0.0)
    largest = zero
    for k in range(lanes.room.shape[0]):
        within = load(lanes.ratio, k) <= nearest
        largest = most(select(within, load(lanes.room, k), zero), largest)
    store(largest, lanes.largest)


@compiled
def _exchange(lanes: Lanes, lane: int, limit: int) -> None:
    """Let the slot and the row change places, but for what `_update` does."""
    slot = number_in(lanes.largest[lane])
    lanes.slot_start[lane] = slot * LANES + lane
    if lanes.row[lane] < 0.0 or lanes.largest[lane] == 0.0:
        lanes.inverse[lane], lanes.step[lane], lanes.pivots[lane] = 0.0, 0.0, limit
        return
    row = from_zero(lanes.row[lane])
    lanes.pivots[lane] += 1
    pivot = lanes.along[slot, lane]
    lanes.inverse[lane], lanes.step[lane] = 1.0 / pivot, lanes.sign[lane] * lanes.out[lane] / pivot
    lanes.heavy[lane], lanes.weight[row, lane] = lanes.weight[row, lane], 1.0
    lanes.body[row, slot, lane], lanes.along[slot, lane] = -1.0, 1.0
    floor, ceiling = lanes.floor[slot, lane], lanes.ceiling[slot, lane]
    low, high = lanes.low[row, lane], lanes.high[row, lane]
    lanes.value[row, lane] = ceiling if lanes.side[slot, lane] < 0.0 else floor
    lanes.floor[slot, lane], lanes.ceiling[slot, lane] = low, high
    lanes.low[row, lane], lanes.high[row, lane] = floor, ceiling
    lanes.side[slot, lane] = 0.0 if low == high else -lanes.sign[lane]
    lanes.slots[slot, lane], lanes.rows[row, lane] = lanes.rows[row, lane], lanes.slots[slot, lane]


@compiled
def _update(lanes: Lanes) -> None:
    """Take the multiples of the pivot row from all rows, and from the values."""
    inverse, step, heavy = load(lanes.inverse), load(lanes.step), load(lanes.heavy)
    size, rows = lanes.along.shape[0] * LANES, lanes.value.shape[0]
    for i in range(rows):
        column, weight = take(lanes.flat, lanes.slot_start, i * size), load(lanes.weight, i)
        factor = column * inverse
        store(factor, lanes.factor, i)
        store(less_product(load(lanes.value, i), column, step), lanes.value, i)
        store(most(factor * factor * heavy, weight), lanes.weight, i)
    store(take(lanes.flat, lanes.slot_start, rows * size) * inverse, lanes.factor, rows)
    for i in range(rows + 1):
        factor = load(lanes.factor, i)
        for k in range(lanes.along.shape[0]):
            own = load(lanes.body, i, k)
            store(less_product(own, factor, load(lanes.along, k)), lanes.body, i, k)


@compiled
def _finish(programs: Programs, lanes: Lanes, lane: int, ties: bool, ends: Ends) -> None:
    """Write down where a lane has ended, unless it may be tied and that matters."""
    if (ties and _may_be_tied(lanes, lane)) or _is_doubtful(lanes, lane):
        return
    s, rows, columns = lanes.sample[lane], programs.rhs.shape[1], programs.cost.shape[1]
    ends.optimal[s], ends.pivots[s] = True, lanes.pivots[lane]
    for k in range(columns):
        j, upper = lanes.slots[k, lane], lanes.side[k, lane] < 0.0
        ends.reduced[s, j] = lanes.body[rows, k, lane]
        ends.x[s, j] = lanes.ceiling[k, lane] if upper else lanes.floor[k, lane]
        ends.basis[s, j] = AT_UPPER if upper else AT_LOWER
    for i in range(rows):
        j = lanes.rows[i, lane]
        ends.x[s, j], ends.basis[s, j] = lanes.value[i, lane], BASIC
    _refine(programs, lanes, lane, ends.x)


@compiled
def _is_doubtful(lanes: Lanes, lane: int) -> bool:
    """Return whether rows may be nearly parallel, as `planner.solve.kernel` has it."""
    doubtful = False
    for i in range(lanes.value.shape[0]):
        value = lanes.value[i, lane]
        if min(value - lanes.low[i, lane], lanes.high[i, lane] - value) <= NEAR:
            for k in range(lanes.side.shape[0]):
                size = abs(lanes.body[i, k, lane] * lanes.side[k, lane])
                doubtful |= (size > NOISE) & (size < SMALL)
    return doubtful


@compiled
def _may_be_tied(lanes: Lanes, lane: int) -> bool:
    costs, tied = lanes.value.shape[0], False
    for k in range(lanes.side.shape[0]):
        small = abs(lanes.body[costs, k, lane]) <= OPTIMAL
        tied |= small & (lanes.side[k, lane] != 0.0)
    return tied


@compiled
def _refine(programs: Programs, lanes: Lanes, lane: int, x: Array) -> None:
    """Take the rounding errors of the pivots out of the basic values (one step of refinement)."""
    s, rows, columns = lanes.sample[lane], programs.rhs.shape[1], programs.cost.shape[1]
    left = lanes.factor
    for i in range(rows):
        left[i, lane] = programs.rhs[s, i] - x[s, columns + i]
    for e in range(lanes.place.size):
        left[lanes.row_of[e], lane] -= programs.values[s, e] * x[s, lanes.column_of[e]]
    for i in range(rows):
        if lanes.rows[i, lane] >= columns:
            lanes.value[i, lane] += left[from_zero(lanes.rows[i, lane] - columns), lane]
    for k in range(columns):
        if lanes.slots[k, lane] >= columns:
            missing = left[from_zero(lanes.slots[k, lane] - columns), lane]
            if abs(missing) > ZERO:
                for i in range(rows):
                    lanes.value[i, lane] += missing * lanes.body[i, k, lane]
    for i in range(rows):
        x[s, lanes.rows[i, lane]] = lanes.value[i, lane]
