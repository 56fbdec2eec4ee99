"""How much memory a kernel uses, with everything it started.

Resident memory is cheap to read but counts shared pages again in every
process: a pool of forked workers seems to use the template's memory many
times. So only when the sum of resident memory is above the limit is the
proportional size read, which divides shared pages among those who share them.
"""

import os
from collections.abc import Iterable
from contextlib import suppress

import psutil


def used(pid: int, *, limit: int) -> int:
    """Return bytes in use by a process and its descendants, exactly if above the limit."""
    with suppress(psutil.NoSuchProcess):
        root = psutil.Process(pid)
        family = [root] if childless(pid) else [root, *root.children(recursive=True)]
        held = total(family, "rss")
        return held if held <= limit else total(family, "pss")
    return 0


def childless(pid: int) -> bool:
    """Say whether Linux tells that a process has no child.

    To ask psutil is to look through all processes of the machine, five times a second.
    """
    tasks = f"/proc/{pid}/task"
    try:
        for task in os.listdir(tasks):
            with open(f"{tasks}/{task}/children", "rb") as children:
                if children.read(1):
                    return False
    except OSError:  # another system, a kernel that does not tell, a thread that just ended
        return False
    return True


def total(family: Iterable[psutil.Process], measure: str) -> int:
    """Add up one measure over processes, skipping those that have ended."""
    amount = 0
    for process in family:
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            if measure == "rss":
                amount += process.memory_info().rss
            else:
                full = process.memory_full_info()
                amount += getattr(full, "pss", full.rss)
    return amount


def peak(pid: int) -> int | None:
    """Return the most that one process has held at once, in bytes, where Linux tells it."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return None
