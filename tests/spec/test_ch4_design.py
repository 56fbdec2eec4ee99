"""Chapter four: lists of the office, a municipal round, field lists, kinds and blind spots."""

import csv
import io
from dataclasses import replace
from datetime import date
from fractions import Fraction
from hashlib import sha256
from random import Random

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from auditlib import pipeline
from auditlib.cli import main
from auditlib.cli.redraw import repeat
from auditlib.pipeline.drawing import draw_phase, publish
from auditlib.pipeline.preparing import prepare
from auditlib.report import county, indicators, sampled, sampling
from auditlib.report.sample_map import Box, place_names
from auditlib.sampling import design_bytes, digest
from auditlib.sampling.batches import Batch, pad, padded_length, plan_days, unpad
from tests.conftest import COUNTY, Project

AT = ("--round", "golden", "--county", COUNTY)


@pytest.fixture(scope="module")
def golden(tmp_path_factory):
    """The golden round's sample, drawn once."""
    from tests.conftest import copy_golden

    project = copy_golden(tmp_path_factory.mktemp("design"))
    audit = pipeline.open_audit(COUNTY, "golden", root=project.root)
    drawn = draw_phase(audit, "first")
    return audit, drawn, publish(audit, drawn)


# ---- lists that the office drew (A38) ----


def office_list(
    project: Project, *, chances: str = "", listed: list[str] | None = None
) -> list[str]:
    """Hand over some villages, every third if not given, as the office would."""
    villages = load_workbook(project.data / "frame.xlsx")["行政村名单"]
    codes = [str(row[0]) for row in villages.iter_rows(min_row=3, values_only=True) if row[0]]
    listed = listed or codes[::3]
    lines = ["行政村代码,是否在名单上,入样概率,抽取单位"]
    lines += [f"{c},{'是' if c in listed else '否'},{chances},省扶贫办" for c in codes]
    (project.data / "office.csv").write_text("\n".join(lines) + "\n", "utf-8-sig")
    project.change(f"counties/{COUNTY}", inputs={"imported_villages": {"file": "office.csv"}})
    return listed


def drawn_by_office(project: Project, *, chances: str = "") -> list[str]:
    """Commit, number and reveal a round whose villages the office drew."""
    codes = office_list(project, chances=chances)
    heading = (project.data / "draws.csv").read_text("utf-8-sig").splitlines()[1]
    (project.data / "draws.csv").write_text(heading + "\n", "utf-8-sig")
    assert main(["commit", *AT, "--on", "2019-02-20"]) == 0
    number = ("41827093", "--on", "2019-02-26", "--witnesses", "公证员")
    assert main(["number", *number[:1], *AT, *number[1:]]) == 0
    return codes


def test_the_office_s_list_is_committed_hidden_taken_and_redrawn(project, capsys):
    """R075, A38: the design holds a digest that only the nonce opens; villages are as listed."""
    codes = drawn_by_office(project)
    project.change("rounds/golden", state="sealed")
    audit = pipeline.open_audit(COUNTY, "golden")
    closed = publish(audit, draw_phase(audit, "first"))
    assert "imported.csv" not in closed.files
    assert {c.drawn for c in closed.record.chances} == {None}
    assert not any(n.code == "townships_missing" for n in closed.record.notes)

    assert main(["reveal", *AT]) == 0
    project.change("rounds/golden", state="revealed")
    audit = pipeline.open_audit(COUNTY, "golden")
    record = pipeline.sampling(audit)
    assert {c.village for c in record.chances if c.drawn} == {f"V-{c}" for c in codes}
    assert record.source == "省扶贫办"
    assert {c.probability for c in record.chances} == {None}
    assert "probability_unknown" in {n.code for n in record.notes}
    assert "没有" in repr(sampled.design_picture(audit.page, record))
    assert "未给出" in repr(sampled.chance_picture(audit.page, record))
    assert "不能推断全县" in repr(sampling.state(audit.page, record))

    folder = audit.folder / "01_sampling"
    assert repeat(folder / "register.csv").differences == ()
    text = (folder / "imported.csv").read_text().replace(f"V-{codes[0]},1,", f"V-{codes[0]},0,")
    (folder / "imported.csv").write_text(text)
    found = repeat(folder / "register.csv").differences
    assert (found[0].stage, found[0].field) == ("imported", "digest")


