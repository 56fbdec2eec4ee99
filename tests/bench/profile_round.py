"""Where the time of a round goes: the plain way of `bench_round`, looked at every 5 milliseconds.

    python tests/bench/profile_round.py [COUNTY ...]

Runs the eight notebooks of the counties (two of the demonstration's by default) in one
process without kernels, and tells seconds of the processor a county, by what they went
into. A look belongs to the first row of `ROOMS` that its calls pass through. The table is
for docs/benchmarks.md.
"""

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

sys.path.insert(0, str(Path(__file__).parent))
from bench_round import PLAIN

EVERY = 0.005  # seconds of the processor
ROOMS: tuple[tuple[str, str, str], ...] = (
    ("imports and rehearsal, once a process", "importlib._bootstrap", ""),
    ("pictures: layout", "report/arrangement.py", ""),
    ("pictures: drawing and PNG", "report/charts.py", "_png"),
    ("pictures: the rest", "report/", "picture"),
    ("Word and Excel papers", "report/documents/", ""),
    ("Word and Excel papers", "files/writing.py", "workbook_bytes"),
    ("Word and Excel papers", "report/", "workbook"),
    ("pages (HTML)", "report/site.py", "write_page"),
    ("inputs read and checked", "files/inputs.py", ""),
    ("results kept, digests", "pipeline/store.py", ""),
    ("parameters", "params/", ""),
    ("sampling", "auditlib/sampling/", ""),
    ("field work: reach, quality", "auditlib/fieldwork/", ""),
    ("findings and cases", "auditlib/findings/", ""),
    ("indicators, intervals, readings", "auditlib/indicators/", ""),
    ("indicators, intervals, readings", "auditlib/estimation/", ""),
    ("stages: bringing it together", "auditlib/pipeline/", ""),
    ("tables for the pages", "auditlib/report/", ""),
)
"""What a row is called, part of a file's name, and of a function there."""


def calls(frame: FrameType | None) -> Iterator[tuple[str, str]]:
    while frame:
        yield frame.f_code.co_filename, frame.f_code.co_name
        frame = frame.f_back


def room(stack: list[tuple[str, str]]) -> str:
    """Return the row to which a look belongs."""
    for name, file, function in ROOMS:
        if any(file in path and function in called for path, called in stack):
            return name
    return "notebooks and all else"


def main() -> int:
    counties = sys.argv[1:] or ["220821", "220623"]
    looks: Counter[str] = Counter()
    with TemporaryDirectory() as project:
        command = [sys.executable, "-m", "auditlib", "demo", "--out", project]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        sys.argv = ["plain", project, "outputs", *counties]
        signal.signal(signal.SIGPROF, lambda _, frame: looks.update([room(list(calls(frame)))]))
        signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)
        exec(compile(PLAIN, "plain", "exec"), {"__name__": "plain"})
        signal.setitimer(signal.ITIMER_PROF, 0)
    once = looks.pop(ROOMS[0][0], 0)
    whole = sum(looks.values())
    print("| What | seconds a county | share |\n|---|---|---|")
    for name, number in looks.most_common():
        print(f"| {name} | {number * EVERY / len(counties):.2f} | {number / whole:.0%} |")
    print(f"| **together** | **{whole * EVERY / len(counties):.2f}** | |")
    print(f"| {ROOMS[0][0]} | {once * EVERY:.2f} | |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
