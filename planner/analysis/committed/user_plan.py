"""A user's own plan: the orders, power contracts and bets of a spreadsheet, checked one by one."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from planner.analysis.bets import bet_name
from planner.analysis.committed.plan_file import MOST_SHOWN, read_rows
from planner.config.schema import Scenario
from planner.config.wording import did_you_mean, listing, number_meant, show
from planner.errors import InputError, Problem
from planner.model.columns import minimum_order
from planner.model.contracts import Contract
from planner.model.sets import Sets, build_sets

BET = "bet"
"""What the column `mode` says of a row that is a yes or no; other columns are not read."""

_FUNDED = {"option": "right", "programme": "fund"}
"""Family of the bet without which nothing can be ordered, by the mode of an offer."""

_ROUNDING = 1e-6
"""By which the count of a solver's plan may miss the whole number that it stands for."""

_NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,3})?", re.ASCII)
_DECIMAL_COMMA = re.compile(r"[-+]?[0-9]*,[0-9]+", re.ASCII)
_EITHER = re.compile(r"[-+]?[1-9][0-9]{0,2}[.,][0-9]{3}", re.ASCII)
"""Thousands in one country and decimals in another."""


@dataclass(frozen=True)
class PlanLine:
    """An order, a power contract or a bet.

    Attributes
    ----------
    row : int
        Of the file, from 1.
    offer : str
        Or the name of a bet.
    site, quarter : str
        Empty for a bet.
    count : float
        Accelerators, MW, or 0 to 1 for a bet.
    is_bet : bool
    """

    row: int
    offer: str
    site: str
    quarter: str
    count: float
    is_bet: bool


def read_user_plan(path: Path, scenario: Scenario) -> list[PlanLine]:
    """Return the lines of a plan in the order of the file.

    Parameters
    ----------
    path : Path
        CSV or XLSX with the columns offer, site, quarter and count. A row whose column `mode` is
        ``bet``, or that names a bet and neither site nor quarter, is a bet. Bets on price falls are
        passed over: whether a price falls follows from the orders. A count within a millionth of
        the whole number of units that it has to be is that number.
    scenario : Scenario
        That the plan is for.

    Raises
    ------
    InputError
        With everything that is wrong with the file.
    """
    found = read_rows(path)
    checks = _Checks(build_sets(scenario), found.decimal_comma)
    lines, problems = list[PlanLine](), list[Problem]()
    for row, cells in found.rows:
        line = checks.line(row, cells)
        told = list(checks.problems(line, cells))
        problems += told
        if not told and not checks.follows(line):
            lines.append(line)
    # What is wrong with a row would show again in what the rows add up to.
    problems += [] if problems else checks.together(lines)
    if problems:
        in_file = [replace(problem, file=path.name) for problem in problems[:MOST_SHOWN]]
        left = len(problems) - len(in_file)
        if left:
            message = f"there are {left:,} more problems; they are not shown"
            remedy = "correct those that are shown first"
            in_file.append(Problem("", message, remedy=remedy, file=path.name))
        raise InputError(in_file)
    return lines


