"""Tables and pictures of the stage `sampling`."""

from auditlib.report.charts import GREEN, RED, Picture, canvas, finish
from auditlib.report.left_out import left_out_tables, left_out_told
from auditlib.report.page import Page, Sentence, percent, say
from auditlib.report.tables import Shown, Stack, table
from auditlib.sampling.design import DIRECT
from auditlib.sampling.summary import Quota, Sampling

QUOTAS = {
    "villages": ("行政村", "villages"),
    "townships": ("覆盖乡镇", "townships covered"),
    "poor_villages": ("贫困村", "poor villages"),
    "remote_villages": ("偏远村", "remote villages"),
    "lifted": ("脱贫户", "lifted households"),
    "remote_lifted": ("偏远村脱贫户", "lifted households in remote villages"),
    "groups": ("普查排查村组", "groups screened"),
    "unregistered": ("非建档立卡户", "unregistered households"),
    "still_poor": ("未脱贫户", "households still poor"),
}


OF_VILLAGES = ("villages", "townships", "poor_villages", "remote_villages", "remote_lifted")
"""Quotas that only a draw of villages can keep."""


def state(page: Page, record: Sampling) -> Sentence:
    """Say which draw this is, whether it is open, and what was committed to."""
    words = {
        "committed": ("已公布摘要，尚未抽签", "committed, not drawn yet"),
        "sealed": ("已抽签，名单封存", "drawn, and sealed"),
        "revealed": (
            "已抽签，密码已公开，任何人可重抽",
            "drawn and revealed: anyone can draw it again",
        ),
    }[record.state]
    whose = {
        "county": ("（县级自评）", " (county's self-check)"),
        "municipal": ("（市级初审）", " (municipal review)"),
    }
    level = page.says(*whose.get(record.level, ("", "")))
    return say(
        page.says(
            f"第{record.draw}次抽签{level}：{words[0]}。{what_was_drawn(page, record)}",
            f"Draw {record.draw}{level}: {words[1]}. {what_was_drawn(page, record)}",
        ),
        page.says(
            f"抽样框摘要 {record.frame_digest}", f"SHA-256 of the frame {record.frame_digest}"
        ),
        page.says(
            f"设计摘要 {record.design_digest}", f"SHA-256 of the design {record.design_digest}"
        ),
        *(
            page.says(
                f"{'抽样前' if x.in_time else '公布摘要之后才'}与{x.list}比对（{x.fields}，{x.rule}）："
                f"{x.compared}人命中{x.hits}人；{x.use}。",
                f"Compared with {x.list} {'before the draw' if x.in_time else 'only after the commitment'} "
                f"({x.fields}, {x.rule}): {x.hits} of {x.compared} persons; {x.use}.",
            )
            for x in record.linkage
        ),
        *left_out_told(page, record.left_out),
        *(note.says(page.language) for note in record.notes),
    )


def what_was_drawn(page: Page, record: Sampling) -> str:
    """Say how many villages were drawn; or households, where no villages came first (A25)."""
    if record.method != DIRECT:
        return page.says(
            f"抽取{record.villages}个村（共{record.villages_listed}个）。",
            f"{record.villages} of {record.villages_listed} villages.",
        )
    s = record.sizes
    met = page.says(
        *(
            ("分布在", "They live in")
            if record.state == "revealed"
            else ("预计分布在约", "They are expected to live in about")
        )
    )
    return page.says(
        f"全县直抽{s.lifted:,}户脱贫户（共{s.lifted_listed:,}户），不先抽村；"
        f"{met}{record.villages}个村（共{record.villages_listed}个）。",
        f"{s.lifted:,} of {s.lifted_listed:,} lifted households, directly from the whole county, no villages "
        f"first. {met} {record.villages} of {record.villages_listed} villages.",
    )


def frame_table(page: Page, record: Sampling) -> Shown:
    """Return the frame by township."""
    rows = [
        (
            page.area(t.township),
            t.villages,
            t.poor,
            t.remote,
            t.lifted_households,
            None if t.expected is None else round(t.expected, 2),
            t.drawn,
        )
        for t in record.townships
    ]
    total = (
        page.says("合计", "total"),
        sum(t.villages for t in record.townships),
        sum(t.poor for t in record.townships),
        sum(t.remote for t in record.townships),
        sum(t.lifted_households for t in record.townships),
        round(sum(t.expected or 0 for t in record.townships), 2) or None,
        record.villages if record.state == "revealed" else None,
    )
    columns = "期望抽取|实际抽取", "expected|drawn"
    if record.method == DIRECT:
        columns = "期望涉及村数|实际涉及村数", "villages expected to be met|villages met"
    return table(
        page,
        page.says(f"抽样框与抽样，按{page.areas}", f"Frame and sample by {page.areas}"),
        page.says(
            f"{page.areas}|行政村|贫困村|偏远村|脱贫户|{columns[0]}",
            f"{page.areas}|villages|poor|remote|lifted households|{columns[1]}",
        ).split("|"),
        [*rows, total],
        clause="四（三）",
    )


def frame_tables(page: Page, record: Sampling) -> Stack:
    """Return the frame by township, and the units left out of it."""
    return Stack((frame_table(page, record), *left_out_tables(page, record.left_out)))


