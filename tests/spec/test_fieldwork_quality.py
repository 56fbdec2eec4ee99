"""The quality of the field work: checks from a sheet, interviewers, back-checks, likeness.

The plan asks for strictness that is no formality (一) and forbids coached answers (七（二）8).
"""

from datetime import date, datetime
from math import isclose
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook
from scipy import stats

from auditlib import pipeline
from auditlib.fieldwork.quality import (
    QualityCheck,
    compare_backchecks,
    control_limits,
    count_progress,
    derive,
    describe,
    expected_identical,
    identical_answers,
    interviewer_effect,
    likeness,
    run_checks,
)
from auditlib.fieldwork.quality.checks import kilometres
from auditlib.files.inputs import read_inputs
from auditlib.files.reading import Source
from auditlib.tables import CODES
from tests.conftest import Project

ANSWERS = {
    "study_id": "H-1",
    "village": "990001101201",
    "enumerator": "E1",
    "disposition": "completed",
    "started": datetime(2019, 3, 1, 9),
    "ended": datetime(2019, 3, 1, 9, 30),
    "latitude": None,
    "longitude": None,
    "form_version": "2",
    "income": 4000.0,
    "food_source": "own",
    "moved_in": "",
    "housing_kind": "ordinary",
}


def visits(*rows: dict[str, Any]) -> pd.DataFrame:
    made = [{**ANSWERS, "visit_id": f"v{i}", "study_id": f"H-{i}", **r} for i, r in enumerate(rows)]
    table = pd.DataFrame(made, dtype=object)
    table["income"] = pd.array(list(table["income"]), dtype="Float64")
    return derive(table, {"990001101201": (0.5, 0.5)})


def check(column: str, kind: str, **values: Any) -> QualityCheck:
    return QualityCheck("c", "检查", "household_visits", column, kind, **values)


def flagged(line: QualityCheck, *rows: dict[str, Any]) -> list[str]:
    _, flags = run_checks([line], {"household_visits": visits(*rows)})
    return [flag.visit_id for flag in flags]


FLAGGED = {
    "missing": (check("income", "missing"), [{"income": None}, {}], ["v0"]),
    "below": (check("income", "range", low=0), [{"income": -1.0}, {"income": 0.0}], ["v0"]),
    "above": (check("income", "range", high=9), [{"income": 9.0}, {"income": 9.5}], ["v1"]),
    "short": (check("minutes", "range", low=31), [{}, {"ended": None}], ["v0"]),
    "night": (
        check("hour", "range", low=7, high=20),
        [{"started": datetime(2019, 3, 1, 6, 59)}, {}],
        ["v0"],
    ),
    "window": (
        check("date", "range", low=20190301, high=20190302),
        [{}, {"started": datetime(2019, 3, 3)}],
        ["v1"],
    ),
    "outlier": (
        check("income", "outlier", high=3.5),
        [{"income": float(i)} for i in (1, 2, 3, 4, 5, 90)],
        ["v5"],
    ),
    "held": (
        check("food_source", "holds", values="other"),
        [{"food_source": "own other"}, {}],
        ["v0"],
    ),
    "logic": (
        check("moved_in", "logic", when="housing_kind", equals="relocated"),
        [{}, {"housing_kind": "relocated"}, {"housing_kind": "relocated", "moved_in": "no"}],
        ["v1"],
    ),
    "logic_with_values": (
        check("moved_in", "logic", values="yes", when="housing_kind", equals="relocated"),
        [{}, {"housing_kind": "relocated", "moved_in": "no"}],
        ["v1"],
    ),
    "repeated": (check("study_id", "repeated"), [{}, {"study_id": "H-0"}, {}], ["v0", "v1"]),
    "same_place": (
        check("position", "repeated"),
        [{"latitude": 0.5, "longitude": 0.5}, {"latitude": 0.5, "longitude": 0.5}, {}, {}],
        ["v0", "v1"],
    ),
    "far": (
        check("kilometres", "range", high=5),
        [{"latitude": 0.5, "longitude": 0.5}, {"latitude": 0.6, "longitude": 0.5}],
        ["v1"],
    ),
    "version": (
        check("form_version", "version"),
        [{}, {"form_version": "1", "started": datetime(2019, 3, 2)}, {"form_version": "1"}],
        ["v1"],
    ),
    "overnight": (
        check("nights", "range", high=0),
        [{"ended": datetime(2019, 3, 2, 1)}, {}, {"ended": None}],
        ["v0"],
    ),
    "not_completed": (check("income", "missing"), [{"income": None, "disposition": "refused"}], []),
}


