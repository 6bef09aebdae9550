"""What figures of the catalogue can be: ranges by field, and ratios between figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from planner.catalog.entries import PlatformEntry, PriceEntry
from planner.catalog.figures import Figure, Stated
from planner.catalog.findings import Checked
from planner.catalog.known import figures_of
from planner.catalog.loading import Catalog, Gathered
from planner.catalog.text import number
from planner.config.document import Location


@dataclass(frozen=True)
class Bounds:
    """What a figure can be; ``wafer_high`` in place of ``high`` for a wafer, and why."""

    low: float
    high: float
    because: str
    wafer_high: float | None = None

    def words(self, wafer: bool) -> str:
        """Return the bounds for a reader."""
        return f"{number(self.low)} to {number(self.top(wafer))}: {self.because}"

    def top(self, wafer: bool) -> float:
        """Return the upper bound for a wafer, or for anything else."""
        return self.wafer_high if wafer and self.wafer_high is not None else self.high


_PEAK = "from chips for inference of 2019 to GPUs of 2025, each side left a factor of three"
_DRAM = "0.2 GB of SRAM on a chip, to 288 GB of stacked DRAM on a package"
RANGES: dict[str, Bounds] = {
    "peak_pflops": Bounds(0.02, 10, _PEAK, wafer_high=200),
    "peak_pflops_fp16": Bounds(0.02, 10, _PEAK, wafer_high=200),
    "peak_pflops_fp8": Bounds(0.05, 30, _PEAK, wafer_high=400),
    "peak_pflops_fp4": Bounds(0.1, 60, _PEAK, wafer_high=800),
    "peak_pops_int8": Bounds(0.03, 30, _PEAK, wafer_high=400),
    "memory_gb": Bounds(0.1, 1000, _DRAM),
    "memory_bandwidth_tbps": Bounds(
        0.02, 150, "DRAM gives up to 8 TB/s, SRAM on a chip about 80", wafer_high=50_000
    ),
    "tdp_kw": Bounds(0.01, 3, "cards of 25 W to packages of 1.4 kW", wafer_high=40),
    "accelerator_kw": Bounds(0.04, 6, "as tdp_kw, with server and network", wafer_high=60),
    "scale_up_accelerators": Bounds(1, 20_000, "one alone, to pods of about 10,000 chips"),
    "scale_up_gb_per_second": Bounds(5, 20_000, "PCIe, to NVLink of 1,800 GB/s"),
    "availability": Bounds(0.3, 1, "less than that is not operated for work"),
    "utilisation": Bounds(0.002, 0.95, "ranking uses about 1 % of the peak; nothing reaches it"),
    "bandwidth_utilisation": Bounds(0.01, 0.99, "scattered small reads, to a stream of 90 %"),
    "scaling_exponent": Bounds(0.2, 1, "less than that is not worth a larger job"),
    "supply_accelerators_per_quarter": Bounds(1, 5e6, "the whole field ships a few million"),
    "USD": Bounds(300, 500_000, "a card for inference, to several GPUs", wafer_high=2e7),
    "USD/hour": Bounds(0.02, 60, "spot prices of old chips, to list prices", wafer_high=600),
}
"""By field of a platform, or by the unit of a price."""

ON_CHIP_READS_PER_SECOND = 1000
"""Memory that can be read more often than this in a second is SRAM: DRAM comes to 50."""


@dataclass(frozen=True)
class Ratio:
    """A ratio between two figures of a platform, and what it can be."""

    over: str
    under: str
    unit: str
    bounds: Bounds


FLOPS_PER_WATT = Bounds(
    0.1, 5, "boards come to 0.2 to 2.5 dense BF16 TFLOP/s per W; ten times more is an error of unit"
)
RATIOS: tuple[Ratio, ...] = (
    Ratio("peak_pflops", "tdp_kw", "TFLOP/s per W", FLOPS_PER_WATT),
    Ratio(
        "accelerator_kw",
        "tdp_kw",
        "of the TDP",
        Bounds(1.1, 3, "server and network come on top, and do not dwarf the accelerator"),
    ),
    Ratio("peak_pflops_fp16", "peak_pflops", "of BF16", Bounds(0.5, 2, "as many bits")),
    Ratio("peak_pflops_fp8", "peak_pflops", "of BF16", Bounds(1, 4, "half the bits")),
    Ratio("peak_pflops_fp4", "peak_pflops_fp8", "of FP8", Bounds(1, 4, "half the bits")),
    Ratio(
        "peak_pops_int8",
        "peak_pflops",
        "of BF16",
        Bounds(0.03, 5, "half the bits; the newest GPUs have next to no INT8 left"),
    ),
)
BYTES_PER_FLOP = {
    "DRAM": Bounds(0.5, 20, "1.8 to 9.4 TB/s per PFLOP/s where memory is beside the chip"),
    "SRAM": Bounds(10, 5000, "28 to 1,700 where the memory is on the chip"),
}
PER_PFLOPS = {
    "USD": Bounds(4_000, 250_000, "USD per dense BF16 PFLOP/s; the field asks 15,000 to 90,000"),
    "USD/hour": Bounds(0.2, 25, "USD per dense BF16 PFLOP/s and hour; asked are 0.8 to 16"),
}
YEARS_TO_BUY = Bounds(0.05, 12, "years of rent that come to the price, at any seller")
HOURS_A_YEAR = 8766


def check_ranges(gathered: Gathered) -> Checked:
    """Check every figure, what others state too, against what its field can be."""
    checked = Checked("figures within the range of their field", gathered.files)
    catalog = gathered.catalog
    for name, entry in catalog.platforms.items():
        for known in figures_of(catalog, name):
            path = known.name.split(".")[1:]
            if not known.reference:
                place = ("platforms", name, *path)
                _in_range(checked, place, known.figure, RANGES[path[0]], entry.unit == "wafer")
    for name, price in catalog.prices.items():
        wafer = catalog.platforms[price.platform].unit == "wafer"
        _in_range(checked, ("prices", name), price, RANGES[price.unit], wafer)
    for name, reference in catalog.references.items():
        bounds = RANGES[reference.quantity.replace("-", "_")]
        _in_range(checked, ("references", name, "figure"), reference.figure, bounds, False)
    return checked


def _in_range(
    checked: Checked, place: Location, figure: Figure, bounds: Bounds, wafer: bool
) -> None:
    for location, stated in _all_stated(place, figure):
        low, high = stated.extremes()
        checked.expect(
            bounds.low <= low and high <= bounds.top(wafer),
            location,
            f"{number(stated.central)} {stated.unit} cannot be",
            allowed=bounds.words(wafer),
            remedy="read the source again, and the unit",
        )


def _all_stated(place: Location, figure: Figure) -> Iterator[tuple[Location, Stated]]:
    yield place, figure
    for position, other in enumerate(figure.also):
        yield (*place, "also", position), other


def check_ratios(gathered: Gathered) -> Checked:
    """Check the ratios between the figures of each platform, such as FLOP/s per watt."""
    checked = Checked("ratios between a platform's figures", gathered.files)
    for name, entry in gathered.catalog.platforms.items():
        for ratio in RATIOS:
            over, under = getattr(entry, ratio.over), getattr(entry, ratio.under)
            if over is not None and under is not None:
                place = _newer(gathered, name, ratio)
                found = over.central / under.central
                what = f"{ratio.over} / {ratio.under} is {found:.3g} {ratio.unit}"
                _ratio(checked, place, found, what, ratio.bounds)
        _bytes_per_flop(checked, name, entry)
    return checked


def _newer(gathered: Gathered, name: str, ratio: Ratio) -> Location:
    """Return where the upper figure stands, or the lower one if only that is a user's own."""
    places = [("platforms", name, key) for key in (ratio.over, ratio.under)]
    own = [place for place in places if gathered.files.is_overlaid(place)]
    return (own or places)[0]


