"""Names, vendors and sites of every instrument: one mistake each, told once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from planner.config.validation import validate
from planner.config.yaml_tree import read_document
from planner.errors import Problem

Problems = Callable[..., list[Problem]]
ToldOnce = Callable[[str, str, str, str, str], None]
Write = Callable[[str | bytes], Path]

OWNED = "platform: small\n    site: hall\n    accelerators: 128"


def test_the_scenario_with_every_instrument_is_valid(write: Write, instruments: str) -> None:
    scenario = validate(read_document(write(instruments)))
    assert {offer.mode for offer in scenario.offers.values()} == {
        *("buy", "reserve", "rent", "spot", "option", "programme")
    }
    assert {entry.mode for entry in scenario.existing.values()} == {
        *("owned", "contracted", "ordered")
    }
    assert {contract.mode for contract in scenario.power.values()} == {"lease", "build"}


@pytest.mark.parametrize(
    ("old", "new", "path", "words", "help_words"),
    [
        (
            OWNED,
            OWNED.replace("small", "smal"),
            "existing.old.platform",
            "no such entry",
            "`small`",
        ),
        (OWNED, OWNED.replace("hall", "hal"), "existing.old.site", "no such entry", "`hall`"),
        (
            "    site: hall\n    supply",
            "    site: halle\n    supply",
            "power.hall-lease.site",
            "no such entry",
            "`hall`",
        ),
        (
            "    site: hall\n    supply",
            "    site: cloud\n    supply",
            "power.hall-lease.site",
            "unlimited power already",
            "hall, annex",
        ),
        (
            "{big: 192,",
            "{bigg: 192,",
            "pools.hbm.use_per_accelerator.bigg",
            "no such entry",
            "`big`",
        ),
        (
            "allowed_platforms: [big, own]",
            "allowed_platforms: [big, own, owm]",
            "workloads.chat.allowed_platforms.2",
            "no such entry",
            "`own`",
        ),
        (
            "allowed_platforms: [big, own]",
            "allowed_platforms: [big, own, big]",
            "workloads.chat.allowed_platforms.2",
            "platform is listed twice",
            "remove one",
        ),
        (
            "allowed_platforms: [big, own]",
            "denied_platforms: [bug]",
            "workloads.chat.denied_platforms.0",
            "no such entry",
            "`big`",
        ),
        (
            "denied_sites: [annex]",
            "denied_sites: [anex]",
            "workloads.chat.denied_sites.0",
            "no such entry",
            "`annex`",
        ),
        (
            "denied_sites: [annex]",
            "allowed_sites: [halle, hall]",
            "workloads.chat.allowed_sites.0",
            "no such entry",
            "`hall`",
        ),
        (
            "idle_power_share: 0.3",
            "yield_per_accelerator: {chatt: 1}",
            "platforms.big.yield_per_accelerator.chatt",
            "no such entry",
            "`chat`",
        ),
        (
            "    bandwidth_utilisation: {chat: 0.5}",
            "    bandwidth_utilisation: {chat: 0.5, chap: 1}",
            "platforms.big.bandwidth_utilisation.chap",
            "no such entry",
            "`chat`",
        ),
        (
            "porting: {chat:",
            "porting: {chatt:",
            "platforms.own.porting.chatt",
            "no such entry",
            "`chat`",
        ),
        (
            "others: [own, small]",
            "others: [own, smal]",
            "bargaining.price_falls.rival.others.1",
            "no such entry",
            "`small`",
        ),
        (
            "others: [own, small]",
            "others: [own, own]",
            "bargaining.price_falls.rival.others.1",
            "listed twice",
            "remove one",
        ),
        (
            "others: [own, small]",
            "others: [own, big]",
            "bargaining.price_falls.rival.others.1",
            "this platform is of acme",
            "own, small",
        ),
        (
            "programme: own-chip,",
            "programme: own-chop,",
            "bargaining.allocation_cuts.jealous.programme",
            "no such programme",
            "`own-chip`",
        ),
        (
            "programme: own-chip,",
            "programme: big-buy,",
            "bargaining.allocation_cuts.jealous.programme",
            "is no programme",
            "own-chip",
        ),
        (
            "smallest_vendor_share: {basic: 0.1}",
            "smallest_vendor_share: {basick: 0.1}",
            "limits.smallest_vendor_share.basick",
            "no platform here is of this vendor",
            "`basic`",
        ),
        (
            "rival: {vendor: acme,",
            "rival: {vendor: acne,",
            "bargaining.price_falls.rival.vendor",
            "no platform here is of this vendor",
            "`acme`",
        ),
        (
            "jealous: {vendor: acme,",
            "jealous: {vendor: acne,",
            "bargaining.allocation_cuts.jealous.vendor",
            "no platform here is of this vendor",
            "`acme`",
        ),
        (
            "denied_regions: [eu]",
            "denied_regions: [eu, ue]",
            "platforms.big.denied_regions.1",
            "no site is in this region",
            "us, eu",
        ),
        (
            "  hbm:",
            "  HBM: {unit: GB, supply: 1, use_per_accelerator: {big: 1}}\n  hbm:",
            "pools.hbm",
            "differ only in capital letters",
            "tell apart",
        ),
        (
            "    rival:",
            "    Rival: {vendor: acme, others: [own], passes_share: 0.1, discount_share: 0}\n"
            "    rival:",
            "bargaining.price_falls.rival",
            "differ only in capital letters",
            "tell apart",
        ),
        ("region: eu", "region: US", "sites.annex.region", "also written `us`", "in one way"),
    ],
)
def test_names_that_nothing_defines_or_two_things_have(
    told_once: ToldOnce, old: str, new: str, path: str, words: str, help_words: str
) -> None:
    told_once(old, new, path, words, help_words)


@pytest.mark.parametrize(
    ("old", "new", "path", "words", "help_words"),
    [
        (
            "    denied_regions: [eu]",
            "    allowed_regions: [eu]",
            "offers.big-option.sites",
            "`platforms.big.allowed_regions` (line",
            "annex",
        ),
        (
            "denied_regions: [eu]",
            "denied_regions: [us]",
            "existing.coming.site",
            "does not let big stand at hall",
            "annex, cloud",
        ),
        (
            "  small-spot:\n    mode: spot\n    platform: small",
            "  small-spot:\n    mode: spot\n    platform: none",
            "offers.small-spot.platform",
            "no such entry",
            "platforms",
        ),
    ],
)
def test_sites_that_rules_close(
    told_once: ToldOnce, old: str, new: str, path: str, words: str, help_words: str
) -> None:
    told_once(old, new, path, words, help_words)


@pytest.mark.parametrize(
    ("largest", "smallest", "message"),
    [
        (
            "{acme: 0.8}",
            "{acme: 0.9}",
            "`limits.smallest_vendor_share.acme` (line {smallest}) is at least 0.9 and "
            "`limits.largest_vendor_share.acme` (line {largest}) at most 0.8",
        ),
        (
            "{acme: {distribution: uniform, low: 0.1, high: 0.2}}",
            "{acme: {distribution: uniform, low: 0.3, high: 0.9}}",
            "is at least 0.3 and `limits.largest_vendor_share.acme` (line {largest}) at most 0.2",
        ),
        (
            "{acme: 0.8}",
            "{basic: 0.3, self: 0.6, acme: 0.5}",
            "`limits.smallest_vendor_share.self` (line {smallest}) and "
            "`limits.smallest_vendor_share.acme` (line {smallest}) sum to at least 1.1, above 1",
        ),
        (
            "{acme: 0.8}",
            "{basic: 0.3, self: 0.4, acme: 0.4}",
            "self` (line {smallest}) and `limits.smallest_vendor_share.acme` (line {smallest}) and "
            "`limits.smallest_vendor_share.basic` (line {smallest}) sum to at least 1.1, above 1",
        ),
    ],
)
def test_shares_that_cannot_hold_together(
    instrument_problems: Problems, instruments: str, largest: str, smallest: str, message: str
) -> None:
    above = 1 + instruments[: instruments.index("largest_vendor_share")].count("\n")
    below = above + 1
    (problem,) = instrument_problems(
        ("largest_vendor_share: {acme: 0.8}", f"largest_vendor_share: {largest}"),
        ("smallest_vendor_share: {basic: 0.1}", f"smallest_vendor_share: {smallest}"),
    )
    assert "these limits cannot hold together" in problem.message
    assert message.format(largest=above, smallest=below) in problem.message
    assert problem.line == below


def test_shares_that_may_hold_together(write: Write, instruments: str) -> None:
    text = instruments.replace(
        "smallest_vendor_share: {basic: 0.1}",
        "smallest_vendor_share: {acme: {distribution: uniform, low: 0.8, high: 1}, basic: 0.2}",
    )
    assert validate(read_document(write(text)))


@pytest.mark.parametrize(
    ("old", "entry", "path", "words"),
    [
        (
            "    rival: {",
            "    other: {vendor: acme, others: [own], passes_share: 0.5, discount_share: 0.95}\n",
            "bargaining.price_falls.other.discount_share",
            "together the acme discounts are more than the whole price",
        ),
        (
            "    jealous: {",
            "    other: {vendor: acme, programme: own-chip, cut_share: 0.8}\n",
            "bargaining.allocation_cuts.other.cut_share",
            "together the acme cuts are more than the whole supply",
        ),
    ],
)
def test_what_vendors_give_way_is_at_most_all(
    instrument_problems: Problems, old: str, entry: str, path: str, words: str
) -> None:
    (problem,) = instrument_problems((old, f"{entry}{old}"))
    assert problem.path == path
    assert words in problem.message


def test_what_only_exists_needs_no_offer(write: Write, instruments: str) -> None:
    text = instruments.replace(
        "  big-buy:\n    mode: buy\n    platform: big",
        "  big-buy:\n    mode: buy\n    platform: own",
    )
    head, _, rest = text.partition("  big-option:\n")
    text = head + "  own-chip:" + rest.partition("  own-chip:")[2]
    assert "big" not in {
        offer.platform for offer in validate(read_document(write(text))).offers.values()
    }
