"""Pictures: same bytes on every run, white paper, the colours of the house, own font."""

import io
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from auditlib.report import charts
from auditlib.report.charts import BLUE, ORANGE, Picture, canvas, finish

PAGE: Any = SimpleNamespace(
    name={"zh": "试县"}, language="zh", mark="合成数据，仅供演示 · synthetic data"
)


def _picture() -> Picture:
    figure, (axis,) = canvas(6, 3)
    axis.bar(["甲村", "乙村", "丙村"], [3, 1, 2], color=[BLUE, ORANGE, BLUE])
    axis.set(ylabel="户数")
    axis.text(0, 2, "3 / 4\n≤ 1", color="white", ha="center", rotation=90)
    axis.legend(["户"])
    return finish(PAGE, figure, title="哪村最多？", note="n = 6")


def test_a_picture_comes_out_the_same_again() -> None:
    assert _picture().png == _picture().png


def test_a_picture_is_small_and_keeps_white_paper_and_its_colours() -> None:
    image = Image.open(io.BytesIO(_picture().png))

    assert image.mode == "P"
    assert image.size == (720, 360)
    assert round(image.info["dpi"][0]) == 120
    seen = {colour for _, colour in image.convert("RGB").getcolors(256) or []}
    assert image.convert("RGB").getpixel((719, 0)) == (255, 255, 255)
    assert {(0, 0x72, 0xB2), (0xE6, 0x9F, 0)} <= seen


def test_texts_that_keep_their_layout_are_drawn_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = _picture().png
    monkeypatch.setattr(charts, "_lay_out_once", lambda text: None)

    assert _picture().png == kept