def test_a_list_without_probabilities_infers_nothing_for_the_county(project):
    """A38: the sentence stands with the indicators, whose intervals hold for these villages.

    The office lists the villages that were visited, so that the field work fits.
    """
    before = draw_phase(pipeline.open_audit(COUNTY, "golden"), "first")
    office_list(project, listed=[v.code.removeprefix("V-") for v in before.sample.villages])
    audit = pipeline.open_audit(COUNTY, "golden")
    design = prepare(audit, "first", nonce=before.draw.nonce).design
    old, new = (x.encode() for x in (before.draw.design_digest, digest(design_bytes(design))))
    project.csv("draws.csv", lambda content: content.replace(old, new))
    audit = pipeline.open_audit(COUNTY, "golden")
    found = pipeline.indicators(audit)
    assert any(n.code == "probability_unknown" for n in found.notes)
    assert "不能推断全县" in repr(indicators.decision(audit.page, found))
    assert "不能推断全县" in repr(county.conclusion(audit.page, pipeline.report(audit)))
    result = publish(audit, draw_phase(audit, "first"))
    drawn = result.tables["villages"][result.tables["villages"]["drawn"] == "1"]
    assert set(drawn["probability"]) == {"1"}


def test_stated_probabilities_are_taken_as_the_office_states_them(project):
    """A38: weights follow; the statement itself cannot be checked by anyone else."""
    drawn_by_office(project, chances="0.4")
    assert main(["reveal", *AT]) == 0
    audit = pipeline.open_audit(COUNTY, "golden")
    record = publish(audit, draw_phase(audit, "first")).record
    assert {c.probability for c in record.chances if c.drawn} == {Fraction(2, 5)}
    assert "probability_given" in {n.code for n in record.notes}


def test_a_list_with_an_unknown_village_is_refused_before_anything_is_committed(project, capsys):
    office_list(project)
    path = project.data / "office.csv"
    path.write_text(path.read_text("utf-8-sig") + f"{COUNTY}999999,是,,省扶贫办\n", "utf-8-sig")
    assert main(["commit", *AT, "--reason", "x"]) == 2
    assert "office.csv" in capsys.readouterr().err


# ---- a municipal round (六（二）) ----


def test_a_municipal_round_samples_by_the_same_rules_with_tickets_of_its_own(project):
    """R095: same quotas and probabilities, its own round, other tickets even for the same seed."""
    audit = pipeline.open_audit(COUNTY, "golden")
    provincial = draw_phase(audit, "first")
    heading = (project.data / "draws.csv").read_text("utf-8-sig").splitlines()[1]
    (project.data / "draws.csv").write_text(heading + "\n", "utf-8-sig")
    project.change("rounds/golden", level="municipal")
    assert main(["commit", *AT, "--on", "2018-12-01"]) == 0
    number = ["41827093", "--on", "2018-12-05", "--witnesses", "公证员"]
    assert main(["number", *number[:1], *AT, *number[1:]]) == 0
    assert main(["reveal", *AT]) == 0
    audit = pipeline.open_audit(COUNTY, "golden")
    drawn = draw_phase(audit, "first")
    result = publish(audit, drawn)
    assert drawn.design.quotas == provincial.design.quotas
    assert drawn.design.cells == provincial.design.cells
    assert {row.stage for row in drawn.sample.rows} == {
        "municipal-village",
        "municipal-group",
        "municipal-household",
        "municipal-still-poor",
    }
    assert "市级初审" in repr(sampling.state(audit.page, result.record))
    pipeline.sampling(audit)
    assert repeat(audit.folder / "01_sampling" / "register.csv").differences == ()


