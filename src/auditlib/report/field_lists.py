"""Lists that a team takes to the field: a sheet a team and day, reserves apart, blanks to fill in.

Households bear study identifiers; the leader's sealed list has the registry number
beside them, so that the household can be found.
"""

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from auditlib.files.writing import SheetOut
from auditlib.report.page import Page
from auditlib.sampling.batches import Stop
from auditlib.sampling.county import Sample

Known = Mapping[str, Mapping[str, str]]
BLANK = ("", "", "", "")
RESULT = -4  # place of the visit's result, from the last column
CELLS = ("group", "members", "exit_year")


def known_households(
    registry: pd.DataFrame, study_ids: Sequence[str], page: Page, *, numbers: bool = False
) -> Known:
    """Return what a list may say of registered households, by study identifier.

    Parameters
    ----------
    registry
        Table `registry_households`.
    study_ids
        Study identifier of every row.
    page
        Language and labels.
    numbers
        Whether the list, which must then be sealed, gives the registry number as well.
    """
    columns = zip(
        study_ids,
        registry["household"],
        registry["group"],
        registry["members"],
        registry["exit_year"],
        strict=True,
    )
    return {
        unit: {
            **({"household": household} if numbers else {}),
            "group": group,
            "members": str(members),
            "exit_year": "" if pd.isna(year) else str(year),
        }
        for unit, household, group, members, year in columns
    }


def field_lists(
    page: Page,
    sample: Sample,
    known: Known,
    days: Sequence[Stop],
    *,
    batch: str = "",
) -> list[SheetOut]:
    """Return a sheet for every team and day, then reserves, groups and households still poor.

    Parameters
    ----------
    page
        Language, and names of places.
    sample, known
        The sample, and what the list may say of its households.
    days
        Who is visited when (`plan_days`).
    batch
        Only this batch; all of them if empty.
    """
    own = [stop for stop in days if batch in ("", stop.batch)]
    team_of = {stop.village: stop.team for stop in own}
    poor = [u for u in sample.still_poor.drawn if _home(u, sample) in team_of]
    spare = [u for u in sample.still_poor.reserves if _home(u, sample) in team_of]
    return [
        *_day_sheets(page, sample, known, own),
        _reserves(page, sample, known, team_of),
        _groups(page, sample, team_of),
        _still_poor(page, sample, known, poor, spare, team_of),
    ]


def _headings(page: Page, known: Known) -> list[str]:
    numbered = any("household" in facts for facts in known.values())
    words = page.says(
        "序|样本编号|户编号|行政村|组|人数|脱贫年度|访问结果|访问日期|调查员|备注",
        "no.|study id|registry no.|village|group|members|exit year|result|date|interviewer|note",
    ).split("|")
    return words if numbered else [word for i, word in enumerate(words) if i != 2]


def _widths(known: Known) -> tuple[int, ...]:
    numbered = any("household" in facts for facts in known.values())
    registry = (20,) if numbered else ()
    return (5, 16, *registry, 24, 6, 6, 9, 12, 12, 10, 24)


def _row(unit: str, number: int, place: str, known: Known) -> tuple[str, ...]:
    facts = known.get(unit, {})
    registry = (facts["household"],) if "household" in facts else ()
    return (str(number), unit, *registry, place, *(facts.get(name, "") for name in CELLS), *BLANK)


def _sheet(
    page: Page,
    name: str,
    known: Known,
    rows: Sequence[tuple[str, ...]],
    *,
    before: Sequence[tuple[str, int]] = (),
    after: Sequence[tuple[str, int]] = (),
) -> SheetOut:
    """Return a list of households; `before` and `after` are more columns, with their widths.

    Number and study identifier stay in sight on a telephone; results are chosen there, and
    named at the top of every printed page.
    """
    headings = [name for name, _ in before] + _headings(page, known)
    results = [words[page.language] for words in page.codes["disposition"].values()]
    at = len(headings) + RESULT
    legend = page.says("：", ": ").join((headings[at], page.says("、", ", ").join(results)))
    widths = [width for _, width in before] + [*_widths(known), *(width for _, width in after)]
    return SheetOut(
        name,
        headings + [name for name, _ in after],
        rows,
        widths,
        grid=True,
        choices={at: results},
        frozen=len(before) + 2,
        legend=legend,
    )


