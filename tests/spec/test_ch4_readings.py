"""Chapter four: every reading of sampling (A24-A38, A53) with a test that fails where it is broken.

A25 and A33 stand with the households and groups, A38 with `test_ch4_design`.
"""

from dataclasses import replace
from fractions import Fraction

import pandas as pd
import pytest
from openpyxl import load_workbook

from auditlib import pipeline
from auditlib.errors import SelectionError
from auditlib.fieldwork.reach import last_visits
from auditlib.fieldwork.summary import screened_in_full
from auditlib.language import Words
from auditlib.params.reading import read
from auditlib.pipeline import _result
from auditlib.pipeline.drawing import draw_phase, publish
from auditlib.pipeline.preparing import prepare
from auditlib.plan import Plan
from auditlib.report import review
from auditlib.report.consolidated import Consolidated, Line
from auditlib.sampling import draw_county
from auditlib.sampling.commitment import seed_of
from auditlib.sampling.plan import make_quotas, make_sizes
from auditlib.sampling.pseudonym import household_id
from tests.conftest import COUNTY, ROOT, Project
from tests.spec.test_ch4_design import office_list

VISITS = ("fieldwork.xlsx", "入户调查")


@pytest.fixture(scope="module")
def plan() -> Plan:
    """The plan as shipped, without the golden round's small quotas."""
    path = ROOT / "params" / "plan.yaml"
    return Plan.model_validate(read(path, "params/plan.yaml").values)


def a_visit(project: Project, kind: str, disposition: str = "完成") -> int:
    """Return the row of the first visit of that kind and result."""
    sheet = load_workbook(project.data / VISITS[0])[VISITS[1]]
    at = [cell.value for cell in sheet[2]]
    columns = at.index("调查户类型"), at.index("访问结果"), at.index("调查阶段")
    for i, row in enumerate(sheet.iter_rows(min_row=3, values_only=True), 3):
        if tuple(row[j] for j in columns) == (kind, disposition, "首轮"):
            return i
    raise AssertionError(kind)


def figures(project: Project) -> dict[str, tuple[int | Fraction, int]]:
    """Return numerator and denominator of every indicator of the first round."""
    record = _result(pipeline.open_audit(COUNTY, "golden"), "indicators").record
    return {n: (j.numerator, j.denominator) for n, j in record.official.judgements.items()}


# ---- A24: random for rates, purposive apart ----


def test_a_purposive_visit_enters_no_rate_and_is_counted_apart(project: Project) -> None:
    """A24, R052: the household leaves every rate, as if it had not been visited."""
    before = figures(project)
    row = a_visit(project, "脱贫户")
    project.edit(*VISITS, row, "调查户类型", "重点核查户")
    after = figures(project)
    assert after["wrong_exit_rate"][1] < before["wrong_exit_rate"][1]
    assert after["recognition_rate"][1] == before["recognition_rate"][1] - 1
    record = pipeline.fieldwork(pipeline.open_audit(COUNTY, "golden"))
    assert record.quality.purposive == 1
    assert record.outside_sample == ()
    book = next(project.root.glob("outputs/golden/*/02_fieldwork/quality.xlsx"))
    sheet = load_workbook(book)["重点核查户"]
    (listed,) = [row for row in sheet.iter_rows(values_only=True) if row[-1] in (0, "0")]
    assert str(listed[1]).startswith("H-")


@pytest.mark.parametrize("disposition", ["refused", "completed"])
def test_a_purposive_visit_neither_hides_a_drawn_household_nor_cures_its_refusal(
    disposition: str,
) -> None:
    """A24: the visit for which the household was drawn counts, whatever a later visit brought."""
    visits = pd.DataFrame(
        [
            ("1", "H-a", "lifted", "2019-03-01", disposition),
            ("2", "H-a", "purposive", "2019-03-09", "completed"),
            ("3", "H-b", "purposive", "2019-03-02", "completed"),
        ],
        columns=["visit_id", "study_id", "kind", "started", "disposition"],
    )
    assert list(last_visits(visits)["visit_id"]) == ["1", "3"]


# ---- A26: a comparison with another list flags risks, and decides nothing ----


def test_hits_of_a_comparison_with_another_list_move_no_figure(project: Project) -> None:
    """A26: lists, fields, rule, hits and use are told; no indicator takes them up."""
    before = figures(project)
    project.edit("fieldwork.xlsx", "数据比对登记", 3, "命中人数", 629)
    assert figures(project) == before
    audit = pipeline.open_audit(COUNTY, "golden")
    (told,) = publish(audit, draw_phase(audit, "first")).record.linkage
    assert (told.hits, told.compared) == (629, 630)
    assert told.fields
    assert told.rule
    assert told.use


