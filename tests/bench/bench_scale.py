"""What a county costs in a round of many, and what the run itself holds: read from run logs.

    python tests/bench/bench_scale.py [--counties 6 60 …] [--keep DIR] [--jobs 2]
    python tests/bench/bench_scale.py --log OUTPUTS/ROUND/run-log.jsonl …

The first makes rounds of so many counties, runs them one after the other, and reads their
logs; the second reads logs that exist, also while the run goes on. Of a log that tells of
several runs, the notebooks of all count and skips do not. Processor seconds, so that a busy
machine does not show as cost per county; but on a busy one they are more, since caches are shared:
compare figures of the same hour. Counties take turns in six sizes (`demo`): rounds are compared
by size, and the parts of a long round in whole turns.
"""

import argparse
import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Any

from auditlib.demo.scenarios import JILIN
from auditlib.execution.log import RUN_LOG
from auditlib.files.stages import STAGES

ENVIRONMENT = {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "1546300800"}
LOOKS = (6, 50, 100, 200, 400, 600, 832)  # counties finished when the run's memory is told
PART = 60  # counties of a part of a long round: ten turns

Line = dict[str, Any]


def model_of(county: str) -> str:
    """Return the county of Jilin whose size a county has."""
    models = list(JILIN)
    return county if county in JILIN else models[(int(county) - 990001) % len(models)]


def read_log(path: Path) -> dict[str, Any]:
    """Return the figures of a log."""
    lines: list[Line] = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    kernels: dict[str, dict[str, float]] = defaultdict(dict)
    peaks: list[int] = []
    memory: dict[int, int] = {}
    finished: list[str] = []
    parents: list[float] = []  # the run's own processor seconds when each county was finished
    own = spent = start = 0.0  # seconds of earlier runs, of this one so far, of its start
    consolidated: Line = {}
    failed = 0
    for line in lines:
        if line["state"] == "planned":
            own, start = own + spent, line["parent_cpu"]
        spent = line["parent_cpu"] - start
        failed += line["state"] == "failed"
        if line["state"] == "done" and line.get("county"):
            kernels[line["county"]][line["stage"]] = line.get("cpu", 0.0)
            peaks.append(line.get("mib", 0))
            if set(STAGES) <= set(kernels[line["county"]]):
                finished.append(line["county"])
                parents.append(own + spent)
                if len(finished) in LOOKS:
                    memory[len(finished)] = line["parent_mib"]
        elif line["state"] == "done":
            consolidated = line
    cost = {county: sum(kernels[county].values()) for county in finished}
    return {
        "counties_finished": len(finished),
        "failed_notebooks": failed,
        "cpu_per_county": per_county(finished, cost, parents, 0, len(finished)),
        "cpu_to_start": start,
        "cpu_by_stage": {
            stage: round(mean(kernels[c][stage] for c in finished), 2) for stage in STAGES
        }
        if finished
        else {},
        "kernels_cpu_by_size": {
            model: round(mean(those), 2)
            for model in JILIN
            if (those := [cost[c] for c in finished if model_of(c) == model])
        },
        "cpu_per_county_by_part": {
            f"{i + 1}-{min(i + PART, len(finished))}": per_county(
                finished, cost, parents, i, i + PART
            )
            for i in range(0, len(finished), PART)
        },
        "parent_mib_after_counties": memory,
        "parent_mib_most": max((line["parent_mib"] for line in lines), default=0),
        "kernel_mib_most": max(peaks, default=0),
        "consolidated": {
            name: consolidated[name] for name in ("seconds", "cpu", "mib") if name in consolidated
        },
        "hours": round(sum(line["at"] for line in lines if line["state"] == "finished") / 3600, 2),
    }


def per_county(
    finished: Sequence[str],
    cost: dict[str, float],
    parents: Sequence[float],
    first: int,
    last: int,
) -> dict[str, float]:
    """Return processor seconds a county: of kernels, of the run itself, and together."""
    those = finished[first:last]
    if not those:
        return {}
    kernels = mean(cost[county] for county in those)
    before = parents[first - 1] if first else 0.0
    run = (parents[min(last, len(finished)) - 1] - before) / len(those)
    return {"kernels": round(kernels, 2), "run": round(run, 2), "all": round(kernels + run, 2)}


def run_round(folder: Path, number: int, jobs: int) -> Path:
    """Make and run a round, and return its log."""
    env = {**os.environ, **ENVIRONMENT}
    command = [sys.executable, "-m", "auditlib"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": env}
    made = ["demo", "--out", str(folder), "--counties", str(number)]
    subprocess.run([*command, *made], check=True, **quiet)  # type: ignore[call-overload]
    name = "jilin-2018-demo" + ("" if number == len(JILIN) else f"-{number}")
    told = ["run", "--round", name, "--jobs", str(jobs)]
    subprocess.run([*command, *told], check=True, cwd=folder, **quiet)  # type: ignore[call-overload]
    return folder / "outputs" / name / RUN_LOG


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--counties", type=int, nargs="+", default=[6, 60])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", type=Path, metavar="DIR")
    parser.add_argument("--log", type=Path, nargs="+", default=[])
    options = parser.parse_args()
    with TemporaryDirectory() as scratch:
        logs = options.log or [
            run_round((options.keep or Path(scratch)) / str(number), number, options.jobs)
            for number in options.counties
        ]
        print(json.dumps({path.parent.name: read_log(path) for path in logs}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
