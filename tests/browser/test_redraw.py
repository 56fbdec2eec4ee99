"""The second implementation of the draw, in headless Chromium, opened from disk.

Agreement; one altered frame row, one altered seed digit, one swapped unit; 10,000
units within five seconds; and the page's own SHA-256 where a browser has none.
"""

import html
import random
import re
import shutil
import subprocess
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from time import perf_counter

import pytest

from auditlib.sampling import (
    Group,
    Quotas,
    Village,
    commit,
    design_bytes,
    digest,
    draw_county,
    frame_bytes,
    freeze,
    make_design,
    published_row,
    read_frame,
    redraw_page,
    seed_of,
)
from auditlib.sampling.imported import OfficeList

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--virtual-time-budget=60000", "--dump-dom",
)  # fmt: skip

QUOTAS = Quotas(
    villages=30, fewest=25, most=35, poor=Fraction(7, 10), remote=Fraction(1, 2),
    literal_halves=False, per_kind=2, rare=Fraction(1, 50), lifted=600, least=8, upmost=40,
    reach=Fraction(13, 10), groups=10, fewest_groups=8, most_groups=12, unregistered=400,
    still_poor=20, reserves=Fraction(1, 2),
)  # fmt: skip
WAYS = ({"draw": "direct"}, {"groups": "outside"}, {"groups": "anywhere"})
NONCE = "731990246518870352461"


@dataclass(frozen=True)
class Answer:
    state: str
    verdict: str
    differences: list[str]
    method: str
    seconds: float


@dataclass(frozen=True)
class County:
    frame: bytes
    design: bytes
    rows: list
    draw: object

    def page(self, **changed):
        values = {"frame": self.frame, "design": self.design, "rows": self.rows} | changed
        files = values.pop("frame"), values.pop("design"), values.pop("rows")
        return redraw_page(*files, **({"draw": self.draw, "nonce": NONCE} | values))


def county(seed, *, townships, villages, lifted, phase="", rules=None):
    chance = random.Random(seed)
    listed = [
        Village(f"V-{t:02d}{v:03d}", f"镇{t:02d}", chance.random() < 0.45, chance.random() < 0.4)
        for t in range(townships)
        for v in range(chance.randint(*villages))
    ]
    codes = [v.code for v in listed]
    frame = freeze(
        listed,
        [Group(f"G-{c}-{i}", c, chance.randint(5, 90)) for c in codes for i in range(1, 5)],
        lifted={c: [f"H-{c}-{i}" for i in range(chance.randint(*lifted))] for c in codes},
        still_poor={c: [f"P-{c}-{i}" for i in range(chance.randint(0, 3))] for c in codes},
    )
    design = make_design(frame, QUOTAS, rules=rules, phase=phase)
    draw = replace(
        commit(frame, design, NONCE, committed=date(2019, 2, 1)),
        public_number=f"{41827093 + seed}",
        drawn=date(2019, 2, 15),
    )
    rows = [published_row(row) for row in draw_county(frame, design, seed_of(draw, NONCE)).rows]
    return County(frame_bytes(frame), design_bytes(design), rows, draw)


COUNTY = county(1, townships=9, villages=(4, 14), lifted=(5, 60))


@pytest.fixture
def opened(tmp_path):
    """Open a page from disk and read what it says."""

    def run(page, *, address="", at_start=""):
        file = tmp_path / "redraw.html"
        file.write_text(page.replace('"use strict";', f'"use strict";{at_start}', 1), "utf-8")
        command = [CHROMIUM, *FLAGS, f"--user-data-dir={tmp_path / 'profile'}"]
        began = perf_counter()
        shown = subprocess.run(
            [*command, f"{file.as_uri()}{address}"], capture_output=True, text=True, timeout=120
        ).stdout
        seconds = perf_counter() - began
        verdict = re.search(r'<p id="verdict" data-state="(\w+)"[^>]*>([^<]*)', shown)
        method = re.search(r'<p id="method"[^>]*>([^<]*)', shown)
        return Answer(
            verdict[1],
            html.unescape(verdict[2]),
            [html.unescape(item) for item in re.findall(r"<li>([^<]*)", shown)],
            html.unescape(method[1]),
            seconds,
        )

    return run


@pytest.mark.parametrize(
    ("townships", "villages", "lifted", "phase"),
    [
        (9, (4, 14), (5, 60), ""),
        (18, (1, 3), (0, 90), ""),  # townships that need help
        (4, (12, 13), (5, 40), "recheck-"),  # a small county, more villages
        (26, (1, 1), (1, 50), ""),
        (5, (4, 5), (0, 9), ""),  # a census, fewer households than wanted
    ],
)
def test_both_implementations_draw_the_same(opened, townships, villages, lifted, phase):
    for seed in (2, 3):
        drawn = county(seed, townships=townships, villages=villages, lifted=lifted, phase=phase)
        answer = opened(drawn.page())
        assert answer.state == "same", (answer.verdict, answer.differences)
        assert f"{len(drawn.rows)} rows agree" in answer.verdict
        assert answer.differences == []


