"""How long the consolidated report of many counties takes, and how much memory.

    python tests/bench/bench_consolidated.py --from OUTPUTS/ROUND [--counties 832] [--keep DIR]

The report notebooks of a finished demonstration round are multiplied into invented counties,
whose figures are shifted so that they spread; the real notebook then runs by papermill on a
forked kernel. Everything made is marked synthetic. `--keep` leaves the round to be looked at.
"""

import argparse
import json
import shutil
import sys
from fractions import Fraction
from pathlib import Path
from random import Random
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import yaml

from auditlib.demo.invented import demo_codes, further_county
from auditlib.demo.round import round_params
from auditlib.demo.scenarios import JILIN
from auditlib.execution.kept import open_kernels, run_notebook
from auditlib.execution.places import Limits, Place, site_of
from auditlib.files.stages import numbered
from auditlib.language import Words
from auditlib.report.page import SYNTHETIC
from auditlib.report.site import write_index

ROOT = Path(__file__).parents[2]
ROUND = "many"


def shifted(report: dict[str, Any], code: str, name: Words, random: Random) -> dict[str, Any]:
    """Return a county's record under another name, its deciding figures a little higher or lower."""
    made: dict[str, Any] = json.loads(json.dumps(report))
    made |= {"county": code, "name": {"zh": name.zh, "en": name.en}}
    for judgement in made["judgements"].values():
        factor = Fraction(random.randint(40, 180), 100)
        if judgement["must_be"] == "above":
            factor = Fraction(random.randint(93, 102), 100)
        value = min(Fraction(judgement["value"]) * factor, Fraction(1))
        limit = Fraction(judgement["limit"])
        judgement["value"] = str(value)
        judgement["numerator"] = str(value * judgement["denominator"])
        judgement["kept"] = value > limit if judgement["must_be"] == "above" else value < limit
    return made


def write_many(root: Path, source: Path, number: int) -> None:
    """Write a round of many counties that have their report notebook and nothing else."""
    counties = root / "params" / "counties"
    (root / "params" / "rounds").mkdir(parents=True)
    counties.mkdir()
    shutil.copy(ROOT / "params" / "plan.yaml", root / "params" / "plan.yaml")
    codes = demo_codes(number)
    title = Words(f"{number}县汇总的测量（合成）", f"Measuring {number} counties (synthetic)")
    values = round_params(codes, round=ROUND, income_line=2995, title=title)
    (root / "params" / "rounds" / f"{ROUND}.yaml").write_text(
        f"# {SYNTHETIC}\n" + yaml.safe_dump(values, allow_unicode=True), "utf-8"
    )
    models = list(JILIN)
    for i, code in enumerate(codes):
        name = JILIN[code].name if code in JILIN else further_county(i + 1)[0].name
        text = yaml.safe_dump({"name": {"zh": name.zh, "en": name.en}}, allow_unicode=True)
        (counties / f"{code}.yaml").write_text(text, "utf-8")
        path = Path(models[i % len(models)]) / f"{numbered('report')}.ipynb"
        notebook = json.loads((source / path).read_text("utf-8"))
        for cell in notebook["cells"]:
            for output in cell.get("outputs", []):
                scrap = output.get("data", {}).get("application/scrapbook.scrap.json+json", {})
                if scrap.get("name") == "report":
                    scrap["data"] = made = shifted(scrap["data"], code, name, Random(code))
        folder = root / "outputs" / ROUND / code
        (folder / numbered("report")).mkdir(parents=True)
        record = json.dumps(made, ensure_ascii=False)
        (folder / numbered("report") / "report.json").write_text(record, "utf-8")
        (folder / path.name).write_text(json.dumps(notebook, ensure_ascii=False), "utf-8")


def measure(root: Path) -> dict[str, Any]:
    """Run the consolidated notebook and write the start page, measuring both."""
    place = Place(root, "params", "outputs", ROUND)
    with open_kernels("forked", Limits(), jobs=1, place=place) as kernels:
        site = site_of(place.open_round())
        began, own = perf_counter(), getrusage(RUSAGE_SELF)
        run = run_notebook(
            place,
            kernels,
            site,
            county="",
            stage="consolidated",
            watch=lambda event: None,
            why=Words("", ""),
        )
        write_index(place.folder, site)
        now = getrusage(RUSAGE_SELF)
    run.check()
    page = place.page("", "consolidated")
    return {
        "counties": len(site.counties),
        "wall": round(perf_counter() - began, 1),
        "kernel_cpu": round(run.cpu or 0, 1),
        "kernel_peak_mib": round((run.peak or 0) / 2**20),
        "parent_cpu": round(now.ru_utime + now.ru_stime - own.ru_utime - own.ru_stime, 1),
        "parent_peak_mib": round(now.ru_maxrss / 1024),
        "children_peak_mib": round(getrusage(RUSAGE_CHILDREN).ru_maxrss / 1024),
        "mib": {
            path.name: round(path.stat().st_size / 2**20, 2)
            for path in [page, page.parent / "index.html", *sorted(place.folder.glob("*.*"))]
        },
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--from", dest="source", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--counties", type=int, default=832)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    with TemporaryDirectory() as scratch:
        root = options.keep or Path(scratch)
        write_many(root, options.source, options.counties)
        print(json.dumps(measure(root), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
