"""`auditlib new`: the empty round for real use; what exists already is left as it is."""

import argparse
import csv
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

from auditlib.demo.frame import county_name
from auditlib.demo.round import WORKBOOKS, sheet_of
from auditlib.demo.scenarios import JILIN
from auditlib.errors import AuditError
from auditlib.files.blanks import blank_workbook
from auditlib.language import Language, Words
from auditlib.params.blanks import county_text, round_text
from auditlib.params.reading import read
from auditlib.plan import Plan
from auditlib.tables import TABLES

SHIPPED = Path(__file__).parents[3] / "params" / "plan.yaml"


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("--out", type=Path, required=True, help="folder of the project")
    parser.add_argument(
        "--county", action="append", required=True, metavar="CODE", help="six digits; repeatable"
    )
    parser.add_argument("--round", default="my-round", help="name of the round, a-z, 0-9 and -")
    parser.add_argument("--report-language", choices=("zh", "en"), default="zh")


def run(options: argparse.Namespace) -> int:
    """Write what is missing, and say what comes next."""
    for code in options.county:
        if not re.fullmatch(r"\d{6}", code):
            raise AuditError(
                Words(
                    f"县代码应为六位数字，不是“{code}”。请按行政区划代码改正。",
                    f"A county's code has six digits, not {code!r}. Look it up in the divisions.",
                )
            )
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", options.round):
        raise AuditError(
            Words(
                f"轮次名称只能用小写字母、数字和连字符，不是“{options.round}”。",
                f"A round is named with a-z, 0-9 and hyphens, not {options.round!r}.",
            )
        )
    made = kept = 0
    for path, content in _files(options):
        if path.exists():
            kept += 1
            print(f"= {path}", file=sys.stderr)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        if path.suffix == ".key":
            path.chmod(0o600)
        made += 1
        print(path)
    print(
        f"{made} files written, {kept} there already and left alone.\n"
        f"Next: fill in what is empty, and run: auditlib check --round {options.round}\n"
        f"下一步：填写空白处，然后运行 auditlib check --round {options.round}",
        file=sys.stderr,
    )
    return 0


def _files(options: argparse.Namespace) -> Iterator[tuple[Path, bytes]]:
    """Return every file of the empty round with its content."""
    out, name = options.out, options.round
    language: Language = options.report_language
    plan_path = out / "params" / "plan.yaml"
    yield plan_path, SHIPPED.read_bytes()
    own = plan_path if plan_path.is_file() else SHIPPED
    plan = Plan.model_validate(read(own, "params/plan.yaml").values)
    places = {table: sheet_of(table) for tables in WORKBOOKS.values() for table in tables}
    text = round_text(name, options.county, language=language, tables=places)
    yield out / "params" / "rounds" / f"{name}.yaml", text.encode()
    yield out / "secrets" / f"{name}.key", token_hex(16).encode()
    codelists = plan.codelists()
    books = {
        file: blank_workbook([TABLES[t] for t in tables], codelists, language=language)
        for file, tables in WORKBOOKS.items()
        if not file.endswith(".csv")
    }
    sheets = {
        file: _heading(tables[0]) for file, tables in WORKBOOKS.items() if file.endswith(".csv")
    }
    for code in options.county:
        county = county_text(
            code,
            zh=county_name(code),
            en=JILIN[code].name.en if code in JILIN else "",
            classes={key: item.name.zh for key, item in plan.classes.items()},
            regions={key: item.name.zh for key, item in plan.regions.items()},
        )
        yield out / "params" / "counties" / f"{code}.yaml", county.encode()
        for file, content in {**books, **sheets}.items():
            yield out / "data" / name / code / file, content


def _heading(table: str) -> bytes:
    """Return a CSV file with its heading row alone, as Excel opens it."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(c.zh for c in TABLES[table].columns)
    return buffer.getvalue().encode("utf-8-sig")
