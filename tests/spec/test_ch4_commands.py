"""Chapter four on the command line: size, draw, commit, number, reveal, redraw."""

import csv
import io
import json
from pathlib import Path

import pytest

from auditlib import pipeline
from auditlib.cli import main
from auditlib.errors import SelectionError
from auditlib.pipeline.drawing import draw_phase, publish
from auditlib.sampling import ticket
from tests.conftest import COUNTY, Project

AT = ("--round", "golden", "--county", COUNTY)
SEED = "41827093:73199024651887035246"


# ---- size ----


def test_size_prints_the_chain_of_the_plan_s_own_claim(capsys):
    """R061: design/statistics.md, section 1: p = 2 %, one point: 753; of 3,000 it is 603."""
    plain = ["size", "--share", "0.02", "--margin", "0.01", "--json"]
    assert main(plain) == 0
    assert json.loads(capsys.readouterr().out)["n"] == 753
    assert main([*plain, "--population", "3000"]) == 0
    assert json.loads(capsys.readouterr().out)["n"] == 603
    assert main([*plain, "--population", "3000", "--deff", "1.5", "--response", "0.9"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["n0"] < figures["n_deff"] > figures["n_fpc"] < figures["n"]


def test_size_says_no_where_the_number_misses_the_margin(capsys):
    """R061: 600 households keep one point at p = 1.5 %, not at 2 %."""
    for share, code in (("0.015", 0), ("0.02", 1)):
        assert main(["size", "--share", share, "--margin", "0.01", "--n", "600"]) == code
    assert "achieved_margin" in capsys.readouterr().out


@pytest.mark.parametrize("wrong", [("--share", "2"), ("--margin", "0"), ("--n", "0")])
def test_size_refuses_what_means_nothing(capsys, wrong):
    arguments = {"--share": "0.02", "--margin": "0.01"} | dict([wrong])
    assert main(["size", *(x for pair in arguments.items() for x in pair)]) == 2
    assert "Correct it" in capsys.readouterr().err


# ---- draw ----


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def listed(tmp_path) -> Path:
    lines = ["村代码,类型", *(f"{i:03d},{'甲' if i % 3 else '乙'}" for i in range(1, 31))]
    path = tmp_path / "frame.csv"
    path.write_bytes("\n".join(lines).encode("gb18030"))
    return path


def test_draw_prints_the_smallest_tickets_of_every_stratum(listed, capsys):
    """R053: identifiers are text, so 001 stays 001; a stranger repeats it with sha256sum."""
    arguments = ["draw", str(listed), "--seed", SEED, "--stage", "village", "--n", "4"]
    assert main([*arguments, "--within", "类型"]) == 0
    found = rows(capsys.readouterr().out)
    assert len(found) == 30
    assert [r["role"] for r in found if r["within"] == "甲"] == ["drawn"] * 4 + ["reserve"] * 16
    for row in found:
        assert row["ticket"] == ticket(SEED, "village", row["id"])
    assert main([*arguments, "--reserves", "2", "--json"]) == 0
    few = json.loads(capsys.readouterr().out)
    assert [r["rank"] for r in few] == [1, 2, 3, 4, 5, 6]
    assert [r["ticket"] for r in few] == sorted(r["ticket"] for r in found)[:6]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--n", "21", "--within", "类型"), "Stratum '乙' should give 21 units"),
        (("--n", "3", "--within", "乡镇"), "has no column '乡镇'"),
        (("--n", "3", "--id", "类型"), "are the same unit"),
        (("--n", "-1"), "n >= 1"),
        (("--n", "1", "--reserves", "-1"), "reserves >= 0"),
    ],
)
def test_draw_names_what_is_wrong(listed, capsys, arguments, sentence):
    assert main(["draw", str(listed), "--seed", SEED, "--stage", "v", *arguments]) == 2
    assert sentence in capsys.readouterr().err


def test_draw_lists_all_strata_that_are_too_small_at_once(listed, capsys):
    assert (
        main(["draw", str(listed), "--seed", SEED, "--stage", "v", "--n", "25", "--within", "类型"])
        == 2
    )
    assert len(capsys.readouterr().err.strip().splitlines()) == 2


def test_draw_of_no_file_and_of_a_seed_that_can_be_guessed(listed, capsys):
    assert main(["draw", "none.csv", "--seed", SEED, "--stage", "v", "--n", "1"]) == 2
    assert main(["draw", str(listed), "--seed", "7", "--stage", "v", "--n", "1"]) == 0
    assert "found by trial" in capsys.readouterr().err


# ---- commit, number, reveal, redraw ----


def empty(project: Project) -> None:
    path = project.data / "draws.csv"
    heading = next(x for x in path.read_text("utf-8-sig").splitlines() if x.startswith("县代码"))
    path.write_text(heading + "\n", "utf-8-sig")


def committed(project: Project) -> None:
    empty(project)
    assert main(["commit", *AT, "--on", "2019-02-20"]) == 0


