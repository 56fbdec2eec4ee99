"""What county and city found before the province: the self-check and the review.

Their figures are shown beside the province's and decide nothing. The one figure that
the registry alone can give, the persons still poor of the agricultural-hukou
population, is computed again.

Source: plan, 六（一）, 六（二）.
"""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Earlier:
    """An indicator as county or city found it; `level` is county, municipal or registry."""

    level: str
    indicator: str
    numerator: float
    denominator: float
    document: str

    @property
    def value(self) -> float:
        """Return the share."""
        return self.numerator / self.denominator


REGISTRY = "registry"
"""The level of the figure computed here from the registry alone."""


def earlier_results(
    table: pd.DataFrame, *, still_poor: int, population: int
) -> tuple[Earlier, ...]:
    """Return the figures of county and city, and the registry's own incidence before them.

    Parameters
    ----------
    table
        Table `earlier_results`.
    still_poor, population
        Registered persons not lifted, and agricultural-hukou persons.
    """
    own = Earlier(REGISTRY, "composite_incidence", still_poor, population, "")
    rows = table.sort_values(["level", "indicator"], kind="stable")
    return (
        own,
        *(
            Earlier(
                level=row["level"],
                indicator=row["indicator"],
                numerator=float(row["numerator"]),
                denominator=float(row["denominator"]),
                document=row["document"],
            )
            for _, row in rows.iterrows()
        ),
    )
