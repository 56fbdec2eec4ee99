"""Sealed batches of a synthetic county, and the log of who opened them and who was told."""

from datetime import date, timedelta
from hashlib import sha256
from typing import Any

TEAMS = 3
LEADERS = ("一组组长（合成）", "二组组长（合成）", "三组组长（合成）")

Row = dict[str, Any]


def make_batches(county: str, *, phase: str, arrival: date, seed: str) -> list[Row]:
    """Return the table `batches`: two batches a team, the second three days after arrival.

    The digests are those of texts that say they are synthetic: no file stands behind them.
    """
    rows = []
    for number in range(1, 2 * TEAMS + 1):
        team = (number - 1) % TEAMS
        batch = f"{number}" if phase == "first" else f"F{number}"
        later = timedelta(days=3 * (number > TEAMS))
        made = f"{seed} {county} {batch} 合成数据 synthetic"
        rows.append(
            {
                "phase": phase,
                "batch": batch,
                "team": f"{team + 1}",
                "leader": LEADERS[team],
                "opens": (arrival + later).isoformat(),
                "per_day": 25,
                "recipient": "",
                "file": f"{county}-{phase}-{batch}.age",
                "digest": sha256(made.encode()).hexdigest(),
            }
        )
    return rows


def make_releases(county: str, batches: list[Row], *, start: int) -> list[Row]:
    """Return the rows of `releases`: every batch opened on its day, and the county told of it."""
    rows: list[Row] = []

    def enter(batch: Row, to: str, by: str, reason: str, digest: str) -> None:
        rows.append(
            {
                "release": f"R{start + len(rows) + 1:03d}",
                "county": county,
                "batch": batch["batch"],
                "released": batch["opens"],
                "to": to,
                "by": by,
                "reason": reason,
                "digest": digest,
            }
        )

    for batch in batches:
        reason = "到县后启封本批名单（合成）"
        enter(batch, batch["leader"], "省扶贫办联络员（合成）", reason, batch["digest"])
    enter(
        batches[0],
        "县扶贫办（合成）",
        "评估队长（合成）",
        "安排入村路线，仅告知当日村名（合成）",
        "",
    )
    return rows
