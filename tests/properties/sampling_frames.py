"""Random frames and the plan's quotas, for the tests of sampling."""

import random
from dataclasses import replace
from fractions import Fraction

from auditlib.sampling import Frame, Group, Quotas, Village, freeze

QUOTAS = Quotas(
    villages=30,
    fewest=25,
    most=35,
    poor=Fraction(7, 10),
    remote=Fraction(1, 2),
    literal_halves=False,
    per_kind=2,
    rare=Fraction(1, 50),
    lifted=600,
    least=8,
    upmost=40,
    reach=Fraction(13, 10),
    groups=10,
    fewest_groups=8,
    most_groups=12,
    unregistered=400,
    still_poor=20,
    reserves=Fraction(1, 2),
)

SMALL = replace(
    QUOTAS, villages=7, fewest=5, most=9, lifted=40, least=2, upmost=9, groups=3,
    fewest_groups=2, most_groups=4, unregistered=60, still_poor=5,
)  # fmt: skip


def random_frame(
    seed: int,
    *,
    townships: int = 8,
    villages: tuple[int, int] = (3, 16),
    poor: float = 0.4,
    remote: float = 0.4,
    lifted: tuple[int, int] = (5, 90),
) -> Frame:
    chance = random.Random(seed)
    listed = [
        Village(f"V-{t:02d}{v:03d}", f"T-{t:02d}", chance.random() < poor, chance.random() < remote)
        for t in range(townships)
        for v in range(chance.randint(*villages))
    ]
    codes = [village.code for village in listed]
    return freeze(
        listed,
        [
            Group(f"G-{c}-{i}", c, chance.randint(0, 90))
            for c in codes
            for i in range(chance.randint(1, 7))
        ],
        lifted={c: [f"H-{c}-{i}" for i in range(chance.randint(*lifted))] for c in codes},
        still_poor={c: [f"P-{c}-{i}" for i in range(chance.randint(0, 3))] for c in codes},
    )


def _shapes() -> list[dict[str, object]]:
    """Return the shapes that tend to break a draw, then ordinary ones."""
    shapes: list[dict[str, object]] = [
        {"townships": 18, "villages": (1, 3)},  # tiny townships
        {"townships": 30, "villages": (1, 2)},
        {"townships": 40, "villages": (1, 2)},  # more townships than villages wanted
        {"townships": 8, "villages": (5, 14), "remote": 0.0},  # no remote villages
        {"townships": 8, "villages": (5, 14), "remote": 1.0},
        {"townships": 26, "villages": (1, 1)},  # 26 villages in all
        {"townships": 13, "villages": (2, 2), "poor": 0.8},
        {"townships": 8, "villages": (5, 14), "poor": 1.0},  # all poor
        {"townships": 8, "villages": (5, 14), "poor": 0.0},
        {"townships": 6, "villages": (5, 5)},  # n = N
        {"townships": 5, "villages": (4, 5)},  # a census
        {"townships": 4, "villages": (12, 13), "poor": 0.5, "lifted": (5, 40)},  # like Tumen
        {"townships": 18, "villages": (3, 29), "poor": 0.3},  # like Taonan
        {"townships": 12, "villages": (5, 20), "poor": 0.05, "remote": 0.05},
        {"townships": 12, "villages": (5, 20), "poor": 0.95, "remote": 0.05},
        {"townships": 12, "villages": (5, 20), "poor": 0.05, "remote": 0.95},
        {"townships": 1, "villages": (60, 60)},
        {"townships": 10, "villages": (5, 9), "lifted": (0, 3)},
    ]
    chance = random.Random(50)
    while len(shapes) < 50:
        least = chance.randint(1, 8)
        shapes.append(
            {
                "townships": chance.randint(2, 20),
                "villages": (least, least + chance.randint(0, 12)),
                "poor": chance.random(),
                "remote": chance.random(),
                "lifted": (chance.randint(0, 10), chance.randint(20, 120)),
            }
        )
    return shapes


FRAMES = [random_frame(i, **shape) for i, shape in enumerate(_shapes())]  # type: ignore[arg-type]
