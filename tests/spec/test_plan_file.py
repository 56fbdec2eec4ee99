"""The plan is data: every provision has clause and sentence, and results follow the file's numbers.

R003 R014 R017 R061
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditlib import pipeline
from auditlib.errors import SelectionError
from auditlib.params.reading import read
from auditlib.pipeline import _compute
from auditlib.plan import Plan
from tests.conftest import COUNTY, Project

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs"))

from plan_page import provisions  # noqa: E402

PLAN = Plan.model_validate(read(ROOT / "params" / "plan.yaml", "plan").values)
FOUND = dict(provisions(PLAN))


def test_every_provision_has_its_clause_and_its_sentence_or_name_in_both_languages() -> None:
    assert len(FOUND) > 120
    for place, provision in FOUND.items():
        assert provision.clause, place
        if provision.says:
            assert PLAN.sentence(provision.says).en.isascii(), place
        elif name := getattr(provision, "name", None):
            assert all((name.zh, name.en)), place


def test_every_reading_that_a_provision_names_is_there_and_no_number_is_missing() -> None:
    named = {number for provision in FOUND.values() for number in provision.readings}

    assert named <= set(PLAN.readings)
    assert {f"A{i:02d}" for i in range(1, 58)} <= set(PLAN.readings)


def test_no_sentence_is_translated_that_the_plan_does_not_say() -> None:
    said = {p.says for p in FOUND.values()} | {PLAN.discipline.veto_says}

    assert set(PLAN.sentences) == said - {""}


def _lay(values: dict[str, Any], path: str, value: Any) -> None:
    *above, last = path.split(".")
    for key in above:
        values = values[key]
    values[last] = value


def _change(project: Project, path: str, value: Any) -> None:
    plan = project.params("plan")
    values = yaml.load(plan.read_text("utf-8"), yaml.BaseLoader)
    _lay(values, path, value)
    plan.write_text(yaml.safe_dump(values, allow_unicode=True), "utf-8")


def _record(stage: str) -> Any:
    return _compute(pipeline.open_audit(COUNTY, "golden"), stage).record


FOLLOWS: dict[str, tuple[str, Any, Callable[[Any], Any]]] = {
    "near_line.within": ("findings", "60/100", lambda r: sum(n.households for n in r.near_line)),
    "standards.housing.tests.grade.kept_if": (
        "findings",
        ["A"],
        lambda r: r.suspected_households,
    ),
    "standards.schooling.tests.in_school.ages": (
        "findings",
        ["6", "90"],
        lambda r: {s.standard: s.kept for s in r.standards}["schooling"],
    ),
    "standards.stability.tests.not_one_off.at_most": (
        "findings",
        "0/1",
        lambda r: r.suspected_households,
    ),
    "privacy.fewest_households": (
        "indicators",
        "500",
        lambda r: sum(d.rate is None for d in r.domains),
    ),
    "sampling.precision.level": (
        "indicators",
        "80/100",
        lambda r: r.assurance["wrong_exit_rate"].high,
    ),
    "services_rule.close_within": (
        "checks",
        "0/1",
        lambda r: [s.close for s in r.services],
    ),
    "village_rule.met": ("checks", ["met"], lambda r: r.villages),
    "notice.working_days": ("procedure", "6", lambda r: r.latest_notice),
    "steps.review.due.late": (
        "procedure",
        "2018-12-01",
        lambda r: [s.due for s in r.steps],
    ),
    "training.pass_mark": ("procedure", "100", lambda r: r.housekeeping),
}
"""A number of the plan, the stage it bears on, another value, and the figure that must follow."""


@pytest.mark.parametrize("path", FOLLOWS)
def test_a_figure_follows_the_number_of_the_plan_file(project: Project, path: str) -> None:
    """No number of the plan stands in code."""
    stage, value, figure = FOLLOWS[path]
    before = figure(_record(stage))
    _change(project, path, value)

    assert figure(_record(stage)) != before


def test_the_limit_of_yanbian_follows_the_plan_file(project: Project) -> None:
    """R017: a county of the region is judged by the limit that the file sets for it."""
    project.change(f"counties/{COUNTY}", region="yanbian")
    _change(project, "indicators.composite_incidence.threshold_in.yanbian", "1/100000")

    record = _record("indicators")

    assert record.decision == "no_exit"


DESIGN = {
    "sampling.poor_villages.share": "50/100",
    "sampling.remote.share": "1/4",
    "sampling.lifted.per_village_most": "5",
    "sampling.reserves.share": "1/4",
    "sampling.remoteness.far_km": "1",
}


@pytest.mark.parametrize("path", DESIGN)
def test_another_quota_is_another_design_and_needs_another_draw(
    project: Project, path: str
) -> None:
    """A quota changed after the draw: refused, for the design was digested before the seed."""
    _change(project, path, DESIGN[path])

    with pytest.raises(SelectionError):
        _record("sampling")
