"""A drawer in which the notebooks of one run leave what they have read.

Eight notebooks of a county read the same workbooks. What one has read, the next
takes from here, if the file still has the same content and is understood in the
same way. The drawer belongs to one run on one machine and is thrown away with it;
names, identity numbers and telephones were left behind before anything is kept.
"""

import os
import pickle
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import get_ident
from typing import Any


def label(*parts: object) -> str:
    """Return the label of content: equal parts, equal label."""
    return sha256(pickle.dumps([repr(part) for part in parts])).hexdigest()


@dataclass(frozen=True)
class Drawer:
    """A folder of the run, readable by its owner alone."""

    folder: Path

    def find(self, label: str) -> Any:
        """Return what was kept under a label; None if there is nothing."""
        with suppress(OSError, EOFError, pickle.UnpicklingError):
            return pickle.loads((self.folder / label).read_bytes())
        return None

    def keep(self, label: str, content: object) -> None:
        """Keep content under a label, whole or not at all."""
        own = self.folder / f"{label}.{os.getpid()}.{get_ident()}"  # of this thread alone
        with suppress(OSError):  # a full or vanished drawer costs time, nothing else
            with own.open("wb") as file:
                pickle.dump(content, file, protocol=pickle.HIGHEST_PROTOCOL)
            os.replace(own, self.folder / label)