@pytest.mark.parametrize("rules", WAYS, ids=str)
def test_both_draw_the_same_under_every_switch_and_name_an_altered_row(opened, rules):
    """A25, A33: a direct draw, and groups outside the drawn villages or anywhere."""
    shapes = ((9, (4, 14), (5, 60)), (5, (4, 5), (0, 9)))  # the second: a census, few households
    for townships, villages, lifted in shapes:
        drawn = county(4, townships=townships, villages=villages, lifted=lifted, rules=rules)
        answer = opened(drawn.page())
        assert answer.state == "same", (answer.verdict, answer.differences)
    rows = [dict(row) for row in drawn.rows]
    rows[-1]["probability"] = "1/7"
    answer = opened(drawn.page(rows=rows))
    assert answer.state == "different"
    assert rows[-1]["unit"] in answer.differences[0]


def test_a_design_that_draws_in_an_unknown_way_is_refused(opened):
    design = COUNTY.design.replace(b'"rules":{}', b'"rules":{"draw":"by hand"}')
    answer = opened(COUNTY.page(design=design))
    assert answer.state == "error"
    assert "unknown way to draw" in answer.verdict


def test_a_list_of_the_office_is_taken_as_it_stands_and_its_digest_checked(opened):
    """A38: villages from the list, with and without probabilities; households by tickets."""
    frame = read_frame(COUNTY.frame)
    for i, chances in enumerate(({}, {v.code: "2/5" for v in frame.villages})):
        office = OfficeList("省扶贫办", tuple(v.code for v in frame.villages[::3]), chances)
        rules = {"imported": office.commitment(NONCE), **WAYS[i + 1]}
        design = make_design(frame, QUOTAS, rules=rules)
        draw = replace(COUNTY.draw, design_digest=digest(design_bytes(design)))
        sample = draw_county(frame, design, seed_of(draw, NONCE), office=office)
        rows = [published_row(row) for row in sample.rows]
        files = {"design": design_bytes(design), "rows": rows, "draw": draw}
        answer = opened(COUNTY.page(**files, imported=office.content()))
        assert answer.state == "same", (answer.verdict, answer.differences)
        shorter = replace(office, villages=office.villages[1:]).content()
        answer = opened(COUNTY.page(**files, imported=shorter))
        assert answer.state == "different"
        assert answer.differences[0].startswith("imported · digest")


def test_an_altered_frame_row_shows(opened):
    text = COUNTY.frame.decode()
    row = next(line for line in text.split("\n") if line.startswith("lifted,"))
    altered = text.replace(row, row.replace("lifted,H-", "lifted,H-9")).encode()
    answer = opened(COUNTY.page(frame=altered))
    assert answer.state == "different"
    assert answer.differences[0].startswith("frame · digest")


def test_an_altered_seed_digit_shows(opened):
    answer = opened(COUNTY.page(nonce=NONCE[:-1] + "2"))
    assert answer.state == "different"
    assert answer.differences[0].startswith("nonce · digest")
    other = replace(COUNTY.draw, public_number="41827093")
    answer = opened(COUNTY.page(draw=other))
    assert answer.state == "different"
    assert len(answer.differences) == 20


def test_a_swapped_unit_is_the_first_difference(opened):
    rows = list(COUNTY.rows)
    i = next(i for i, row in enumerate(rows) if row["role"] == "reserve")
    rows[i - 1], rows[i] = (
        rows[i - 1] | {"unit": rows[i]["unit"]},
        rows[i] | {"unit": rows[i - 1]["unit"]},
    )
    answer = opened(COUNTY.page(rows=rows))
    assert answer.state == "different"
    assert any(rows[i]["unit"] in line for line in answer.differences[:2])


def test_a_design_of_another_frame_cannot_be_redrawn(opened):
    other = county(5, townships=9, villages=(4, 14), lifted=(5, 60))
    answer = opened(COUNTY.page(design=other.design))
    assert answer.state == "error"
    assert "design and frame differ" in answer.verdict


def test_the_browser_s_own_sha256_is_used_from_disk(opened):
    assert "the browser's own SHA-256" in opened(COUNTY.page()).method


def test_a_browser_without_sha256_is_told_and_gets_the_same(opened):
    none = 'Object.defineProperty(globalThis, "crypto", { value: {} });'
    for answer in (opened(COUNTY.page(), at_start=none), opened(COUNTY.page(), address="#own")):
        assert answer.state == "same"
        assert "this page's own SHA-256" in answer.method


def test_ten_thousand_units_take_less_than_five_seconds(opened):
    """All villages are drawn, so every one of the 10,000 households gets its ticket.

    The browser's own start is measured by a page of few units, and taken off.
    """
    large = county(7, townships=5, villages=(5, 5), lifted=(400, 410))
    assert large.frame.count(b"\nlifted,") >= 10_000
    small = county(7, townships=5, villages=(5, 5), lifted=(1, 2))
    start = opened(small.page()).seconds
    answer = opened(large.page())
    assert answer.state == "same"
    assert int(answer.method.split()[0]) > 10_000
    assert answer.seconds - start < 5


def test_an_altered_text_is_read_again(opened):
    """A reader types another digit and presses the button."""
    at_end = (
        'addEventListener("load", async () => { await new Promise(done => setTimeout(done, 9000));'
        ' byId("number").value = "1" + byId("number").value; byId("again").click(); });'
    )
    answer = opened(COUNTY.page(), at_start=at_end)
    assert answer.state == "different"
    assert answer.differences[0].startswith("public number")
