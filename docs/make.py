"""Write the documents that the code already knows: tables, errors, schemas, coverage.

`python docs/make.py` writes them, and with `--check` names those that are stale and
exits with 1. They come from the package, from `params/plan.yaml`, from
`docs/requirements.csv`, and from the requirements that tests, pages of stages and
parameters name. No clock and no order of a folder plays a part.
"""

import argparse
import csv
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from inspect import getdoc
from pathlib import Path

from plan_page import rows as plan_rows

from auditlib.checks.summary import Checks
from auditlib.demo.round import WORKBOOKS, sheet_of
from auditlib.errors import AuditError
from auditlib.execution.kernels.errors import RunError
from auditlib.fieldwork.summary import Fieldwork
from auditlib.files.cells import expectation
from auditlib.files.stages import STAGES, numbered
from auditlib.files.writing import records_schema
from auditlib.findings.summary import Findings
from auditlib.indicators.summary import Indicators
from auditlib.params.reading import read
from auditlib.plan import Plan
from auditlib.problems.sentences import SENTENCES
from auditlib.procedure.summary import Procedure
from auditlib.rectification.summary import Rectification
from auditlib.report.consolidated import Consolidated
from auditlib.report.page import Awaiting
from auditlib.report.record import CountyReport
from auditlib.sampling.summary import Sampling
from auditlib.tables import CODES, TABLES, CodeList, Column, Kind, Table

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
NOTICE = "<!-- Made by `python docs/make.py`. Do not edit: change the code, then make it anew. -->"

RECORDS: Mapping[str, type] = {
    "sampling": Sampling,
    "fieldwork": Fieldwork,
    "findings": Findings,
    "indicators": Indicators,
    "checks": Checks,
    "procedure": Procedure,
    "rectification": Rectification,
    "report": CountyReport,
    "consolidated": Consolidated,
    "awaiting": Awaiting,
}
"""The record of every stage, and the one that stands in its place before the field work."""

KINDS: Mapping[Kind, str] = {
    Kind.TEXT: "文字 text",
    Kind.IDENTIFIER: "编号（文本格式）identifier",
    Kind.INTEGER: "整数 whole number",
    Kind.NUMBER: "数字 number",
    Kind.DATE: "日期 date",
    Kind.TIME: "日期时间 time",
    Kind.CODE: "单选 one code",
    Kind.CODES: "多选 several codes",
    Kind.PRIVATE: "个人信息，读后不保留 private, left behind",
}

UNITS: Mapping[str, str] = {
    "km": "千米 km",
    "min": "分钟 min",
    "°": "度 °",
    "yuan": "元 yuan",
    "yuan/person/year": "元/人·年 yuan/person/year",
    "year": "岁 years",
}

HEADINGS = (
    "标题",
    "name",
    "类型 type",
    "单位 unit",
    "必填 required",
    "取值 allowed",
    "其他标题 also",
)


def row(*cells: object) -> str:
    """Return a row of a Markdown table."""
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


def table(headings: Iterable[str], rows: Iterable[Iterable[object]]) -> list[str]:
    """Return a Markdown table, line by line."""
    names = list(headings)
    return [row(*names), row(*("---" for _ in names)), *(row(*cells) for cells in rows)]


def plan() -> Plan:
    """Return the plan that ships with the package."""
    return Plan.model_validate(read(ROOT / "params" / "plan.yaml", "params/plan.yaml").values)


# ---- the plan ------------------------------------------------------------------------------


def plan_page() -> str:
    """Return every provision of the plan, with its sentence in both languages."""
    headings = ("位置 place", "条款 clause", "方案原文", "in English", "取值 values", "读法")
    lines = [
        "# 方案条款 The plan as data",
        "",
        NOTICE,
        "",
        "`params/plan.yaml` 的全部条款：方案原文为准，英文是本项目的译文；没有原文句子的只列名称。"
        "标 * 的取值方案未给出，来自其他来源或由评估组填写。分数是精确值。",
        "",
        "Every provision of `params/plan.yaml`. The Chinese words are the plan's and decide; the "
        "English is ours; where the plan has no sentence of its own the name stands. Values marked "
        "* are not the plan's: another source or the team gives them. Fractions are exact. The "
        "readings are explained in [the plan file](../params/plan.yaml), section `readings`.",
        "",
        *table(headings, plan_rows(plan())),
        "",
    ]
    return "\n".join(lines)