@pytest.mark.parametrize("name", FLAGGED)
def test_a_check_flags_the_visits_that_it_asks_for(name: str) -> None:
    """R009."""
    line, rows, wanted = FLAGGED[name]

    assert flagged(line, *rows) == wanted


def test_a_check_says_of_how_many_and_bounds_what_it_did_not_find() -> None:
    """R009. Rule of three: none of 100 still allows 3 %."""
    (result,), _ = run_checks(
        [check("income", "missing")], {"household_visits": visits(*[{}] * 100)}
    )

    assert (result.flagged, result.rows) == (0, 100)
    assert result.upper == pytest.approx(1 - 0.05**0.01, abs=1e-9)


def test_a_share_names_the_interviewers_with_too_large_a_one() -> None:
    """R009. Of fewer visits than `low` nobody is named; refusals are looked for in all visits."""
    line = check("disposition", "share", values="refused", low=3, high=0.3)
    rows = [{"disposition": "refused"}, {}, {"disposition": "refused"}]
    rows += [{"enumerator": "E2"}] * 3 + [{"enumerator": "E3", "disposition": "refused"}]

    (result,), flags = run_checks([line], {"household_visits": visits(*rows)})

    assert result.interviewers == ("E1",)
    assert (result.flagged, result.rows, flags) == (3, 7, ())


def test_a_degree_of_latitude_is_about_111_kilometres() -> None:
    assert kilometres((0, 0), (1, 0)) == pytest.approx(111.195, abs=0.001)


def test_the_interviewer_effect_agrees_with_shrout_and_fleiss() -> None:
    """Shrout and Fleiss (1979), table 4: ICC(1,1) = .17; limits -.13 and .72 (R psych::ICC)."""
    ratings = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    values = [value for row in ratings for value in row]
    groups = [str(i) for i, row in enumerate(ratings) for _ in row]

    effect = interviewer_effect("x", values, groups)

    assert effect.correlation == pytest.approx(0.17, abs=0.005)
    assert effect.low == pytest.approx(-0.13, abs=0.005)
    assert effect.high == pytest.approx(0.72, abs=0.005)


def test_the_interviewer_effect_is_none_where_nothing_can_be_told() -> None:
    assert interviewer_effect("x", [1, 1, 1], ["a", "a", "b"]).correlation is None
    assert interviewer_effect("x", [1, 2], ["a", "b"]).correlation is None
    assert interviewer_effect("x", [], []).correlation is None


def test_control_limits_are_quantiles_of_the_binomial() -> None:
    """The limits are scipy's own quantiles, found without its slow import. R009."""
    sizes = [1, 2, 17, 60, 333]
    for share in (0.0, 0.01, 0.2, 0.97, 1.0):
        low, high = control_limits(share, sizes, level=0.998)
        assert low == [stats.binom.ppf(0.001, n, share) / n for n in sizes]
        assert high == [stats.binom.ppf(0.999, n, share) / n for n in sizes]


def test_control_limits_hold_at_least_their_level() -> None:
    low, high = control_limits(0.1, [10, 100], level=0.998)

    assert all(lo <= 0.1 <= hi for lo, hi in zip(low, high, strict=True))
    assert high[0] > high[1]