def test_records_linked_alone_are_no_screening_in_full() -> None:
    """A26: such a group is incomplete, and its persons are in no base."""
    units = pd.DataFrame(
        {"complete": ["yes", "yes", "no"], "method": ["census", "linkage", "census"]}
    )
    assert list(screened_in_full(units)) == [True, False, False]


def test_a_group_of_linked_records_leaves_the_missed_rate(project: Project) -> None:
    """A26: neither its persons nor its cases enter the rate; it stands among the incomplete."""
    before = figures(project)
    project.edit("screening.xlsx", "普查排查村组", 3, "方式", "数据比对")
    assert figures(project)["missed_rate"][1] < before["missed_rate"][1]


# ---- A27: about 30, never fewer than 25 ----


def test_thirty_villages_are_wanted_25_to_35_accepted(plan: Plan) -> None:
    """A27."""
    quotas = make_quotas(plan.sampling, sizes(plan, 9_000), literal_halves=False)
    assert (quotas.villages, quotas.fewest, quotas.most) == (30, 25, 35)


def test_fewer_villages_than_the_minimum_are_told_as_a_breach(project: Project) -> None:
    """A27: a list of 5 villages where 6 are the least is not met, and says so."""
    audit = pipeline.open_audit(COUNTY, "golden")
    before = draw_phase(audit, "first")
    listed = [v.code.removeprefix("V-") for v in before.sample.villages][:5]
    office_list(project, listed=listed)
    project.change("rounds/golden", state="sealed")  # counts are told all the same
    audit = pipeline.open_audit(COUNTY, "golden")
    prepared = prepare(audit, "first", nonce=before.draw.nonce)
    drawn = replace(before, prepared=prepared)
    seed = seed_of(before.draw, before.nonce)
    sample = draw_county(prepared.frame, prepared.design, seed, office=prepared.office)
    record = publish(audit, replace(drawn, sample=sample)).record
    quota = next(q for q in record.quotas if q.quota == "villages")
    assert (quota.wanted, quota.reached, quota.kept) == (6, 5, False)
    assert "too_few_villages" in {n.code for n in record.notes}


# ---- A28-A31: how many households ----


def sizes(plan: Plan, registered: int, lifted: int = 3_000):
    return make_sizes(plan.sampling, registered_persons=registered, lifted_listed=lifted)


@pytest.mark.parametrize(
    ("registered", "wanted"),
    [
        (9_999, (1_000, 600, 400)),
        (10_000, (1_200, 720, 480)),
        (15_000, (1_350, 810, 540)),
        (20_000, (1_500, 900, 600)),
    ],
)
def test_ten_thousand_registered_persons_take_the_larger_sample(
    plan: Plan, registered: int, wanted: tuple[int, int, int]
) -> None:
    """A28, A29: of this county's own registered persons, lifted ones included; 60/40 kept."""
    s = sizes(plan, registered).plan
    assert (s.total, s.lifted, s.unregistered) == wanted


def test_no_county_falls_below_the_plan_s_two_floors(plan: Plan) -> None:
    """A29: 600 lifted and 400 unregistered hold in every county, whatever the total's shares."""
    fewer = plan.sampling.households.model_copy(update={"small_total": 900})
    small = plan.sampling.model_copy(update={"households": fewer})
    s = make_sizes(small, registered_persons=2_000, lifted_listed=3_000).plan
    assert (s.lifted, s.unregistered) == (600, 400)


def test_the_frame_s_registered_persons_include_the_lifted(project: Project) -> None:
    """A28: 630 registered persons, most of them lifted; not the few who are still poor."""
    audit = pipeline.open_audit(COUNTY, "golden")
    prepared = prepare(audit, "first")
    people = prepared.population
    assert prepared.sizes.registered_persons == people.still_poor + people.lifted == 630


def test_averages_are_shown_while_every_county_is_held_to_its_own_number(
    project: Project,
) -> None:
    """A29: the mean stands beside the least county, and how many have what is wanted."""
    audit = pipeline.open_audit(COUNTY, "golden")
    report = _result(audit, "report").record
    opened = pipeline.open_round("golden")
    lifted = next(r for r in report.reach if r.kind == "lifted")
    short = tuple(
        replace(r, completed=r.wanted - 10) if r.kind == "lifted" else r for r in report.reach
    )
    lines = (
        Line("990001", Words("甲县", "A"), report, "", None),
        Line("990002", Words("乙县", "B"), replace(report, reach=short), "", None),
    )
    record = Consolidated(1, "golden", lines, ())
    row = review.average_table(opened.page, record).rows[0]
    mean = (lifted.completed + lifted.wanted - 10) / 2
    assert row[:3] == ("脱贫户", "≥ 60", f"{mean:.2f}")
    assert row[3] == str(lifted.wanted - 10)
    met = int(lifted.completed >= lifted.wanted)
    assert row[5] == f"{met} / 2"
    shown = review.methods(opened.page, record)
    assert "县均" in repr(shown)


