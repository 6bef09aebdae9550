"""Claims: that each stands where it means something, and that none counts twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from planner.config.document import Location
from planner.config.nested import is_claim, written_in
from planner.config.platforms import YIELD_TABLES
from planner.config.raw import Raw, mapping
from planner.config.slots import places
from planner.config.wording import show
from planner.errors import Problem

MORE_IS_BETTER = ("peak_pflops", "memory_gb", "memory_bandwidth_tbps", *YIELD_TABLES)
"""Fields of a platform of which a claim says more than comes true, if anything."""

YIELDS = ("peak_pflops", "memory_bandwidth_tbps", *YIELD_TABLES)
"""Fields of a platform that a price-performance claim may move."""

PRICES = ("price_usd", "price_usd_per_hour")
"""Fields of offers and of existing accelerators that it may move."""

_THE_FIGURE = frozenset({"claims", "parts", "of", "first"})
"""Keys inside a figure under which stands the same figure, and not a part of another kind."""

_PERFORMANCE = "claimed_price_performance"


@dataclass(frozen=True)
class WrittenClaim:
    """A single claim as written.

    Attributes
    ----------
    place : Location
        Of the figure that it stands in.
    location : Location
        Of the claim itself.
    body : dict
    """

    place: Location
    location: Location
    body: dict[str, Any]

    @property
    def is_figure(self) -> bool:
        """Whether it is about the figure, and not about a factor, a rate or a share in it."""
        inside = self.location[len(self.place) :]
        return all(isinstance(part, int) or part in _THE_FIGURE for part in inside)

    @property
    def field(self) -> tuple[str, str]:
        """The section and the field of its entry."""
        return str(self.place[0]), str(self.place[2]) if len(self.place) > 2 else ""


def written_claims(data: Any) -> list[WrittenClaim]:
    """Return every single claim in the raw data of a scenario, inner ones first."""
    return [
        WrittenClaim(place, location, written)
        for place, slot, value in places(data)
        if slot.figure is not None
        for location, written in written_in(value, place)
        if is_claim(written)
    ]


def _default_shares(raw: Raw) -> Iterator[Problem]:
    """Absolute claims of costs and the like, for which no share can be a default."""
    for claim in written_claims(raw.document.data):
        section, key = claim.field
        better = section == "platforms" and key in MORE_IS_BETTER and claim.is_figure
        if "claim" in claim.body and claim.body.get("share") is None and not better:
            yield raw.document.problem(
                claim.location,
                "this claim needs a `share` of its own: the shares by evidence are those of "
                "figures of which more is better",
                allowed="a belief about what the figure comes to, relative to the claim",
                remedy="add `share: {distribution: ...}`, such as `{distribution: pert, low: 0.9, "
                "mode: 1, high: 1.4}` for a cost",
            )


def _moves(raw: Raw) -> Iterator[Problem]:
    """Price-performance claims that are said to move another kind of figure than they stand in."""
    for claim in written_claims(raw.document.data):
        moves = claim.body.get("moves")
        if _PERFORMANCE not in claim.body or moves not in ("yield", "price"):
            continue
        kind = _kind(claim)
        if kind != moves:
            yield raw.document.problem(
                (*claim.location, "moves"),
                f"this claim moves the {moves}, and it stands in "
                + (f"a {kind}" if kind else "neither a yield nor a price"),
                value=show(moves),
                allowed=f"yields ({', '.join(YIELDS)}) and prices ({', '.join(PRICES)})",
                remedy=f"write `moves: {kind}`" if kind else "attach it to one of these figures",
            )


def _kind(claim: WrittenClaim) -> str:
    section, key = claim.field
    if section == "platforms" and key in YIELDS and claim.is_figure:
        return "yield"
    of_offer = section in ("offers", "existing") and key in PRICES
    return "price" if of_offer and claim.is_figure else ""


def _once(raw: Raw) -> Iterator[Problem]:
    """Price-performance claims that count on the yield and the price, or twice in the yield."""
    used: dict[tuple[str, str], list[tuple[str, WrittenClaim]]] = {}
    for claim in written_claims(raw.document.data):
        named = claim.body.get("claim_id")
        platform = _platform(raw, claim)
        if _PERFORMANCE in claim.body and isinstance(named, str) and platform is not None:
            used.setdefault((platform, named), []).append((_kind(claim), claim))
    for (platform, named), uses in used.items():
        for k, (kind, claim) in enumerate(uses):
            clash = next((other for other in uses[:k] if _doubles((kind, claim), other)), None)
            if clash is not None:
                what = "twice in the yield" if kind == clash[0] else "in the yield and the price"
                yield raw.document.problem(
                    (*claim.location, "claim_id"),
                    f"this claim counts {what} of {platform}: it also stands at "
                    f"{raw.named(clash[1].location)}",
                    value=show(named),
                    allowed="a claim of performance per dollar on the yield or on the price",
                    remedy="keep one of the two",
                )


def _doubles(one: tuple[str, WrittenClaim], other: tuple[str, WrittenClaim]) -> bool:
    if not one[0] or not other[0]:
        return False
    # Workloads in one table share nothing, and of several offers one pays one price.
    return one[0] != other[0] or (one[0] == "yield" and one[1].field != other[1].field)


def _platform(raw: Raw, claim: WrittenClaim) -> str | None:
    """Return the platform that a claim is about."""
    if claim.place[0] == "platforms":
        return str(claim.place[1])
    entry = raw.entries(str(claim.place[0])).get(str(claim.place[1])) if claim.place[1:] else None
    platform = mapping(entry).get("platform")
    return platform if isinstance(platform, str) else None


def _realised_twice(raw: Raw) -> Iterator[Problem]:
    """Peaks that are claims, with a realised share besides."""
    claimed = {c.place[1] for c in written_claims(raw.document.data) if c.place[2:] == _PEAK}
    for name, body in raw.entries("platforms").items():
        if name in claimed and body.get("realised_share", 1) != 1:
            yield raw.document.problem(
                ("platforms", name, "realised_share"),
                "the peak of this platform is a claim, and a claim has a realised share already",
                value=show(body["realised_share"]),
                allowed="one realised share for a peak",
                remedy="move it into the claim as `share`, or write the peak as a number",
            )


_PEAK = ("peak_pflops",)

CLAIM_CHECKS = (_default_shares, _moves, _once, _realised_twice)