# ---- tables --------------------------------------------------------------------------------


def tables_page() -> str:
    """Return every input table with its columns, and every code list."""
    codelists = plan().codelists()
    used = [c.codes for t in TABLES.values() for c in t.columns if c.codes]
    lists = list(dict.fromkeys(used))
    lines = [
        "# 输入表 Input tables",
        "",
        NOTICE,
        "",
        "列按标题识别，与次序无关；中文标题、英文列名或“其他标题”都可以。"
        "标 ✓ 的列必须有，且不得为空。选项可填中文或代码。"
        "读不懂的行进入隔离表，不会被修改或丢弃。",
        "",
        "Columns are matched by heading, never by place: the Chinese heading, the English name or "
        "another heading listed will do. A column with ✓ must be there and filled. Codes may be "
        "written in Chinese or as the code. A row that is not understood goes to the quarantine "
        "workbook; none is changed or dropped.",
        "",
        f"{len(TABLES)} 张表 tables, {len(lists)} 个选项表 code lists.",
        "",
        *table(
            ["表 table", "name", "一行是 a row is", "演示文件 demo file"],
            (
                [f"[{t.zh}](#{t.name})", f"`{t.name}`", f"{t.row.zh} · {t.row.en}", _file(t)]
                for t in TABLES.values()
            ),
        ),
    ]
    for each in TABLES.values():
        lines += ["", *_table(each, codelists)]
    lines += ["", '<a id="codes"></a>', "", "# 选项表 Code lists"]
    own = "（方案 `params/plan.yaml`）"
    for name in lists:
        lines += [
            "",
            f'<a id="codes-{name}"></a>',
            "",
            f"## {name} {'' if name in CODES else own}".rstrip(),
            "",
            *table(
                ["代码 code", "中文", "English"],
                ([f"`{code}`", words.zh, words.en] for code, words in codelists[name].items()),
            ),
        ]
    return "\n".join(lines) + "\n"


def _file(each: Table) -> str:
    if each.name not in {name for tables in WORKBOOKS.values() for name in tables}:
        return "–"
    place = sheet_of(each.name)
    return f"`{place['file']}`" + (f" {place['sheet']}" if "sheet" in place else "")


def _table(each: Table, codelists: Mapping[str, CodeList]) -> list[str]:
    """Return one table: what a row is, its key, where it refers to, its columns."""
    keys = "、".join(f"{each.column(name).zh} `{name}`" for name in each.key)
    facts = [f"一行 a row: {each.row.zh} · {each.row.en}. 主键 key: {keys}."]
    facts += [
        f"`{r.column}` 须见于 must be in [{TABLES[r.table].zh}](#{r.table})."
        for r in each.references
    ]
    if each.county_of:
        facts.append(f"`{each.county_of}` 以本县代码开头 starts with the county's code.")
    return [
        f'<a id="{each.name}"></a>',
        "",
        f"## {each.zh} {each.name}",
        "",
        " ".join(facts),
        "",
        *table(HEADINGS, (_column(column, codelists) for column in each.columns)),
    ]


def _column(column: Column, codelists: Mapping[str, CodeList]) -> list[str]:
    return [
        column.zh,
        f"`{column.name}`",
        KINDS[column.kind],
        UNITS.get(column.unit, column.unit),
        "✓" if column.required else "",
        _allowed(column, codelists),
        "、".join(column.also),
    ]


