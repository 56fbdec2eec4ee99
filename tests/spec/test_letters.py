"""The feedback letter and the implementation plan as Word documents.

R051 R100
"""

import io
import re
from dataclasses import replace
from datetime import date
from zipfile import ZipFile

import pytest

from auditlib import pipeline
from auditlib.checks.severity import Problem
from auditlib.pipeline import _compute
from auditlib.rectification.orders import OrderState, OrderStatus, missing_order
from auditlib.report.documents import docx_bytes
from auditlib.report.documents.letter import feedback_letter
from auditlib.report.page import SYNTHETIC
from tests.conftest import COUNTY, Project

PROBLEM = Problem("documents", "follow_up_plan", 2, 3, "serious", "prominent", "prominent", "WJ009")
ORDER = OrderStatus(
    order="ZG01",
    problem="wrong_exit_rate",
    demand="逐户整改 <w:p> & {{ x }}",
    issuer="省扶贫开发领导小组",
    issued=date(2019, 3, 22),
    deadline=date(2019, 4, 10),
    state=OrderState.OPEN,
    actions=0,
    with_evidence=0,
    closed=None,
    closed_by="",
    after_latest=False,
    cases=(),
)


def words(content: bytes, part: str = "document") -> str:
    """Return the text of the parts of a .docx file whose names begin so."""
    with ZipFile(io.BytesIO(content)) as book:
        names = sorted(n for n in book.namelist() if n.startswith(f"word/{part}"))
        text = "".join(book.read(name).decode() for name in names)
    return re.sub("<[^>]*>", "", text)


@pytest.fixture
def letter(project: Project) -> bytes:
    """A letter with one order issued, and one problem without."""
    audit = pipeline.open_audit(COUNTY, "golden", root=project.root)
    record = replace(
        _compute(audit, "rectification").record,
        needed=("wrong_exit_rate", "follow_up_plan"),
        orders=(ORDER, missing_order("follow_up_plan")),
    )
    judgements = _compute(audit, "indicators").record.official.judgements
    made = feedback_letter(audit.page, record, judgements=judgements, problems=(PROBLEM,))
    assert docx_bytes(made) == docx_bytes(made)
    return docx_bytes(made)


def test_the_letter_lists_problems_demands_and_time_limits(letter: bytes) -> None:
    """R051: problem, figure with its counts, demand, limit; what nobody decided stays blank."""
    told = words(letter)

    for wanted in ("脱贫人口错退率", "0 / 95", "后续帮扶计划", "2 / 3", "WJ009", "2019-04-10"):
        assert wanted in told, wanted
    assert "2019年4月15日" in told
    assert told.count("（待填）") == 3


def test_what_looks_like_markup_is_printed_as_it_stands(letter: bytes) -> None:
    assert "逐户整改 &lt;w:p&gt; &amp; {{ x }}" in words(letter)


@pytest.mark.parametrize("part", ["header", "footer"])
def test_the_mark_of_synthetic_data_is_on_every_page(letter: bytes, part: str) -> None:
    with ZipFile(io.BytesIO(letter)) as book:
        names = [n for n in book.namelist() if n.startswith(f"word/{part}")]
        assert names
        for name in names:
            assert SYNTHETIC in re.sub("<[^>]*>", "", book.read(name).decode()), name


def test_the_implementation_plan_follows_the_plan_s_numbers(project: Project) -> None:
    """R100: indicators, procedure, timetable, sample; a changed threshold changes the document."""

    def made() -> bytes:
        audit = pipeline.open_audit(COUNTY, "golden", root=project.root)
        return _compute(audit, "procedure").files["implementation_plan.docx"]

    first = made()
    assert first == made()
    told = words(first)
    for wanted in ("低于 2.00%", "高于 90.00%", "2019-04-15", "目标8个，不少于6个", "D12"):
        assert wanted in told, wanted

    project.change("plan", indicators={"wrong_exit_rate": {"threshold": "3/100"}})
    assert "低于 3.00%" in words(made())


def test_a_county_with_nothing_to_rectify_gets_no_letter(project: Project) -> None:
    audit = pipeline.open_audit(COUNTY, "golden", root=project.root)
    result = _compute(audit, "rectification")

    assert result.record.needed == ()
    assert "feedback_letter.docx" not in result.files
