"""The six demonstration counties reach every branch of the plan.

R012 R013 R057 R058 R060 R062 R065 R067 R069 R071 R072 R073 R074 R112
"""

from fractions import Fraction
from pathlib import Path

import pytest

from auditlib import pipeline
from auditlib.cli import main
from auditlib.pipeline import _compute, _result
from auditlib.report.record import CountyReport

ROOT = Path(__file__).parents[2]
COUNTIES = ("220821", "222406", "222405", "220623", "220881", "222402")


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[CountyReport, object]]:
    """The record of the stage report and of sampling, of every county."""
    root = tmp_path_factory.mktemp("demo")
    assert main(["demo", "--out", str(root)]) == 0
    found = {}
    for code in COUNTIES:
        audit = pipeline.open_audit(code, root=root)
        found[code] = (_compute(audit, "report").record, _compute(audit, "sampling").record)
        found[f"{code} mended"] = _result(audit, "rectification")
    return found


@pytest.mark.parametrize(
    ("county", "standpoint", "decision", "outcome"),
    [
        ("220821", "proposed", "exit", "not_needed"),
        ("222406", "rectifying", "rectify", "awaiting_recheck"),
        ("222405", "proposed", "rectify", "not_secured"),
        ("220623", "proposed", "exit", "not_needed"),
        ("220881", "not_this_year", "no_exit", "no_remedy"),
        ("222402", "not_this_year", "rectify", "failed"),
    ],
)
def test_a_county_ends_on_its_list(
    reports: dict, county: str, standpoint: str, decision: str, outcome: str
) -> None:
    report, _ = reports[county]

    assert (report.standpoint, report.decision, report.outcome) == (standpoint, decision, outcome)


def test_changbai_has_no_finding_at_all(reports: dict) -> None:
    first = reports["220623"][0].first

    assert first["wrong_exit_rate"].numerator == 0
    assert first["missed_rate"].numerator == 0


def test_helong_s_missed_rate_is_two_per_cent_exactly_and_not_met(reports: dict) -> None:
    missed = reports["222406"][0].first["missed_rate"]

    assert missed.value == Fraction(2, 100)
    assert not missed.kept


def test_longjing_exceeds_two_per_cent_and_its_recheck_keeps_it(reports: dict) -> None:
    report = reports["222405"][0]

    assert report.first["wrong_exit_rate"].value > Fraction(2, 100)
    assert report.judgements["wrong_exit_rate"].value < Fraction(2, 100)


def test_taonan_s_incidence_is_above_the_limit_though_the_raw_one_is_far_below(
    reports: dict,
) -> None:
    report = reports["220881"][0]

    assert report.first["composite_incidence"].value > Fraction(2, 100)
    assert report.raw_incidence < Fraction(1, 200)
    assert report.first["wrong_exit_rate"].kept
    assert report.first["missed_rate"].kept


def test_tumen_s_recognition_stays_below_ninety_per_cent(reports: dict) -> None:
    report = reports["222402"][0]

    assert report.first["recognition_rate"].value < Fraction(90, 100)
    assert not report.judgements["recognition_rate"].kept


def test_tumen_has_its_published_populations(reports: dict) -> None:
    """Yanbian Daily, 2018-05-23: 19,599 rural persons, 1,913 registered persons."""
    report, sampling = reports["222402"]

    assert report.first["composite_incidence"].denominator == 19_599
    assert sampling.sizes.registered_persons == 1_913
    assert sampling.villages_listed == 50


@pytest.mark.parametrize("county", COUNTIES)
def test_the_quotas_of_chapter_four_are_met_in_every_county(reports: dict, county: str) -> None:
    quotas = {quota.quota: quota for quota in reports[county][1].quotas}

    for quota in quotas.values():
        if quota.quota != "lifted":
            assert quota.kept, quota
    assert quotas["villages"].wanted == 25
    assert quotas["lifted"].reached >= (600 if county != "222402" else 570)


def test_a_county_of_more_than_ten_thousand_gets_the_larger_sample(reports: dict) -> None:
    """R059, A28: 12,900 registered persons in Taonan."""
    sizes = reports["220881"][1].sizes

    assert sizes.plan.total == 1_287
    assert sizes.plan.lifted == 772


def test_longjing_s_recheck_tells_apart_whom_the_first_round_had_visited(reports: dict) -> None:
    """R029, A52: every case closed; the difference is shown for households not to be revisited."""
    mended = reports["222405 mended"].record
    (order,) = mended.orders
    fresh = mended.recheck.fresh
    wrong = {c.target: c for c in mended.compared if c.indicator == "wrong_exit_rate"}

    assert (order.state, order.cases_settled) == ("closed", len(order.cases))
    assert mended.verdicts == {"wrong_exit_rate": "not_secured"}
    assert fresh.again == mended.recheck.both_rounds > 0
    assert fresh.not_yet_visited.rows + fresh.again == mended.recheck.lifted_households
    assert list(wrong) == ["fresh_sample", "not_yet_visited", "own_stratum"]
    assert wrong["fresh_sample"].low < 0 < wrong["fresh_sample"].high


@pytest.mark.parametrize("county", COUNTIES)
def test_who_must_rectify_gets_a_letter_and_who_may_not_exit_an_order(
    reports: dict, county: str
) -> None:
    """R051, R115."""
    mended = reports[f"{county} mended"]
    refused = mended.record.outcome in ("no_remedy", "failed")

    assert bool(mended.record.needed) == ("feedback_letter.docx" in mended.files)
    assert (mended.record.after_refusal is not None) == refused