def _allowed(column: Column, codelists: Mapping[str, CodeList]) -> str:
    """Return in short what a cell may hold: the codes, the range or the pattern."""
    if column.codes:
        labels = [words.zh for words in codelists[column.codes].values()]
        link = f"[{column.codes}](#codes-{column.codes})"
        return f"{'、'.join(labels[:6])}{' …' if len(labels) > 6 else ''} {link}"
    if column.pattern:
        words = expectation(column, codelists)
        return f"{words.zh} {words.en}" if words.zh[0].isdigit() else f"`{column.pattern}`"
    if column.minimum is not None and column.maximum is not None:
        return f"{column.minimum:g} – {column.maximum:g}"
    if column.minimum is not None:
        return f"≥ {column.minimum:g}"
    return f"≤ {column.maximum:g}" if column.maximum is not None else ""


# ---- errors --------------------------------------------------------------------------------


def errors_page() -> str:
    """Return every kind of problem with its sentence, and every error with its causes."""
    lines = [
        "# 问题与错误 Problems and errors",
        "",
        NOTICE,
        "",
        "每句话都说明：位置、发现什么、应为什么、怎么办。花括号处由实际内容填入；"
        "姓名、证件号、电话和较长文字不会出现在句子里，只说明长度。"
        "`auditlib check` 一次列出所有文件的所有问题。",
        "",
        "A sentence names the place, what was found, what was expected and what to do. Words in "
        "braces are filled in; names, identity numbers, telephones and long text are never "
        "repeated, only counted. `auditlib check` lists every problem of every file at once.",
        "",
        *table(
            ["退出码 exit code", "含义", "meaning"],
            [
                ["0", "完成，没有问题", "done, nothing wrong"],
                ["1", "答案是否定的，如有县运行失败", "the answer is no, such as a county failed"],
                ["2", "输入不能用，已列出全部问题", "the input cannot be used; all is listed"],
            ],
        ),
        "",
        f"## 输入问题 Problems of input ({len(SENTENCES)})",
    ]
    for kind, words in SENTENCES.items():
        zh_found, en_found, zh_expected, en_expected, zh_repair, en_repair = words
        lines += [
            "",
            f"### {kind}",
            "",
            f"- {zh_found}；应为{zh_expected}。{zh_repair}。",
            f"- {en_found}; expected {en_expected}. {en_repair}.",
        ]
    lines += ["", "## 错误 Errors", ""]
    lines += ["The causes of each class, as the code names them."]
    for error in _family(AuditError):
        lines += _error(error)
    lines += ["", "## 笔记本失败的原因 Why a notebook failed", ""]
    lines += ["A run names the cell and one of these; the notebook is kept as far as it went."]
    for failure in _family(RunError):
        lines += _error(failure)
    return "\n".join(lines) + "\n"


def _family(parent: type[Exception]) -> list[type[Exception]]:
    """Return a class with everything derived from it in the package, in alphabetical order."""
    found = {parent.__name__: parent}
    for child in parent.__subclasses__():
        if child.__module__.startswith("auditlib."):
            found |= {each.__name__: each for each in _family(child)}
    return [found[name] for name in sorted(found, key=lambda name: (name != parent.__name__, name))]


def _error(error: type[Exception]) -> Iterator[str]:
    yield from ("", f"### {error.__name__}", "", _first_line(error))
    causes = [name for name, value in vars(error).items() if isinstance(value, classmethod)]
    if causes:
        yield ""
    for name in causes:
        yield f"- `{name}`: {_first_line(getattr(error, name))}"


def _first_line(thing: Callable[..., object]) -> str:
    return (getdoc(thing) or "").split("\n\n")[0].replace("\n", " ")


# ---- schemas -------------------------------------------------------------------------------


def schema(stage: str) -> str:
    """Return the JSON Schema of a stage's record."""
    where = {name: f"{numbered(name)}/{name}.json" for name in STAGES}
    where |= {
        "consolidated": "consolidated.json",
        "awaiting": "a stage without field work",
    }
    content = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": f"Made by docs/make.py; describes {where[stage]}",
        **records_schema(RECORDS[stage]),
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


# ---- coverage ------------------------------------------------------------------------------


