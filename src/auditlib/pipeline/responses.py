"""From visits to response, weights and departures from the order of the reserves."""

from collections.abc import Collection, Iterable
from fractions import Fraction

import pandas as pd

from auditlib.sampling.direct import COUNTY
from auditlib.sampling.response import Response, Visit, replacement_faults, village_response


def faults(
    visits: pd.DataFrame, listed: pd.DataFrame, replaceable: Iterable[str], *, direct: bool
) -> Iterable[str]:
    """Return every departure from the order of the reserves: of a village, or of the county.

    Parameters
    ----------
    visits
        All visits of a phase.
    listed
        Published rows of the lifted households, drawn ones and reserves.
    replaceable
        Dispositions that call for a replacement.
    direct
        Whether households were drawn from the whole county (A25).
    """
    columns = ["visit_id", "study_id", "village", "kind", "started", "disposition", "replaces"]
    made = visits[columns]
    made = made[made["kind"] == "lifted"].sort_values(["started", "visit_id"])
    for within, rows in listed.groupby("within", sort=True):
        own = made if direct else made[made["village"] == within.removeprefix("V-")]
        found = replacement_faults(
            list(rows.loc[rows["role"] == "drawn", "unit"]),
            list(rows.loc[rows["role"] == "reserve", "unit"]),
            [
                Visit(unit, disposition, replaces or None)
                for unit, disposition, replaces in zip(
                    own["study_id"], own["disposition"], own["replaces"], strict=True
                )
            ],
            replaceable=tuple(replaceable),
        )
        yield from (f"{fault.code} {fault.values['unit']}" for fault in found)


def responses(
    last: pd.DataFrame,
    listed: pd.DataFrame,
    villages: pd.DataFrame,
    *,
    ineligible: Collection[str],
    direct: bool,
) -> pd.DataFrame:
    """Return response and weight of every drawn village, fractions as text.

    A direct draw has one weight, that of the county; the villages that it met stand beside
    it with their own numbers.

    Parameters
    ----------
    last
        One visit a household.
    listed
        Published rows of the lifted households.
    villages
        Published villages of the frame.
    ineligible
        Dispositions of households that no longer belong to the population.
    direct
        Whether households were drawn from the whole county (A25).
    """
    visits = last.loc[last["kind"] == "lifted", ["study_id", "village", "disposition"]]

    def respond(place: str, own: pd.DataFrame, M: int, within: str, p: Fraction) -> Response:
        return village_response(
            place,
            dict(zip(own["study_id"], own["disposition"], strict=True)),
            listed=M,
            on_list=set(listed.loc[listed["within"] == within, "unit"]),
            probability=p,
            ineligible=ineligible,
        )

    whole = None
    met = set(villages.loc[villages["drawn"] == "1", "village"])
    if direct:
        N = int(villages["lifted_listed"].astype(int).sum())
        whole = respond(COUNTY, visits, N, COUNTY, Fraction(1)).weight
        met |= set("V-" + visits.loc[visits["study_id"].isin(listed["unit"]), "village"])
    rows = []
    for row in villages[villages["village"].isin(met)].itertuples():
        own = visits[visits["village"] == row.village.removeprefix("V-")]
        within = COUNTY if direct else row.village
        chance = Fraction(row.probability)
        response = respond(row.village, own, int(row.lifted_listed), within, chance)
        weight = whole if direct else response.weight
        rows.append(
            {
                "village": row.village,
                "township": row.township,
                "kind": row.kind,
                "probability": row.probability,
                "listed": response.listed,
                "opened": response.opened,
                "eligible": response.eligible,
                "responded": response.responded,
                "weight": "" if weight is None else str(weight),
            }
        )
    return pd.DataFrame(rows)
