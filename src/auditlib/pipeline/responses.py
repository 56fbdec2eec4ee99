"""From visits to response, weights and departures from the order of the reserves."""

from collections.abc import Collection, Iterable
from fractions import Fraction
from typing import TypeVar

import pandas as pd

from auditlib.sampling.direct import COUNTY
from auditlib.sampling.response import Response, Visit, replacement_faults, village_response

K = TypeVar("K")
V = TypeVar("V")


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
    lifted = visits.loc[visits["kind"] == "lifted", columns].sort_values(["started", "visit_id"])
    made = _by(
        [COUNTY] * len(lifted) if direct else lifted["village"].tolist(),
        map(
            Visit,
            lifted["study_id"].tolist(),
            lifted["disposition"].tolist(),
            [replaced or None for replaced in lifted["replaces"].tolist()],
        ),
    )
    rows = (listed[name].tolist() for name in ("within", "role"))
    units = _by(zip(*rows, strict=True), listed["unit"].tolist())
    for within in sorted({within for within, _ in units}):
        found = replacement_faults(
            units.get((within, "drawn"), []),
            units.get((within, "reserve"), []),
            made.get(COUNTY if direct else within.removeprefix("V-"), []),
            replaceable=tuple(replaceable),
        )
        yield from (f"{fault.code} {fault.values['unit']}" for fault in found)


def _by(keys: Iterable[K], values: Iterable[V]) -> dict[K, list[V]]:
    """Return the values under each key, in their order."""
    found: dict[K, list[V]] = {}
    for key, value in zip(keys, values, strict=True):
        found.setdefault(key, []).append(value)
    return found


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
    ends = list(zip(visits["study_id"].tolist(), visits["disposition"].tolist(), strict=True))
    in_village = _by(visits["village"].tolist(), ends)
    units = _by(listed["within"].tolist(), listed["unit"].tolist())

    def respond(
        place: str, own: list[tuple[str, str]], M: int, within: str, p: Fraction
    ) -> Response:
        return village_response(
            place,
            dict(own),
            listed=M,
            on_list=set(units.get(within, ())),
            probability=p,
            ineligible=ineligible,
        )

    whole = None
    met = set(villages.loc[villages["drawn"] == "1", "village"])
    if direct:
        N = int(villages["lifted_listed"].astype(int).sum())
        whole = respond(COUNTY, ends, N, COUNTY, Fraction(1)).weight
        met |= set("V-" + visits.loc[visits["study_id"].isin(listed["unit"]), "village"])
    rows = []
    for row in villages[villages["village"].isin(met)].itertuples():
        own = in_village.get(row.village.removeprefix("V-"), [])
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