@pytest.mark.parametrize(("listed", "wanted"), [(3_000, 600), (600, 600), (599, 599), (40, 40)])
def test_a_county_with_fewer_lifted_households_takes_them_all(
    plan: Plan, listed: int, wanted: int
) -> None:
    """A30: min(600, N)."""
    s = sizes(plan, 2_000, listed)
    assert s.lifted == wanted
    assert make_quotas(plan.sampling, s, literal_halves=False).lifted == wanted


def test_the_precision_of_the_plan_is_computed_for_its_own_assumptions(plan: Plan) -> None:
    """A31, R061: p = 2 %, 1 point, 95 %: n0 = 753; with N = 3,000 and deff 1 603 are enough."""
    s = sizes(plan, 2_000)
    assert round(s.precision.n0) == 753
    assert s.margin > 0.01  # 600 households at deff 1.5 promise more than one point: told
    p = plan.sampling.precision
    assert (p.share, p.margin, p.level) == (Fraction(1, 50), Fraction(1, 100), Fraction(19, 20))
    plain = plan.sampling.model_copy(
        update={"precision": p.model_copy(update={"deff": Fraction(1), "response": Fraction(1)})}
    )
    assert make_sizes(plain, registered_persons=2_000, lifted_listed=3_000).precision.n == 603


# ---- A32: which lifted households ----


def test_every_household_registered_as_lifted_is_in_the_frame_but_those_gone_with_proof(
    project: Project,
) -> None:
    """A32: all exit years; the naturally extinct and the moved leave the frame, with proof."""
    book = load_workbook(project.data / "registry.xlsx")
    sheet = book["建档立卡户"]
    headings = [cell.value for cell in sheet[2]]
    rows = [r for r in sheet.iter_rows(min_row=3, values_only=True) if r[0]]
    status, year = headings.index("脱贫属性"), headings.index("脱贫年度")
    lifted = [r for r in rows if r[status] == "已脱贫"]
    assert {int(r[year]) for r in lifted} == {2014, 2015, 2016, 2017, 2018}
    audit = pipeline.open_audit(COUNTY, "golden")
    frame = prepare(audit, "first").frame
    listed = {u for units in frame.lifted.values() for u in units}
    assert listed == {household_id(str(r[0]), key=audit.key) for r in lifted}

    gone = next(i for i, r in enumerate(rows, 3) if r[status] == "已脱贫")
    width = len(headings)
    for j, (heading, value) in enumerate((("剔除原因", "整户搬离"), ("剔除证明", "户籍迁出证明"))):
        sheet.cell(2, width + 1 + j).value = heading
        sheet.cell(gone, width + 1 + j).value = value
    book.save(project.data / "registry.xlsx")
    county = project.params(f"counties/{COUNTY}")
    text = county.read_text("utf-8")
    members = int(sheet.cell(gone, headings.index("人数") + 1).value)
    county.write_text(
        text.replace("registered: 630", f"registered: {630 - members}").replace(
            "unregistered: 8370", f"unregistered: {8370 + members}"
        ),
        "utf-8",
    )
    audit = pipeline.open_audit(COUNTY, "golden")
    left = {u for units in prepare(audit, "first").frame.lifted.values() for u in units}
    assert listed - left == {household_id(str(sheet.cell(gone, 1).value), key=audit.key)}


# ---- A34: remote, by a rule that is fixed before the draw ----


def test_a_rule_of_remoteness_changed_after_the_draw_is_refused(project: Project) -> None:
    """A34: the limits stand in the design whose digest was published."""
    path = project.params("plan")
    text = path.read_text("utf-8")
    path.write_text(text.replace("far_km: 40", "far_km: 41"), "utf-8")
    with pytest.raises(SelectionError, match="design has changed since draw 1"):
        draw_phase(pipeline.open_audit(COUNTY, "golden"), "first")


