"""`auditlib forms`: the questionnaires as XLSForm workbooks, and the lists that go with them."""

import argparse
import csv
import io
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from auditlib import pipeline
from auditlib.cli.options import add_counties, find_project
from auditlib.demo.round import ROUND
from auditlib.errors import FieldError
from auditlib.fieldwork.forms import LISTS, Form, form_sheets, make_forms, make_lists
from auditlib.fieldwork.forms.lists import Home
from auditlib.files.workbooks import read_workbook
from auditlib.files.writing import SheetOut, workbook_bytes, write_text
from auditlib.params import load_round
from auditlib.params.records import Round
from auditlib.pipeline.audit import Audit
from auditlib.pipeline.drawing import draw_phase
from auditlib.report.page import SYNTHETIC
from auditlib.sampling.pseudonym import household_id


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("--out", type=Path, default=Path("forms"), help="folder for the workbooks")
    parser.add_argument("--round", default=ROUND, help="name of a file in params/rounds/")
    parser.add_argument("--params", default="params", help="folder of the parameter files")
    parser.add_argument("--outputs", default="outputs", help="folder of the results")
    add_counties(parser)
    parser.add_argument(
        "--revision", type=int, default=1, help="1 to 99: version of the forms on the round's day"
    )
    parser.add_argument(
        "--sealed-lists",
        action="store_true",
        help="write the lists of a sealed round as well; they name drawn units",
    )


def run(options: argparse.Namespace) -> int:
    """Write every questionnaire, and for every county and phase the lists that it needs."""
    root = find_project(options.params)
    plan, of_round, _ = load_round(root / options.params, options.round)
    if not 1 <= options.revision <= 99:
        raise FieldError.revision_out_of_range(options.revision)
    public = (root / options.outputs).resolve()
    if options.sealed_lists and options.out.resolve().is_relative_to(public):
        raise FieldError.lists_in_public(options.out.name)
    version = f"{of_round.as_of:%Y%m%d}{options.revision:02d}"
    forms = make_forms(
        plan,
        version=version,
        year=of_round.income_line.year,
        mark=SYNTHETIC if of_round.synthetic else "",
    )
    contents = {options.out / f"{form.id}.xlsx": _workbook(form) for form in forms}
    earlier = {
        path: _version(path) for path, content in contents.items() if _differs(path, content)
    }
    for path, taken in earlier.items():
        if taken == version:
            raise FieldError.version_taken(path.name, version, following=options.revision + 1)
    for path, taken in earlier.items():
        kept = options.out / "earlier" / taken / path.name
        kept.parent.mkdir(parents=True, exist_ok=True)
        path.rename(kept)
    for path, content in contents.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        print(path)
    _write_lists(options, of_round, root)
    return 0


def _differs(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() != content


def _version(path: Path) -> str:
    """Return the version that a questionnaire bears, so that it can be kept under it.

    Raises
    ------
    InputError
        The file is no workbook.
    """
    settings = read_workbook(path.read_bytes(), path.name).get("settings")
    rows = settings.rows if settings else [[], []]
    return dict(zip(*rows[:2], strict=False)).get("version", "unknown")


def _workbook(form: Form) -> bytes:
    sheets = [
        SheetOut(sheet.name, sheet.headings, sheet.rows, landscape=False)
        for sheet in form_sheets(form)
    ]
    return workbook_bytes(sheets, title=form.title.en)


def _write_lists(options: argparse.Namespace, of_round: Round, root: Path) -> None:
    if of_round.state == "sealed" and not options.sealed_lists:
        print(
            "The round is sealed: no lists of drawn units are written. The leader can, on a "
            "machine of the team, with --sealed-lists.",
            file=sys.stderr,
        )
        return
    for code in options.county or of_round.counties:
        audit = pipeline.open_audit(code, options.round, options.params, options.outputs, root=root)
        for phase in ("first", "recheck"):
            lists = _lists(audit, phase, sealed=options.sealed_lists)
            for name, rows in lists.items():
                path = options.out / "lists" / code / phase / f"{name}.csv"
                write_text(path, _csv(LISTS[name], rows))
                print(path)


def _lists(audit: Audit, phase: str, *, sealed: bool) -> dict[str, list[tuple[str, ...]]]:
    """Return the lists of a phase; none, with the reason on stderr, if there is no draw.

    Nor where the draw is not revealed, as a re-check may be while its round is, unless `sealed`.
    """
    register = audit.read("draws")["draws"]
    own = register[(register["county"] == audit.params.county.code) & (register["phase"] == phase)]
    if own.empty:
        if phase == "first":
            print(f"{audit.params.county.code}: no draw is registered, no lists.", file=sys.stderr)
        return {}
    drawn = draw_phase(audit, phase)
    if drawn.sample is None:  # committed only, or sealed and the nonce kept elsewhere
        print(f"{audit.params.county.code}: {phase} is not drawn here, no lists.", file=sys.stderr)
        return {}
    if drawn.draw.state != "revealed" and not sealed:
        print(
            f"{audit.params.county.code}: {phase} is drawn and sealed, no lists. The leader can, "
            "on a machine of the team, with --sealed-lists.",
            file=sys.stderr,
        )
        return {}
    inputs = audit.read("villages", "enumerators")
    registry = drawn.registry
    homes = {
        household_id(number, key=audit.key): Home(village, group, int(members))
        for number, village, group, members in zip(
            registry["household"],
            registry["village"],
            registry["group"],
            registry["members"],
            strict=True,
        )
    }
    return make_lists(inputs["villages"], inputs["enumerators"], sample=drawn.sample, homes=homes)


def _csv(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows(rows)
    return buffer.getvalue()
