"""The batch kernel: very many small linear programs, one after the other, in compiled code.

The simplex method for bounded columns on a condensed tableau (Lemke 1954,
doi:10.1002/nav.3800010107, for the dual; Wagner 1958, doi:10.1287/opre.6.1.129, for bounds), in
three passes over one tableau:

1. ``_dual`` from the slacks to a feasible point. Before it, costs of the wrong sign are cured by
   moving their column to its other bound or, where it has none, by pretending that they are 0. Its
   ratio test goes past columns that may flip to their other bound (Maros 2003,
   doi:10.1007/978-1-4615-0257-9, ch. 10), and rows are chosen by the reference weights of dual
   Devex (Forrest and Goldfarb 1992, doi:10.1007/BF01581089).
2. ``_primal`` with the true costs where any were pretended.
3. ``_primal`` with the secondary costs over columns of no reduced cost: among the optima.

Ratio tests have two passes (Harris 1973, doi:10.1007/BF01580108), so that of nearly equal ratios
the largest pivot is taken. After a run of degenerate pivots they and the choice of columns go by
the lowest index (Bland 1977, doi:10.1287/moor.2.2.103); a pass that still does not end within its
limit of pivots is given up. Nothing here proves anything: what ends is certified from the original
data in `planner.solve.solutions`, and what is given up or fails is solved by HiGHS.

A program is so small that its whole tableau stays in the processor's cache, where a pivot is a few
dozen vector operations; sparse factors pay only for larger ones.
"""

from __future__ import annotations

import numpy as np

from planner.solve.compiling import compiled, kept
from planner.solve.tableau import (
    AT_LOWER,
    AT_UPPER,
    BASIC,
    DEGENERATE,
    FAILED,
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
    Indices,
    Program,
    Programs,
    Tableau,
)
from planner.solve.vectors import (
    LANES,
    any_of,
    group,
    least,
    least_of,
    less_product,
    most,
    most_of,
    put,
    select,
    spread,
)


@compiled
def optimise(program: Program, tableau: Tableau, limit: int) -> int:
    """Find an optimum; return the pivots, or a negative number if it was given up.

    `limit` is the most pivots of a pass.
    """
    _load(program, tableau)
    pretended = _cure(tableau)
    first = _dual(tableau, limit)
    if first < 0 or not pretended:
        return first
    _price(program, tableau)
    second = _primal(tableau, tableau.rows.size, limit)
    return second if second < 0 else first + second


@compiled
def break_tie(tableau: Tableau, limit: int) -> int:
    """Go to the best optimum by the secondary cost; return the pivots, or -1 if it is the only one.

    A pass that is cut short is at an optimum all the same.
    """
    reduced, tied = tableau.body[tableau.rows.size], False
    for k in range(tableau.slots.size):
        tied |= abs(reduced[k]) <= OPTIMAL and tableau.side[k] != 0.0
    return max(_primal(tableau, tableau.rows.size + 1, limit), 0) if tied else -1


@compiled
def _load(program: Program, tableau: Tableau) -> None:
    """Set up the tableau of the slacks, every column at its lower bound."""
    body, rows, columns = tableau.body, tableau.rows.size, program.starts.size - 1
    for i in range(rows):
        row = body[i]
        for j in range(tableau.slots.size):
            row[j] = 0.0
        tableau.rows[i] = columns + i
        tableau.value[i] = program.rhs[i]
        tableau.low[i] = program.lower[columns + i]
        tableau.high[i] = program.upper[columns + i]
        tableau.weight[i] = 1.0
    for j in range(columns):
        body[rows, j], body[rows + 1, j] = program.cost[j], program.tie_cost[j]
        tableau.slots[j] = j
        at = program.lower[j]
        tableau.floor[j], tableau.ceiling[j] = at, program.upper[j]
        tableau.side[j] = 1.0 if program.upper[j] > at else 0.0
        for e in range(program.starts[j], program.starts[j + 1]):
            body[program.row_of[e], j] = program.values[e]
            tableau.value[program.row_of[e]] -= program.values[e] * at