# ---- field lists ----


def test_field_lists_are_grouped_by_team_and_day_with_reserves_apart(golden):
    """R060: every drawn household once, in ticket order; blanks to fill in; text stays text."""
    audit, drawn, result = golden
    book = load_workbook(io.BytesIO(result.files["field_lists.xlsx"]))
    days = [s for s in book.worksheets if "第" in s.title]
    assert len({s.title.split()[0] for s in days}) > 1  # teams
    found = []
    for sheet in days:
        headings = [cell.value for cell in sheet[2]]
        at = {name: headings.index(name) for name in ("样本编号", "访问结果", "序", "组")}
        assert "访问日期" in headings
        for row in sheet.iter_rows(min_row=3):
            found.append(row[at["样本编号"]].value)
            assert row[at["访问结果"]].value is None
            assert {row[at[n]].data_type for n in ("样本编号", "序", "组")} == {"s"}
    assert sorted(found) == sorted(u for part in drawn.sample.lifted for u in part.drawn)
    reserves = [r[2].value for r in book["备选户（按序启用）"].iter_rows(min_row=3)]
    assert reserves == [
        u for part in sorted(drawn.sample.lifted, key=lambda p: p.village) for u in part.reserves
    ]
    again = publish(audit, drawn).files["field_lists.xlsx"]
    assert sha256(again).digest() == sha256(result.files["field_lists.xlsx"]).digest()
    assert not [c for s in book for row in s for c in row if c.data_type == "f"]


def test_a_field_list_can_be_printed_written_into_and_read_on_a_telephone(golden):
    """R060: A4 landscape, one page wide, heading on every page, which names team and day.

    On a telephone, some 45 characters wide, number and study identifier stay in sight beside
    half a screen of other columns; the result is chosen from the dispositions.
    """
    audit, _, result = golden
    book = load_workbook(io.BytesIO(result.files["field_lists.xlsx"]))
    dispositions = [words.zh for words in audit.page.codes["disposition"].values()]
    for sheet in book.worksheets:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (None, 0)
        assert sheet.print_title_rows == "$2:$2"
        assert sheet.print_options.gridLines
        assert sheet.sheet_format.defaultRowHeight >= 24
        top = sheet.oddHeader
        assert top.left.text.endswith(f"{audit.page.name.zh} · {sheet.title}")
        assert top.right.text == "&P / &N"
        assert sheet.oddFooter.center.text == audit.page.mark
        if sheet.title == "普查排查村组":
            continue
        headings = [cell.value for cell in sheet[2]]
        frozen = headings.index("样本编号") + 1
        assert sheet.freeze_panes == f"{get_column_letter(frozen + 1)}3"
        kept = [sheet.column_dimensions[get_column_letter(i + 1)].width for i in range(frozen)]
        assert sum(kept) <= 38
        assert top.center.text.endswith("访问结果：" + "、".join(dispositions))
        (choice,) = sheet.data_validations.dataValidation
        column = get_column_letter(headings.index("访问结果") + 1)
        assert str(choice.sqref).startswith(f"{column}3:{column}")
        assert choice.formula1 == f'"{",".join(dispositions)}"'
    assert [s.title for s in book.worksheets if s.sheet_state != "visible"] == []
    assert "替换哪户（样本编号）" in [c.value for c in book["备选户（按序启用）"][2]]


def test_teams_have_their_own_townships_and_no_day_passes_its_pace(golden):
    _, drawn, _ = golden
    batches = [Batch(str(i), f"T{i % 2}", f"2019-03-0{i}", 6) for i in range(1, 5)]
    stops = plan_days(drawn.sample, batches)
    assert sorted(u for s in stops for u in s.households) == sorted(
        u for part in drawn.sample.lifted for u in part.drawn
    )
    load = {}
    for stop in stops:
        key = stop.batch, stop.day
        load[key] = load.get(key, 0) + len(stop.households)
    assert max(load.values()) <= 6
    assert {s.village for s in stops} == {v.code for v in drawn.sample.villages}