def coverage_page() -> str:
    """Return every requirement of the plan with the files that name it."""
    with (DOCS / "requirements.csv").open(encoding="utf-8", newline="") as file:
        requirements = list(csv.DictReader(file))
    known = [requirement["id"] for requirement in requirements]
    texts = {path: path.read_text("utf-8") for path in _sources()}
    named = {path: set(re.findall(r"\bR\d{3}\b", text)) for path, text in texts.items()}
    partly = {
        found
        for path, text in texts.items()
        if path.parent.name == "stages"
        for line in text.splitlines()
        if line.startswith("In part:")
        for found in re.findall(r"\bR\d{3}\b", line)
    }
    strange = sorted({each for ids in named.values() for each in ids} - set(known))
    if strange:
        raise SystemExit(f"Named in tests, stages or params, but no requirement: {strange}")
    rows = []
    states = []
    for requirement in requirements:
        where = [path for path in texts if requirement["id"] in named[path]]
        states.append(_state(where, partly=requirement["id"] in partly))
        rows.append(
            [
                requirement["id"],
                requirement["clause"],
                requirement["zh"],
                requirement["stage"],
                states[-1],
                "<br>".join(_link(path) for path in where) or "–",
            ]
        )
    meaning = {
        "tested": "a test names it",
        "described": "the page of its stage says where it is met; no test names it",
        "in part": "the page of its stage says what is still missing",
        "open": "nothing names it yet",
    }
    lines = [
        "# 方案条款覆盖情况 Coverage of the plan's requirements",
        "",
        NOTICE,
        "",
        f"方案共拆分为 {len(known)} 项要求（`docs/requirements.csv`）。本页只列事实：哪些测试、"
        "阶段说明或参数文件写有该项编号；没有的记为 open。",
        "",
        f"The plan has {len(known)} requirements (`docs/requirements.csv`). This page states facts "
        "only: which tests, pages of stages and parameter files name each; `open` where none does.",
        "",
        *table(
            ["state", "number", "meaning"],
            ([state, states.count(state), words] for state, words in meaning.items()),
        ),
        "",
        *table(["id", "clause", "方案原文", "stage", "state", "where"], rows),
    ]
    return "\n".join(lines) + "\n"


def _sources() -> list[Path]:
    """Return the files in which a requirement may be named, sorted."""
    found = [
        *(ROOT / "tests").rglob("*.py"),
        *(DOCS / "stages").glob("*.md"),
        *(ROOT / "params").rglob("*.yaml"),
    ]
    return sorted(found, key=lambda path: path.relative_to(ROOT).as_posix())


def _state(where: Iterable[Path], *, partly: bool) -> str:
    if partly:
        return "in part"
    parts = {path.relative_to(ROOT).parts[0] for path in where}
    if "tests" in parts:
        return "tested"
    return "described" if parts else "open"


def _link(path: Path) -> str:
    name = path.relative_to(ROOT).as_posix()
    target = name.removeprefix("docs/") if name.startswith("docs/") else f"../{name}"
    return f"[{name.removeprefix('docs/')}]({target})"


# ---- all -----------------------------------------------------------------------------------


def documents() -> dict[str, str]:
    """Return every generated document by its place below `docs/`."""
    schemas = {f"schemas/{stage}.json": schema(stage) for stage in RECORDS}
    return {
        "plan.md": plan_page(),
        "tables.md": tables_page(),
        "errors.md": errors_page(),
        "coverage.md": coverage_page(),
        **schemas,
    }


def main() -> int:
    """Write the documents, or with `--check` say which are stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, name stale files")
    check = parser.parse_args().check
    stale = []
    for name, text in documents().items():
        path = DOCS / name
        if path.is_file() and path.read_bytes() == text.encode():
            continue
        stale.append(name)
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
    for name in stale:
        print(f"{'stale' if check else 'written'}: docs/{name}", file=sys.stderr)
    if check and stale:
        print("Run `make docs`, and read the difference.", file=sys.stderr)
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
