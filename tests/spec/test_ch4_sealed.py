"""Chapter four: the list is sealed until arrival, released in batches, and logged."""

import re
import shutil
import zipfile
from contextlib import suppress
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import pyrage
import pytest

from auditlib import pipeline
from auditlib.cli import main
from auditlib.errors import AuditError
from auditlib.execution.rounds import run_round
from auditlib.files.writing import read_csv_text
from auditlib.pipeline.drawing import Drawn, draw_phase, publish
from auditlib.report import sampled
from auditlib.sampling import draw_county, make_seed, nonce_digest
from auditlib.sampling.batches import BLOCK
from tests.conftest import COUNTY, Project, copy_golden
from tests.golden.make import OVERRIDE

NONCE = "73199024651887035246"
NUMBER = "41827093"
AT = ("--round", "golden", "--county", COUNTY)


def sealed(project: Project, *, number: str = NUMBER) -> None:
    """Commit and draw anew in a round that is sealed, by the commands that a team uses."""
    project.change("rounds/golden", state="sealed")
    for name in ("draws.csv", "releases.csv", "batches.csv"):
        lines = (project.data / name).read_text("utf-8-sig").splitlines()
        (project.data / name).write_text(lines[1] + "\n", "utf-8-sig")
    assert main(["commit", *AT, "--on", "2019-02-20"]) == 0
    assert main(["number", number, *AT, "--on", "2019-02-26", "--witnesses", "公证员"]) == 0


def batches(project: Project, *rows: str) -> None:
    path = project.data / "batches.csv"
    path.write_text(path.read_text("utf-8-sig") + "".join(f"{row}\n" for row in rows), "utf-8-sig")


def public(outputs: Path) -> dict[str, str]:
    """Return every public file as text; what is zipped is unzipped."""
    found = {}
    for path in sorted(p for p in outputs.rglob("*") if p.is_file()):
        name = str(path.relative_to(outputs))
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                parts = [archive.read(part) for part in archive.namelist()]
            found[name] = b"\n".join(parts).decode("utf-8", "replace")
        else:
            found[name] = path.read_bytes().decode("utf-8", "replace")
    return found


def leaks(files: dict[str, str], drawn: Drawn, *, blind: set[str]) -> list[str]:
    """Return the files that tell a drawn unit or reserve: villages all of them or none, else none.

    The frame is public; a file may name all villages, or all blind spots, but never a choice.
    """
    units = {row.unit for row in drawn.sample.rows if row.stage != "village"}
    frame = {v.code for v in drawn.frame.villages}
    found = []
    for name, text in files.items():
        villages = {f"V-{code}" for code in re.findall(rf"{COUNTY}\d{{6}}", text)} & frame
        told = not name.endswith("frame.csv") and any(unit in text for unit in units)
        if told or villages not in (set(), frame, blind):
            found.append(name)
    return found


def test_a_sealed_round_tells_no_drawn_unit_and_cannot_be_redrawn(project, capsys):
    """R075, R127: notebooks, site and every file; then a stranger tries to redraw."""
    sealed(project)
    done = run_round(project.root, "golden", jobs=1, kernel="forked")
    assert not done.failures
    files = public(project.root / "outputs")
    assert any(name.endswith("01_sampling.ipynb") for name in files)
    assert any(name.endswith(".html") for name in files)

    audit = pipeline.open_audit(COUNTY, "golden")
    drawn = draw_phase(audit, "first")
    blind = set(read_csv_text(audit.folder / "01_sampling" / "blind_spots.csv")["village"])
    assert leaks(files, drawn, blind=blind) == []
    village, household = drawn.sample.villages[0].code, drawn.sample.lifted[0].drawn[0]
    spare = drawn.sample.lifted[0].reserves[0]
    for name in files:  # the search itself: one code anywhere is found
        for code in (village, household, spare, drawn.sample.groups[0].group.unit):
            if not (name.endswith("frame.csv") or (code == village and village in files[name])):
                spoiled = {**files, name: f"{files[name]} {code} "}
                assert leaks(spoiled, drawn, blind=blind) == [name], (name, code)

    digits = {run for text in files.values() for run in re.findall(r"\d{6,}", text)}
    assert not [run for run in digits if nonce_digest(run) == drawn.draw.nonce_digest]
    mine = {v.code for v in drawn.sample.villages}
    for guess in sorted(digits)[:200]:
        with suppress(AuditError):  # too few digits together
            seed = make_seed(drawn.draw.public_number, guess)
            other = draw_county(drawn.frame, drawn.design, seed)
            assert {v.code for v in other.villages} != mine
    assert main(["redraw", "outputs"]) == 2
    assert "sealed" in capsys.readouterr().err


