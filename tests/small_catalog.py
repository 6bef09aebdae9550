"""A catalogue of two chips with every kind of entry, and a scenario that looks figures up in it."""

from __future__ import annotations

from pathlib import Path

from planner.config.document import Document
from planner.config.yaml_tree import read_document

WHO = "source: data sheet 7, date: 2026-01-31, evidence: vendor-claim"
OURS = "source: ours, date: 2026-02-01, evidence: assumption"
SHIPPED = f"""\
platforms:
  chip-a:
    vendor: Acme
    unit: chip
    full_name: Acme A
    released: {{value: "2025-03", {WHO}}}
    cooling: {{value: air, {WHO}}}
    export_class: {{value: below 3A090, {OURS}}}
    peak_pflops:
      value: 0.9
      unit: PFLOP/s
      source: data sheet 7
      date: 2026-01-31
      evidence: vendor-claim
      also:
        - {{value: 0.7, unit: PFLOP/s, source: a bench, date: 2026-02-02,
           evidence: measured-independent}}
      default_because: the bench ran at a lower clock than is sold
    peak_pflops_fp8: {{value: 1.8, unit: PFLOP/s, {WHO}}}
    memory_gb: {{value: 80, unit: GB, {WHO}}}
    memory_bandwidth_tbps: {{value: 3.2, low: 3, unit: TB/s, {WHO}}}
    tdp_kw: {{value: 0.7, unit: kW, {WHO}}}
    accelerator_kw: {{quantiles: {{p10: 1.0, p50: 1.2, p90: 1.5}}, unit: kW, {OURS}}}
    scale_up_accelerators: {{value: 8, unit: accelerators, {WHO}}}
    availability: {{quantiles: {{p10: 0.85, p50: 0.9, p90: 0.95}}, unit: share of hours, {OURS}}}
    utilisation:
      pretraining: {{reference: runs-a}}
      inference: {{quantiles: {{p10: 0.1, p50: 0.2, p90: 0.4}}, unit: share of peak FLOP/s, {OURS}}}
    bandwidth_utilisation:
      inference: {{value: 0.6, unit: share of bandwidth, {OURS}}}
    scaling_exponent:
      pretraining: {{quantiles: {{p10: 0.8, p50: 0.88, p90: 0.94}}, unit: exponent, {OURS}}}
    supply_accelerators_per_quarter:
      quantiles: {{p05: 8000, p50: 12000, p95: 20000}}
      unit: accelerators/quarter
      source: a survey of boards
      date: 2026-02-03
      evidence: third-party-estimate
  chip-b:
    vendor: Bolt
    unit: GPU
    peak_pflops: {{value: 0.3, unit: PFLOP/s, {WHO}}}
    accelerator_kw: {{value: 0.5, unit: kW, {WHO}}}
prices:
  a-rent:
    {{platform: chip-a, offer: rent, seller: Cloud One, unit: USD/hour, value: 2.5, {WHO}}}
  a-reserve:
    {{platform: chip-a, offer: reserve, seller: Cloud One, term_quarters: 4, unit: USD/hour,
     value: 1.5, {WHO}}}
  a-buy:
    platform: chip-a
    offer: buy
    seller: Acme partners
    unit: USD
    quantiles: {{p10: 20000, p50: 30000, p90: 45000}}
    source: no public price; ours
    date: 2026-02-01
    evidence: assumption
  b-rent:
    {{platform: chip-b, offer: rent, seller: Cloud Two, unit: USD/hour, value: 0.7, {WHO}}}
references:
  runs-a:
    about: utilisation of pre-training runs
    quantity: utilisation
    kind_of_work: pretraining
    platforms: [chip-a]
    points: 7
    figure:
      quantiles: {{p10: 0.3, p50: 0.38, p90: 0.46}}
      unit: share of peak FLOP/s
      source: seven runs
      date: 2026-02-04
      evidence: measured-vendor
  jobs-a:
    about: time to train by size of a job
    quantity: scaling-exponent
    kind_of_work: pretraining
    platforms: [chip-a]
    points: 9
    reference_accelerators: {{value: 512, unit: accelerators, {OURS}}}
    figure: {{quantiles: {{p10: 0.81, p50: 0.9, p90: 0.95}}, unit: exponent, {OURS}}}
claims:
  a-twice:
    subject: [chip-a]
    work: any
    said: A performs twice as well as B
    value: 2
    unit: ratio
    against: chip-b
    is_ratio: true
    said_by: Acme
    evidence: vendor-claim
    date: 2026-01-05
    source: a keynote
    conflicts_with: [a-half]
  a-half:
    subject: chip-a
    work: training
    said: A is half as fast as B
    value: 0.5
    unit: ratio
    against: chip-b
    is_ratio: true
    said_by: Bolt
    evidence: rumour
    date: 2026-01-06
    source: a corridor
    conflicts_with: [a-twice]
    share: {{p10: 0.1, p50: 0.4, p90: 0.9, because: nobody could repeat it}}
  a-watts:
    subject: [chip-a, any]
    work: any
    said: 7 TFLOP/s per W
    value: 7
    unit: TFLOP/s per W (sic)
    said_by: press
    evidence: third-party-estimate
    date: 2026-01-07
    source: a forum
"""

SCENARIO = """\
scenario: small
question: What to rent?
start: 2026Q1
quarters: 2
discount_rate_per_year: 0.1
samples: 8
seed: 1
catalog: mine.yaml
sites:
  cloud: {power_mw: unlimited, pue: 1, energy_usd_per_kwh: 0, hosting_usd_per_kw_month: 0}
workloads:
  training: {demand: 100, shortfall_usd_per_unit_hour: 60}
platforms:
  chip-a:
    availability: 0.9
    utilisation: {training: 0.4}
offers:
  a-rent:
    mode: rent
    platform: chip-a
    sites: [cloud]
    price_usd_per_hour: {catalog: a-rent}
    supply_accelerators: 1000
"""


def catalogue(folder: Path, *changes: tuple[str, str], name: str = "mine.yaml") -> Document:
    """Write the catalogue with some texts replaced, and read it."""
    text = SHIPPED
    for written, instead in changes:
        assert text.count(written) == 1, (text.count(written), written)
        text = text.replace(written, instead)
    return document(folder, text, name)


def document(folder: Path, text: str, name: str = "mine.yaml") -> Document:
    """Write a file and read it."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_document(path)
