"""Where the sample lies and what it can tell: probabilities, map, operating characteristics."""

from math import ceil, cos, radians, sqrt
from typing import Any

from matplotlib.patches import Patch, Rectangle

from auditlib.report.charts import BLUE, GREY, ORANGE, SKY, YELLOW, Picture, canvas, finish
from auditlib.report.disclosure import explain, hidden_cells, published, unless
from auditlib.report.page import Page, Sentence, percent, say
from auditlib.report.tables import Shown, table
from auditlib.sampling.summary import Sampling, VillageChance

KINDS = {
    "poor-remote": ("贫困·偏远", "poor, remote", BLUE),
    "poor-other": ("贫困·其他", "poor, other", SKY),
    "nonpoor-remote": ("非贫困·偏远", "not poor, remote", ORANGE),
    "nonpoor-other": ("非贫困·其他", "not poor, other", YELLOW),
}
MAKEUP = {
    "terrain": ("地形（村）", "terrain (villages)"),
    "exit_year": ("脱贫年度（户）", "exit year (households)"),
    "cause": ("主要致贫原因（户）", "cause (households)"),
    "size": ("人数（户）", "members (households)"),
}
REASONS = {
    "near_seat": ("紧邻县城（灯下黑）", "next to the county seat"),
    "border": ("乡镇交界", "on a township border"),
    "never_inspected": ("此前未检查过", "never inspected before"),
}
FAULTS = {
    "": ("–", "–"),
    "before_draw": ("早于抽签", "before the draw"),
    "early": ("早于启封日期", "before its day"),
    "unknown_batch": ("批次表中没有", "not on the sheet"),
    "other_file": ("密文摘要不符", "another file"),
}


def chance_picture(page: Page, record: Sampling) -> Picture | Sentence:
    """Return a picture of the probability of every village of the frame."""
    known = [c for c in record.chances if c.probability is not None]
    if not known:
        return say(
            page.says(
                f"村名单由{record.source}抽取，未给出入样概率；各村概率无从画出。",
                f"The villages were drawn by {record.source} without stated probabilities.",
            )
        )
    order = sorted(known, key=lambda c: (-float(c.probability or 0), c.village))
    figure, (axis,) = canvas(9, 3.8)
    for kind, (zh, en, colour) in KINDS.items():
        at = [i for i, c in enumerate(order, 1) if c.kind == kind]
        heights = [100 * float(c.probability or 0) for c in order if c.kind == kind]
        axis.bar(at, heights, width=1.0, color=colour, label=page.says(zh, en))
    if record.state == "revealed":
        at = [i for i, c in enumerate(order, 1) if c.drawn]
        heights = [100 * float(c.probability or 0) for c in order if c.drawn]
        label = page.says("抽中", "drawn")
        axis.plot(at, heights, "o", color="black", ms=3.5, label=label)
    axis.set_xlabel(page.says("村，按概率从大到小", "villages, most probable first"))
    axis.set_ylabel(page.says("入样概率（%）", "probability (%)"))
    axis.set_xlim(0.5, len(order) + 0.5)
    axis.set_ylim(0, 105)
    axis.grid(visible=False, axis="x")
    axis.legend(loc="upper right", fontsize=8, ncols=5)
    total = sum(float(c.probability or 0) for c in known)
    least = percent(min(c.probability for c in known if c.probability is not None), digits=1)
    return finish(
        page,
        figure,
        title=page.says("每个村有多大机会被抽中？", "How likely was every village to be drawn?"),
        note=page.says(
            f"n = {len(known)}个村，概率合计 {total:g} = 抽取村数；最小 {least}；四（一）（二）（三）",
            f"n = {len(known)} villages; probabilities add up to {total:g}, the number drawn; least {least}; "
            "四（一）（二）（三）",
        ),
    )


def map_picture(page: Page, record: Sampling) -> Picture:
    """Return a map of the sampled villages: points by coordinates, else a tile for every village."""
    placed = [c for c in record.chances if c.latitude is not None and c.longitude is not None]
    points = len(placed) == len(record.chances)
    return _points(page, record) if points else _tiles(page, record)


