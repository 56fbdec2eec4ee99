"""The variance, against the recursion written out unit by unit, and what must not move it."""

from math import isclose

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from auditlib.errors import EstimationError
from auditlib.estimation import (
    LONELY_RULES,
    Design,
    estimate_by,
    estimate_mean,
    estimate_ratio,
    estimate_share,
    estimate_total,
    weighted_ratio,
)


def sample(seed: int, *, kind: str) -> pd.DataFrame:
    """Return a sample of two stages, with strata at both, some of them lonely."""
    chance = np.random.default_rng(seed)
    rows = []
    for cluster in range(chance.integers(3, 9)):
        stratum = int(chance.integers(0, 3))
        for half in range(chance.integers(1, 3)):
            for unit in range(chance.integers(1, 5)):
                rows += [(stratum, cluster, half, unit)] * int(chance.integers(1, 3))
    t = pd.DataFrame(rows, columns=["stratum", "cluster", "half", "unit"])
    t["pi1"] = chance.uniform(0.1, 1, t.cluster.max() + 1)[t.cluster]
    t["N1"] = t.groupby("stratum").cluster.transform("nunique") + 2 * t.stratum
    own = t.groupby(["cluster", "half"])
    t["N2"] = own.unit.transform("nunique") + own.ngroup() % 4
    t["y"], t["x"] = chance.normal(5, 3, len(t)), chance.uniform(1, 4, len(t))
    t["w"] = chance.uniform(0.5, 9, len(t))
    t["in"] = chance.random(len(t)) < 0.6
    t["kind"] = kind
    return t


def design(t: pd.DataFrame, **options) -> Design:
    first = {"probabilities": [t.pi1]} if t.kind.iloc[0] == "brewer" else {}
    populations = [None if first else t.N1, t.N2]
    if t.kind.iloc[0] == "with replacement":
        populations = []
    return Design.from_columns(
        units=[t.cluster, t.unit],
        strata=[t.stratum, t.half],
        populations=populations,
        weights=t.w,
        **first,
        **options,
    )


def written_out(t: pd.DataFrame, z: dict, lonely: str, stage: int = 0) -> float | None:
    """Return Σ over strata, and n/N times the same within every unit, of one domain.

    `t` has all sampled rows; z has the values of the rows in the domain. None where
    the rule gives no variance.
    """
    stratum, unit = (("stratum", "cluster"), ("half", "unit"))[stage]
    kind = t.kind.iloc[0]
    met = [rows for _, rows in t.groupby(stratum) if kind == "brewer" or any(rows.index.isin(z))]
    everything = sum(z.get(i, 0.0) for rows in met for i in rows.index)
    centre = everything / max(sum(rows[unit].nunique() for rows in met), 1)
    own, within = [], 0.0
    for rows in met:
        units = dict(iter(rows.groupby(unit)))
        n, f = len(units), dict.fromkeys(units, 0.0)
        if kind != "with replacement":
            f = {u: n / of_unit[("N1", "N2")[stage]].iloc[0] for u, of_unit in units.items()}
        if kind == "brewer" and stage == 0:
            f = {u: of_unit.pi1.iloc[0] for u, of_unit in units.items()}
        total = {u: sum(z.get(i, 0.0) for i in of_unit.index) for u, of_unit in units.items()}
        if n > 1 or 1 - max(f.values()) < 1e-7:
            mean = sum(total.values()) / n
            squares = sum((1 - f[u]) * (total[u] - mean) ** 2 for u in units)
            own.append(squares * n / max(n - 1, 1))
        elif lonely == "fail":
            return None
        elif lonely == "adjust":
            own += [(1 - f[u]) * (total[u] - centre) ** 2 for u in units]
        elif lonely in ("certainty", "remove"):
            own.append(0.0)
        for u, of_unit in units.items():
            if stage == 0 and f[u] > 0:
                inside = written_out(of_unit, z, lonely, stage=1)
                if inside is None:
                    return None
                within += f[u] * inside
    if met and not own:
        return None
    return sum(own) * (len(met) / len(own) if met else 1) + within


KINDS = ("populations", "brewer", "with replacement")


@given(
    seed=st.integers(0, 10**6),
    kind=st.sampled_from(KINDS),
    lonely=st.sampled_from(LONELY_RULES),
    domain=st.booleans(),
)
def test_every_rule_and_domain_agrees_with_the_recursion_written_out(seed, kind, lonely, domain):
    t = sample(seed, kind=kind)
    assume(not domain or t["in"].any())
    where = t["in"] if domain else None
    inside = t[t["in"]] if domain else t
    z = dict((inside.w * inside.y).items())
    d = design(t, lonely=lonely)
    expected = written_out(t, z, lonely)

    if expected is None:
        with pytest.raises(EstimationError, match="only one"):
            estimate_total(d, t.y, where=where)
    else:
        found = estimate_total(d, t.y, where=where).se ** 2
        assert isclose(found, expected, rel_tol=1e-9, abs_tol=1e-12)


