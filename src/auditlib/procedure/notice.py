"""The public notice: working days, objections, and the latest day to publish.

Source: plan, 六（六）; reading A46: the day of publication is not counted.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from auditlib.plan.procedure import Notice
from auditlib.procedure.calendar import after_working_days, latest_start, working_days


@dataclass(frozen=True)
class NoticeStatus:
    """One public notice; `long_enough` compares its working days with the plan's."""

    notice: str
    published: date
    last_day: date
    media: str
    working_days: int
    complete_on: date
    long_enough: bool
    objections: int
    objections_open: int


def check_notices(
    notices: pd.DataFrame, objections: pd.DataFrame, *, rule: Notice, as_of: date
) -> tuple[NoticeStatus, ...]:
    """Return every notice with its length and its objections on a day."""
    statuses = []
    for _, row in notices.iterrows():
        first, last = row["published"], row["last_day"]
        counted = working_days(first, last)
        if not rule.count_first_day:
            counted -= working_days(first, first)
        own = objections[objections["notice"] == row["notice"]]
        open_ = [pd.isna(day) or day > as_of for day in own["closed"]]
        statuses.append(
            NoticeStatus(
                notice=row["notice"],
                published=first,
                last_day=last,
                media=row["media"],
                working_days=counted,
                complete_on=after_working_days(
                    first, rule.working_days, count_start=rule.count_first_day
                ),
                long_enough=counted >= rule.working_days,
                objections=len(own),
                objections_open=sum(open_),
            )
        )
    return tuple(statuses)


def latest_notice(rule: Notice, *, report_due: date) -> date:
    """Return the last day on which a notice can be published and the report be in time."""
    return latest_start(report_due, rule.working_days, count_start=rule.count_first_day)


def report_hindrance(notices: Iterable[NoticeStatus], *, as_of: date) -> str:
    """Return what keeps the report to the State Council office back; empty if nothing does.

    `no_notice`; `notice_short`, published for too few working days; `notice_running`,
    not over on the day; `objection_open`. The report goes out without an objection only.

    Source: plan, 六（六）: 公示无异议后.
    """
    known = [notice for notice in notices if notice.published <= as_of]
    if not known:
        return "no_notice"
    if any(notice.objections_open for notice in known):
        return "objection_open"
    if not any(notice.long_enough for notice in known):
        return "notice_short"
    over = [notice for notice in known if notice.long_enough and notice.last_day < as_of]
    return "" if over else "notice_running"
