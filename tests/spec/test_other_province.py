"""Another province runs from parameters alone: the lines of docs/other-province.md, as they stand.

R016 R020 A04
"""

import re
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from auditlib import pipeline
from auditlib.indicators.verdict import Decision
from auditlib.pipeline import _result
from auditlib.pipeline.audit import Audit
from auditlib.pipeline.papers import papers
from tests.conftest import ROOT, Project, copy_golden
from tests.spec.test_county_papers import _words

PAGE = ROOT / "docs" / "other-province.md"
FIVE = {"plain", "hill", "mountain", "plateau", "basin"}


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
    return pipeline.open_audit(project.county, project.round, root=root)


@pytest.fixture(scope="module")
def audit(tmp_path_factory: pytest.TempPathFactory) -> Audit:
    root = tmp_path_factory.mktemp("province")
    audit = _open(root, *_overrides(), HIGHER)
    project = Project(root)
    for row, label in enumerate(("高原", "盆地", "平原", "丘陵", "山区"), 3):
        project.edit("frame.xlsx", "行政村名单", row, "地形", label)
    return audit


def test_three_per_cent_is_the_limit_everywhere(audit: Audit) -> None:
    rule = audit.params.plan.indicators.composite_incidence

    assert audit.params.limit(rule) == Fraction(3, 100)
    assert set(rule.threshold_in.values()) == {Fraction(3, 100)}


def test_five_kinds_of_terrain_are_understood(audit: Audit) -> None:
    villages = audit.read("villages")

    assert set(audit.params.plan.codelists()["terrain"]) == FIVE
    assert not villages.errors
    assert set(villages["villages"]["terrain"][:5]) == FIVE


def test_one_reference_indicator_vetoes_in_the_strict_national_mode(
    audit: Audit, tmp_path: Path
) -> None:
    """A04: under the plan's own reading the same figures call for rectification."""
    strict = _result(audit, "indicators").record.official
    own = _result(_open(tmp_path, HIGHER), "indicators").record.official

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