@compiled
def _cure(tableau: Tableau) -> bool:
    """Make all reduced costs feasible; return whether any are no longer the true ones."""
    reduced, pretended = tableau.body[tableau.rows.size], False
    for k in range(tableau.slots.size):
        if tableau.side[k] * reduced[k] < 0.0:
            if tableau.ceiling[k] < np.inf and tableau.floor[k] > -np.inf:
                _flip(tableau, k)
            else:
                reduced[k] = 0.0
                pretended = True
    return pretended


@compiled
def _flip(tableau: Tableau, slot: int) -> None:
    """Move a slot to its other bound."""
    step = tableau.side[slot] * (tableau.ceiling[slot] - tableau.floor[slot])
    tableau.side[slot] = -tableau.side[slot]
    for i in range(tableau.rows.size):
        tableau.value[i] -= step * tableau.body[i, slot]


@compiled
def _price(program: Program, tableau: Tableau) -> None:
    """Find the reduced costs by the true costs."""
    rows = tableau.rows.size
    reduced = tableau.body[rows]
    for k in range(tableau.slots.size):
        j = tableau.slots[k]
        reduced[k] = program.cost[j] if j != NOTHING else 0.0
    for i in range(rows):
        cost, row = program.cost[tableau.rows[i]], tableau.body[i]
        if cost != 0.0:
            for k in range(tableau.slots.size):
                reduced[k] -= cost * row[k]


@compiled
def _exchange(tableau: Tableau, row: int, slot: int, step: float, low: bool) -> None:
    """Let a slot and a row change places: the slot moves by `step`, the row's goes to a bound."""
    body, rows, factors = tableau.body, tableau.rows.size, tableau.spare
    pivot_row, inverse = body[row], 1.0 / body[row, slot]
    for i in range(rows + 2):
        factors[i] = body[i, slot]
    factors[row] = 0.0
    filled = tableau.filled[: _find_filled(tableau, pivot_row)]
    for i in range(rows + 2):
        factor = factors[i] * inverse
        if abs(factor) > ZERO:
            _subtract(body[i], factor, pivot_row, filled)
            body[i, slot] = -factor
    for k in range(0, pivot_row.size, LANES):
        put(group(pivot_row, k) * spread(inverse), pivot_row, k)
    pivot_row[slot] = inverse
    heavy = tableau.weight[row] * inverse * inverse
    for i in range(rows):
        tableau.value[i] -= step * factors[i]
        weight = factors[i] * factors[i] * heavy
        tableau.weight[i] = weight if weight > tableau.weight[i] else tableau.weight[i]
    tableau.weight[row] = max(heavy, 1.0)
    entering, leaving = tableau.slots[slot], tableau.rows[row]
    tableau.slots[slot], tableau.rows[row] = leaving, entering
    tableau.value[row] = _at(tableau, slot) + step
    floor, ceiling = tableau.floor[slot], tableau.ceiling[slot]
    tableau.floor[slot], tableau.ceiling[slot] = tableau.low[row], tableau.high[row]
    tableau.low[row], tableau.high[row] = floor, ceiling
    fixed = tableau.floor[slot] == tableau.ceiling[slot]
    tableau.side[slot] = 0.0 if fixed else (1.0 if low else -1.0)


@compiled
def _find_filled(tableau: Tableau, row: Array) -> int:
    """Write `filled` for a row and return how many: of most rows less than half."""
    count, zero = 0, spread(0.0)
    for k in range(0, row.size, LANES):
        tableau.filled[count] = k
        count += 1 if any_of(group(row, k) != zero) else 0
    return count


@compiled
def _subtract(row: Array, factor: float, other: Array, filled: Indices) -> None:
    """Take a multiple of another row from a row, where the other is filled."""
    times = spread(factor)
    for at in filled:
        put(less_product(group(row, at), times, group(other, at)), row, at)


