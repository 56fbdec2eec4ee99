"""Time one ratio with its interval: a million persons, against svy; ten thousand, against R survey.

`python tests/bench/bench_estimate.py [--svy PYTHON]` runs all in turn, five times, and prints
medians and ratios of pairs. What is not installed is named and left out.
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from auditlib.estimation import Design, estimate_ratio, interval

ROUNDS = 5
LARGE, SMALL = (3_000, 1_000_000), (300, 10_000)

SVY = """
import json, sys, time
import polars as pl, svy
table = pl.read_csv(sys.argv[1])
design = svy.Design(stratum="stratum", psu="village", ssu="person", wgt="w", pop_size=svy.PopSize("N_village", "N_person"))
times = []
for _ in range(2):
    start = time.perf_counter()
    found = svy.Sample(table, design).estimation.ratio("wrong", "members")
    times.append(time.perf_counter() - start)
value = found.to_polars() if hasattr(found, "to_polars") else found
print(json.dumps({"seconds": times[-1], "shown": str(value)[:300]}))
"""

R = """
suppressMessages(library(survey))
d <- read.csv(commandArgs(TRUE)[1])
start <- proc.time()[["elapsed"]]
s <- svydesign(id=~village+person, strata=~stratum, weights=~w, fpc=~N_village+N_person, data=d)
r <- svyratio(~wrong, ~members, s); ci <- confint(r, df=degf(s))
cat(proc.time()[["elapsed"]] - start, coef(r), SE(r), "\\n")
"""


def population(villages: int, rows: int) -> pd.DataFrame:
    """Return a made two-stage sample: villages in three strata, persons in villages."""
    rng = np.random.default_rng(20180717)
    village = np.sort(rng.integers(0, villages, rows))
    size = np.bincount(village, minlength=villages)
    rate = rng.beta(0.4, 20, villages)
    wrong = rng.random(rows) < rate[village]
    members = rng.integers(1, 5, rows)
    listed = size * rng.integers(2, 5, villages)
    return pd.DataFrame(
        {
            "stratum": village % 3,
            "village": village,
            "person": np.arange(rows),
            "wrong": np.where(wrong, members, 0),
            "members": members,
            "N_village": 3 * villages,
            "N_person": listed[village],
            "w": 9.0 * (listed / np.maximum(size, 1))[village],
        }
    )


def ours(table: pd.DataFrame) -> tuple[float, float]:
    """Return seconds and the ratio."""
    start = time.perf_counter()
    design = Design.from_columns(
        units=[table["village"], table["person"]],
        strata=[table["stratum"]],
        populations=[table["N_village"], table["N_person"]],
        weights=table["w"],
    )
    found = interval(estimate_ratio(design, table["wrong"], table["members"]))
    return time.perf_counter() - start, found.value


def other(command: list[str], table: Path) -> str:
    """Return what another program prints of its own time."""
    done = subprocess.run([*command, str(table)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-800:])
    return done.stdout


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--svy", default=sys.executable, help="a Python that has svy")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        large, small = population(*LARGE), population(*SMALL)
        paths = {"large": Path(folder) / "large.csv", "small": Path(folder) / "small.csv"}
        large.to_csv(paths["large"], index=False)
        small.to_csv(paths["small"], index=False)
        has_svy = not subprocess.run(
            [options.svy, "-c", "import svy"], capture_output=True, check=False
        ).returncode
        rscript = shutil.which("Rscript")
        has_r = (
            rscript
            and not subprocess.run(
                [rscript, "-e", "library(survey)"], capture_output=True, check=False
            ).returncode
        )
        ours(large)
        mine, svy, mine_small, r = [], [], [], []
        for _ in range(ROUNDS):
            mine.append(ours(large)[0])
            if has_svy:
                svy.append(json.loads(other([options.svy, "-c", SVY], paths["large"]))["seconds"])
            mine_small.append(ours(small)[0])
            if has_r:
                r.append(float(other([str(rscript), "-e", R], paths["small"]).split()[0]))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"ours, {LARGE[1]:,} rows, {LARGE[0]:,} villages: {median(mine):.3f} s; peak of this process {peak:.0f} MiB"
        )
        if svy:
            ratio = median(a / b for a, b in zip(mine, svy, strict=True))
            print(f"svy (warm): {median(svy):.3f} s; ours / svy = {ratio:.2f}")
        else:
            print("svy is not installed here: not compared (--svy PYTHON)")
        if r:
            ratio = median(b / a for a, b in zip(mine_small, r, strict=True))
            print(
                f"R survey, {SMALL[1]:,} rows: {median(r):.3f} s; ours {median(mine_small):.4f} s; {ratio:.0f} times faster"
            )
        else:
            print("R with survey is not installed here: not compared")
    return 0


if __name__ == "__main__":
    sys.exit(main())
