"""Was the sample reached, by whom, and how well?"""

from auditlib.fieldwork.quality import EnumeratorWork, Flag, compare_enumerators, run_checks
from auditlib.fieldwork.reach import Reach, VillageReach, reach_by_kind, reach_by_village

__all__ = [
    "EnumeratorWork",
    "Flag",
    "Reach",
    "VillageReach",
    "compare_enumerators",
    "reach_by_kind",
    "reach_by_village",
    "run_checks",
]