def test_a_round_is_committed_numbered_revealed_and_redrawn(project, capsys):
    """R053, R060: each step once, in its order, and a stranger gets the same rows."""
    empty(project)
    assert main(["number", "41827093", *AT, "--witnesses", "公证员"]) == 2
    assert "auditlib commit" in capsys.readouterr().err
    committed(project)
    digests = capsys.readouterr().out
    assert main(["reveal", *AT]) == 2
    assert main(["commit", *AT]) == 2
    assert main(["number", "4182７093", *AT, "--witnesses", "公证员"]) == 2
    assert main(["number", "41827093", *AT, "--witnesses", "公证员", "--on", "2019-02-19"]) == 2
    at = ("--on", "2019-02-26")
    assert main(["number", "41827093", *AT, "--witnesses", "公证员", *at]) == 0
    assert main(["number", "11111111", *AT, "--witnesses", "公证员", *at]) == 2
    project.change("rounds/golden", state="sealed")
    assert publish_first().record.state == "sealed"
    assert main(["reveal", *AT]) == 0
    project.change("rounds/golden", state="revealed")
    pipeline.sampling(pipeline.open_audit(COUNTY, "golden"))
    capsys.readouterr()
    assert main(["redraw", "outputs", "--json"]) == 0
    (answer,) = json.loads(capsys.readouterr().out)
    assert answer["same"]
    assert answer["rows"] > 60
    published = Path(answer["folder"]) / "register.csv"
    assert all(line.split()[1] in published.read_text() for line in digests.splitlines())


def publish_first():
    audit = pipeline.open_audit(COUNTY, "golden")
    return publish(audit, draw_phase(audit, "first"))


def test_before_its_public_number_a_committed_round_shows_what_is_wanted(project):
    """R053: frame, design and digests can be published before anything is drawn."""
    committed(project)
    project.change("rounds/golden", state="sealed")
    result = publish_first()
    assert result.record.state == "committed"
    assert {q.kept for q in result.record.quotas} == {None}
    assert {"frame.csv", "design.json", "register.csv"} <= set(result.files)


def test_a_correction_is_a_new_numbered_draw_with_its_reason(project, capsys):
    """R053: the old entry stays on record."""
    old = (project.data / "draws.csv").read_text("utf-8-sig").splitlines()[2]
    project.edit("frame.xlsx", "村民小组名单", 3, "未建档立卡户数", 999)
    with pytest.raises(SelectionError, match="has changed since draw 1"):
        publish_first()
    assert main(["commit", *AT]) == 2
    assert "Draw 1 stands" in capsys.readouterr().err
    assert main(["commit", *AT, "--reason", "两村出列情况更正", "--on", "2019-03-02"]) == 0
    lines = (project.data / "draws.csv").read_text("utf-8-sig").splitlines()
    assert old in lines
    assert ",2," in lines[-1]
    assert "两村出列情况更正" in lines[-1]


def test_an_entry_altered_after_it_was_published_is_refused(project):
    """R053: the register only grows, and the last run's copy says what it was."""
    pipeline.sampling(pipeline.open_audit(COUNTY, "golden"))
    project.csv("draws.csv", lambda c: c.replace("公证员".encode(), "记者".encode()))
    with pytest.raises(SelectionError, match="has another `witnesses` than before"):
        pipeline.sampling(pipeline.open_audit(COUNTY, "golden"))


@pytest.fixture
def published(project) -> Path:
    pipeline.sampling(pipeline.open_audit(COUNTY, "golden"))
    return project.root / "outputs/golden" / COUNTY / "01_sampling"


@pytest.mark.parametrize(
    ("file", "change", "names"),
    [
        ("frame.csv", lambda t: t.replace("lifted,H-", "lifted,H-f", 1), "frame: digest"),
        (
            "design.json",
            lambda t: t.replace('"reserves":"1/2"', '"reserves":"1/3"'),
            "design: digest",
        ),
        ("sample.csv", lambda t: t.replace(",drawn,H-", ",reserve,H-", 1), "role is 'reserve'"),
        ("register.csv", lambda t: t.replace(",2019-02-26", "1,2019-02-26"), "household"),
    ],
)
def test_redraw_names_what_was_altered(published, capsys, file, change, names):
    """R053: one frame row, one rule, one unit, one digit of the public number."""
    path = published / file
    before = path.read_text("utf-8")
    assert change(before) != before
    path.write_text(change(before), "utf-8")
    assert main(["redraw", str(published)]) == 1
    assert names in capsys.readouterr().out


def test_redraw_of_a_folder_without_a_draw(tmp_path, capsys):
    assert main(["redraw", str(tmp_path)]) == 2
    assert "holds no published draw" in capsys.readouterr().err
    (tmp_path / "register.csv").write_text("number\n1\n")
    assert main(["redraw", str(tmp_path)]) == 2
    assert "register.csv cannot be read" in capsys.readouterr().err