@compiled
def _at(tableau: Tableau, slot: int) -> float:
    """Return a slot's value."""
    return float(tableau.ceiling[slot] if tableau.side[slot] < 0.0 else tableau.floor[slot])


@compiled
def _dual(tableau: Tableau, limit: int) -> int:
    """Pivot until the point is feasible, keeping the reduced costs so; return the pivots."""
    degenerate = 0
    for pivots in range(limit):
        bland = degenerate > tableau.rows.size
        row = _leaves_dual(tableau, bland)
        if row < 0:
            return pivots
        low = tableau.value[row] < tableau.low[row]
        slot = _enters_dual(tableau, row, low, bland)
        if slot < 0:
            return FAILED
        reduced, pivot = tableau.body[tableau.rows.size, slot], tableau.body[row, slot]
        degenerate = degenerate + 1 if abs(reduced) <= DEGENERATE * abs(pivot) else 0
        bound = tableau.low[row] if low else tableau.high[row]
        _exchange(tableau, row, slot, (tableau.value[row] - bound) / pivot, low)
    return FAILED


@compiled
def _leaves_dual(tableau: Tableau, bland: bool) -> int:
    """Return the row that is furthest out of its bounds by its weight; -1 if none is."""
    zero, feasible = spread(0.0), spread(FEASIBLE)
    worst = zero
    for i in range(0, tableau.value.size, LANES):
        value = group(tableau.value, i)
        out = most(group(tableau.low, i) - value, value - group(tableau.high, i))
        score = select(out > feasible, out * out / group(tableau.weight, i), zero)
        put(score, tableau.score, i)
        worst = most(score, worst)
    largest = most_of(worst)
    if bland and largest > 0.0:
        return _first_row_by_index(tableau)
    return _where(tableau.score, largest) if largest > 0.0 else -1


@compiled
def _first_row_by_index(tableau: Tableau) -> int:
    row = -1
    for i in range(tableau.rows.size):
        if tableau.score[i] > 0.0 and (row < 0 or tableau.rows[i] < tableau.rows[row]):
            row = i
    return row


@compiled
def _where(values: Array, largest: float) -> int:
    """Return where the first of the largest values stands."""
    sought = spread(largest)
    for k in range(0, values.size, LANES):
        if any_of(group(values, k) >= sought):
            for at in range(k, k + LANES):
                if values[at] >= largest:
                    return at
    return -1


@compiled
def _enters_dual(tableau: Tableau, row: int, low: bool, bland: bool) -> int:
    """Return the slot that takes the row's place, after flipping those that can be passed by."""
    room, value = tableau.room, tableau.value[row]
    left = tableau.low[row] - value if low else value - tableau.high[row]
    slack = 0.0 if bland else OPTIMAL
    nearest = _dual_ratios(tableau, row, -1.0 if low else 1.0, slack)
    while nearest < NEVER:
        slot = _first_by_index(tableau, nearest) if bland else _largest_pivot(tableau, nearest)
        left -= room[slot] * (tableau.ceiling[slot] - tableau.floor[slot])
        if left <= FEASIBLE or bland:
            return slot
        room[slot], tableau.ratio[slot], tableau.relaxed[slot] = 0.0, NEVER, NEVER
        _flip(tableau, slot)
        nearest = _nearest(tableau)
    return -1


@compiled
def _dual_ratios(tableau: Tableau, row: int, sign: float, slack: float) -> float:
    """Write `room`, `ratio` and `relaxed`; return the least relaxed ratio."""
    along, reduced = tableau.body[row], tableau.body[tableau.rows.size]
    one, zero, never, smallest = spread(1.0), spread(0.0), spread(NEVER), spread(PIVOT)
    signs, some, nearest = spread(sign), spread(slack), spread(NEVER)
    for k in range(0, along.size, LANES):
        side = group(tableau.side, k)
        pivot, cost = signs * side * group(along, k), most(side * group(reduced, k), zero)
        enters = pivot > smallest
        inverse = one / select(enters, pivot, one)
        ratio = cost * inverse
        relaxed = select(enters, ratio + some * inverse, never)
        put(select(enters, pivot, zero), tableau.room, k)
        put(select(enters, ratio, never), tableau.ratio, k)
        put(relaxed, tableau.relaxed, k)
        nearest = least(relaxed, nearest)
    return float(least_of(nearest))