@pytest.mark.parametrize("readings", [{}, {"draw": "direct"}, {"groups": "outside"}], ids=str)
def test_what_is_public_while_sealed_does_not_depend_on_the_draw(project, readings):
    """R075: another public number changes no file and no picture, but for its own digits."""
    project.change("rounds/golden", overrides=[OVERRIDE, {"reason": "x", "readings": readings}])
    sealed(project)
    told = []
    for number in (NUMBER, "99999999"):
        text = (project.data / "draws.csv").read_text("utf-8-sig")
        (project.data / "draws.csv").write_text(text.replace(NUMBER, number), "utf-8-sig")
        audit = pipeline.open_audit(COUNTY, "golden")
        drawn = draw_phase(audit, "first")
        result = publish(audit, drawn)
        files = {n: c.replace(number.encode(), b"-") for n, c in result.files.items()}
        pictures = [
            view(audit.page, result.record).png
            for view in (sampled.chance_picture, sampled.map_picture, sampled.design_picture)
        ]
        record = replace(result.record, quotas=(), notes=(), draw=1)
        told.append((files, result.tables["blind_spots"].to_csv(), pictures, record))
        assert "sample" not in result.tables
        assert {c.drawn for c in result.record.chances} == {None}
    assert told[0] == told[1]


def test_without_the_nonce_a_sealed_round_still_shows_its_design(project):
    """R075: a machine that does not hold the nonce shows what is wanted, and draws nothing."""
    sealed(project)
    (project.root / "secrets/golden" / f"{COUNTY}-first.nonce").unlink()
    audit = pipeline.open_audit(COUNTY, "golden")
    record = publish(audit, draw_phase(audit, "first")).record
    assert record.state == "sealed"
    assert {q.reached for q in record.quotas} == {None}


# ---- sealed batches ----