def _day_sheets(page: Page, sample: Sample, known: Known, stops: Sequence[Stop]) -> list[SheetOut]:
    """Return the visits of every team and day; a household keeps its number in its order."""
    rank = sample.ranks
    sheets = []
    for team, of_batch, day in dict.fromkeys((s.team, s.batch, s.day) for s in stops):
        rows = [
            _row(unit, rank[unit], page.place(stop.village), known)
            for stop in stops
            if (stop.team, stop.batch, stop.day) == (team, of_batch, day)
            for unit in stop.households
        ]
        name = page.says(
            f"{team}组 {of_batch}批 第{day}天", f"team {team} batch {of_batch} day {day}"
        )
        sheets.append(_sheet(page, name, known, rows))
    return sheets


def _reserves(page: Page, sample: Sample, known: Known, team_of: Mapping[str, str]) -> SheetOut:
    parts = [p for p in sorted(sample.lifted, key=lambda p: p.village) if p.village in team_of]
    ranks = sample.ranks
    spare = [(part.village, unit) for part in parts for unit in part.reserves]
    if sample.direct:  # one list for the county, whatever village comes next
        spare.sort(key=lambda pair: ranks[pair[1]])
    rows = [
        (team_of[village], *_row(unit, ranks[unit], page.place(village), known), "")
        for village, unit in spare
    ]
    name = page.says("备选户（按序启用）", "reserves in order")
    team = (page.says("组别", "team"), 6)
    whom = (page.says("替换哪户（样本编号）", "replaces (study id)"), 20)
    return _sheet(page, name, known, rows, before=[team], after=[whom])


def _groups(page: Page, sample: Sample, team_of: Mapping[str, str]) -> SheetOut:
    rows = [
        (
            team_of[g.group.village],
            page.place(g.group.village),
            g.group.unit,
            str(g.group.unregistered),
            "",
            "",
            "",
        )
        for g in sorted(sample.groups, key=lambda g: g.group.unit)
        if g.group.village in team_of
    ]
    return SheetOut(
        page.says("普查排查村组", "groups to screen"),
        page.says(
            "组别|行政村|村组编号|未建档立卡户（框内）|排查到户数|疑似户数|备注",
            "team|village|group|unregistered households|met|suspected|note",
        ).split("|"),
        rows,
        (8, 26, 24, 12, 10, 10, 24),
        grid=True,
    )


def _still_poor(
    page: Page,
    sample: Sample,
    known: Known,
    drawn: Sequence[str],
    spare: Sequence[str],
    team_of: Mapping[str, str],
) -> SheetOut:
    """Return the households still poor: drawn ones, then reserves in their order."""
    kinds = (page.says("抽中", "drawn"), drawn), (page.says("备选", "reserve"), spare)
    rank = _ranks(sample.still_poor.drawn) | _ranks(sample.still_poor.reserves)
    rows = []
    for kind, units in kinds:
        for unit in units:
            village = _home(unit, sample)
            rows.append(
                (team_of[village], kind, *_row(unit, rank[unit], page.place(village), known))
            )
    before = [(page.says("组别", "team"), 6), (page.says("类别", "kind"), 7)]
    return _sheet(page, page.says("未脱贫户", "still poor"), known, rows, before=before)


def _ranks(units: Collection[str]) -> dict[str, int]:
    return {unit: i for i, unit in enumerate(units, 1)}


def _home(unit: str, sample: Sample) -> str:
    """Return the village of a household still poor."""
    return sample.still_poor.homes.get(unit, "")
