"""Units left out of the frame, as tables and sentences: counts by kind, the whole list."""

from dataclasses import replace

from auditlib.report.page import Page
from auditlib.report.tables import Shown, table
from auditlib.sampling.left_out import LeftOut

FOLD = 20  # units named in a sentence, and shown before the list is unfolded


def left_out_told(page: Page, found: LeftOut) -> list[str]:
    """Say what is left out of the frame, or that nobody said; and what the divisions say of it."""
    return [*_listed(page, found), *_compared(page, found)]


def _listed(page: Page, found: LeftOut) -> list[str]:
    if not found.given:
        return [
            page.says(
                "没有提供抽样框外单位名单：哪些农场、林业局、居委会未列入抽样框、为什么，无从查考（A35）。",
                "No list of left-out units was given: which farms, forest bureaus and residents' "
                "committees are out of the frame, and why, cannot be checked (A35).",
            )
        ]
    kinds = page.says("、", ", ").join(
        page.says(
            f"{page.label('left_out_kind', kind)}{number}个",
            f"{number} × {page.label('left_out_kind', kind)}",
        )
        for kind, number in found.kinds.items()
    )
    units, persons, unsaid = len(found.units), found.persons, found.without_persons
    people = page.says(
        f"{units - unsaid}个单位填报农业户籍人口共{persons:,}人，{unsaid}个未填报",
        f"{units - unsaid} of them give {persons:,} agricultural-hukou persons, {unsaid} give none",
    )
    if unsaid == units:
        people = page.says("各单位均未填报", "none of them gives its number")
    return [
        page.says(
            f"抽样框外另有{units}个单位：{kinds}；逐个列出并说明原因（A35）。"
            f"框外单位抽不到，其农业户籍人口仍在全县总数内：{people}。",
            f"{units} units are left out of the frame, each listed with its reason (A35): {kinds}. Nobody there "
            f"can be drawn, while their people count in the county's total: {people}.",
        )
    ]


def _compared(page: Page, found: LeftOut) -> list[str]:
    """Say how frame and list agree with the statistics bureau's divisions."""
    if not found.divisions:
        return [
            page.says(
                "随附的国家统计局2018年统计用区划代码没有本县，框内外单位未与区划比对。",
                "The carried divisions of 2018 do not have this county: frame and list were not "
                "compared with them.",
            )
        ]
    lines = []
    if found.untold:
        names = page.says("、", ", ").join(
            f"{each.name}（{each.township_name}，{each.kind}）{each.unit}"
            for each in found.untold[:FOLD]
        )
        if len(found.untold) > FOLD:
            names += page.says("……，全部见名单", ", …; the list has all")
        lines.append(
            page.says(
                f"与国家统计局2018年统计用区划代码比对：{found.divisions}个单位中有{len(found.untold)}个既不在抽样框、"
                f"也不在框外名单：{names}。",
                f"Compared with the divisions of 2018: {len(found.untold)} of {found.divisions} units stand neither "
                f"in the frame nor on the list: {names}.",
            )
        )
    else:
        lines.append(
            page.says(
                f"与国家统计局2018年统计用区划代码比对：{found.divisions}个单位都在抽样框或框外名单中。",
                f"Compared with the divisions of 2018: all {found.divisions} units stand in the frame or on the list.",
            )
        )
    if found.unknown:
        names = page.says("、", ", ").join(page.place(code) for code in found.unknown)
        lines.append(
            page.says(
                f"有{len(found.unknown)}个代码在该区划中没有：{names}。",
                f"{len(found.unknown)} codes are not in the divisions: {names}.",
            )
        )
    return lines


def left_out_tables(page: Page, found: LeftOut) -> tuple[Shown, ...]:
    """Return the units left out by kind and one by one, untold ones marked; none without any."""
    if not (found.units or found.untold):
        return ()
    untold = page.says("未说明", "not told")
    counts: list[tuple[str, int]] = [
        (page.label("left_out_kind", kind), number) for kind, number in found.kinds.items()
    ]
    if found.untold:
        counts.append((untold, len(found.untold)))
    counts.append((page.says("合计", "total"), sum(number for _, number in counts)))
    rows = [
        (f"{each.name} {each.unit}", each.township_name, untold, f"{each.kind}？")
        for each in found.untold
    ]
    rows += [
        (
            f"{each.name} {each.unit}",
            each.township_name,
            page.label("left_out_kind", each.kind),
            each.reason,
        )
        for each in found.units
    ]
    by_kind = table(
        page,
        page.says("抽样框外的单位，按类别", "Units left out of the frame, by kind"),
        page.says("类别|单位数", "kind|units").split("|"),
        counts,
        clause="四（三）；A35",
        marks=[(len(counts) - 2, 1, "bad")] if found.untold else [],
    )
    listed = table(
        page,
        page.says("抽样框外单位名单", "The units left out of the frame"),
        page.says("单位|乡镇|类别|原因", "unit|township|kind|reason").split("|"),
        rows,
        clause="四（三）；A35",
        marks=[(i, 2, "bad") for i in range(len(found.untold))],
    )
    return by_kind, replace(listed, fold=FOLD)