def size_table(page: Page, record: Sampling) -> Shown:
    """Return the sizes that the plan asks for beside what its precision needs."""
    s, precision = record.sizes, page.plan.sampling.precision
    direct = record.method == DIRECT
    deff = float(page.plan.sampling.direct.deff if direct else precision.deff)
    need = s.precision
    rows: list[tuple[str, int | str]] = [
        (
            page.says("建档立卡人口（含已脱贫）", "registered persons, lifted included"),
            s.registered_persons,
        ),
        (page.says("方案规定调查户总数", "households the plan asks for"), s.plan.total),
        (page.says("其中脱贫户", "of them lifted"), s.plan.lifted),
        (page.says("其中非建档立卡户", "of them unregistered"), s.plan.unregistered),
        (page.says("抽样框内脱贫户", "lifted households in the frame"), s.lifted_listed),
        (page.says("计划调查脱贫户", "lifted households planned"), s.lifted),
        (
            page.says(
                f"p={percent(precision.share)}、误差{percent(precision.margin)}、"
                f"置信度{percent(precision.level, digits=0)}：简单随机 n₀",
                f"n₀ for p={percent(precision.share)}, margin {percent(precision.margin)}, "
                f"level {percent(precision.level, digits=0)}",
            ),
            round(need.n0),
        ),
        (
            page.says(
                f"乘设计效应 {deff:g}{'（全县直抽）' if direct else ''}",
                f"× design effect {deff:g}{' (direct draw)' if direct else ''}",
            ),
            round(need.n_deff),
        ),
        (page.says("有限总体校正后", "after the finite population"), round(need.n_fpc)),
        (
            page.says(
                f"除以预计应答率 {percent(precision.response, digits=0)}：应抽户数",
                f"÷ expected response {percent(precision.response, digits=0)}: to draw",
            ),
            need.n,
        ),
        (
            page.says("计划户数能达到的误差", "margin that the planned number promises"),
            percent(s.margin),
        ),
    ]
    return table(
        page,
        page.says(
            "样本量：方案规定与精度要求", "Size: what the plan asks and what its precision needs"
        ),
        page.says("项目|数值", "item|figure").split("|"),
        rows,
        clause="四（一）",
        marks=[(10, 1, "warn" if s.margin > float(precision.margin) else "good")],
    )


def _wanted(quota: Quota) -> str:
    return f"{quota.wanted}–{quota.at_most}" if quota.at_most is not None else f"≥ {quota.wanted}"


def left_to_chance(record: Sampling, quota: Quota) -> bool:
    """Say whether a direct draw (A25) leaves this quota to chance: all those on villages."""
    return record.method == DIRECT and quota.quota in OF_VILLAGES


def quota_table(page: Page, record: Sampling) -> Shown:
    """Return every quota, wanted and met; a direct draw keeps none on villages, and says so."""
    words = {None: "–", True: page.says("达到", "met"), False: page.says("未达到", "not met")}
    chance = page.says("（直抽不控制，只报告所涉）", " (not kept by a direct draw: as it fell out)")
    rows = [
        (
            page.says(*QUOTAS[q.quota]),
            q.clause,
            _wanted(q),
            q.reached,
            words[q.kept] + (chance if left_to_chance(record, q) else ""),
        )
        for q in record.quotas
    ]
    return table(
        page,
        page.says("配额", "Quotas"),
        page.says("配额|条款|要求|抽取|结果", "quota|clause|wanted|drawn|result").split("|"),
        rows,
        marks=[
            (i, 4, "good" if q.kept else "bad")
            for i, q in enumerate(record.quotas)
            if q.kept is not None
        ],
    )


def quota_picture(page: Page, record: Sampling) -> Picture:
    """Return a picture of the quotas: what is drawn as a share of what is wanted."""
    figure, (axis,) = canvas(9, 4.6)
    met = ("（直抽所涉）", " met by a direct draw") if record.method == DIRECT else ("", "")
    quotas = [q for q in record.quotas if q.wanted]
    for i, q in enumerate(reversed(quotas)):
        share = (q.reached or 0) / q.wanted
        axis.barh(i, share, color=GREEN if q.kept else RED, height=0.55)
        text = f"{'–' if q.reached is None else q.reached} / {_wanted(q)}   {q.clause}"
        if left_to_chance(record, q):
            text += page.says("（不控制）", " (not kept)")
        axis.text(max(share, 1) + 0.03, i, text, va="center", fontsize=9)
    axis.axvline(1, color="black", lw=1.2)
    axis.set_yticks(range(len(quotas)), [page.says(*QUOTAS[q.quota]) for q in reversed(quotas)])
    axis.set_xlim(0, max((q.reached or 0) / q.wanted for q in quotas) * 1.35 + 0.2)
    axis.set_xlabel(
        page.says("抽取数 ÷ 下限（1 = 恰好达到）", "drawn ÷ least wanted (1 = just met)")
    )
    axis.grid(visible=False, axis="y")
    return finish(
        page,
        figure,
        title=page.says("配额是否都达到？", "Are all quotas met?"),
        note=page.says(
            f"n = {record.villages}个村{met[0]}；绿色为达到，红色为未达到；右侧为条款",
            f"n = {record.villages} villages{met[1]}; green met, red not met; clause on the right",
        ),
    )