class _Checks:
    """What a scenario allows in a plan.

    Parameters
    ----------
    sets : Sets
    decimal_comma : bool
        Whether a comma may stand before decimals.
    """

    def __init__(self, sets: Sets, decimal_comma: bool) -> None:
        self._sets, self._decimal_comma = sets, decimal_comma
        contracts = (*sets.offers, *sets.power)
        self._contracts = {item.name: item for item in contracts if item.commits}
        self._bets = {bet_name(bet): bet for bet in sets.bets}
        self._rows: dict[tuple[str, str, str], int] = {}

    def line(self, row: int, cells: Mapping[str, str]) -> PlanLine:
        """Return a row as a line; its count is not a number if it cannot be read."""
        offer, site, quarter = (cells.get(key, "") for key in ("offer", "site", "quarter"))
        mode = cells.get("mode", "").lower()
        is_bet = mode == BET or (not mode and not site and not quarter and offer in self._bets)
        contract = self._contracts.get(offer)
        if contract is not None and contract.platform < 0 and not site:
            # A power contract has one site; nothing else can be meant.
            site = self._sets.sites[contract.sites[0]]
        line = PlanLine(row, offer, site, quarter, self._number(cells.get("count", "")), is_bet)
        whole = self._whole(line)
        return line if whole is None else replace(line, count=whole)

    def follows(self, line: PlanLine) -> bool:
        """Return whether a line is of what follows from the orders: a price fall."""
        return line.is_bet and line.offer in self._sets.falls

    def _unit(self, line: PlanLine) -> int | None:
        """Return what a count has to be a multiple of, if it has to be one."""
        if line.is_bet:
            bet = self._bets.get(line.offer)
            return 1 if bet is not None and bet.integer else None
        offer = self._sets.scenario.offers.get(line.offer)
        whole = self._sets.scenario.bets == "whole"
        return offer.whole_units_of if offer is not None and whole else None

    def _whole(self, line: PlanLine) -> float | None:
        """Return the multiple that a count stands for; None if it stands for none or needs none."""
        unit = self._unit(line)
        if unit is None or not math.isfinite(line.count):
            return None
        units = line.count / unit
        near = round(units)
        is_near = abs(units - near) <= _ROUNDING * max(abs(units), 1.0)
        return float(near * unit) if is_near else None

    def _number(self, text: str) -> float:
        if self._decimal_comma and _EITHER.fullmatch(text):
            return math.nan
        if self._decimal_comma and _DECIMAL_COMMA.fullmatch(text):
            text = text.replace(",", ".")
        return float(text) if _NUMBER.fullmatch(text) else math.nan

    def problems(self, line: PlanLine, cells: Mapping[str, str]) -> Iterator[Problem]:
        """Yield what is wrong with a line by itself, or with it after those before."""
        yield from self._count(line, cells.get("count", ""))
        if not line.offer:
            known = [*self._contracts, *self._bets]
            yield _problem(line, "offer", "the row names no offer", listing(known), "name it")
            return
        yield from self._bet(line) if line.is_bet else self._order(line, cells)
        key = (line.offer, line.site, line.quarter)
        first = self._rows.setdefault(key, line.row)
        if first != line.row:
            same = "bet" if line.is_bet else "offer, site and quarter"
            yield _problem(
                line,
                "offer",
                f"row {first} is of the same {same}",
                f"one row for each {same}",
                "add the two up in one row, or remove one",
                " ".join(part for part in key if part),
            )

    def _count(self, line: PlanLine, text: str) -> Iterator[Problem]:
        allowed = "a number of 0 or more, such as 1024"
        if line.is_bet:
            is_yes_or_no = self._unit(line) is not None
            allowed = "0 for no, or 1 for yes" if is_yes_or_no else "a number from 0 to 1"
        if math.isfinite(line.count):
            too_much = line.is_bet and line.count > 1
            if line.count < 0 or too_much:
                message = "a bet is taken once at most" if too_much else "a count below 0"
                yield _problem(line, "count", message, allowed, "correct it", text)
            return
        if not text:
            yield _problem(line, "count", "the row has no count", allowed, "add it, or a 0")
            return
        meant = number_meant(text)
        remedy = f"write {meant}" if meant else "write it without units and separators of thousands"
        message = "this is no count"
        if self._decimal_comma and _EITHER.fullmatch(text):
            message = "this may be thousands or decimals"
            whole, decimals = re.split("[.,]", text)
            remedy = f"write {whole}{decimals}, or the other as {whole}{text[-4]}{decimals}0"
        yield _problem(line, "count", message, allowed, remedy, show(text))

    def _bet(self, line: PlanLine) -> Iterator[Problem]:
        bet = self._bets.get(line.offer)
        if bet is None and line.offer not in self._sets.falls:
            known = list(self._bets)
            yield _problem(
                line,
                "offer",
                "there is no such bet",
                listing(known) or "no bets: this scenario has none",
                did_you_mean(line.offer, known, "use one of these, or remove the row"),
                show(line.offer),
            )
        if 0 < line.count < 1 and self._unit(line) is not None:
            yield _problem(
                line,
                "count",
                f"`{line.offer}` is taken whole or not at all",
                "0 or 1",
                "round it, or allow shares with `--set bets=relaxed`",
                f"{line.count:g}",
            )
        for key, found in (("site", line.site), ("quarter", line.quarter)):
            if found:
                message, remedy = f"a bet has no {key} to choose", f"leave `{key}` empty"
                yield _problem(line, key, message, "nothing", remedy, show(found))

    def _order(self, line: PlanLine, cells: Mapping[str, str]) -> Iterator[Problem]:
        contract = self._contracts.get(line.offer)
        if contract is None:
            yield self._no_such_offer(line)
            if line.quarter not in self._sets.quarters:
                yield self._outside(line)
            return
        if line.offer in self._sets.scenario.offers and line.offer in self._sets.scenario.power:
            message = f"an offer and a power contract are both called `{line.offer}`"
            remedy = "give one of the two another name in the config"
            yield _problem(line, "offer", message, "a name that only one has", remedy)
        mode = cells.get("mode", "")
        if mode and mode.lower() != contract.mode:
            yield _problem(
                line,
                "mode",
                f"`{line.offer}` is of mode {contract.mode}",
                f"{contract.mode}, {BET} for a yes or no, or nothing",
                "correct it, or name another offer",
                show(mode),
            )
        yield from self._site(line, contract)
        yield from self._quarter(line, contract)
        yield from self._units(line)

    def _no_such_offer(self, line: PlanLine) -> Problem:
        known, scenario = list(self._contracts), self._sets.scenario
        if line.offer in scenario.offers:
            mode = scenario.offers[line.offer].mode
            message = f"`{line.offer}` is {mode}: what is rented is decided quarter by quarter"
            remedy = "remove the row"
        elif line.offer in scenario.existing:
            message = f"`{line.offer}` is there already, whatever is signed"
            remedy = "remove the row"
        elif line.offer in self._bets:
            message = f"`{line.offer}` is a bet, and no order"
            remedy = f"leave site and quarter empty, and `mode` too or as {BET}"
        else:
            message = "there is no such offer or power contract"
            remedy = did_you_mean(line.offer, known, "use one of these")
        return _problem(line, "offer", message, listing(known), remedy, show(line.offer))

    def _site(self, line: PlanLine, contract: Contract) -> Iterator[Problem]:
        sites = [self._sets.sites[i] for i in contract.sites]
        if line.site in sites:
            return
        message = f"`{line.offer}` is not offered there"
        if line.site not in self._sets.sites:
            message = "there is no such site" if line.site else "the row names no site"
        allowed = listing(sites) or "no site: the platform may stand at none of the offer's"
        remedy = did_you_mean(line.site, sites, "use one of these" if sites else "remove the row")
        yield _problem(line, "site", message, allowed, remedy, line.site and show(line.site))

    def _outside(self, line: PlanLine) -> Problem:
        quarters = self._sets.quarters
        message = "the row names no quarter"
        if line.quarter:
            count = f"{len(quarters)} quarter{'' if len(quarters) == 1 else 's'}"
            message = f"this quarter is not in the plan of {count}"
        return _problem(
            line,
            "quarter",
            message,
            _span(quarters[0], quarters[-1]),
            did_you_mean(line.quarter, quarters, "name the quarter in which it starts"),
            line.quarter and show(line.quarter),
        )

    def _quarter(self, line: PlanLine, contract: Contract) -> Iterator[Problem]:
        quarters = self._sets.quarters
        if line.quarter not in quarters:
            yield self._outside(line)
            return
        at, starts = quarters.index(line.quarter), contract.starts
        if at in starts:
            return
        allowed = _span(quarters[starts[0]], quarters[starts[-1]]) if starts else "no quarter"
        if not starts:
            message = f"`{line.offer}` cannot start within the plan"
        elif at < starts[0]:
            lead = f"{starts[0]} quarter{'' if starts[0] == 1 else 's'}"
            message = f"`{line.offer}` cannot start that early: it takes {lead}"
        else:
            message = f"`{line.offer}` cannot start that late"
        remedy = "start it in one of these, or remove the row" if starts else "remove the row"
        yield _problem(line, "quarter", message, allowed, remedy, line.quarter)

    def _units(self, line: PlanLine) -> Iterator[Problem]:
        size = self._unit(line)
        if size is None or not 0 <= line.count < math.inf or self._whole(line) is not None:
            return
        low = math.floor(line.count / size) * size
        yield _problem(
            line,
            "count",
            f"`{line.offer}` comes in whole units of {size}",
            f"multiples of {size}, such as {low:,} or {low + size:,}",
            "round it, or allow parts of a unit with `--set bets=relaxed`",
            f"{line.count:g}",
        )

    def together(self, lines: Sequence[PlanLine]) -> Iterator[Problem]:
        """Yield what is wrong with lines together that are right by themselves."""
        orders = [line for line in lines if not line.is_bet and line.count > 0]
        taken = {line.offer for line in lines if line.is_bet and line.count > 0}
        yield from self._unfunded(orders, taken)
        yield from self._small_orders(orders)

    def _unfunded(self, orders: Iterable[PlanLine], taken: set[str]) -> Iterator[Problem]:
        """Orders under a right that is not bought or a programme that is not funded."""
        for line in orders:
            mode = self._contracts[line.offer].mode
            if mode in _FUNDED and line.offer not in taken:
                paid = "the right is not bought" if mode == "option" else "it is not funded"
                yield _problem(
                    line,
                    "offer",
                    f"nothing can be ordered under `{line.offer}`: {paid} in this plan",
                    f"a row with mode {BET} and count 1 for `{line.offer}`",
                    "add that row, or remove this one",
                )

    def _small_orders(self, orders: Iterable[PlanLine]) -> Iterator[Problem]:
        """Orders of a quarter that are smaller, over all sites, than the smallest there is."""
        if self._sets.scenario.bets != "whole":
            return
        by_quarter: dict[tuple[str, str], list[PlanLine]] = defaultdict(list)
        for line in orders:
            if self._contracts[line.offer].platform >= 0:
                by_quarter[line.offer, line.quarter].append(line)
        for (offer, quarter), lines in by_quarter.items():
            least = minimum_order(self._sets, self._contracts[offer])
            ordered = math.fsum(line.count for line in lines)
            if least is not None and ordered < least * (1 - _ROUNDING):
                yield _problem(
                    lines[0],
                    "count",
                    f"the order of `{offer}` for {quarter} is too small",
                    f"{least:g} accelerators or more, over all sites, or none",
                    "order more, or remove it",
                    f"{ordered:g}",
                )


def _span(first: str, last: str) -> str:
    return first if first == last else f"{first} to {last}"


def _problem(
    line: PlanLine, column: str, message: str, allowed: str, remedy: str, found: str = ""
) -> Problem:
    return Problem(column, message, allowed, remedy, found, line=line.row)