@compiled
def _nearest(tableau: Tableau) -> float:
    nearest = spread(NEVER)
    for k in range(0, tableau.relaxed.size, LANES):
        nearest = least(group(tableau.relaxed, k), nearest)
    return float(least_of(nearest))


@compiled
def _largest_pivot(tableau: Tableau, nearest: float) -> int:
    """Return the slot of the largest pivot whose ratio is within the nearest; -1 if none is."""
    room, ratio = tableau.room, tableau.ratio
    zero, within = spread(0.0), spread(nearest)
    largest, other = zero, zero
    for k in range(0, room.size, 2 * LANES):
        # Two chains, of which none waits for the other.
        here, there = group(room, k), group(room, k + LANES)
        largest = most(select(group(ratio, k) <= within, here, zero), largest)
        other = most(select(group(ratio, k + LANES) <= within, there, zero), other)
    found = most_of(most(largest, other))
    sought = spread(found)
    for k in range(0, room.size, LANES):
        if any_of((group(room, k) >= sought) & (group(ratio, k) <= within)):
            for slot in range(k, k + LANES):
                if room[slot] >= found and ratio[slot] <= nearest:
                    return slot
    return -1


@compiled
def _first_by_index(tableau: Tableau, nearest: float) -> int:
    slot = -1
    for k in range(tableau.slots.size):
        if tableau.ratio[k] <= nearest and (slot < 0 or tableau.slots[k] < tableau.slots[slot]):
            slot = k
    return slot


@compiled
def _primal(tableau: Tableau, costs: int, limit: int) -> int:
    """Pivot until no slot has a reduced cost (row `costs`) of the wrong sign; return the pivots.

    With the secondary costs only slots enter that cost nothing by the true ones.
    """
    degenerate = 0
    for pivots in range(limit):
        bland = degenerate > tableau.rows.size
        slot = _enters_primal(tableau, costs, bland)
        if slot < 0:
            return pivots
        side = tableau.side[slot]
        row, step = _leaves_primal(tableau, slot, bland)
        degenerate = degenerate + 1 if step <= DEGENERATE else 0
        span = tableau.ceiling[slot] - tableau.floor[slot]
        if row < 0 and span == np.inf:
            return FAILED
        if span <= step:
            _flip(tableau, slot)
        else:
            _exchange(tableau, row, slot, side * step, side * tableau.body[row, slot] > 0.0)
    return FAILED


@compiled
def _enters_primal(tableau: Tableau, costs: int, bland: bool) -> int:
    reduced, true = tableau.body[costs], tableau.body[tableau.rows.size]
    worst, slot = -OPTIMAL, -1
    for k in range(tableau.slots.size):
        gain = tableau.side[k] * reduced[k]
        if gain >= -OPTIMAL or (costs > tableau.rows.size and abs(true[k]) > OPTIMAL):
            continue
        if bland:
            if slot < 0 or tableau.slots[k] < tableau.slots[slot]:
                slot = k
        elif gain < worst:
            worst, slot = gain, k
    return slot


@compiled
def _leaves_primal(tableau: Tableau, slot: int, bland: bool) -> tuple[int, float]:
    """Return the row that stops a slot first, and the step; -1 and infinity if none does."""
    rows, side, spare = tableau.rows.size, tableau.side[slot], tableau.spare
    nearest = np.inf
    for i in range(rows):
        speed = side * tableau.body[i, slot]
        to_bound = tableau.value[i] - tableau.low[i]
        if speed < 0.0:
            to_bound = tableau.high[i] - tableau.value[i]
        spare[i] = max(to_bound, 0.0) / abs(speed) if abs(speed) > PIVOT else np.inf
        nearest = min(nearest, spare[i] + (0.0 if bland else FEASIBLE / abs(speed)))
    row, largest = -1, 0.0
    for i in range(rows):
        if spare[i] <= nearest and spare[i] < np.inf:
            if bland:
                if row < 0 or tableau.rows[i] < tableau.rows[row]:
                    row = i
            elif abs(tableau.body[i, slot]) > largest:
                row, largest = i, abs(tableau.body[i, slot])
    return row, spare[row] if row >= 0 else np.inf


