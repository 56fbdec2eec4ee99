"""What the plan asks of one county's sample, as frame, quotas and rules of the design."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from auditlib.plan.sample import Sampling
from auditlib.sampling.design import DIRECT, SWITCHES, Json
from auditlib.sampling.frame import Access, Frame, Group, Village, freeze, remote_villages
from auditlib.sampling.pseudonym import group_id, household_id, village_id
from auditlib.sampling.quotas import Quotas
from auditlib.sampling.size import PlanSize, SampleSize, achieved_margin, plan_size, sample_size


@dataclass(frozen=True)
class Sizes:
    """Sizes of one county before the draw.

    `plan` is what the plan asks for by registered persons; `lifted_listed` the lifted
    households of the frame; `precision` the chain from the plan's 95 % and 1 point;
    `margin` the half-width that the planned lifted households promise, as a share,
    under the assumed share and design effect.
    """

    registered_persons: int
    plan: PlanSize
    lifted_listed: int
    lifted: int
    precision: SampleSize
    margin: float


def make_frame(
    villages: pd.DataFrame,
    groups: pd.DataFrame,
    registry: pd.DataFrame,
    *,
    plan: Sampling,
    statuses: Mapping[str, tuple[str, ...]],
    key: bytes,
) -> Frame:
    """Return the frame of a county from its tables, under study identifiers.

    Parameters
    ----------
    villages, groups
        Tables of the same name.
    registry
        Table `registry_households`; excluded households are left out (A32).
    plan
        Limits of remoteness.
    statuses
        Registry statuses that count as `lifted` and as `still_poor`.
    key
        Secret of the round's pseudonyms.
    """
    remote = remote_villages(
        {
            row.village: Access(row.distance_km, row.minutes, row.infrastructure_score)
            for row in villages.itertuples()
        },
        far_km=plan.remoteness.far_km,
        long_minutes=plan.remoteness.long_minutes,
        weak_score=plan.remoteness.weak_score,
    )
    present = registry[registry["excluded"] == ""]
    homes: dict[str, dict[str, list[str]]] = {"lifted": {}, "still_poor": {}}
    for kind, units in homes.items():
        rows = present[present["status"].isin(statuses[kind])]
        columns = (rows[name].tolist() for name in ("household", "village"))
        for household, village in zip(*columns, strict=True):
            units.setdefault(village_id(village), []).append(household_id(household, key=key))
    return freeze(
        (
            Village(
                village_id(row.village),
                getattr(row, plan.townships.area),
                row.ever_poor == "yes",
                row.village in remote,
            )
            for row in villages.itertuples()
        ),
        (
            Group(
                group_id(row.village, row.group),
                village_id(row.village),
                int(row.unregistered_households),
            )
            for row in groups.itertuples()
        ),
        lifted=homes["lifted"],
        still_poor=homes["still_poor"],
    )


def make_sizes(
    plan: Sampling, *, registered_persons: int, lifted_listed: int, draw: str = "two_stage"
) -> Sizes:
    """Return the sizes that the plan asks for, and what its precision would need.

    Parameters
    ----------
    plan
        Household numbers and assumed precision.
    registered_persons
        Registered persons of the county, lifted ones included (A28).
    lifted_listed
        Lifted households of the frame.
    draw
        `two_stage` or `direct` (A25): a direct draw has a design effect of its own.

    Source: plan, 四（一）, 四（三）; readings A25, A28-A31.
    """
    wanted = plan_size(
        registered_persons,
        threshold=plan.households.boundary_persons,
        base=plan.households.small_total,
        large=(plan.households.large_from, plan.households.large_to),
        largest_at=plan.households.large_to_persons,
        lifted_share=plan.households.lifted_share,
        floors=(plan.lifted.at_least, plan.unregistered.at_least),
    )
    lifted = min(wanted.lifted, lifted_listed)
    share = float(plan.precision.share)
    deff = float(plan.direct.deff if draw == DIRECT else plan.precision.deff)
    level = float(plan.precision.level)
    return Sizes(
        registered_persons=registered_persons,
        plan=wanted,
        lifted_listed=lifted_listed,
        lifted=lifted,
        precision=sample_size(
            share,
            float(plan.precision.margin),
            population=lifted_listed,
            deff=deff,
            response=float(plan.precision.response),
            level=level,
        ),
        margin=achieved_margin(lifted, share, population=lifted_listed, deff=deff, level=level),
    )


def make_quotas(plan: Sampling, sizes: Sizes, *, literal_halves: bool) -> Quotas:
    """Return the quotas of one county's design."""
    return Quotas(
        villages=plan.villages.target,
        fewest=plan.villages.minimum,
        most=plan.villages.maximum,
        poor=plan.poor_villages.share or Fraction(0),
        remote=plan.remote.share or Fraction(0),
        literal_halves=literal_halves,
        per_kind=plan.villages.per_type,
        rare=plan.villages.rare,
        lifted=sizes.lifted,
        least=plan.lifted.per_village_least,
        upmost=plan.lifted.per_village_most,
        reach=plan.lifted.available_margin,
        groups=plan.groups.target,
        fewest_groups=plan.groups.least,
        most_groups=plan.groups.most,
        unregistered=sizes.plan.unregistered,
        still_poor=plan.still_poor.target,
        reserves=plan.reserves.share or Fraction(0),
    )


def make_rules(plan: Sampling, switches: Mapping[str, str]) -> dict[str, Json]:
    """Return the rules that are digested with the design: remoteness, replacement, readings.

    Parameters
    ----------
    plan
        Limits of remoteness, dispositions that call for replacement.
    switches
        Readings; of them `draw` (A25) and `groups` (A33) stand in the design where they
        are not the plan's own.
    """
    others = {n: switches[n] for n, options in SWITCHES.items() if switches[n] != options[0]}
    return {
        **others,
        "remoteness": {
            "far_km": str(plan.remoteness.far_km),
            "long_minutes": str(plan.remoteness.long_minutes),
            "weak_score": str(plan.remoteness.weak_score),
        },
        "replaceable": list(plan.replaceable),
        "ineligible": list(plan.ineligible),
    }
