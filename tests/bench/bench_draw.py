"""How fast tickets are drawn: against plain hashlib, and against consistent_sampler.

    python tests/bench/bench_draw.py [--units 10000000] [--sampler PYTHON]

Everything is paired in one run, on one core, and streams the same identifiers. Times are
seconds of the processor, so that other work on the machine counts for neither side.
`--sampler` names a Python that has consistent_sampler; it is no dependency of ours.
Figures go to stdout as JSON; the exit code is 1 if a promise is broken.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from hashlib import sha256
from itertools import islice
from resource import RUSAGE_SELF, getrusage
from time import process_time

from auditlib.sampling.commitment import make_seed
from auditlib.sampling.county import draw_county
from auditlib.sampling.design import make_design
from auditlib.sampling.draw import draw
from auditlib.sampling.frame import Group, Village, freeze
from auditlib.sampling.quotas import Quotas

SEED = make_seed("41827093", "907315562810447")
PREFIX = f"{SEED},household,"
DRAWN = 900

QUOTAS = Quotas(
    villages=30,
    fewest=25,
    most=35,
    poor=Fraction(7, 10),
    remote=Fraction(1, 2),
    literal_halves=False,
    per_kind=2,
    rare=Fraction(1, 50),
    lifted=600,
    least=8,
    upmost=40,
    reach=Fraction(13, 10),
    groups=10,
    fewest_groups=8,
    most_groups=12,
    unregistered=400,
    still_poor=20,
    reserves=Fraction(1, 2),
)

SAMPLER = """
import sys, time
from consistent_sampler import sampler
units = [f"H-{i:032x}" for i in range(int(sys.argv[1]))]
began = time.process_time()
sum(1 for _ in sampler(units, seed=sys.argv[2], with_replacement=False, take=900, output="id"))
print(time.process_time() - began)
"""


def units(n: int) -> Iterator[str]:
    for i in range(n):
        yield f"H-{i:032x}"


def seconds(task: Callable[[], object]) -> float:
    began = process_time()
    task()
    return process_time() - began


def plain(n: int) -> None:
    """Hash every string of the stream, select nothing."""
    for unit in units(n):
        sha256((PREFIX + unit).encode()).digest()


def hashing_alone(n: int) -> float:
    """Return the time to hash strings that stand ready, without making them."""
    total = 0.0
    stream = units(n)
    while chunk := [PREFIX + unit for unit in islice(stream, 4096)]:
        began = process_time()
        for text in chunk:
            sha256(text.encode()).digest()
        total += process_time() - began
    return total


def stream_alone(n: int) -> None:
    for _ in units(n):
        pass


def county(households: int) -> float:
    """Return the time to draw a county from its frame: freeze, design and draw."""
    codes = [f"220821{t:03d}{v:03d}" for t in range(18) for v in range(12)]
    villages = [Village(c, c[:9], int(c) % 5 < 2, int(c) % 7 < 3) for c in codes]
    groups = [Group(f"G-{c}-{i}", c, 45) for c in codes for i in range(5)]
    lifted: dict[str, list[str]] = {c: [] for c in codes}
    for i in range(households):
        lifted[codes[i % len(codes)]].append(f"H-{i:032x}")

    def task() -> None:
        frame = freeze(villages, groups, lifted=lifted)
        draw_county(frame, make_design(frame, QUOTAS), SEED)

    return seconds(task)


def megabytes() -> float:
    return getrusage(RUSAGE_SELF).ru_maxrss / 1024


def drawn(n: int) -> float:
    return seconds(lambda: draw(units(n), DRAWN, stage="household", stratum="county", seed=SEED))


def against_hashlib(n: int, *, repeats: int) -> dict[str, float]:
    """Return the draw's time over plain hashlib's, best of some turns, taken in turn."""
    turns = [
        (drawn(n), seconds(lambda: plain(n)), hashing_alone(n), seconds(lambda: stream_alone(n)))
        for _ in range(repeats)
    ]
    ours, theirs, hashing, stream = (min(column) for column in zip(*turns, strict=True))
    return {
        "units": n,
        "draw_seconds": ours,
        "plain_hashlib_seconds": theirs,
        "hashing_alone_seconds": hashing,
        "making_the_strings_seconds": stream,
        "draw_over_plain": ours / theirs,
        "draw_over_hashing_alone": (ours - stream) / hashing,
        "peak_megabytes": megabytes(),
    }


def against_sampler(n: int, python: str) -> dict[str, float]:
    listed = list(units(n))
    ours = seconds(lambda: draw(listed, DRAWN, stage="household", stratum="county", seed=SEED))
    command = [python, "-c", SAMPLER, str(n), SEED]
    theirs = float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return {"units": n, "draw_seconds": ours, "sampler_seconds": theirs, "times": theirs / ours}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--units", type=int, default=10_000_000)
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--sampler", help="a Python that has consistent_sampler")
    chosen = parser.parse_args()
    figures = {
        "hashlib": against_hashlib(chosen.units, repeats=chosen.repeats),
        "county_of_50000_seconds": min(county(50_000) for _ in range(3)),
    }
    kept = (
        figures["hashlib"]["draw_over_plain"] <= 1.3
        and figures["hashlib"]["peak_megabytes"] <= 500
        and figures["county_of_50000_seconds"] < 0.5
    )
    if chosen.sampler:
        figures["sampler"] = against_sampler(1_000_000, chosen.sampler)
        kept = kept and figures["sampler"]["times"] >= 5
    print(json.dumps(figures, indent=2))
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