def test_padding_hides_the_length_and_comes_off_again():
    contents = [b"", b"\0" * 9, b"x" * 70_000]
    length = padded_length(contents)
    assert length == 2 * 65_536
    for content in contents:
        assert len(pad(content, length=length)) == length
        assert unpad(pad(content, length=length)) == content
    with pytest.raises(ValueError, match="padded"):
        unpad(b"\xff" * 16)


# ---- what makes no stratum, blind spots, lists compared ----


def test_frame_and_sample_are_compared_by_terrain_year_cause_and_size(golden):
    """R054, R055: shares add up; the sample's weights stand for the frame; what is left out shows."""
    _, drawn, result = golden
    makeup = result.record.makeup
    villages, households = len(drawn.frame.villages), sum(map(len, drawn.frame.lifted.values()))
    for by, whole in {
        "terrain": villages,
        "exit_year": households,
        "cause": households,
        "size": households,
    }.items():
        own = [s for s in makeup if s.by == by]
        assert sum(s.listed for s in own) == whole
        assert sum(s.weighted for s in own) == pytest.approx(1)
    terrain = [s for s in makeup if s.by == "terrain"]
    assert sum(s.expected for s in terrain) == pytest.approx(drawn.design.villages)
    assert sum(s.drawn for s in terrain) == drawn.design.villages


def test_blind_spots_are_listed_from_the_whole_frame_with_what_the_design_expects(golden):
    """R066: next to the county seat, on a township border, never inspected."""
    audit, drawn, result = golden
    villages = audit.read("villages")["villages"]
    near = audit.params.plan.sampling.blind_spots.near_km
    wanted = {
        "near_seat": set(villages.loc[villages["distance_km"] <= near, "village"]),
        "border": set(villages.loc[villages["border"] == "yes", "village"]),
        "never_inspected": set(villages.loc[villages["inspected"] == "no", "village"]),
    }
    mine = {v.code for v in drawn.sample.villages}
    chances = {c.village: c.probability for c in result.record.chances}
    for spot in result.record.blind_spots:
        assert {v.removeprefix("V-") for v in spot.villages} == wanted[spot.reason]
        assert spot.expected == pytest.approx(float(sum(chances[v] for v in spot.villages)))
        assert spot.drawn == len(mine & set(spot.villages))
    rows = list(csv.DictReader(io.StringIO(result.tables["blind_spots"].to_csv(index=False))))
    assert len(rows) == sum(map(len, wanted.values()))


def test_a_village_that_was_ever_poor_counts_as_poor(golden):
    """R070: delisted villages (出列村) stay in the poor type of the frame and the quota."""
    audit, drawn, _ = golden
    villages = audit.read("villages")["villages"]
    poor = set(villages.loc[villages["ever_poor"] == "yes", "village"])
    assert {v.code.removeprefix("V-") for v in drawn.frame.villages if v.poor} == poor


def test_lists_compared_before_the_draw_are_told_with_their_hits(golden):
    """R056: list, fields, rule, hits; a comparison after the commitment is said to be late."""
    audit, drawn, result = golden
    (linkage,) = result.record.linkage
    assert linkage.in_time
    assert f"{linkage.hits}人" in repr(sampling.state(audit.page, result.record))
    late = replace(drawn, draw=replace(drawn.draw, committed=date(2019, 1, 1)))
    (told,) = publish(audit, late).record.linkage
    assert not told.in_time


