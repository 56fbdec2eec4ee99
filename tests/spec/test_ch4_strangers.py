"""Strangers who redraw make mistakes: each gets one sentence and a documented code, no traceback."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from auditlib.cli import main
from auditlib.files.writing import csv_text
from auditlib.sampling import (
    commit,
    design_bytes,
    draw_county,
    frame_bytes,
    make_design,
    nonce_digest,
    published_row,
    seed_of,
)
from auditlib.sampling.published import digest
from auditlib.sampling.register import register_rows
from tests.properties.sampling_frames import SMALL, random_frame

NONCE = "731990246518870352461"
FILES = ("frame.csv", "design.json", "register.csv", "sample.csv")


@pytest.fixture(params=[{}, {"draw": "direct"}, {"groups": "outside"}], ids=str)
def folder(request, tmp_path) -> Path:
    """A published draw, made one way or another."""
    frame = random_frame(6)
    design = make_design(frame, SMALL, rules=request.param)
    draw = replace(
        commit(frame, design, NONCE, committed=date(2019, 2, 1)),
        public_number="41827093",
        drawn=date(2019, 2, 15),
        nonce=NONCE,
    )
    rows = [published_row(r) for r in draw_county(frame, design, seed_of(draw, NONCE)).rows]
    (tmp_path / "frame.csv").write_bytes(frame_bytes(frame))
    (tmp_path / "design.json").write_bytes(design_bytes(design))
    register = pd.DataFrame(register_rows([draw], revealed=True))
    (tmp_path / "register.csv").write_text(csv_text(register), "utf-8")
    (tmp_path / "sample.csv").write_text(csv_text(pd.DataFrame(rows)), "utf-8")
    return tmp_path


def flipped(content: bytes, bit: int) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ bit]) + content[middle + 1 :]


SPOILED = {
    "empty": lambda content: b"",
    "not text": lambda content: b"\xff\xfe\x00\x81PK\x03\x04" * 20,
    "cut short": lambda content: content[: len(content) * 2 // 3],
    "one bit": lambda content: flipped(content, 1),
    "the eighth bit": lambda content: flipped(content, 128),
    "another row": lambda content: content + b"a,b,c,d,e,f,g,h,i,j,k,l\n",
}


def answer(folder: Path, capsys) -> tuple[int, str, str]:
    """Return code, what was printed and what was complained of; never more than one complaint."""
    code = main(["redraw", str(folder)])
    told = capsys.readouterr()
    assert len(told.err.strip().splitlines()) == (1 if code == 2 else 0)
    assert "Traceback" not in told.err
    return code, told.out, told.err


@pytest.mark.parametrize("spoil", SPOILED)
def test_a_spoiled_file_is_named_or_what_differs_is_listed(folder, capsys, spoil):
    assert answer(folder, capsys)[0] == 0
    for name in FILES:
        file = folder / name
        before = file.read_bytes()
        file.write_bytes(SPOILED[spoil](before))
        code, out, err = answer(folder, capsys)
        told = out + err
        assert code in (1, 2), name
        assert name.split(".")[0] in told or "different in" in told
        file.write_bytes(before)


def test_a_missing_file_a_file_for_a_folder_and_a_folder_for_a_file(folder, capsys):
    for name in FILES:
        content = (folder / name).read_bytes()
        (folder / name).unlink()
        code, _, err = answer(folder, capsys)
        assert code == 2
        assert ("sample.csv is missing" if name == "sample.csv" else "no published draw") in err
        (folder / name).mkdir()
        assert answer(folder, capsys)[0] == 2
        (folder / name).rmdir()
        (folder / name).write_bytes(content)
    assert answer(folder / "frame.csv", capsys)[0] == 2
    assert answer(folder / "nowhere", capsys)[0] == 2


def test_a_nonce_without_a_public_number_is_no_draw(folder, capsys):
    register = folder / "register.csv"
    register.write_text(register.read_text().replace("41827093", ""))
    code, _, err = answer(folder, capsys)
    assert code == 2
    assert "lacks its public number" in err


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("rules",), []),
        (("rules", "draw"), "by hand"),
        (("rules", "imported"), {}),
        (("quotas", "lifted"), -5),
        (("quotas", "lifted"), "many"),
        (("quotas", "least"), None),
        (("quotas", "reach"), "1/0"),
        (("cells",), [{"township": "T-00", "kind": "poor-remote", "listed": 0, "expected": 1}]),
        (("cells",), [{"township": "T-00", "kind": "x", "listed": 1, "expected": 1}]),
        (("phase",), 3),
    ],
    ids=str,
)
def test_a_design_that_means_nothing_is_refused_even_with_its_own_digest(
    folder, capsys, place, value
):
    """Whoever publishes nonsense with the right digest is told what cannot be read."""
    design, register = folder / "design.json", folder / "register.csv"
    before = design.read_bytes()
    values = json.loads(before)
    entry = values
    for name in place[:-1]:
        entry = entry[name]
    entry[place[-1]] = value
    design.write_text(json.dumps(values), "utf-8")
    code, out, _ = answer(folder, capsys)
    assert code == 1
    assert "design: digest" in out
    text = register.read_text("utf-8").replace(digest(before), digest(design.read_bytes()))
    register.write_text(text, "utf-8")
    code, _, err = answer(folder, capsys)
    assert code == 2
    assert "The design file lacks" in err
    assert nonce_digest(NONCE) in text
