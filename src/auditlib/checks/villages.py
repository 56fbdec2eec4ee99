"""Infrastructure and public services, village by village, and the county's beside the nation's.

A gap to the national average is shown and never fails a county (A23).

Source: plan, 三（三）5.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from auditlib.plan import Service
from auditlib.plan.procedure import VillageItem


@dataclass(frozen=True)
class ItemCheck:
    """One item over the villages checked: how many met it before and meet it now."""

    item: str
    kind: str
    villages: int
    met_before: int
    met_now: int
    improved: int
    unmet: tuple[str, ...]


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
    found = []
    for name, item in items.items():
        rows = checks[checks["item"] == name]
        now = rows["after"].isin(met)
        found.append(
            ItemCheck(
                item=name,
                kind=item.kind,
                villages=len(rows),
                met_before=int(rows["before"].isin(met).sum()),
                met_now=int(now.sum()),
                improved=int((rows["change"] != "none").sum()),
                unmet=tuple(sorted(rows.loc[~now, "village"])),
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
        Share of the average by which a figure may lie below it and still be close.
    """
    rows = {row["service"]: row for _, row in figures.iterrows()}
    found = []
    for name, service in services.items():
        row = rows.get(name)
        value = float(row["value"]) if row is not None else None
        gap = (value - service.average) / service.average if value is not None else None
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
                close=gap >= -float(close_within) if gap is not None else None,
            )
        )
    return tuple(found)