def test_an_opening_before_its_day_or_of_another_file_is_marked(golden):
    """R075: the log is compared with the public sheet."""
    audit, drawn, result = golden
    assert {r.fault for r in result.record.releases} == {""}
    releases = drawn.prepared.inputs["releases"].copy()
    releases.loc[0, "released"] = drawn.draw.drawn
    releases.loc[1, "digest"] = "0" * 64
    releases.loc[2, "batch"] = "99"
    releases.loc[3, "released"] = date(2019, 1, 1)
    tables = {**drawn.prepared.inputs.tables, "releases": releases}
    inputs = replace(drawn.prepared.inputs, tables=tables)
    changed = replace(drawn, prepared=replace(drawn.prepared, inputs=inputs))
    record = publish(audit, changed).record
    assert [r.fault for r in record.releases[:4]] == [
        "early",
        "other_file",
        "unknown_batch",
        "before_draw",
    ]


# ---- pictures ----


def test_the_map_has_tiles_without_coordinates_and_points_with_them(golden):
    audit, _, result = golden
    nowhere = tuple(replace(c, latitude=None, longitude=None) for c in result.record.chances)
    tiles = sampled.map_picture(audit.page, replace(result.record, chances=nowhere))
    assert "一格一村" in tiles.alt
    placed = tuple(
        replace(c, latitude=45 + i / 50, longitude=122 + i % 7 / 10)
        for i, c in enumerate(result.record.chances)
    )
    points = sampled.map_picture(audit.page, replace(result.record, chances=placed))
    assert "按坐标" in points.alt
    assert points.digest != tiles.digest


def test_all_villages_of_the_demonstration_have_coordinates_or_the_map_would_tell_the_drawn(golden):
    """R075: coordinates of the villages that were visited alone would name the sample."""
    audit, _, result = golden
    assert None not in {c.latitude for c in result.record.chances}
    assert "按坐标" in sampled.map_picture(audit.page, result.record).alt


@pytest.mark.parametrize("seed", range(20))
def test_a_township_s_name_covers_no_village_and_no_other_name(seed):
    """As many townships and villages as Taonan has, scattered around their seats."""
    random = Random(seed)
    towns = {}
    for i in range(18):
        seat = random.uniform(40, 530), random.uniform(40, 490)
        towns[f"第{i:02d}蒙古族乡"] = [
            (seat[0] + random.gauss(0, 22), seat[1] + random.gauss(0, 22)) for _ in range(12)
        ]
    villages = [point for own in towns.values() for point in own]
    names = place_names(towns, villages, width=576, height=533)
    assert set(names) == set(towns)
    boxes = [box for box, _ in names.values()]
    for i, box in enumerate(boxes):
        assert box.within(576, 533)
        assert not any(box.overlaps(other) for other in boxes[:i])
        assert not any(box.overlaps(Box(x - 5, y - 5, x + 5, y + 5)) for x, y in villages)
    for name, (_, anchor) in names.items():
        assert anchor in towns[name]


@pytest.mark.parametrize(("known", "words"), [(0, "没有坐标"), (1, "仅1个村有坐标")])
def test_a_map_of_tiles_says_how_many_coordinates_are_known(golden, known, words):
    audit, _, result = golden
    chances = tuple(
        replace(c, latitude=45.0, longitude=122.0)
        if i < known
        else replace(c, latitude=None, longitude=None)
        for i, c in enumerate(result.record.chances)
    )
    tiles = sampled.map_picture(audit.page, replace(result.record, chances=chances))
    assert f"{words}，示意：一格一村" in tiles.alt


def test_the_design_passes_good_counties_and_fails_bad_ones_under_both_rules(golden):
    """R061: chances fall with the true rate, and the bound rule is never kinder."""
    _, _, result = golden
    o = result.record.operating
    for chances in (o.point, o.bound, o.simple):
        assert list(chances) == sorted(chances, reverse=True)
    assert all(b <= p + 1e-9 for b, p in zip(o.bound, o.point, strict=True))
    assert o.point[0] == pytest.approx(1)