def test_back_checks_count_differences_by_type_with_their_limits() -> None:
    """R009. 1 of 2 differs: Clopper and Pearson 0.0126 to 0.9874."""
    first = visits({"income": 100.0}, {"income": 100.0}, {})
    rows = [("v0", "income", "type3", "109", "E9"), ("v1", "income", "type3", "111", "E9")]
    rows += [("v2", "nothing", "type1", "1", "E9"), ("v2", "income", "type3", "x", "E9")]
    rows += [("v2", "income", "type3", "4000", "E1"), ("v9", "income", "type3", "1", "E9")]
    table = pd.DataFrame(rows, columns=["visit_id", "variable", "type", "value", "enumerator"])

    def understand(variable: str, text: str) -> float | None:
        return float(text) if text.isdigit() and variable == "income" else None

    found = compare_backchecks(table, first, understand, tolerance=0.1)

    (rate,) = found.by_type
    assert (rate.compared, rate.differing) == (2, 1)
    assert (rate.low, rate.high) == pytest.approx((0.01258, 0.98742), abs=5e-5)
    assert found.differing == (("v1", "income"),)
    assert len(found.unusable) == 3
    assert (found.visits, found.completed) == (3, 3)


def test_households_with_the_same_answers_are_found() -> None:
    """R128. Incomes to the yuan do not agree by chance."""
    rows = [{"income": 3210.0}, {"income": 3210.0}, {"income": 3211.0}, {"income": None}]
    rows += [{"income": None}]

    assert identical_answers(visits(*rows), ["food_source", "income"]) == ("v0", "v1")


