"""Working days of the Chinese calendar, with its holidays and shifted weekends.

Holidays come from `chinesecalendar`. For a year it does not know, Monday to
Friday count as working days, and `unknown_years` tells so.
"""

from collections.abc import Iterable
from datetime import date, timedelta

import chinese_calendar


def is_working_day(day: date) -> bool:
    """Say whether offices work on a day."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def unknown_years(days: Iterable[date]) -> tuple[int, ...]:
    """Return the years among the days whose holidays are not known."""
    unknown = set()
    for day in days:
        try:
            chinese_calendar.is_workday(day)
        except NotImplementedError:
            unknown.add(day.year)
    return tuple(sorted(unknown))


def working_days(first: date, last: date) -> int:
    """Count the working days from `first` to `last`, both included; 0 if `last` is earlier."""
    span = (last - first).days + 1
    return sum(is_working_day(first + timedelta(n)) for n in range(max(span, 0)))


def after_working_days(start: date, number: int, *, count_start: bool = False) -> date:
    """Return the day on which a number of working days after `start` is complete.

    Parameters
    ----------
    start
        The day of the event.
    number
        Working days, 1 or more.
    count_start
        Whether `start` itself counts if it is a working day.
    """
    day = start if count_start else start + timedelta(1)
    left = number
    while True:
        left -= is_working_day(day)
        if left == 0:
            return day
        day += timedelta(1)


def latest_start(before: date, number: int, *, count_start: bool = False) -> date:
    """Return the last working day from which the working days are complete before a day.

    The day itself stays free: a public notice of five working days whose report is
    due on 30 April 2019 starts on 23 April at the latest and ends on 29 April.
    """
    day = before - timedelta(1)
    while not (
        is_working_day(day) and after_working_days(day, number, count_start=count_start) < before
    ):
        day -= timedelta(1)
    return day
