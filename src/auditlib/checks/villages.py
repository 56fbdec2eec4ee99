"""Infrastructure and public services, village by village, and the county's beside the nation's.

A gap to the national average is shown and never fails a county (A23).

Source: plan, 三（三）5.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from auditlib.plan import Service
from auditlib.plan.procedure import VillageItem


@dataclass(frozen=True)
class ItemCheck:
    """One item over the villages checked: how many met it before and meet it now.

    `without_evidence` counts villages whose finding names no photograph or paper.
    """

    item: str
    kind: str
    villages: int
    met_before: int
    met_now: int
    improved: int
    unmet: tuple[str, ...]
    without_evidence: int


def check_villages(
    items: Mapping[str, VillageItem], checks: pd.DataFrame, *, met: tuple[str, ...]
) -> tuple[ItemCheck, ...]:
    """Return every item over the villages.

    Parameters
    ----------
    items
        The plan's items.
    checks
        Table `village_checks`.
    met
        Findings that count as met.
    """
    columns = ("village", "before", "after", "change", "evidence")
    found = []
    for name, item in items.items():
        rows = checks[checks["item"] == name]
        villages, before, after, change, evidence = (rows[column].tolist() for column in columns)
        now = [state in met for state in after]
        found.append(
            ItemCheck(
                item=name,
                kind=item.kind,
                villages=len(rows),
                met_before=sum(state in met for state in before),
                met_now=sum(now),
                improved=sum(told != "none" for told in change),
                unmet=tuple(sorted(v for v, kept in zip(villages, now, strict=True) if not kept)),
                without_evidence=evidence.count(""),
            )
        )
    return tuple(found)


@dataclass(frozen=True)
class VillageLine:
    """One village: how each item stands now and stood before, in the order of the items.

    `met`, `basic`, `unmet`, or empty where nobody looked.
    """

    village: str
    poor: bool
    before: tuple[str, ...]
    now: tuple[str, ...]


def line_up_villages(
    items: Iterable[str], checks: pd.DataFrame, villages: pd.DataFrame
) -> tuple[VillageLine, ...]:
    """Return every village checked, those with most gaps first.

    Parameters
    ----------
    items
        Codes of the items.
    checks
        Table `village_checks`.
    villages
        Table `villages`.
    """
    names = tuple(items)
    poor = set(villages.loc[villages["ever_poor"] == "yes", "village"])
    states: dict[str, dict[str, tuple[str, str]]] = {}
    columns = (checks[name].tolist() for name in ("village", "item", "before", "after"))
    for village, item, before, after in zip(*columns, strict=True):
        states.setdefault(village, {})[item] = (before, after)
    lines = []
    for village, known in states.items():
        pairs = [known.get(name, ("", "")) for name in names]
        before, now = (tuple(pair[i] for pair in pairs) for i in (0, 1))
        lines.append(VillageLine(village, village in poor, before, now))
    return tuple(
        sorted(lines, key=lambda v: (-v.now.count("unmet"), -v.now.count("basic"), v.village))
    )


@dataclass(frozen=True)
class Improvement:
    """How far poor villages improved in one kind of item: judgements, not villages.

    `judged` = `clear` + `some` + `none`; `met_now` counts judgements on items met today.
    """

    kind: str
    villages: int
    judged: int
    clear: int
    some: int
    none: int
    met_now: int
    without_evidence: int


def judge_improvement(
    items: Mapping[str, VillageItem],
    checks: pd.DataFrame,
    villages: pd.DataFrame,
    *,
    met: tuple[str, ...],
) -> tuple[Improvement, ...]:
    """Return the three judgements on poor villages: infrastructure, services, appearance."""
    poor = villages.loc[villages["ever_poor"] == "yes", "village"]
    own = checks[checks["village"].isin(poor)]
    found = []
    for kind in dict.fromkeys(item.kind for item in items.values()):
        rows = own[own["item"].isin([n for n, item in items.items() if item.kind == kind])]
        counts = rows["change"].value_counts()
        clear, some, none = (int(counts.get(name, 0)) for name in ("clear", "some", "none"))
        found.append(
            Improvement(
                kind=kind,
                villages=rows["village"].nunique(),
                judged=len(rows),
                clear=clear,
                some=some,
                none=none,
                met_now=int(rows["after"].isin(met).sum()),
                without_evidence=int((rows["evidence"] == "").sum()),
            )
        )
    return tuple(found)


@dataclass(frozen=True)
class ServiceGap:
    """A county indicator beside the national average; `gap` is their difference by the average.

    `value` and `gap` are None where the county's figure is not known.
    """

    service: str
    unit: str
    value: float | None
    year: int | None
    average: float
    average_year: int
    source: str
    average_source: str
    gap: float | None
    close: bool | None
    close_within: float


def compare_services(
    services: Mapping[str, Service], figures: pd.DataFrame, *, close_within: Fraction
) -> tuple[ServiceGap, ...]:
    """Return the county's indicators beside the national averages.

    Parameters
    ----------
    services
        The plan's list with averages and their sources.
    figures
        Table `county_services`.
    close_within
        Share of the average by which a figure may lie below it and still be close;
        a service may have a share of its own.
    """
    rows = {row["service"]: row for _, row in figures.iterrows()}
    found = []
    for name, service in services.items():
        row = rows.get(name)
        value = float(row["value"]) if row is not None else None
        gap = (value - service.average) / service.average if value is not None else None
        within = float(close_within if service.close_within is None else service.close_within)
        found.append(
            ServiceGap(
                service=name,
                unit=service.unit,
                value=value,
                year=int(row["year"]) if row is not None else None,
                average=service.average,
                average_year=service.year,
                source=row["source"] if row is not None else "",
                average_source=service.source,
                gap=gap,
                close=gap >= -within if gap is not None else None,
                close_within=within,
            )
        )
    return tuple(found)
