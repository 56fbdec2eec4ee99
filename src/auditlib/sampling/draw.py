"""Draw the sample, so that anyone can draw it again.

Every unit has a ticket: the SHA-256 of seed, stage and unit. The smallest
tickets are drawn, the next are reserves: a simple random sample of fixed size.
Row order plays no part, and a longer draw begins with the shorter one.

Ten million households are drawn in a stream: only the units that may still be
drawn are kept, and of every ticket the first eight bytes, which show whether
an identifier was listed twice.

Source: Ohlsson (1995), in Business Survey Methods, Wiley, pp. 153-169;
Rivest, Consistent sampling with replacement, arXiv:1808.10016.
"""

from collections.abc import Collection, Iterable, Iterator
from hashlib import sha256
from itertools import islice
from unicodedata import normalize

import numpy as np
import numpy.typing as npt

from auditlib.errors import SelectionError
from auditlib.language import Words

CHUNK = 1024  # units hashed at a time; any number gives the same draw
BLANKS = " \t\r\n\u00a0\u3000"
FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")  # ０ to ９

Marks = npt.NDArray[np.uint64]


def canonical(unit: str) -> str:
    """Return the one spelling of an identifier that is hashed.

    Composed characters (NFC), digits of half width, no blanks around. The text
    stays text: `001` is not `1`.

    Raises
    ------
    SelectionError
        The identifier is not text, is empty, or holds a comma, a quotation mark
        or a character that cannot be seen.
    """
    if not isinstance(unit, str):
        raise SelectionError.unusable_identifier(unit, Words("不是文本", "is not text"))
    spelled = normalize("NFC", unit).translate(FULL_WIDTH).strip(BLANKS)
    if not spelled:
        raise SelectionError.unusable_identifier(unit, Words("为空", "is empty"))
    if "," in spelled or '"' in spelled:
        raise SelectionError.unusable_identifier(
            unit, Words("含逗号或引号", "holds a comma or a quotation mark")
        )
    if not spelled.isprintable():
        raise SelectionError.unusable_identifier(
            unit, Words("含不可见字符", "holds a character that cannot be seen")
        )
    return spelled


def canonical_units(units: Iterable[str]) -> list[str]:
    """Return the canonical identifiers, in the order given.

    Raises
    ------
    SelectionError
        An identifier cannot be used, or two of them are the same once canonical.
    """
    written: dict[str, str] = {}
    for unit in units:
        spelled = canonical(unit)
        if spelled in written:
            raise SelectionError.listed_twice(written[spelled], unit)
        written[spelled] = unit
    return list(written)


def ticket(seed: str, stage: str, unit: str) -> str:
    """Return the unit's ticket: 64 hexadecimal digits, the same for ever."""
    return sha256(f"{seed},{stage},{unit}".encode()).hexdigest()


def draw(units: Iterable[str], n: int, *, stage: str, stratum: str, seed: str) -> list[str]:
    """Return the n units drawn from one stratum, in the order of the draw.

    Parameters
    ----------
    units
        Identifiers of all units of the stratum; a list, or a stream of any length.
    n
        Units to draw, 0 or more. Reserves are the end of a longer draw.
    stage
        What is drawn: `village`, `group`, `household`, …
    stratum
        Name of the stratum, for the error.
    seed
        The public number and the nonce, `<number>:<nonce>`.

    Returns
    -------
    list of str
        Canonical identifiers, smallest ticket first.

    Raises
    ------
    SelectionError
        Fewer than n units, or n below 0; or an identifier, seed or stage that cannot be used; or a
        unit listed twice.
        In a stream the twins are known only by their tickets' first 64 bits:
        among ten million units, chance alone would stop a draw 3 times in a million.
    """
    if n < 0:
        raise SelectionError.out_of_range("n", n, expected="n >= 0")
    prefix = f"{canonical(seed)},{canonical(stage)},"
    kept: list[tuple[bytes, str]] = []
    marks: list[Marks] = []
    cutoff = 2**64 - 1
    for chunk in _chunks(units):
        digests, starts = _hash(chunk, prefix)
        marks.append(starts)
        few = np.flatnonzero(starts <= np.uint64(cutoff)).tolist()
        kept += [(digests[32 * i : 32 * i + 32], chunk[i]) for i in few]
        if len(kept) > 2 * n + CHUNK:
            kept = sorted(kept)[:n]
            cutoff = int.from_bytes(kept[-1][0][:8], "big") if kept else 0
    _refuse_twins(marks, units, seed=seed, stage=stage)
    if len(kept) < n:
        raise SelectionError.too_few_units(stratum, wanted=n, listed=len(kept))
    return [unit for _, unit in sorted(kept)[:n]]


def _chunks(units: Iterable[str]) -> Iterator[list[str]]:
    """Give the units canonical and by the chunk; a clean chunk is checked as one text."""
    rest = iter(units)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk if _clean(chunk) else [canonical(unit) for unit in chunk]


def _clean(chunk: list[str]) -> bool:
    """Say whether all are canonical at a glance: visible ASCII, no comma, none empty."""
    try:
        text = "".join(chunk).encode()
    except (TypeError, UnicodeEncodeError):
        return False
    signs = np.frombuffer(text, dtype=np.uint8)
    visible = signs.size > 0 and signs.min() > ord(" ") and signs.max() < 127
    return bool(visible) and b"," not in text and b'"' not in text and all(chunk)


def _hash(units: list[str], prefix: str) -> tuple[bytes, Marks]:
    """Return the tickets, 32 bytes each, and their first 64 bits as numbers.

    A canonical unit has no line end; so the chunk is joined, prefixed and split again as
    one text, and nothing is done unit by unit but the hash itself.
    """
    lines = (prefix + f"\n{prefix}".join(units)).encode().split(b"\n")
    digests = b"".join([sha256(line).digest() for line in lines])
    return digests, np.frombuffer(digests, dtype=">u8")[::4].astype(np.uint64)


def _refuse_twins(marks: list[Marks], units: Iterable[str], *, seed: str, stage: str) -> None:
    """Raise if two units have one ticket, and name them if the units can be read again."""
    if not marks:
        return
    starts = np.concatenate(marks)
    starts.sort()
    twins = starts[1:][starts[1:] == starts[:-1]]
    if not twins.size:
        return
    if isinstance(units, Collection):
        canonical_units(units)
    else:
        raise SelectionError.same_ticket(f"{int(twins[0]):016x}", seed=seed, stage=stage)
