"""Chapter four under other readings: a direct draw (A25), groups outside the villages (A33).

A small county goes through stages 01 to 04 under each switch.
"""

import io
import re
import zipfile
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pytest
import yaml
from openpyxl import load_workbook

from auditlib import pipeline
from auditlib.cli import main
from auditlib.cli.demo import write_county
from auditlib.demo.county import make_county
from auditlib.demo.invented import invented_county
from auditlib.pipeline import phases, stages
from auditlib.pipeline.audit import Audit
from auditlib.pipeline.drawing import Drawn, draw_phase, publish
from auditlib.report import sampled, sampling
from tests.conftest import COUNTY, Project, copy_golden
from tests.golden.make import OVERRIDE

WAYS = ("direct", "outside", "anywhere")


def readings(way: str) -> dict[str, str]:
    return {"draw": "direct"} if way == "direct" else {"groups": way}


@dataclass(frozen=True)
class Surveyed:
    """An invented county of 20 villages whose whole round was drawn one way."""

    way: str
    project: Project
    audit: Audit
    drawn: Drawn
    public: Any


@pytest.fixture(scope="module", params=WAYS)
def surveyed(request, tmp_path_factory):
    project = copy_golden(tmp_path_factory.mktemp(request.param))
    other = {"reason": "另一读法（合成）", "readings": readings(request.param)}
    project.change("rounds/golden", overrides=[OVERRIDE, other])
    audit = pipeline.open_audit(COUNTY, "golden", root=project.root)
    scenario, places = invented_county(
        3, villages=20, townships=4, households=420, population=9_000, surveyed=True
    )
    county = make_county(
        scenario,
        audit.params.plan,
        seed="golden",
        key=audit.key,
        income_line=2_995,
        places=places,
        readings=readings(request.param),
    )
    write_county(project.root / "data" / scenario.code, county, audit.params.plan.codelists())
    text = yaml.safe_dump(dict(county.params), allow_unicode=True)
    project.params(f"counties/{scenario.code}").write_text(text, "utf-8")
    audit = pipeline.open_audit(scenario.code, "golden", root=project.root)
    drawn = draw_phase(audit, "first")
    return Surveyed(request.param, project, audit, drawn, publish(audit, drawn))


def test_the_way_is_in_the_design_the_record_and_the_words(surveyed):
    """A25, A33: whoever reads the design, the record or the page sees how it was drawn."""
    record = surveyed.public.record
    direct = surveyed.way == "direct"
    rule = b'"draw":"direct"' if direct else f'"groups":"{surveyed.way}"'.encode()
    assert rule in surveyed.public.files["design.json"]
    assert record.method == ("direct" if direct else "two_stage")
    assert record.groups_from == ("anywhere" if direct else surveyed.way)
    said = repr(sampling.state(surveyed.audit.page, record))
    assert ("全县直抽60户脱贫户" in said) == direct
    assert {
        "direct": "直抽没有样本村",
        "outside": "样本村以外抽取",
        "anywhere": "不论是否在样本村",
    }[surveyed.way] in said
    assert ("涉及" in repr(sampled.chance_picture(surveyed.audit.page, record))) == direct


def test_a_direct_draw_tells_what_became_of_the_quotas_on_villages(surveyed):
    """R057, A25: set beside the villages it met, and called not kept; none is left out."""
    record = surveyed.public.record
    table = repr(sampling.quota_table(surveyed.audit.page, record))
    assert len(record.quotas) == 9
    if surveyed.way != "direct":
        assert "直抽" not in table
        return
    sample = surveyed.drawn.sample
    met = {v.code for v in sample.villages}
    reached = {q.quota: q.reached for q in record.quotas}
    assert reached["villages"] == len(met) == record.villages
    assert reached["lifted"] == 60
    assert table.count("直抽不控制") == 5
    drawn = {c.village for c in record.chances if c.drawn}
    assert drawn == met
    assert sum(t.expected for t in record.townships) == pytest.approx(
        float(sum(c.probability for c in record.chances))
    )
    assert record.sizes.precision.n_deff == pytest.approx(record.sizes.precision.n0 * 1.25)
    assert (record.operating.correlation, record.operating.households) == (0, 60)


