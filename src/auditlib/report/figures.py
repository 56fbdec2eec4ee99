"""How a figure, its rule and a decision are written; what is not estimable is said to be so.

Nobody's answer is no answer of nobody: 0 of 0 is written as it stands, with all that the
figure can be, and is called neither kept nor broken.
"""

from collections.abc import Mapping

from auditlib.indicators.assurance import Assurance, Surety
from auditlib.indicators.verdict import Decision, Judgement
from auditlib.plan import Bound
from auditlib.report.page import Page, counted, percent

DECISIONS = {
    Decision.EXIT: ("各项指标达标，可以退出", "every indicator is kept: the county may exit"),
    Decision.RECTIFY: (
        "参考指标未达标，限期整改并复核",
        "a reference indicator is not kept: rectify, then re-check",
    ),
    Decision.NO_EXIT: (
        "综合贫困发生率超过上限，不得退出",
        "the composite incidence is above its limit: no exit",
    ),
    Decision.UNDECIDED: (
        "未结问题会改变结论，未定",
        "open cases would change the result: undecided",
    ),
    Decision.NO_RESULT: ("评估终止，不出结果", "the evaluation was terminated: no result"),
}

BOUNDS = {
    Bound.BELOW: ("低于", "below"),
    Bound.ABOVE: ("高于", "above"),
    Bound.AT_MOST: ("不高于", "at most"),
    Bound.AT_LEAST: ("不低于", "at least"),
}

SURETIES = {
    Surety.SECURE: ("有把握", "secure", "good"),
    Surety.NOT_SECURED: ("样本不足以保证", "not secured by this sample", "warn"),
    Surety.CONTRADICTED: ("与样本相悖", "contradicted", "bad"),
    Surety.NOT_ESTIMABLE: ("不能估计", "not estimable", "warn"),
}

KEPT = {
    True: ("达标", "kept", "good"),
    False: ("未达标", "not kept", "bad"),
    None: ("不能估计", "not estimable", "warn"),
}
"""What is said of an indicator, and its tone; nothing is said by 0 of 0."""


def rule_text(page: Page, judgement: Judgement) -> str:
    """Return what the rule asks, `低于 2.00 %`."""
    return f"{page.says(*BOUNDS[judgement.must_be])} {percent(judgement.limit)}"


def name_of(page: Page, indicator: str) -> str:
    """Return an indicator's name."""
    return dict(page.plan.indicators.items())[indicator].name[page.language]


def decided(page: Page, decision: Decision, judgements: Mapping[str, Judgement]) -> str:
    """Say what is decided; where nothing is, whether for want of answers or for open cases.

    `judgements` are those of verified cases alone.
    """
    blank = [name for name, j in judgements.items() if j.kept is None]
    if decision is not Decision.UNDECIDED or not blank:
        return page.says(*DECISIONS[decision])
    names = page.says("、", ", ").join(name_of(page, name) for name in blank)
    return page.says(
        f"{names}不能估计，证据不足以作出结论，未定",
        f"not estimable: {names}; the evidence decides nothing: undecided",
    )


def value_text(page: Page, judgement: Judgement) -> str:
    """Return a figure; where it is not estimable, all that it can be."""
    if judgement.value is not None:
        return percent(judgement.value)
    between = f"{percent(judgement.least)} – {percent(judgement.most)}"
    return page.says("不能估计，", "not estimable, ") + between


def figure_text(page: Page, judgement: Judgement, sure: Assurance | None = None) -> str:
    """Return a rate with its counts; where nothing was found, with the bound on what is missed."""
    counts = counted(judgement.numerator, judgement.denominator)
    if judgement.value is None:
        return f"{value_text(page, judgement)}（{counts}）"
    if sure is not None and judgement.numerator == 0:
        level = percent(sure.level, digits=0)
        bound = page.says(
            f"{level}单侧上限 {percent(sure.bound)}", f"{level} upper bound {percent(sure.bound)}"
        )
        counts += page.says("；", "; ") + bound
    return f"{percent(judgement.value)}（{counts}）"
