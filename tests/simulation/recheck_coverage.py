"""Simulate how often the intervals of the re-check cover the truth; `make coverage` runs it.

A county of 60 villages with 60 lifted households each is surveyed twice, 30 villages by
20 households. Between the rounds every case found is mended, and of the others a share.
Counted is how often the intervals hold the rate of households not yet visited, the rate of
the county (first-round households as their own stratum), and the difference of the rounds.
"""

import sys
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from auditlib.estimation import estimate_ratio, interval
from auditlib.indicators.drawn import lifted_design
from auditlib.rectification.compare import Change, compare
from auditlib.rectification.fresh import FirstRound, tell_apart

VILLAGES, HOUSEHOLDS, DRAWN, EACH = 60, 60, 30, 20
COLUMNS = ["study_id", "village", "kind", "members", "probability", "listed", "weight", "wrong"]
Grid = npt.NDArray[np.generic]


@dataclass
class Covered:
    """How often each interval held the truth, how often a change was shown, and mean errors."""

    replicates: int = 0
    not_yet_visited: int = 0
    own_stratum: int = 0
    difference: int = 0
    better: int = 0
    error: float = 0.0


def draw(random: np.random.Generator, members: Grid, wrong: Grid) -> pd.DataFrame:
    """Return a sample of villages and of households in each."""
    chance = DRAWN / VILLAGES
    weight = HOUSEHOLDS / EACH / chance
    rows = [
        (f"H-{v}-{h}", f"V-{v}", "ab"[v % 2], m, chance, HOUSEHOLDS, weight, wrong[v, h] * m)
        for v in random.choice(VILLAGES, DRAWN, replace=False)
        for h in random.choice(HOUSEHOLDS, EACH, replace=False)
        for m in [int(members[v, h])]
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def once(
    random: np.random.Generator, covered: Covered, *, before: float, after: float, rho: float
) -> None:
    """Survey one county twice and count."""
    odds = (1 - rho) / rho if rho else 0.0
    rates = (
        random.beta(before * odds, (1 - before) * odds, VILLAGES)
        if rho
        else np.full(VILLAGES, before)
    )
    members = random.integers(1, 5, (VILLAGES, HOUSEHOLDS))
    wrong = random.random(members.shape) < rates[:, None]
    first = draw(random, members, wrong)
    rows = first[["wrong", "members"]].astype(float)
    rate = interval(
        estimate_ratio(lifted_design(first), rows["wrong"], rows["members"]), method="beta-capped"
    )
    seen = np.zeros(members.shape, bool)
    for unit in first["study_id"]:
        _, v, h = unit.split("-")
        seen[int(v), int(h)] = True
    later = wrong & ~seen & (random.random(members.shape) < after / before)
    again = draw(random, members, later)
    total = int(members.sum())
    found = tell_apart(
        again,
        again["wrong"],
        earlier={str(v): frozenset(r) for v, r in first.groupby("village")["study_id"]},
        first=FirstRound(int(first["members"].sum()), 0),
        lifted_persons=total,
        level=0.95,
    )
    assert found is not None
    persons = (members * wrong).sum() / total, (members * later).sum() / total
    left = (members * later).sum() / (members * ~seen).sum()
    change = compare("wrong_exit_rate", rate, found.own_stratum, more_is_better=False)
    covered.replicates += 1
    covered.not_yet_visited += found.not_yet_visited.low <= left <= found.not_yet_visited.high
    covered.own_stratum += found.own_stratum.low <= persons[1] <= found.own_stratum.high
    covered.difference += change.low <= persons[1] - persons[0] <= change.high
    covered.better += change.change is Change.BETTER
    covered.error += found.own_stratum.value - persons[1]


def main(replicates: int) -> int:
    """Print the table of the page `docs/stages/07_rectification.md`."""
    print(
        "| before | after | correlation | not yet visited | county | difference | shown better | mean error (points) |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for before, after in ((0.027, 0.008), (0.04, 0.01), (0.027, 0.027)):
        for rho in (0.0, 0.05, 0.1):
            covered, random = Covered(), np.random.default_rng(20190405)
            for _ in range(replicates):
                once(random, covered, before=before, after=after, rho=rho)
            n = covered.replicates
            shares = (
                covered.not_yet_visited,
                covered.own_stratum,
                covered.difference,
                covered.better,
            )
            cells = " | ".join(f"{x / n:.3f}" for x in shares)
            print(
                f"| {before:.1%} | {after:.1%} | {rho:g} | {cells} | {100 * covered.error / n:+.3f} |"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 500))