@pytest.fixture(scope="module")
def template(tmp_path_factory) -> Path:
    """Two teams, one with a key and one with a passphrase; sealed."""
    root = tmp_path_factory.mktemp("sealed")
    project = copy_golden(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        sealed(project)
        assert main(["key", "one.key"]) == 0
        public_key = (root / "one.key").read_text().splitlines()[0].removeprefix("# ")
        batches(
            project,
            f"first,1,A,第一组组长,2019-03-01,20,{public_key},,",
            "first,2,B,第二组组长,2019-03-02,20,,,",
            f"first,3,A,第一组组长,2019-03-04,20,{public_key},,",
        )
        (root / "words").write_text("2 correct horse battery\n")
        assert main(["seal", *AT, "--passphrases", "words"]) == 0
    return root


@pytest.fixture
def batched(template, tmp_path, monkeypatch) -> Project:
    """A copy of the sealed round, with the working directory in it."""
    root = tmp_path / "round"
    shutil.copytree(template, root, symlinks=True)
    monkeypatch.chdir(root)
    return Project(root)


def opening(batch: int, *more: str, on: str = "2019-03-05") -> list[str]:
    file = f"sealed/golden/{COUNTY}/{COUNTY}-first-{batch}.age"
    entry = ("--to", "组长", "--by", "评估队长", "--reason", "到县后启封", "--on", on)
    return ["open", file, *AT, *entry, *more]


def test_batches_are_sealed_padded_and_opened_by_their_leaders(batched):
    """R075: every drawn household is in exactly one batch; files have one size."""
    folder = batched.root / "sealed/golden" / COUNTY
    sizes = [path.stat().st_size for path in folder.glob("*.age")]
    assert max(sizes) - min(sizes) < 1024  # age's own header varies by chance, the rest does not
    assert {size // BLOCK for size in sizes} == {1}
    assert main(opening(1, "--key", "one.key")) == 0
    (batched.root / "word").write_text("correct horse battery")
    assert main(opening(2, "--passphrase-file", "word")) == 0
    assert main(opening(3, "--key", "one.key")) == 0
    texts = [
        "".join(public(batched.root / "opened")[f"{COUNTY}-first-{i}.xlsx"]) for i in (1, 2, 3)
    ]
    audit = pipeline.open_audit(COUNTY, "golden")
    drawn = draw_phase(audit, "first")
    for row in drawn.sample.rows:
        if row.stage in ("household", "still-poor", "group"):
            assert sum(row.unit in text for text in texts) == 1, row.unit
    numbers = set(drawn.registry["household"])
    assert any(number in texts[0] for number in numbers)  # the leader can find the household

    releases = publish(audit, drawn).record.releases
    assert [(r.release, r.batch, r.opened, r.fault) for r in releases] == [
        ("R001", "1", True, ""),
        ("R002", "2", True, ""),
        ("R003", "3", True, ""),
    ]


def test_the_public_sheet_has_the_digest_of_every_file_and_no_village(batched):
    """R075: strangers can check later which file was opened."""
    audit = pipeline.open_audit(COUNTY, "golden")
    files = publish(audit, draw_phase(audit, "first")).files
    sheet = files["batches.csv"].decode()
    assert len(re.findall(r"[0-9a-f]{64}", sheet)) == 3
    assert "990001" not in sheet.replace(f"{COUNTY}-first", "")


@pytest.mark.parametrize(
    ("break_it", "arguments", "sentence"),
    [
        (None, (1, "--key", "other.key"), "not sealed for this key"),
        ("flip", (1, "--key", "one.key"), "not the file whose digest"),
        (None, (1, "--key", "one.key", "--on", "2019-02-28"), "opens on 2019-03-01"),
        (None, (1, "--key", "one.key", "--on", "2999-01-01"), "after today"),
        (None, (1, "--key", "one.key", "--out", "outputs/lists"), "published results"),
        (None, (1, "--key", "words"), "no secret key"),
        (None, (1, "--key", "bytes"), "no text in UTF-8"),
        (None, (2, "--passphrase-file", "bytes"), "no text in UTF-8"),
        (None, (1, "--key", "."), "does not exist"),
        (None, (1, "--key", "one.key", "--out", "words"), "cannot be made a folder"),
        (None, (1, "--key", "one.key", "--reason", " "), "--reason is empty"),
        (None, (1, "--key", "one.key", "--to", "a\nb"), "has several lines"),
        (None, (1, "--key", "one.key", "--by", "13812345678"), "telephone or identity number"),
        (None, (9, "--key", "one.key"), "no_such"),
        ("forget", (1, "--key", "one.key"), "lists no batch"),
    ],
)
def test_a_batch_that_must_stay_closed_is_refused_in_one_sentence(
    batched, capsys, break_it, arguments, sentence
):
    """R075: wrong key, flipped byte, before its date; nothing is written or logged."""
    identity = pyrage.x25519.Identity.generate()
    (batched.root / "other.key").write_text(str(identity))
    (batched.root / "bytes").write_bytes(b"\xff\xfe\x00")
    before = (batched.data / "releases.csv").read_bytes()
    file = batched.root / "sealed/golden" / COUNTY / f"{COUNTY}-first-1.age"
    if break_it == "flip":
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)
    if break_it == "forget":
        lines = (batched.data / "batches.csv").read_text("utf-8-sig").splitlines()
        (batched.data / "batches.csv").write_text(lines[0] + "\n", "utf-8-sig")
    capsys.readouterr()
    assert main(opening(*arguments)) == 2
    told = capsys.readouterr().err.strip()
    if sentence == "no_such":
        assert "does not exist" in told or "no such" in told.lower()
    else:
        assert sentence in told
    assert len(told.splitlines()) == 1
    assert not (batched.root / "opened").exists()
    assert (batched.data / "releases.csv").read_bytes() == before


def test_a_flipped_byte_is_refused_even_if_the_digest_was_changed_too(batched, capsys):
    """R075: age itself authenticates every byte."""
    file = batched.root / "sealed/golden" / COUNTY / f"{COUNTY}-first-1.age"
    content = bytearray(file.read_bytes())
    old = sha256(content).hexdigest()
    content[-5] ^= 1
    file.write_bytes(content)
    new = sha256(content).hexdigest()
    sheet = batched.data / "batches.csv"
    sheet.write_text(sheet.read_text("utf-8-sig").replace(old, new), "utf-8-sig")
    assert main(opening(1, "--key", "one.key")) == 2
    assert "not sealed for this key" in capsys.readouterr().err


def test_sealing_twice_is_refused(batched, capsys):
    assert main(["seal", *AT, "--passphrases", "words"]) == 2
    assert "sealed once" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("break_it", "sentence"),
    [
        (lambda nonce: nonce.unlink(), "its nonce file"),
        (lambda nonce: nonce.write_text("7" * 20), "nonce digest"),
        (lambda nonce: nonce.write_bytes(b"\xff\xfe"), "no text in UTF-8"),
    ],
)
def test_without_its_nonce_nothing_is_sealed(batched, capsys, break_it, sentence):
    """R075: lost, another, or no text; one sentence each."""
    break_it(batched.root / f"secrets/golden/{COUNTY}-first.nonce")
    sheet = batched.data / "batches.csv"
    rows = [",".join(row.split(",")[:7]) + ",," for row in sheet.read_text("utf-8-sig").split()]
    sheet.write_text("\n".join([sheet.read_text("utf-8-sig").split()[0], *rows[1:]]), "utf-8-sig")
    capsys.readouterr()
    assert main(["seal", *AT, "--passphrases", "words"]) == 2
    told = capsys.readouterr().err.strip()
    assert sentence in told
    assert len(told.splitlines()) == 1


