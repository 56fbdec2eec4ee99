"""The public notice: working days, objections, and the latest day to publish.

Source: plan, 六（六）; reading A46: the day of publication is not counted.
"""

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
