"""What leaves the team: the same views with small cells hidden, or a sentence in their place.

A view is written once. It asks this room which of its cells to hide; on the team's
page the answer is none. The notebook keeps what the team sees, and beside it what
anybody may see; the site shows the latter only.

Source: reading A50; the threshold is `privacy` in `params/plan.yaml`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from functools import wraps
from typing import Any, TypeVar

from auditlib.estimation.disclosure import cells_to_hide, is_small
from auditlib.report.page import Awaiting, Page, Sentence, counted, say
from auditlib.report.tables import HIDDEN, Cell

K = TypeVar("K", bound=object)
View = Callable[[Page, Any], Any]


def hidden_cells(
    page: Page,
    counts: Mapping[K, int],
    *,
    totals: Iterable[Collection[K]] = (),
    unsafe: Collection[K] = (),
) -> frozenset[K]:
    """Return the cells of a table that this page must not show: none on the team's own."""
    if not page.public:
        return frozenset()
    fewest = page.plan.privacy.fewest_households
    return cells_to_hide(counts, fewest=fewest, totals=totals, unsafe=unsafe)


def hides(page: Page, count: int) -> bool:
    """Say whether this page must not show a count that enters no total."""
    return page.public and is_small(count, page.plan.privacy.fewest_households)


def unless(hidden: bool, value: Cell) -> Cell:
    """Return the value of a cell, or the sign that it is hidden."""
    return HIDDEN if hidden else value


def share_of(page: Page, part: int, whole: int) -> str:
    """Return part / whole; hidden where few are in it, or few are left out of it."""
    if hides(page, part) or hides(page, whole - part) or hides(page, whole):
        return HIDDEN
    return counted(part, whole)


def explain(page: Page, hidden: Collection[object]) -> str:
    """Return the words that a caption adds where cells are hidden."""
    if not hidden:
        return ""
    fewest = page.plan.privacy.fewest_households
    return page.says(
        f"；{HIDDEN} 不足{fewest}（户、人或个），或为防止推算而不显示；0照列",
        f"; {HIDDEN}: fewer than {fewest}, or hidden so that none is found by subtraction; zeros are shown",
    )


def published(view: View) -> View:
    """Make a view carry what anybody may see, where that differs from what the team sees."""

    @wraps(view)
    def shown(page: Page, record: Any) -> Any:
        team = view(page, record)
        if page.public or isinstance(record, Awaiting):
            return team
        public = view(replace(page, public=True), record)
        return team if public == team else replace(team, public=public)

    return shown


def team_only(zh: str, en: str) -> Callable[[View], View]:
    """Make a view say on public pages, in these words, what the team keeps to itself."""

    def decorate(view: View) -> View:
        @wraps(view)
        def shown(page: Page, record: Any) -> Any:
            return withheld(page, zh, en) if page.public else view(page, record)

        return published(shown)

    return decorate


def withheld(page: Page, zh: str, en: str) -> Sentence:
    """Return the sentence that stands where something is kept by the team."""
    return say(page.says(f"{zh}（A50）", f"{en} (A50)"))