def test_at_least_half_or_literal_halves_is_a_switch_of_the_round(project: Project) -> None:
    """A34: the default asks for half of villages and households; the switch reads it literally."""
    audit = pipeline.open_audit(COUNTY, "golden")
    quotas = prepare(audit, "first").design.quotas
    assert (quotas.remote, quotas.literal_halves) == (Fraction(1, 2), False)
    values = project.params("rounds/golden").read_text("utf-8")
    override = "overrides:\n- reason: 按字面\n  readings: {remote: literal_halves}\n"
    project.params("rounds/golden").write_text(values.replace("overrides:\n", override, 1), "utf-8")
    literal = prepare(pipeline.open_audit(COUNTY, "golden"), "first").design.quotas
    assert literal.literal_halves


def test_remoteness_and_replacement_are_digested_with_the_design(project: Project) -> None:
    """A34, A53: both rules are fixed before the seed."""
    rules = prepare(pipeline.open_audit(COUNTY, "golden"), "first").design.rules
    assert rules["remoteness"] == {"far_km": "40.0", "long_minutes": "60.0", "weak_score": "40.0"}
    assert set(rules["replaceable"]) >= {"refused", "absent"}
    assert set(rules["ineligible"]) == {"moved", "extinct", "not_found"}


# ---- A37: households still poor, outside the quotas ----


def test_households_still_poor_are_drawn_beside_the_quotas_and_asked_for_recognition(
    project: Project, plan: Plan
) -> None:
    """A37: 10 to 30 a county; 600 + 400 leave none of them, yet their recognition counts."""
    s = plan.sampling.still_poor
    assert (s.least, s.most) == (10, 30)
    assert sizes(plan, 2_000).plan.total == 600 + 400
    audit = pipeline.open_audit(COUNTY, "golden")
    drawn = draw_phase(audit, "first")
    poor = set(drawn.sample.still_poor.drawn)
    others = {u for part in drawn.sample.lifted for u in part.drawn}
    quotas = {q.quota: q for q in publish(audit, drawn).record.quotas}
    assert quotas["still_poor"].reached == len(poor) == 4
    assert quotas["lifted"].reached == len(others)
    assert not poor & others
    assert "still_poor" in plan.recognition.kinds
    before = figures(project)
    row = a_visit(project, "未脱贫户")
    project.edit(*VISITS, row, "访问结果", "拒访")
    after = figures(project)
    assert after["recognition_rate"][1] == before["recognition_rate"][1] - 1
    assert after["wrong_exit_rate"] == before["wrong_exit_rate"]


# ---- A53: replacement from the reserves in order, response by village ----


def test_a_reserve_taken_out_of_order_and_a_stranger_are_told(project: Project) -> None:
    """A53: the field work names every departure; a stranger's visit enters no rate."""
    before = figures(project)
    audit = pipeline.open_audit(COUNTY, "golden")
    drawn = draw_phase(audit, "first")
    assert pipeline.fieldwork(audit).out_of_order == ()
    part = drawn.sample.lifted[0]
    row = a_visit(project, "脱贫户")
    book = load_workbook(project.data / VISITS[0])
    sheet = book[VISITS[1]]
    heads = [cell.value for cell in sheet[2]]
    village = part.village.removeprefix("V-")
    sheet.cell(row, heads.index("行政村代码") + 1).value = village
    sheet.cell(row, heads.index("样本编号") + 1).value = "H-000000000000"
    sheet.cell(row, heads.index("替换样本编号") + 1).value = part.drawn[0]
    book.save(project.data / VISITS[0])
    audit = pipeline.open_audit(COUNTY, "golden")
    record = pipeline.fieldwork(audit)
    assert "not_on_list H-000000000000" in record.out_of_order
    assert len(record.outside_sample) == 1
    assert figures(project)["recognition_rate"][1] == before["recognition_rate"][1] - 1


def test_the_response_of_every_village_stands_with_its_weight(project: Project) -> None:
    """A53: a refusal lowers the village's response, and the others' weight rises."""
    audit = pipeline.open_audit(COUNTY, "golden")
    before = _result(audit, "fieldwork").tables["response"].set_index("village")
    row = a_visit(project, "脱贫户")
    sheet = load_workbook(project.data / VISITS[0])[VISITS[1]]
    heads = [cell.value for cell in sheet[2]]
    village = "V-" + str(sheet.cell(row, heads.index("行政村代码") + 1).value)
    project.edit(*VISITS, row, "访问结果", "拒访")
    audit = pipeline.open_audit(COUNTY, "golden")
    after = _result(audit, "fieldwork").tables["response"].set_index("village")
    assert int(after.at[village, "responded"]) == int(before.at[village, "responded"]) - 1
    assert Fraction(after.at[village, "weight"]) > Fraction(before.at[village, "weight"])
    others = [v for v in before.index if v != village]
    assert after.loc[others].equals(before.loc[others])