def test_what_the_county_is_told_is_logged_like_an_opening(batched, capsys):
    """R076: what, when, to whom, why."""
    entry = ("--to", "县扶贫办", "--by", "评估队长", "--reason", "安排入村")
    assert main(["disclose", "1", *AT, *entry, "--on", "2019-03-01"]) == 0
    assert main(["disclose", "7", *AT, *entry]) == 2
    audit = pipeline.open_audit(COUNTY, "golden")
    (told,) = publish(audit, draw_phase(audit, "first")).record.releases
    assert (told.batch, told.to, told.reason, told.opened) == ("1", "县扶贫办", "安排入村", False)
    assert told.released == date(2019, 3, 1)
    record = publish(audit, draw_phase(audit, "first")).record
    assert "安排入村" in repr(sampled.release_table(audit.page, record))


def test_batches_without_key_or_passphrase_or_village_are_refused(project, capsys):
    sealed(project)
    assert main(["seal", *AT]) == 2
    assert "no batch is planned" in capsys.readouterr().err
    batches(project, "first,1,A,组长,2019-03-01,20,,,")
    assert main(["seal", *AT]) == 2
    assert "neither a public key nor a passphrase" in capsys.readouterr().err
    batches(project, *(f"first,{i},T{i},组长,2019-03-01,20,,," for i in range(2, 40)))
    assert main(["seal", *AT]) == 2
    assert "Use fewer" in capsys.readouterr().err


def test_a_sealed_recheck_is_published_without_a_unit_while_the_first_round_is_open(
    project, capsys
):
    """R075: the re-check's sample is sealed like the first."""
    (project.data / "draws.csv").write_text(
        "\n".join(
            line
            for line in (project.data / "draws.csv").read_text("utf-8-sig").splitlines()
            if ",recheck," not in line and ",复核," not in line
        )
        + "\n",
        "utf-8-sig",
    )
    at = (*AT, "--phase", "recheck", "--on")
    assert main(["commit", *at, "2019-04-01"]) == 0
    assert main(["number", NUMBER, *at, "2019-04-03", "--witnesses", "公证员"]) == 0
    audit = pipeline.open_audit(COUNTY, "golden")
    assert pipeline.rectification(audit).recheck is None
    folder = audit.folder / "07_rectification"
    names = {path.name for path in folder.glob("recheck_*")}
    assert {"recheck_frame.csv", "recheck_design.json", "recheck_register.csv"} <= names
    assert not names & {"recheck_sample.csv", "recheck_redraw.html", "recheck_field_lists.xlsx"}
    drawn = draw_phase(audit, "recheck")
    assert drawn.sample is not None
    assert drawn.draw.nonce == ""
    capsys.readouterr()
    assert main(["forms", "--round", "golden", "--county", COUNTY, "--out", "forms"]) == 0
    assert "recheck is drawn and sealed" in capsys.readouterr().err
    lists = project.root / "forms/lists" / COUNTY
    assert (lists / "first/households.csv").is_file()
    assert not (lists / "recheck").exists()
    told = "".join(path.read_text("utf-8") for path in (lists / "first").iterdir())
    first = {row.unit for row in draw_phase(audit, "first").sample.rows}
    secret = {row.unit for row in drawn.sample.rows if row.stage != "recheck-village"} - first
    assert secret
    assert not [unit for unit in secret if unit in told]
