"""A round in English: tables and sentences follow the round file, headings stay bilingual."""

import re
from html import unescape

import pytest

from auditlib.execution.rounds import run_round
from tests.conftest import COUNTY, copy_golden

CLAUSE = re.compile(
    r"[（(][一-九、–\-0-9（）() ,及前文序]*[）)]|[一二三四五六七](（[一二三四五六七八]）)?[0-9、–\-]*"
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Every page of the golden round, run in English."""
    project = copy_golden(tmp_path_factory.mktemp("english"))
    project.change("rounds/golden", language="en")
    run = run_round(project.root, "golden", jobs=2)
    assert not run.failures
    site = project.root / "outputs/golden/site"
    return {str(p.relative_to(site)): p.read_text("utf-8") for p in sorted(site.rglob("*.html"))}


def _texts(page: str, tag: str) -> list[str]:
    found = re.findall(rf"<{tag}[^>]*>(.*?)</{tag}>", page, re.DOTALL)
    return [unescape(re.sub(r"<[^>]+>.*?</[^>]+>|<[^>]+>", "", text)).strip() for text in found]


def test_the_headings_and_captions_of_every_table_are_in_english(pages: dict[str, str]) -> None:
    assert len(pages) == 10
    left = {
        (name, text)
        for name, page in pages.items()
        for tag in ("th", "caption")
        for text in _texts(page, tag)
        if CHINESE.search(CLAUSE.sub("", text))
    }
    assert left == set()


def test_the_conclusion_is_in_english(pages: dict[str, str]) -> None:
    for name in ("index.html", f"{COUNTY}/04_indicators.html", f"{COUNTY}/08_report.html"):
        assert 'lang="en"' in pages[name]
    assert "proposed" in pages["consolidated.html"]