def _points(page: Page, record: Sampling) -> Picture:
    """Draw every village where it lies; degrees are scaled so that distances look right."""
    figure, (axis,) = canvas(8, 7)
    middle = sum(c.latitude or 0 for c in record.chances) / len(record.chances)
    for kind, (zh, en, colour) in KINDS.items():
        own = [c for c in record.chances if c.kind == kind]
        x, y = [c.longitude or 0 for c in own], [c.latitude or 0 for c in own]
        axis.plot(x, y, "o", color=colour, ms=5, mec="white", mew=0.4, label=page.says(zh, en))
    if record.state == "revealed":
        own = [c for c in record.chances if c.drawn]
        label = page.says("抽中", "drawn")
        x, y = [c.longitude or 0 for c in own], [c.latitude or 0 for c in own]
        axis.plot(x, y, "o", mfc="none", mec="black", ms=9, mew=1.4, label=label)
    for town in record.townships:
        own = [c for c in record.chances if c.township == town.township]
        x_mean = sum(c.longitude or 0 for c in own) / len(own)
        y_mean = sum(c.latitude or 0 for c in own) / len(own)
        name = page.area(town.township).split()[0]
        axis.text(x_mean, y_mean, name, fontsize=8, color=GREY, ha="center", va="center")
    axis.set_aspect(1 / max(cos(radians(middle)), 0.1))
    axis.set_xlabel(page.says("经度（°）", "longitude (°)"))
    axis.set_ylabel(page.says("纬度（°）", "latitude (°)"))
    axis.legend(loc="best", fontsize=8)
    return _finish_map(page, figure, record, page.says("按坐标", "by coordinates"))


