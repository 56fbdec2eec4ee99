"""How the field work was done: tables, two pictures, and the workbook that the team works with."""

from auditlib.fieldwork.quality import TIMED, control_limits
from auditlib.fieldwork.summary import Fieldwork
from auditlib.report.charts import BLUE, GREY, ORANGE, RED, Picture, canvas, finish
from auditlib.report.disclosure import team_only
from auditlib.report.page import Page, counted, percent, waits
from auditlib.report.tables import Shown, table

EFFECTS = {
    "income": ("人均纯收入", "income"),
    "broken": ("疑似问题", "suspected problem"),
    "minutes": ("时长", "minutes"),
}


def check_name(page: Page, check: str, says: str) -> str:
    """Return a check in the page's language; a check of the team's own as the team wrote it."""
    line = page.plan.quality_checks.get(check)
    return line.name[page.language] if line and line.name.zh == says else says


GRADES = {"hard": ("■", "bad"), "soft": ("▲", "warn"), "watch": ("○", "info")}
"""Sign and colour of what must be mended, what must be explained, what is to be watched."""


def _grade(page: Page, severity: str) -> str:
    return f"{GRADES[severity][0]} {page.label('quality_severity', severity)}"


def _nothing(page: Page, record: Fieldwork, check: str) -> str:
    """Return why a check looked at nothing: no log of the tablets, or no such answer."""
    line = page.plan.quality_checks.get(check)
    if line and line.column in TIMED and not record.quality.logged:
        return page.says("没有平板日志", "no log of the tablets")
    return page.says("无可查", "nothing to check")


@waits
def checks_table(page: Page, record: Fieldwork) -> Shown:
    """Return every check: visits flagged of those looked at, and the upper limit."""
    extra = (
        (page.says("样本之外的调查", "visits outside the sample"), len(record.outside_sample)),
        (page.says("替换不按次序", "replacements out of order"), len(record.out_of_order)),
        (page.says("重复行，尚未处理", "repeated rows, not settled"), record.quality.undecided),
    )
    checks = sorted(record.quality.checks, key=lambda c: list(GRADES).index(c.severity))
    rows: list[tuple[str, str, str | int, str | None, str]] = [
        (
            check_name(page, c.check, c.says),
            _grade(page, c.severity),
            counted(c.flagged, c.rows) if c.rows else _nothing(page, record, c.check),
            percent(c.upper) if c.rows else None,
            page.says("、", ", ").join(c.interviewers),
        )
        for c in checks
    ]
    first = [(name, _grade(page, "hard"), number, None, "") for name, number in extra]
    rows = [*first, *rows]
    bad = [(i, 2, "bad") for i, (_, number) in enumerate(extra) if number]
    bad += [(len(extra) + i, 2, GRADES[c.severity][1]) for i, c in enumerate(checks) if c.flagged]
    bad += [
        (len(extra) + i, 4, GRADES[c.severity][1]) for i, c in enumerate(checks) if c.interviewers
    ]
    return table(
        page,
        page.says(
            "需复看的调查（疑点，不是结论）", "Visits to look at again (questions, not findings)"
        ),
        page.says(
            "检查|性质|疑点 / 检查数|上限（95%）|比例过高的调查员",
            "check|kind|flagged / looked at|upper limit (95 %)|interviewers with too large a share",
        ).split("|"),
        rows,
        clause="一、七（二）8",
        marks=bad,
    )


@team_only(
    "按调查员分列的工作量和发现由评估组保管，不公开。",
    "The work of each interviewer stays with the team.",
)
@waits
def enumerator_table(page: Page, record: Fieldwork) -> Shown:
    """Return the work of every interviewer."""
    return table(
        page,
        page.says("调查员工作量与发现", "Work of the interviewers"),
        page.says(
            "调查员|组|访问|完成|拒访|中位时长（分钟）|疑似问题|干部在场|认可各问全同|答案相似度",
            "interviewer|team|visits|completed|refused|median minutes|suspected|cadre present"
            "|recognition all alike|likeness of answers",
        ).split("|"),
        [
            (
                e.enumerator,
                e.team,
                e.visits,
                e.completed,
                e.refused,
                round(e.median_minutes, 1),
                e.suspected,
                e.cadres_present,
                counted(e.straight, e.asked),
                percent(e.alike, digits=1),
            )
            for e in record.enumerators
        ],
    )


