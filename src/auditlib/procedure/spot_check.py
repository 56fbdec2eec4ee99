"""The national spot check: how many counties, and which, by tickets.

A share of the counties rounds up: 20 % of three is one, of six two. Tickets are those of
the sample (SHA-256 of seed, stage and unit), so that anyone can draw again; the seed
is what the State, or whoever draws in public, makes known.

Source: plan, 六（七）; readings A03, A47.
"""

from collections.abc import Iterable
from fractions import Fraction
from math import ceil

from auditlib.sampling.draw import draw

STAGE = "spot-check"


def spot_check_size(counties: int, *, share: Fraction) -> int:
    """Return how many of the counties are to be drawn; a part of one counts as one."""
    return ceil(share * counties)


def draw_spot_check(counties: Iterable[str], *, share: Fraction, seed: str) -> tuple[str, ...]:
    """Return the counties drawn, in the order of the draw.

    Parameters
    ----------
    counties
        Codes of the base: the national counties, or all (A03).
    share
        Of the base, above 0 and at most 1.
    seed
        Text made known in public after the base was settled.
    """
    units = sorted(set(counties))
    number = spot_check_size(len(units), share=share)
    return tuple(draw(units, number, stage=STAGE, stratum="counties", seed=seed))
