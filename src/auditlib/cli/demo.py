"""`auditlib demo`: a complete synthetic round: params, data, and the truth beside them."""

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from auditlib.demo.county import DemoCounty, make_county
from auditlib.demo.frame import Place
from auditlib.demo.invented import MOST, demo_codes, demo_counties
from auditlib.demo.round import ROUND, WORKBOOKS, round_params
from auditlib.demo.scenarios import JILIN, Scenario
from auditlib.errors import AuditError
from auditlib.files.writing import SheetOut, csv_text, write_text, write_workbook
from auditlib.language import Words
from auditlib.params.reading import read
from auditlib.plan import Plan
from auditlib.report.page import SYNTHETIC
from auditlib.tables import TABLES, CodeList, Kind

INCOME_LINE = 2995
GB18030 = "220821"  # this county's CSV files are in GB18030, as older systems export them


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("--out", type=Path, default=Path(), help="folder that receives the round")
    parser.add_argument("--seed", default=ROUND, help="text that fixes every invented value")
    parser.add_argument(
        "--counties",
        default=str(len(JILIN)),
        metavar="N",
        help=f"1 to {MOST}; beyond the six of Jilin all is invented, villages too. Other than six "
        f"are a round of their own, {ROUND}-N",
    )


def run(options: argparse.Namespace) -> int:
    """Write the demonstration round; parameter files that exist are kept."""
    out: Path = options.out
    number = _number(options.counties)
    own = Path(__file__).parents[3] / "params" / "plan.yaml"
    if not (out / "params" / "plan.yaml").is_file():
        write_text(out / "params" / "plan.yaml", own.read_text("utf-8"))
    plan = Plan.model_validate(read(out / "params" / "plan.yaml", "params/plan.yaml").values)
    write_round(out, plan, demo_counties(number), _of_round(number), seed=options.seed)
    if number != len(JILIN):
        print(f"Next: auditlib run --round {ROUND}-{number}", file=sys.stderr)
    return 0


def _number(text: str) -> int:
    """Return how many counties are wanted.

    Raises
    ------
    AuditError
        The text is no whole number from 1 to the most that a round can have.
    """
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= MOST):
        raise AuditError(
            Words(
                f"县数应为1至{MOST}的整数，不是“{text}”；请改正 --counties。",
                f"The number of counties is a whole number from 1 to {MOST}, not {text!r}. "
                "Correct --counties.",
            )
        )
    return int(text)


def _of_round(number: int) -> dict[str, Any]:
    """Return the round's parameters; other than the six are a round with its own name and data."""
    codes = demo_codes(number)
    if number == len(JILIN):
        return round_params(codes, income_line=INCOME_LINE)
    title = Words(
        f"{number}县演示（吉林六县之外皆为虚构）",
        f"Demonstration of {number} counties (all but six of Jilin invented)",
    )
    return round_params(codes, round=f"{ROUND}-{number}", income_line=INCOME_LINE, title=title)


def write_round(
    out: Path,
    plan: Plan,
    counties: Iterable[tuple[Scenario, Sequence[Place] | None]],
    of_round: Mapping[str, Any],
    *,
    seed: str,
    params: str = "params",
) -> None:
    """Write a synthetic round: parameter files that are missing, data, and the truth.

    Parameters
    ----------
    out
        Folder that receives the round.
    plan
        The plan with the round's own overrides.
    counties
        Scenarios, with villages unless they are the statistics bureau's.
    of_round
        Values of the round's parameter file.
    seed
        Text that fixes every invented value.
    params
        Folder of the parameter files, below `out`.
    """
    folder = out / of_round["inputs"]["folder"]
    key = sha256(f"{seed} pseudonyms".encode()).hexdigest()[:32]
    write_text(out / of_round["pseudonym_key"], key)
    _write_params(out / params / "rounds" / f"{of_round['round']}.yaml", of_round)
    line = float(of_round["income_line"]["value"])
    level = of_round.get("level", "provincial")
    prefix = "" if level == "provincial" else f"{level}-"
    for scenario, places in counties:
        county = make_county(
            scenario,
            plan,
            seed=seed,
            key=key.encode(),
            income_line=line,
            places=places,
            prefix=prefix,
        )
        write_county(folder / scenario.code, county, plan.codelists())
        _write_params(out / params / "counties" / f"{scenario.code}.yaml", county.params)
        truth = json.dumps(county.truth, ensure_ascii=False, indent=1)
        write_text(out / "truth" / of_round["round"] / f"{scenario.code}.json", truth + "\n")
        print(f"{scenario.code} {scenario.name.zh} {scenario.name.en}", file=sys.stderr)


def _write_params(path: Path, values: Mapping[str, Any]) -> None:
    """Write a parameter file unless there is one."""
    if not path.is_file():
        write_text(
            path,
            f"# {SYNTHETIC}\n" + yaml.safe_dump(dict(values), allow_unicode=True, sort_keys=False),
        )


def write_county(folder: Path, county: DemoCounty, codelists: Mapping[str, CodeList]) -> None:
    """Write a county's tables as an office would: Chinese headings, Chinese labels."""
    for file, names in WORKBOOKS.items():
        tables = {name: _office(name, county.tables.get(name), codelists) for name in names}
        if file.endswith(".csv"):
            text = csv_text(next(iter(tables.values())))
            encoding = "gb18030" if county.scenario.code == GB18030 else "utf-8-sig"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(f"{SYNTHETIC}\n{text}".encode(encoding))
        else:
            sheets = [
                SheetOut(
                    TABLES[name].zh, list(table.columns), table.itertuples(index=False, name=None)
                )
                for name, table in tables.items()
            ]
            write_workbook(folder / file, sheets, mark=SYNTHETIC, title=county.scenario.name.zh)


def _office(
    name: str, table: pd.DataFrame | None, codelists: Mapping[str, CodeList]
) -> pd.DataFrame:
    """Return a table under Chinese headings, codes as their Chinese labels."""
    columns = [c for c in TABLES[name].columns if table is None or c.name in table]
    shown = {}
    for column in columns:
        values = [] if table is None else list(table[column.name])
        if column.kind in (Kind.CODE, Kind.CODES):
            labels = {code: words.zh for code, words in codelists[column.codes].items()}
            values = ["；".join(labels[code] for code in str(v).split()) for v in values]
        shown[column.zh] = values
    return pd.DataFrame(shown, dtype=object)