@waits
def tests_table(page: Page, record: Fieldwork) -> Shown:
    """Return back-checks by type, interviewer effects, and how alike the answers are."""
    quality, limits = record.quality, page.plan.fieldwork
    checked = quality.backchecks
    wanted = float(limits.backchecked)
    rows: list[tuple[str, str, str, str]] = [
        (
            page.says("回访的户", "households asked again"),
            percent(checked.visits / checked.completed if checked.completed else None),
            page.says(f"应达到 {wanted:.0%}", f"wanted {wanted:.0%}"),
            counted(checked.visits, checked.completed),
        )
    ]
    marks = [(0, 1, "warn")] if checked.visits < wanted * checked.completed else []
    for rate in checked.by_type:
        limit = float(limits.type_limits[rate.of])
        if rate.differing > limit * rate.compared:
            marks.append((len(rows), 1, "bad"))
        name = page.label("variable_type", rate.of)
        rows.append(
            (
                page.says(
                    f"回访不一致：{name}（限 {limit:.0%}）",
                    f"back-checks differ: {name} (limit {limit:.0%})",
                ),
                percent(rate.differing / rate.compared),
                f"{percent(rate.low)} – {percent(rate.high)}",
                counted(rate.differing, rate.compared),
            )
        )
    for effect in quality.effects:
        name = page.says(*EFFECTS.get(effect.column, (effect.column, effect.column)))
        limits_ = (
            "–"
            if effect.low is None or effect.high is None
            else f"{effect.low:.3f} – {effect.high:.3f}"
        )
        rows.append(
            (
                page.says(f"调查员效应（组内相关）：{name}", f"interviewer effect (ICC): {name}"),
                "–" if effect.correlation is None else f"{effect.correlation:.3f}",
                limits_,
                page.says(
                    f"{effect.answers} 户，{effect.interviewers} 人",
                    f"{effect.answers} households, {effect.interviewers} interviewers",
                ),
            )
        )
    alike = quality.likeness
    if len(alike.identical) > alike.limit:
        marks.append((len(rows), 1, "bad"))
    rows += [
        (
            page.says(
                "答案（含收入）完全相同的户", "households with the same answers, incomes included"
            ),
            str(len(alike.identical)),
            page.says(
                f"随机预期 {alike.expected:.1f}，上限 {alike.limit}；其中同一收入 {alike.commonest}",
                f"by chance {alike.expected:.1f}, at most {alike.limit}; "
                f"{alike.commonest} with one income",
            ),
            counted(len(alike.identical), alike.households),
        ),
        (
            page.says(
                "同村两户答案相似度：同一调查员",
                "likeness of two households of a village: one interviewer",
            ),
            percent(alike.within, digits=1),
            page.says("对照：不同调查员", "against: two interviewers")
            + f" {percent(alike.between, digits=1)}",
            "–",
        ),
    ]
    return table(
        page,
        page.says(
            "回访、调查员效应与答案雷同", "Back-checks, interviewer effects, identical answers"
        ),
        page.says(
            "检验|结果|95%区间或对照|基数", "test|result|95 % interval or comparison|base"
        ).split("|"),
        rows,
        clause="一、七（二）8",
        marks=marks,
    )