def test_field_lists_hold_every_drawn_unit_wherever_it_lies(surveyed):
    """A33: teams get the villages of groups and reserves too, though nobody drew those villages."""
    sample = surveyed.drawn.sample
    places = {p.code for p in sample.places}
    assert {g.group.village for g in sample.groups} <= places
    assert {p.village for p in sample.lifted} <= places
    if surveyed.way == "outside":
        assert not {g.group.village for g in sample.groups} & {v.code for v in sample.villages}
    book = load_workbook(io.BytesIO(surveyed.public.files["field_lists.xlsx"]))
    cells = {
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
    }
    assert {row.unit for row in sample.rows if row.stage != "village"} <= cells


def test_the_sample_is_drawn_again_and_an_altered_row_named(surveyed, tmp_path, capsys):
    """A25, A33: `auditlib redraw` on the published folder, then with one row altered."""
    for name, content in surveyed.public.files.items():
        (tmp_path / name).write_bytes(content)
    rows = surveyed.public.tables["sample"]
    rows.to_csv(tmp_path / "sample.csv", index=False, lineterminator="\n")
    assert main(["redraw", str(tmp_path)]) == 0
    assert f"all {len(rows)} rows agree" in capsys.readouterr().out
    altered = rows.copy()
    altered.loc[altered.index[-1], "rank"] = "99"
    altered.to_csv(tmp_path / "sample.csv", index=False, lineterminator="\n")
    assert main(["redraw", str(tmp_path)]) == 1
    assert altered["unit"].iloc[-1] in capsys.readouterr().out


def test_a_county_goes_through_to_its_indicators_under_the_design_that_drew_it(surveyed):
    """R062, R065, A25, A33: weights, fpc and clusters follow; each group screened counts like any other."""
    audit, sampled_ = surveyed.audit, stages.sampling(surveyed.audit)
    worked, found = stages.fieldwork(audit, sampled_), stages.findings(audit, sampled_)
    inputs = audit.read("registry_households", *phases.FIELD_TABLES)
    phase = phases.open_phase(inputs, "first", sampled_)
    facts = phases.registry_facts(inputs["registry_households"], audit.members(inputs))
    response = worked.tables["response"]
    evidence = phases.gather_evidence(phase, found, response, facts, audit.params)
    assert worked.record.outside_sample == ()
    assert worked.record.out_of_order == ()
    record = stages.indicators(audit, sampled_, worked, found).record
    sure = record.assurance["wrong_exit_rate"]
    lifted = evidence.lifted
    if surveyed.way == "direct":
        N = sum(map(len, surveyed.drawn.frame.lifted.values()))
        assert set(lifted["listed"]) == {N}
        assert set(lifted["probability"]) == {1.0}
        assert lifted["weight"].nunique() == 1
        assert sure.df == len(lifted) - 1
        assert "direct_estimates" in {n.code for n in record.notes}
        assert record.operating.correlation == 0
    else:
        assert set(lifted["within"]) == set(lifted["village"])
        assert sure.df < len(surveyed.drawn.sample.villages)
    chances = {g.probability for g in surveyed.drawn.sample.groups}
    assert len(chances) == 1
    if surveyed.way != "outside":
        (chance,) = chances
        assert chance == Fraction(
            len(surveyed.drawn.sample.groups), len(surveyed.drawn.frame.groups)
        )


def test_the_papers_say_how_the_sample_was_drawn(surveyed, monkeypatch):
    """A25, A33: method, annex of method and annex of readings, in the county's own report."""
    monkeypatch.chdir(surveyed.project.root)
    audit = pipeline.open_audit(surveyed.audit.params.county.code, "golden")
    pipeline.report(audit)
    with zipfile.ZipFile(audit.folder / "08_report" / "report.docx") as paper:
        text = re.sub(r"<[^>]+>", "", paper.read("word/document.xml").decode())
    if surveyed.way == "direct":
        assert "直接随机抽取60户，每户概率相同，不先抽村" in text
        assert "从全县直接抽户，不先抽村" in text
        assert "户的简单随机抽样、有限总体" in text
        assert "按县、村、户三级分层随机抽样" not in text
        assert "本轮改用：全县直抽" in text
        assert text.count("直抽不控制") == 5
        assert "在样本村内抽取村民小组逐户普查）" in text  # what is usual, not what was done
        assert "本轮改用：全县（通常" in text
    else:
        assert "按县、村、户三级分层随机抽样" in text
        where = {"outside": "样本村外", "anywhere": "全县"}[surveyed.way]
        assert f"本轮改用：{where}" in text
        assert "（读法A33）" in text
