"""Lists that a team takes to the field: a sheet a village, reserves apart, blanks to fill in.

Households bear study identifiers only; who they are stands on the leader's sealed list.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from auditlib.files.writing import SheetOut
from auditlib.report.page import Page
from auditlib.sampling.county import Sample

Known = Mapping[str, Mapping[str, str]]


def known_households(registry: pd.DataFrame, study_ids: Sequence[str], page: Page) -> Known:
    """Return what a list may say of registered households, by study identifier.

    Parameters
    ----------
    registry
        Table `registry_households`.
    study_ids
        Study identifier of every row.
    page
        Language and labels.
    """
    columns = zip(
        study_ids, registry["group"], registry["members"], registry["exit_year"], strict=True
    )
    return {
        unit: {
            "group": group,
            "members": str(members),
            "exit_year": "" if pd.isna(year) else str(year),
        }
        for unit, group, members, year in columns
    }


def field_lists(page: Page, sample: Sample, known: Known) -> list[SheetOut]:
    """Return a sheet for every drawn village, one of reserves, one of groups and others."""
    headings = page.says(
        "序|样本编号|组|人数|脱贫年度|访问结果|访问日期|调查员|备注",
        "no.|study id|group|members|exit year|result|date|interviewer|note",
    ).split("|")
    widths = (5, 18, 6, 6, 9, 12, 12, 10, 24)
    blank = ("", "", "", "")
    sheets = []
    reserves: list[tuple[str, ...]] = []
    for part in sorted(sample.lifted, key=lambda part: part.village):
        place = page.place(part.village)
        rows = [(str(i), *_row(unit, known), *blank) for i, unit in enumerate(part.drawn, 1)]
        sheets.append(SheetOut(place, headings, rows, widths))
        reserves += [
            (place, str(i), *_row(unit, known), *blank) for i, unit in enumerate(part.reserves, 1)
        ]
    village = page.says("行政村", "village")
    sheets.append(
        SheetOut(
            page.says("备选户（按序启用）", "reserves in order"),
            [village, *headings],
            reserves,
            (26, *widths),
        )
    )
    groups = [
        (page.place(g.group.village), g.group.unit, str(g.group.unregistered), "", "", "")
        for g in sorted(sample.groups, key=lambda g: g.group.unit)
    ]
    sheets.append(
        SheetOut(
            page.says("普查排查村组", "groups to screen"),
            page.says(
                "行政村|村组编号|未建档立卡户（框内）|排查到户数|疑似户数|备注",
                "village|group|unregistered households|met|suspected|note",
            ).split("|"),
            groups,
            (26, 24, 12, 10, 10, 24),
        )
    )
    poor = [(str(i), *_row(u, known), *blank) for i, u in enumerate(sample.still_poor.drawn, 1)]
    sheets.append(SheetOut(page.says("未脱贫户", "still poor"), headings, poor, widths))
    return sheets


def _row(unit: str, known: Known) -> tuple[str, str, str, str]:
    facts = known.get(unit, {})
    return unit, facts.get("group", ""), facts.get("members", ""), facts.get("exit_year", "")