@team_only(
    "逐村逐日的进度由评估组保管，不公开：少数未完成的户在村里认得出。全县完成情况见上。",
    "Progress by village and day stays with the team: the few households not met would be known in their village.",
)
@waits
def progress_picture(page: Page, record: Fieldwork) -> Picture:
    """Return a strip for every village: households completed, by day."""
    villages = record.quality.by_village
    days = [p.of for p in record.quality.by_day]
    lifted = {v.village: v.completed for v in record.villages}
    figure, (axis,) = canvas(9, 1.6 + 0.22 * len(villages))
    grid = [[village.days.get(day, 0) for day in days] for village in villages]
    most = max((n for row in grid for n in row), default=0)
    axis.imshow(  # the scale begins below 0, so that a day without households is no blank paper
        grid, aspect="auto", cmap="Blues", vmin=-most / 12, vmax=most, interpolation="nearest"
    )
    for i, row in enumerate(grid):
        for j, number in enumerate(row):
            if number:
                colour = "white" if number > 0.6 * most else "black"
                axis.text(
                    j,
                    i,
                    str(number),
                    ha="center",
                    va="center",
                    fontsize=7,
                    color=colour,
                    clip_on=True,  # it stands inside, and no room is looked for
                )
        code = villages[i].of
        axis.text(
            1.01,
            i,
            f"{lifted.get(code, 0)} / {record.quality.drawn.get(code, 0)}",
            va="center",
            fontsize=7.5,
            transform=axis.get_yaxis_transform(),
        )
    axis.set_yticks(
        range(len(villages)), [page.place(v.of).split()[0] for v in villages], fontsize=7.5
    )
    axis.set_xticks(range(len(days)), [day[5:] for day in days], fontsize=7.5)
    axis.grid(visible=False)
    done, made = sum(v.completed for v in villages), sum(v.visits for v in villages)
    return finish(
        page,
        figure,
        title=page.says("各村每天完成多少？", "How far has every village come, by day?"),
        note=page.says(
            f"格内为当日完成户数（各类），右为脱贫户完成 / 抽中；各类完成 / 访问 {done} / {made}；四（三）",
            f"households completed that day (all kinds); right: lifted completed / drawn; all kinds, completed / visits: {done} / {made}; 四（三）",
        ),
    )


@team_only(
    "按调查员分列的图由评估组保管，不公开。",
    "The picture of the interviewers stays with the team.",
)
@waits
def funnel_picture(page: Page, record: Fieldwork) -> Picture:
    """Return every interviewer's share of suspected households between the limits of chance."""
    people = [e for e in record.enumerators if e.completed]
    done = sum(e.completed for e in people)
    share = sum(e.suspected for e in people) / done if done else 0.0
    level = float(page.plan.fieldwork.level)
    most = max((e.completed for e in people), default=10)
    sizes = list(range(1, int(1.1 * most) + 2))
    figure, (axis,) = canvas(9, 4)
    for width, style in ((level, "-"), (0.95, "--")):
        low, high = control_limits(share, sizes, level=width)
        axis.plot(
            sizes, [100 * v for v in high], color=GREY, lw=1, ls=style, label=f"{100 * width:g} %"
        )
        axis.plot(sizes, [100 * v for v in low], color=GREY, lw=1, ls=style)
    axis.axhline(100 * share, color=BLUE, lw=1.2)
    for e in people:
        low, high = control_limits(share, [e.completed], level=level)
        out = not low[0] <= e.suspected / e.completed <= high[0]
        colour = RED if out else ORANGE
        axis.plot(e.completed, 100 * e.suspected / e.completed, "o", color=colour, ms=5.1)
        if out or e.suspected == max(p.suspected for p in people):
            axis.annotate(
                e.enumerator,
                (e.completed, 100 * e.suspected / e.completed),
                xytext=(4, 4),
                textcoords="offset points",
                fontsize=8,
            )
    top = max([100 * e.suspected / e.completed for e in people] + [100 * share])
    axis.set_ylim(-1, max(2.2 * top, 8))
    axis.set_xlim(0, sizes[-1])
    axis.set_xlabel(page.says("完成户数", "households completed"))
    axis.set_ylabel(page.says("疑似问题户（%）", "suspected households (%)"))
    axis.legend(fontsize=8, title=page.says("纯随机波动界", "limits of chance"), loc="upper right")
    return finish(
        page,
        figure,
        title=page.says("哪位调查员与众不同？", "Does any interviewer stand out?"),
        note=page.says(
            f"n = {len(people)}名调查员，合计 {counted(sum(e.suspected for e in people), done)}；"
            "界外为红色；户不是随机分给调查员的，村的差别也在其中",
            f"n = {len(people)} interviewers, in all {counted(sum(e.suspected for e in people), done)}; red: outside; "
            "households are not given at random, so differences of villages are in it",
        ),
    )