@compiled
def _is_doubtful(tableau: Tableau) -> bool:
    """Return whether a row at its bound has entries between rounding errors and pivots.

    Then rows are nearly parallel, and what passes for one vertex may be two.
    """
    for i in range(tableau.rows.size):
        value = tableau.value[i]
        if min(value - tableau.low[i], tableau.high[i] - value) <= NEAR:
            row = tableau.body[i]
            for k in range(row.size):
                size = abs(row[k]) * abs(tableau.side[k])
                if NOISE < size < SMALL:
                    return True
    return False


@compiled
def refine(program: Program, tableau: Tableau) -> None:
    """Take the rounding errors of the pivots out of the basic values (one step of refinement)."""
    rows, columns, spare = tableau.rows.size, program.starts.size - 1, tableau.spare
    for i in range(rows):
        spare[i] = program.rhs[i]
    for i in range(rows):
        _take(program, spare, tableau.rows[i], tableau.value[i])
    for k in range(tableau.slots.size):
        if tableau.slots[k] != NOTHING:
            _take(program, spare, tableau.slots[k], _at(tableau, k))
    for i in range(rows):
        if tableau.rows[i] >= columns:
            tableau.value[i] += spare[tableau.rows[i] - columns]
    for k in range(tableau.slots.size):
        if tableau.slots[k] >= columns:
            left = spare[tableau.slots[k] - columns]
            if abs(left) > ZERO:
                for i in range(rows):
                    tableau.value[i] += left * tableau.body[i, k]


@compiled
def _take(program: Program, spare: Array, j: int, value: float) -> None:
    columns = program.starts.size - 1
    if j >= columns:
        spare[j - columns] -= value
    elif value != 0.0:
        for e in range(program.starts[j], program.starts[j + 1]):
            spare[program.row_of[e]] -= program.values[e] * value


@kept
def solve_block(
    programs: Programs, program: Program, tableau: Tableau, limit: int, break_ties: bool,
    ends: Ends,
) -> None:  # fmt: skip
    """Solve a block's programs one by one; `program` and `tableau` are room to work in."""
    columns = program.starts.size - 1
    for s in range(programs.rhs.shape[0]):
        for e in range(program.values.size):
            program.values[e] = programs.values[s, e]
        for i in range(program.rhs.size):
            program.rhs[i] = programs.rhs[s, i]
        crossed = False
        for j in range(columns):
            program.cost[j] = programs.cost[s, j]
            program.lower[j], program.upper[j] = programs.lower[s, j], programs.upper[s, j]
            crossed |= program.lower[j] > program.upper[j]
        count = FAILED if crossed else optimise(program, tableau, limit)
        if count < 0 or _is_doubtful(tableau):
            continue
        ends.optimal[s], ends.pivots[s] = True, count
        for k in range(tableau.slots.size):
            if tableau.slots[k] != NOTHING:
                ends.reduced[s, tableau.slots[k]] = tableau.body[tableau.rows.size, k]
        if break_ties:
            more = break_tie(tableau, limit)
            ends.tied[s] = more >= 0
            ends.pivots[s] += max(more, 0)
        refine(program, tableau)
        for k in range(tableau.slots.size):
            if tableau.slots[k] != NOTHING:
                ends.x[s, tableau.slots[k]] = _at(tableau, k)
                ends.basis[s, tableau.slots[k]] = AT_UPPER if tableau.side[k] < 0.0 else AT_LOWER
        for i in range(tableau.rows.size):
            ends.x[s, tableau.rows[i]] = tableau.value[i]
            ends.basis[s, tableau.rows[i]] = BASIC
