"""Where the sample lies and what it can tell: probabilities, map, operating characteristics."""

from fractions import Fraction

from auditlib.report.charts import BLUE, GREY, ORANGE, Picture, canvas, finish
from auditlib.report.disclosure import explain, hidden_cells, published, unless
from auditlib.report.page import Page, Sentence, percent, say
from auditlib.report.sample_map import KINDS, drawn_word, map_picture
from auditlib.report.tables import Shown, table
from auditlib.sampling.design import DIRECT
from auditlib.sampling.summary import Sampling

__all__ = [
    "blind_spot_table",
    "chance_picture",
    "design_picture",
    "makeup_table",
    "map_picture",
    "release_table",
]

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
    figure, (axis,) = canvas(9, 4)
    for kind, (zh, en, colour) in KINDS.items():
        heights = [100 * float(c.probability or 0) if c.kind == kind else 0.0 for c in order]
        edges = [i + 0.5 for i in range(len(order) + 1)]
        axis.stairs(heights, edges, fill=True, color=colour, lw=0, label=page.says(zh, en))
    if record.state == "revealed":
        at = [i for i, c in enumerate(order, 1) if c.drawn]
        heights = [100 * float(c.probability or 0) for c in order if c.drawn]
        label = drawn_word(page, record)
        axis.plot(at, heights, "o", color="black", ms=3.5, label=label)
    axis.set_xlabel(page.says("村，按概率从大到小", "villages, most probable first"))
    direct = record.method == DIRECT
    axis.set_ylabel(
        page.says("涉及的概率（%）", "chance to be met (%)")
        if direct
        else page.says("入样概率（%）", "probability (%)")
    )
    axis.set_xlim(0.5, len(order) + 0.5)
    axis.set_ylim(0, 105)
    axis.grid(visible=False, axis="x")
    axis.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), fontsize=8, ncols=5)
    total = sum(float(c.probability or 0) for c in known)
    least = percent(min(c.probability for c in known if c.probability is not None), digits=1)
    if direct:
        share = percent(Fraction(record.sizes.lifted, max(record.sizes.lifted_listed, 1)), digits=1)
        return finish(
            page,
            figure,
            title=page.says(
                "直抽会涉及哪些村？", "Which villages was a direct draw likely to meet?"
            ),
            note=page.says(
                f"n = {len(known)}个村，概率合计 {total:.1f} = 预计涉及村数；最小 {least}；每户入样概率均为 {share}（A25）；"
                "四（一）",
                f"n = {len(known)} villages; chances add up to {total:.1f}, the villages expected; least {least}; "
                f"every household has {share} (A25); 四（一）",
            ),
        )
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
    how = (
        f"（{o.samples}次模拟抽样平均），村内相关 {o.correlation:g}",
        f" (mean of {o.samples} draws of the design), correlation in a village {o.correlation:g}",
    )
    if record.method == DIRECT:
        how = "，全县直抽，村不起作用", ", drawn directly: villages play no part"
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
            f"n = {o.households:g}户{how[0]}；黑线为限值；三（二）1、四（一）",
            f"n = {o.households:g} households{how[1]}; black: limit; 三（二）1、四（一）",
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