@given(seed=st.integers(0, 10**6), kind=st.sampled_from(KINDS), data=st.data())
def test_row_order_does_not_change_an_estimate(seed, kind, data):
    t = sample(seed, kind=kind)
    shuffled = t.loc[data.draw(st.permutations(list(t.index)))].reset_index(drop=True)

    first = estimate_ratio(design(t), t.y, t.x, where=None)
    second = estimate_ratio(design(shuffled), shuffled.y, shuffled.x, where=None)

    assert (second.value, second.se) == pytest.approx((first.value, first.se), rel=1e-9, abs=1e-12)
    assert second.df == first.df


@given(seed=st.integers(0, 10**6), kind=st.sampled_from(KINDS), statistic=st.sampled_from("tmrs"))
def test_estimating_by_a_column_equals_estimating_each_of_its_values(seed, kind, statistic):
    t = sample(seed, kind=kind)
    t["by"] = np.random.default_rng(seed).choice(["a", "b", "c"], len(t))
    t["yes"] = (t.y > 5).astype(int)
    d = design(t)
    name, y, x = {
        "t": ("total", t.y, None),
        "m": ("mean", t.y, None),
        "r": ("ratio", t.y, t.x),
        "s": ("share", t.yes, None),
    }[statistic]
    single = {
        "t": lambda where: estimate_total(d, t.y, where=where),
        "m": lambda where: estimate_mean(d, t.y, where=where),
        "r": lambda where: estimate_ratio(d, t.y, t.x, where=where),
        "s": lambda where: estimate_share(d, t.yes, where=where),
    }[statistic]

    found = estimate_by(d, t.by, statistic=name, y=y, x=x)

    assert list(found) == sorted(t.by.unique())
    for value, estimate in found.items():
        expected = single(t.by == value)
        for field in ("value", "se", "df", "n", "low", "high"):
            assert getattr(estimate, field) == pytest.approx(
                getattr(expected, field), rel=1e-9, abs=1e-12
            )


@given(seed=st.integers(0, 10**6), kind=st.sampled_from(KINDS))
def test_weights_of_another_scale_change_a_total_but_no_ratio(seed, kind):
    t = sample(seed, kind=kind)
    heavier = t.assign(w=1000 * t.w)

    ratio, total = estimate_ratio(design(t), t.y, t.x), estimate_total(design(t), t.y)
    same = estimate_ratio(design(heavier), t.y, t.x)
    larger = estimate_total(design(heavier), t.y)

    assert (same.value, same.se) == pytest.approx((ratio.value, ratio.se), abs=1e-12)
    assert (larger.value, larger.se) == pytest.approx((1000 * total.value, 1000 * total.se))


@given(seed=st.integers(0, 10**6), kind=st.sampled_from(KINDS))
def test_a_ratio_alone_is_that_of_its_estimate_to_the_last_digit(seed, kind):
    t = sample(seed, kind=kind)

    assert weighted_ratio(design(t), t.y, t.x) == estimate_ratio(design(t), t.y, t.x).value


def test_a_ratio_alone_needs_a_denominator():
    with pytest.raises(EstimationError, match="adds up to zero"):
        weighted_ratio(Design.from_columns(weights=[1, 1]), [0, 0], [0, 0])


@given(seed=st.integers(0, 10**6))
def test_a_population_taken_whole_has_no_error(seed):
    t = sample(seed, kind="populations")
    t["N1"] = t.groupby("stratum").cluster.transform("nunique")
    t["N2"] = t.groupby(["cluster", "half"]).unit.transform("nunique")
    share = estimate_share(design(t), (t.y > 5).astype(int))

    assert estimate_total(design(t), t.y).se == 0
    assert (share.low, share.high) == (share.value, share.value)


def test_a_lonely_stratum_is_refused_by_its_name():
    with pytest.raises(EstimationError, match="stage 1, stratum 'b'"):
        estimate_mean(
            Design.from_columns(strata=[["a", "a", "b"]], weights=[1, 1, 1], lonely="fail"),
            [1, 2, 3],
        )


@pytest.mark.parametrize("offset", range(1, 8))
def test_an_estimate_is_the_same_to_the_last_digit_wherever_its_numbers_lie(offset: int) -> None:
    """Matrix products depend on how memory is aligned; plain sums do not."""
    rng = np.random.default_rng(7)
    n = 293

    def moved(values: np.ndarray) -> np.ndarray:
        place = np.empty(n + 8)[offset : offset + n]
        place[:] = values
        return place

    y, x, w = rng.random(n) < 0.1, rng.integers(1, 5, n), 1 + rng.random(n)
    units = [np.arange(n) // 12, np.arange(n)]
    plain, lying = (
        estimate_ratio(
            Design.from_columns(units=units, weights=place(w.astype(float))),
            place(y.astype(float)),
            place(x.astype(float)),
        )
        for place in (np.array, moved)
    )

    assert plain == lying
