"""Time one ratio with its interval against svy and R survey, and everything of one county.

`python tests/bench/bench_estimate.py [--svy PYTHON]` runs all in turn, five times, and prints
medians and ratios of pairs: a million persons in 3,000 villages against svy (warm), ten thousand
against R survey; then all indicators, domains and readings of a demonstration county. What is not
installed is named and left out.
"""

import argparse
import json
import os
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

from auditlib import pipeline
from auditlib.cli import main as auditlib
from auditlib.estimation import Design, estimate_ratio, interval
from auditlib.pipeline import phases, stages
from auditlib.pipeline.judging import judge_phase

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


def peak(table: Path) -> float:
    """Return the peak memory, in MiB, of a process that reads the table and estimates."""
    done = subprocess.run(
        [sys.executable, __file__, "--peak", str(table)], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def county(folder: Path) -> tuple[float, float, int]:
    """Return seconds by the clock and of the processor for one county, and its readings."""
    auditlib(["demo", "--out", str(folder)])
    os.chdir(folder)
    audit = pipeline.open_audit("220881", "jilin-2018-demo")
    sampled = stages.sampling(audit)
    worked, found = stages.fieldwork(audit, sampled), stages.findings(audit, sampled)
    inputs = audit.read("registry_households", *phases.FIELD_TABLES)
    phase = phases.open_phase(inputs, "first", sampled)
    facts = phases.registry_facts(inputs["registry_households"], audit.members(inputs))
    response, population = worked.tables["response"], audit.population(inputs)
    evidence = phases.gather_evidence(phase, found, response, facts, audit.params)
    clock, processor = [], []
    for _ in range(ROUNDS + 1):  # the first warms up
        start, busy = time.perf_counter(), time.process_time()
        record = judge_phase(audit, evidence, population, phase, response)
        clock.append(time.perf_counter() - start)
        processor.append(time.process_time() - busy)
    return median(clock[1:]), median(processor[1:]), record.readings.combinations


def installed(command: list[str]) -> bool:
    """Say whether a program and its package are there."""
    if shutil.which(command[0]) is None:
        return False
    return not subprocess.run(command, capture_output=True, check=False).returncode


def other(command: list[str], table: Path) -> str:
    """Return what another program prints of its own time."""
    done = subprocess.run([*command, str(table)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-800:])
    return done.stdout


def compare(folder: Path, svy: str) -> None:
    """Time ours, svy and R in turn, and print medians and ratios of pairs."""
    paths = {}
    for name, size in (("large", LARGE), ("small", SMALL)):
        paths[name] = folder / f"{name}.csv"
        population(*size).to_csv(paths[name], index=False)
    large, small = pd.read_csv(paths["large"]), pd.read_csv(paths["small"])
    has_svy = installed([svy, "-c", "import svy"])
    has_r = installed(["Rscript", "-e", "library(survey)"])
    mine, theirs, mine_small, r = [], [], [], []
    ours(large)
    for _ in range(ROUNDS):
        mine.append(ours(large)[0])
        if has_svy:
            theirs.append(json.loads(other([svy, "-c", SVY], paths["large"]))["seconds"])
        mine_small.append(ours(small)[0])
        if has_r:
            r.append(float(other(["Rscript", "-e", R], paths["small"]).split()[0]))
    print(
        f"ours, {LARGE[1]:,} persons, {LARGE[0]:,} villages: {median(mine):.3f} s; "
        f"peak memory of the process {peak(paths['large']):.0f} MiB"
    )
    if theirs:
        ratio = median(a / b for a, b in zip(mine, theirs, strict=True))
        print(f"svy (warm): {median(theirs):.3f} s; ours / svy = {ratio:.2f}")
    else:
        print("svy is not installed here: not compared (--svy PYTHON)")
    if r:
        ratio = median(b / a for a, b in zip(mine_small, r, strict=True))
        print(
            f"R survey, {SMALL[1]:,} rows: {median(r):.3f} s; ours {median(mine_small):.4f} s; "
            f"{ratio:.0f} times faster"
        )
    else:
        print("R with survey is not installed here: not compared")


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--svy", default=sys.executable, help="a Python that has svy")
    parser.add_argument("--peak", type=Path, help="only estimate from this table, and print MiB")
    options = parser.parse_args()
    if options.peak:
        ours(pd.read_csv(options.peak))
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return 0
    with TemporaryDirectory() as folder:
        compare(Path(folder), options.svy)
        clock, processor, combinations = county(Path(folder) / "demo")
        print(
            f"one county, all indicators, domains and {combinations:,} readings: "
            f"{clock:.2f} s by the clock, {processor:.2f} s of processor"
        )
        os.chdir("/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