def _tiles(page: Page, record: Sampling) -> Picture:
    """Draw a block of tiles for every township, a tile a village; places are schematic."""
    towns = record.townships
    columns = ceil(sqrt(len(towns) * 1.6))
    side = max(ceil(sqrt(t.villages)) for t in towns)
    pitch = side + 1.5
    tall = max(ceil(t.villages / side) for t in towns) + 2.0
    rows = ceil(len(towns) / columns)
    figure, (axis,) = canvas(9, 1.6 + 8.2 * rows * tall / (columns * pitch))
    for i, town in enumerate(towns):
        left, top = (i % columns) * pitch, -(i // columns) * tall
        name = page.area(town.township).split()[0]
        axis.text(left, top + 0.25, name, fontsize=8, va="bottom", ha="left")
        for j, chance in enumerate(_in(record, town.township)):
            corner = left + j % side, top - 1 - j // side
            colour = KINDS[chance.kind][2]
            axis.add_patch(Rectangle(corner, 0.9, 0.9, fc=colour, ec="none", alpha=0.75))
            if chance.drawn:
                middle = corner[0] + 0.45, corner[1] + 0.45
                axis.plot(*middle, "o", color="black", ms=min(6.0, 42 / side))
    axis.set_xlim(-0.5, columns * pitch)
    axis.set_ylim(-rows * tall + 1.0, 1.6)
    axis.set_aspect("equal")
    axis.axis("off")
    handles: list[Any] = [
        Patch(color=colour, alpha=0.75, label=page.says(zh, en))
        for zh, en, colour in KINDS.values()
    ]
    if record.state == "revealed":
        handles += axis.plot([], [], "o", color="black", label=page.says("抽中", "drawn"))
    axis.legend(handles=handles, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=5, fontsize=8)
    return _finish_map(page, figure, record, _why_tiles(page, record))


def _why_tiles(page: Page, record: Sampling) -> str:
    """Say of how many villages coordinates are known; some are not enough for points."""
    known = sum(c.latitude is not None and c.longitude is not None for c in record.chances)
    if not known:
        return page.says("没有坐标，示意：一格一村", "no coordinates: one tile a village")
    return page.says(
        f"仅{known}个村有坐标，示意：一格一村",
        f"coordinates of {known} villages only: one tile a village",
    )


def _in(record: Sampling, township: str) -> list[VillageChance]:
    return [c for c in record.chances if c.township == township]


def _finish_map(page: Page, figure: Any, record: Sampling, how: str) -> Picture:
    shown = record.state == "revealed"
    return finish(
        page,
        figure,
        title=page.says(
            f"抽中的村在哪些{page.areas}？", f"Where the sampled villages lie, by {page.areas}"
        )
        if shown
        else page.says(
            f"各{page.areas}有哪些村？（名单封存）", "The villages of the frame (sample sealed)"
        ),
        note=page.says(
            f"n = {record.villages}个村，共{record.villages_listed}个；{how}；四（三）",
            f"n = {record.villages} of {record.villages_listed} villages; {how}; 四（三）",
        ),
    )


def design_picture(page: Page, record: Sampling) -> Picture | Sentence:
    """Return a picture of the chance to pass under this design, by the true wrong-exit rate."""
    o = record.operating
    if o is None:
        return say(
            page.says(
                "村名单不由本设计抽取，或框内没有脱贫户：没有设计特性可画。",
                "The villages were not drawn by this design, or the frame has no lifted household: "
                "there are no operating characteristics.",
            )
        )
    figure, (axis,) = canvas(9, 3.8)
    rates = [100 * rate for rate in o.rates]
    lines = (
        (o.point, BLUE, "-", page.says("点估计规则（方案）", "point rule (plan)")),
        (o.bound, ORANGE, "--", page.says("单侧界规则（更严）", "bound rule (stricter)")),
        (o.simple, GREY, ":", page.says("点估计规则，简单随机", "point rule, simple random")),
    )
    for chances, colour, style, label in lines:
        axis.plot(rates, [100 * c for c in chances], color=colour, ls=style, lw=2, label=label)
    axis.axvline(100 * float(o.limit), color="black", lw=1.4)
    axis.set_xlabel(page.says("真实错退率（按户，%）", "true wrong-exit rate (households, %)"))
    axis.set_ylabel(page.says("通过的可能（%）", "chance to pass (%)"))
    axis.set_ylim(0, 102)
    axis.legend(loc="upper right", fontsize=9)
    return finish(
        page,
        figure,
        title=page.says("这个设计分得清好坏吗？", "How well does this design tell good from bad?"),
        note=page.says(
            f"n = {o.households:g}户（{o.samples}次模拟抽样平均），村内相关 {o.correlation:g}；"
            "黑线为限值；三（二）1、四（一）",
            f"n = {o.households:g} households (mean of {o.samples} draws of the design), correlation in a "
            f"village {o.correlation:g}; black: limit; 三（二）1、四（一）",
        ),
    )


@published
def makeup_table(page: Page, record: Sampling) -> Shown:
    """Return how frame and sample are made up by what makes no stratum."""
    whole = {by: sum(s.listed for s in record.makeup if s.by == by) for by in MAKEUP}
    homes = [(i, s) for i, s in enumerate(record.makeup) if s.expected is None]
    cells = {
        (i, name): int(number)
        for i, s in homes
        for name in ("listed", "drawn")
        if (number := getattr(s, name)) is not None  # nothing is told of a sealed draw
    }
    kinds = [
        [(i, name) for i, s in homes if s.by == by and (i, name) in cells]
        for by in MAKEUP
        for name in ("listed", "drawn")
    ]
    hidden = hidden_cells(page, cells, totals=kinds)
    rows = [
        (
            page.says(*MAKEUP[s.by]),
            page.label(s.by, s.value) or "–",
            unless((i, "listed") in hidden, s.listed),
            unless((i, "listed") in hidden, percent(s.listed / whole[s.by], digits=1)),
            None if s.expected is None else round(s.expected, 2),
            unless((i, "drawn") in hidden, s.drawn),
            unless((i, "drawn") in hidden, percent(s.weighted, digits=1)),
        )
        for i, s in enumerate(record.makeup)
    ]
    return table(
        page,
        page.says(
            "样本的构成与抽样框对照（不作为层）",
            "Make-up of the sample beside the frame (no strata)",
        )
        + explain(page, hidden),
        page.says(
            "特征|类别|框内数|框内占比|期望村数|抽中数|样本加权占比",
            "by|kind|in the frame|share|villages expected|drawn|weighted share",
        ).split("|"),
        rows,
        clause="四（一）",
        marks=[(i, 5, "warn") for i, s in enumerate(record.makeup) if s.drawn == 0],
    )


def blind_spot_table(page: Page, record: Sampling) -> Shown:
    """Return the villages that are easily overlooked, by reason."""
    rows = [
        (
            page.says(*REASONS[b.reason]),
            f"{b.known} / {record.villages_listed}",
            len(b.villages) if b.known else None,
            round(b.expected, 2) if b.known else None,
            b.drawn if b.known else None,
        )
        for b in record.blind_spots
    ]
    near = f"{page.plan.sampling.blind_spots.near_km:g}"
    return table(
        page,
        page.says(
            f"盲区和死角（县城{near}公里内等）：名单见 blind_spots.csv",
            f"Blind spots (within {near} km of the county seat, …): list in blind_spots.csv",
        ),
        page.says(
            "原因|有此项资料的村|框内村数|期望抽中|实际抽中",
            "reason|villages with this figure|in the frame|expected|drawn",
        ).split("|"),
        rows,
        clause="四（二）",
    )


def release_table(page: Page, record: Sampling) -> Shown:
    """Return the log of batches opened and of what the county was told."""
    rows = [
        (
            r.release,
            r.batch,
            page.says("启封", "opened") if r.opened else page.says("告知", "told"),
            r.released.isoformat(),
            r.to,
            r.by,
            r.reason,
            page.says(*FAULTS[r.fault]),
        )
        for r in record.releases
    ]
    return table(
        page,
        page.says("名单启封与告知登记", "Batches opened, and what the county was told"),
        page.says(
            "编号|批次|事项|日期|对象|经手人|事由|问题", "no.|batch|what|day|to|by|reason|fault"
        ).split("|"),
        rows,
        clause="四（三）",
        marks=[(i, 7, "bad") for i, r in enumerate(record.releases) if r.fault],
    )
