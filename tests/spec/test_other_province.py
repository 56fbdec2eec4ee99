"""Another province runs from parameters alone: the lines of docs/other-province.md, as they stand.

R016 R020 A04
"""

import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from auditlib import pipeline
from auditlib.cli.demo import write_county
from auditlib.demo.county import make_county
from auditlib.demo.invented import invented_county
from auditlib.indicators.verdict import Decision
from auditlib.pipeline import _result
from auditlib.pipeline.audit import Audit
from auditlib.pipeline.papers import papers
from auditlib.problems import InputError
from auditlib.report.sampling import frame_table
from tests.conftest import ROOT, Project, copy_golden
from tests.spec.test_county_papers import _words

PAGE = ROOT / "docs" / "other-province.md"
FIVE = ("plain", "hill", "mountain", "plateau", "basin")


def _overrides() -> list[dict[str, object]]:
    block = re.search(r"```yaml\n(overrides:.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert block
    return yaml.safe_load(block[1])["overrides"]


HIGHER = {
    "reason": "认可度须高于99%，使演示县不达标",
    "plan": {"indicators": {"recognition_rate": {"threshold": "99/100"}}},
}


def _open(root: Path, *overrides: dict[str, object]) -> Audit:
    project = copy_golden(root)
    own = yaml.safe_load(project.params("rounds/golden").read_text("utf-8"))
    project.change("rounds/golden", overrides=[*own["overrides"], *overrides])
    audit = pipeline.open_audit(project.county, project.round, root=root)
    scenario, places = invented_county(
        1, villages=20, townships=4, households=420, population=9_000
    )
    plan = audit.params.plan
    county = make_county(
        replace(scenario, terrains=FIVE),
        plan,
        seed="province",
        key=audit.key,
        income_line=2_995,
        places=places,
    )
    write_county(project.data, county, plan.codelists())
    return audit


@pytest.fixture(scope="module")
def audit(tmp_path_factory: pytest.TempPathFactory) -> Audit:
    root = tmp_path_factory.mktemp("province")
    return _open(root, *_overrides(), HIGHER)


def test_three_per_cent_is_the_limit_everywhere(audit: Audit) -> None:
    rule = audit.params.plan.indicators.composite_incidence

    assert audit.params.limit(rule) == Fraction(3, 100)
    assert set(rule.threshold_in.values()) == {Fraction(3, 100)}


def test_five_kinds_of_terrain_are_understood(audit: Audit) -> None:
    villages = audit.read("villages")

    assert set(audit.params.plan.codelists()["terrain"]) == set(FIVE)
    assert not villages.errors
    assert set(villages["villages"]["terrain"]) == set(FIVE)


def test_the_villages_are_stratified_by_the_five_kinds_of_terrain(audit: Audit) -> None:
    """R054: every kind is reached, each village with its own probability above 0."""
    sampling = _result(audit, "sampling").record

    assert {area.township for area in sampling.townships} == set(FIVE)
    assert all(area.drawn >= 1 for area in sampling.townships)
    assert sampling.least_probability > 0
    assert "地形" in frame_table(audit.page, sampling).headings


def test_a_village_without_its_terrain_cannot_be_drawn_by_terrain(tmp_path: Path) -> None:
    audit = _open(tmp_path, *_overrides())
    Project(tmp_path).edit("frame.xlsx", "行政村名单", 5, "地形", None)

    with pytest.raises(InputError) as told:
        _result(audit, "sampling")
    assert "row 5 · column 地形: nothing; expected plain" in told.value.says("en")


def test_one_reference_indicator_vetoes_in_the_strict_national_mode(
    audit: Audit, tmp_path: Path
) -> None:
    """A04: under the plan's own reading the same figures call for rectification."""
    strict = _result(audit, "indicators").record.official
    readable = [o for o in _overrides() if "readings" not in o]
    own = _result(_open(tmp_path, *readable, HIGHER), "indicators").record.official

    assert not strict.judgements["recognition_rate"].kept
    assert strict.decision is Decision.NO_EXIT
    assert own.decision is Decision.RECTIFY
    assert strict.judgements["wrong_exit_rate"] == own.judgements["wrong_exit_rate"]


def test_the_county_s_report_prints_every_changed_rule_with_its_reason(audit: Audit) -> None:
    made = papers(audit, _result(audit, "report"), lambda name: _result(audit, name))

    words = _words(made["report.docx"])
    for override in _overrides():
        assert str(override["reason"]) in words
    assert "不高于 3.00%" in words or "不高于 3.00%".replace(" ", "\u00a0") in words