def _bytes_per_flop(checked: Checked, name: str, entry: PlatformEntry) -> None:
    if entry.memory_bandwidth_tbps is None or entry.memory_gb is None:
        return
    bandwidth = entry.memory_bandwidth_tbps.central
    reads_per_second = 1000 * bandwidth / entry.memory_gb.central
    kind = "SRAM" if reads_per_second > ON_CHIP_READS_PER_SECOND else "DRAM"
    found = bandwidth / entry.peak_pflops.central
    place = ("platforms", name, "memory_bandwidth_tbps")
    what = f"memory_bandwidth_tbps / peak_pflops is {found:.3g} TB/s per PFLOP/s"
    _ratio(checked, place, found, what, BYTES_PER_FLOP[kind])


def check_prices(gathered: Gathered) -> Checked:
    """Check prices against the peak of their platform, and against each other."""
    checked = Checked("prices against peaks and each other", gathered.files)
    catalog = gathered.catalog
    for name, price in catalog.prices.items():
        found = price.central / catalog.platforms[price.platform].peak_pflops.central
        what = f"this is {number(found)} {price.unit} per PFLOP/s"
        _ratio(checked, ("prices", name), found, what, PER_PFLOPS[price.unit])
    for name, other, buy, rent in _pairs(catalog, "buy", "rent"):
        years = buy.central / rent.central / HOURS_A_YEAR
        what = f"this is what {years:.2g} years at {other} cost"
        _ratio(checked, ("prices", name), years, what, YEARS_TO_BUY)
    for lower in ("reserve", "spot"):
        for name, other, low, high in _pairs(catalog, lower, "rent"):
            if low.seller == high.seller:
                _not_above(checked, name, other, low, high)
    for name, other, long, short in _pairs(catalog, "reserve", "reserve"):
        if long.seller == short.seller and (long.term_quarters or 0) > (short.term_quarters or 99):
            _not_above(checked, name, other, long, short)
    return checked


def _pairs(
    catalog: Catalog, first: str, second: str
) -> Iterator[tuple[str, str, PriceEntry, PriceEntry]]:
    """Yield pairs of prices of one platform that somebody still asks."""
    asked = {name: price for name, price in catalog.prices.items() if price.historical is None}
    for name, price in asked.items():
        for other, compared in asked.items():
            alike = price.platform == compared.platform and name != other
            if alike and (price.offer, compared.offer) == (first, second):
                yield name, other, price, compared


def _not_above(checked: Checked, name: str, other: str, low: PriceEntry, high: PriceEntry) -> None:
    checked.expect(
        low.central <= high.central,
        ("prices", name),
        f"{number(low.central)} USD/hour is above {other}, {number(high.central)} USD/hour",
        allowed="a longer commitment, or a spot price, that is no dearer at the same seller",
        remedy="read both sources again; prices of different times do not compare",
    )


def _ratio(checked: Checked, place: Location, found: float, what: str, bounds: Bounds) -> None:
    checked.expect(
        bounds.low <= found <= bounds.high,
        place,
        f"{what}, which cannot be",
        allowed=bounds.words(wafer=False),
        remedy="read both sources again, and the units",
    )
