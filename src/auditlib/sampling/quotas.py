"""The numbers that a sample should meet; every one arrives from outside."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Quotas:
    """What the plan, the round and the team ask of one county's sample.

    Attributes
    ----------
    villages, fewest, most
        Villages wanted, and the range accepted before townships force more.
    poor, remote
        Share of poor and least share of remote villages, from 0 to 1; `remote`
        holds for lifted households too.
    literal_halves
        Read the remote share literally: that share from remote villages, the
        rest from the whole county.
    per_kind
        Villages wanted of every type, so that its variance can be estimated.
    rare
        A village less probable than this is worth a warning.
    lifted, least, upmost
        Lifted households wanted, and the range wanted in one village.
    reach
        Households to expect, as a multiple of those wanted: lifted ones in the drawn
        villages, unregistered ones in the screened groups. Below it, villages and
        groups are added.
    groups, fewest_groups, most_groups
        Groups to be screened, and the range accepted.
    unregistered
        Unregistered households to be visited.
    still_poor
        Households still poor to be visited, outside the other quotas.
    reserves
        Reserves, as a multiple of the households drawn in a village.
    """

    villages: int
    fewest: int
    most: int
    poor: Fraction
    remote: Fraction
    literal_halves: bool
    per_kind: int
    rare: Fraction
    lifted: int
    least: int
    upmost: int
    reach: Fraction
    groups: int
    fewest_groups: int
    most_groups: int
    unregistered: int
    still_poor: int
    reserves: Fraction


def nearest(x: Fraction) -> int:
    """Return the nearest whole number; a half goes up."""
    return (2 * x.numerator + x.denominator) // (2 * x.denominator)


def up(x: Fraction) -> int:
    """Return the next whole number not below x."""
    return -(-x.numerator // x.denominator)
