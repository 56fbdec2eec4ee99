"""Keep Python from looking for cycles where much is made and little of it lies in one."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Let Python look for no cycles meanwhile.

    Cells of tables are made by the million and kept, parts of pictures by the ten thousand
    and left; to look through them time and again takes up to a sixth of the whole time and
    finds nothing that could not wait.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def spare() -> None:
    """Spare all that there is now from being looked through, as long as the process lives.

    For what stays as long, or a process that ends soon: cycles among it are never freed.
    """
    gc.freeze()