def test_identical_answers_are_held_against_those_that_chance_gives() -> None:
    """R128. With one answer shared by half, each of ten finds its like; with incomes, none does."""
    half = visits(*({"food_source": "own" if i % 2 else "bought"} for i in range(10)))
    apart = visits(*({"income": 4000.0 + i} for i in range(10)))

    assert expected_identical(half, ["food_source"]) == pytest.approx(10 * (1 - (5 / 9) ** 9))
    assert expected_identical(apart, ["food_source", "income"]) == 0.0
    found = likeness(apart, ["food_source", "income"], alike=["food_source"])
    assert (found.expected, found.limit, found.commonest) == (0.0, 0, 0)
    twins = visits(*({"income": 4000.0 + i // 2} for i in range(10)))
    found = likeness(twins, ["food_source", "income"], alike=["food_source"])
    assert (len(found.identical), found.commonest) == (10, 2)
    assert found.expected == pytest.approx(10 * (1 - (8 / 9) ** 9), abs=0.05)


def test_likeness_within_interviewers_is_set_against_that_between_them() -> None:
    """R128. E1's households answer alike, E2's answer otherwise."""
    rows = [{"food_source": "own"}] * 3 + [{"food_source": "bought", "enumerator": "E2"}] * 3

    alike = likeness(visits(*rows), ["food_source", "income"], alike=["food_source"])

    assert (alike.within, alike.between) == pytest.approx((1.0, 0.0), abs=1e-12)


def test_every_column_is_described() -> None:
    """R009. Missing, distinct and `other` values, and the spread of numbers."""
    table = describe(
        visits({"food_source": "own other"}, {"income": None}), ["income", "food_source"]
    )

    assert table.to_dict("list") == {
        "column": ["income", "food_source"],
        "rows": [2, 2],
        "answered": [1, 2],
        "missing": [1, 0],
        "distinct": [1, 2],
        "other": [0, 1],
        "least": ["4000", ""],
        "median": ["4000", ""],
        "most": ["4000", ""],
    }


def test_progress_counts_every_visit_once_in_every_view() -> None:
    """R008."""
    table = visits({}, {"disposition": "refused"}, {"started": datetime(2019, 3, 2)})

    progress = count_progress(table, {"E1": "T1"})

    for view in progress.values():
        assert sum(p.visits for p in view) == 3
        assert sum(p.completed for p in view) == 2
        assert sum(sum(p.days.values()) for p in view) == 2
    assert [p.of for p in progress["team"]] == ["T1"]


def test_the_team_s_sheet_replaces_the_checks_of_the_plan(project: Project) -> None:
    """R009. One line is left in the sheet; its limit is the team's own."""
    book = load_workbook(project.data / "quality.xlsx")
    sheet = book["质量检查"]
    sheet.delete_rows(4, sheet.max_row)
    headings = [cell.value for cell in sheet[2]]
    sheet.cell(3, headings.index("下限") + 1).value = 29
    book.save(project.data / "quality.xlsx")

    record = pipeline.fieldwork(pipeline.open_audit(project.county, project.round))

    (result,) = record.quality.checks
    assert result.check == "short"
    assert result.flagged > 10


def test_a_check_of_a_column_that_does_not_exist_is_told(project: Project) -> None:
    project.edit("quality.xlsx", "质量检查", 3, "列", "minuten")

    inputs = pipeline.open_audit(project.county, project.round).read("quality_checks")

    assert [p.kind for p in inputs.errors] == ["unknown_check"]
    assert "household_visits" in inputs.errors[0].says("zh")


VISIT = {
    "调查编号": "T1",
    "调查阶段": "首轮",
    "样本编号": "H-1",
    "调查户类型": "脱贫户",
    "行政村代码": "990001101201",
    "访问结果": "完成",
    "调查员编号": "E1",
    "开始时间": "2019-03-01 09:00",
}


def _inputs(folder: Path, decisions: list[dict[str, str]]) -> Any:
    rows = [VISIT, {**VISIT, "样本编号": "H-2"}, {**VISIT, "调查编号": "T2", "样本编号": "H-3"}]
    pd.DataFrame(rows).to_csv(folder / "visits.csv", index=False)
    blank = {"表": "household_visits", "行主键": "T1", "新编号": "", "处理人（工号）": "Q1"}
    blank |= {"日期": "2019-03-02", "理由": "核对原始提交"}
    told = [{**blank, **decision} for decision in decisions]
    headings = [*blank, "行指纹", "处理"]
    pd.DataFrame(told, columns=headings).to_csv(folder / "duplicates.csv", index=False)
    return _read(folder, duplicates="duplicates.csv")


def _read(folder: Path, **files: str) -> Any:
    sources = {"household_visits": "visits.csv", **files}
    return read_inputs(
        folder,
        {table: Source(file) for table, file in sources.items()},
        ["household_visits"],
        county="990001",
        as_of=date(2019, 4, 20),
        codelists=CODES | {"policy_lines": {}},
        exit_years={"first": 2014, "last": 2018},
    )


def test_repeated_rows_are_set_aside_until_people_decide(tmp_path: Path) -> None:
    """R010. The row's fingerprint tells the two apart; the columns that differ are named."""
    inputs = _inputs(tmp_path, [])

    assert list(inputs["household_visits"]["visit_id"]) == ["T2"]
    assert [d.row_key for d in inputs.duplicates] == ["T1", "T1"]
    assert {d.differs for d in inputs.duplicates} == {("study_id",)}
    assert len({d.fingerprint for d in inputs.duplicates}) == 2


@pytest.mark.parametrize(
    ("decision", "new_id", "used", "note"),
    [
        ("不采用", "", ["H-1", "H-3"], "dropped_by_decision"),
        ("改用新编号", "T3", ["H-1", "H-2", "H-3"], "new_identifier"),
    ],
)
def test_a_decision_on_a_repeated_row_is_carried_out_in_the_next_run(
    tmp_path: Path, decision: str, new_id: str, used: list[str], note: str
) -> None:
    """R010. Who decided, when and why stands beside it; rows read stay rows used plus set aside."""
    second = _inputs(tmp_path, []).duplicates[1].fingerprint

    inputs = _inputs(tmp_path, [{"行指纹": second, "处理": decision, "新编号": new_id}])

    assert sorted(inputs["household_visits"]["study_id"]) == used
    assert [(p.kind, p.severity) for p in inputs.problems] == [(note, "note")]
    (count,) = [c for c in inputs.counts if c.table == "household_visits"]
    assert count.read == count.accepted + count.quarantined == 3


def test_the_row_that_people_keep_is_used_and_its_rival_is_not(tmp_path: Path) -> None:
    second = _inputs(tmp_path, []).duplicates[1].fingerprint

    inputs = _inputs(tmp_path, [{"行指纹": second, "处理": "采用"}])

    assert sorted(inputs["household_visits"]["study_id"]) == ["H-2", "H-3"]
    assert [p.kind for p in inputs.errors] == ["duplicate_key"]


def test_two_rows_kept_under_one_key_are_no_decision(tmp_path: Path) -> None:
    first, second = (d.fingerprint for d in _inputs(tmp_path, []).duplicates)

    inputs = _inputs(tmp_path, [{"行指纹": f, "处理": "采用"} for f in (first, second)])

    assert list(inputs["household_visits"]["study_id"]) == ["H-3"]


def test_a_new_identifier_must_be_written(tmp_path: Path) -> None:
    inputs = _inputs(tmp_path, [{"处理": "改用新编号"}])

    assert "no_new_identifier" in {p.kind for p in inputs.errors}


def test_a_decision_that_fits_no_row_is_told(tmp_path: Path) -> None:
    inputs = _inputs(tmp_path, [{"行指纹": "0" * 12, "处理": "不采用"}])

    assert "unused_decision" in {p.kind for p in inputs.errors}


@pytest.mark.parametrize(
    ("column", "old", "used"),
    [("income", "3000", True), ("income", "3001", False), ("x", "", False)],
)
def test_a_correction_is_carried_out_or_told(
    tmp_path: Path, column: str, old: str, used: bool
) -> None:
    """R010. A correction that fits no cell is set aside with its sentence, never passed over."""
    pd.DataFrame([{**VISIT, "人均纯收入": "3000"}]).to_csv(tmp_path / "visits.csv", index=False)
    told = {"更正编号": "G1", "表": "household_visits", "行主键": "T1", "列": column, "原值": old}
    told |= {"新值": "3300", "更正人（工号）": "Q1", "日期": "2019-03-02", "理由": "核对原件"}
    pd.DataFrame([told]).to_csv(tmp_path / "corrections.csv", index=False)

    inputs = _read(tmp_path, corrections="corrections.csv")

    assert list(inputs["household_visits"]["income"]) == [3300 if used else 3000]
    assert [p.kind for p in inputs.errors] == ([] if used else ["unused_correction"])


def test_the_workbook_is_the_same_every_run_and_is_read_again(project: Project) -> None:
    """R009. What the team gets back is what it can hand in: the sheet of checks among it."""
    audit = pipeline.open_audit(project.county, project.round)
    pipeline.fieldwork(audit)
    path = audit.folder / "02_fieldwork" / "quality.xlsx"
    before = path.read_bytes()
    book = load_workbook(path)

    assert book.sheetnames == [
        "检查结果",
        "需复看",
        "调查员",
        "检验",
        "重复处理",
        "进度",
        "重点核查户",
        "各题用时",
        "变量",
        "质量检查",
    ]
    assert all("合成数据" in sheet.cell(1, 1).value for sheet in book)
    (project.data / "quality.xlsx").write_bytes(before)
    again = pipeline.open_audit(project.county, project.round)
    assert again.read("quality_checks").errors == ()
    pipeline.fieldwork(again)
    assert path.read_bytes() == before


def test_risk_groups_are_counted_as_met_and_as_visited(project: Project) -> None:
    """R063, R068, R052. Screening codes its method; purposive visits are counted apart."""
    record = pipeline.fieldwork(pipeline.open_audit(project.county, project.round))

    screening = record.screening
    assert set(screening.risk_visited) == set(screening.risk_groups)
    assert all(screening.risk_visited[g] <= n for g, n in screening.risk_groups.items())
    assert sum(screening.methods.values()) == screening.complete + len(screening.incomplete)
    assert isclose(record.quality.purposive, 0)
