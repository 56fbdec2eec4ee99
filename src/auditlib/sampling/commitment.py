"""Commit first, reveal last: who draws cannot choose, who is drawn cannot know.

Before the draw the digests of frame, design and nonce are published. Then the
public number is drawn before witnesses; seed = `<public number>:<nonce>`. The
nonce stays sealed until the field work ends. The register of draws only grows:
what is empty may be filled in once, nothing is ever altered, and a correction is
a new, numbered draw with its reason.

Source: Stark & Wagner (2012), Evidence-based elections, IEEE Security & Privacy
10(5):33, for public seeds; Blum (1983), SIGACT News 15:23, for commitments.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from hashlib import sha256
from json import loads
from typing import Any, Literal

from auditlib.errors import SelectionError
from auditlib.language import Words
from auditlib.sampling.design import Design
from auditlib.sampling.draw import canonical
from auditlib.sampling.frame import Frame
from auditlib.sampling.notes import Note, note
from auditlib.sampling.published import design_bytes, digest, frame_bytes, frame_rows

State = Literal["committed", "sealed", "revealed"]

DIGITS = 20  # of public number and nonce together: 66 bits
SHOWN = 10  # changes that an error lists; the functions return all
FILLED_LATER = ("public_number", "drawn", "witnesses", "nonce")


@dataclass(frozen=True)
class Draw:
    """An entry of the register of draws.

    Attributes
    ----------
    number
        1 for the first draw of a county and phase.
    frame_digest, design_digest, nonce_digest
        SHA-256 of the frame file, the design file and the nonce.
    committed
        Day on which the digests were published.
    public_number, drawn, witnesses
        The number drawn, the day, and who saw it; empty before.
    nonce
        Empty until it is revealed.
    reason
        Why the sample is drawn again; empty for the first draw.
    """

    number: int
    frame_digest: str
    design_digest: str
    nonce_digest: str
    committed: date
    public_number: str = ""
    drawn: date | None = None
    witnesses: str = ""
    nonce: str = ""
    reason: str = ""

    @property
    def state(self) -> State:
        """Whether the sample is not drawn yet, drawn but sealed, or open to all."""
        if not self.public_number:
            return "committed"
        return "revealed" if self.nonce else "sealed"


def nonce_digest(nonce: str) -> str:
    """Return the SHA-256 of the nonce, as `printf '%s' NONCE | sha256sum` prints it."""
    return sha256(nonce.encode()).hexdigest()


def make_seed(public_number: str, nonce: str) -> str:
    """Return the seed of all tickets, `<public number>:<nonce>`.

    Raises
    ------
    SelectionError
        One of them cannot be hashed, or together they have fewer than 20 digits.
    """
    parts = canonical(public_number), canonical(nonce)
    found = _digits("".join(parts))
    if found < DIGITS:
        raise SelectionError.too_few_digits(found=found, wanted=DIGITS)
    return ":".join(parts)


def nonce_notes(nonce: str) -> tuple[Note, ...]:
    """Warn of a nonce that could be found from its digest by trying them all.

    The public number is known to all, so while a round is sealed the nonce alone
    must be long enough.
    """
    found = _digits(nonce)
    return (note("guessable", found=found, wanted=DIGITS),) if found < DIGITS else ()


def commit(
    frame: Frame,
    design: Design,
    nonce: str,
    *,
    committed: date,
    register: Sequence[Draw] = (),
    reason: str = "",
) -> Draw:
    """Return the next entry of the register, with the three digests to publish.

    Raises
    ------
    SelectionError
        An earlier draw stands and no reason is given.
    """
    if register and not reason.strip():
        raise SelectionError.drawn_already(register[-1].number)
    return Draw(
        number=len(register) + 1,
        frame_digest=digest(frame_bytes(frame)),
        design_digest=digest(design_bytes(design)),
        nonce_digest=nonce_digest(nonce),
        committed=committed,
        reason=reason,
    )


def reveal(draw: Draw, nonce: str) -> Draw:
    """Return the entry with its nonce.

    Raises
    ------
    SelectionError
        It is not the nonce committed to.
    """
    _require_nonce(draw, nonce)
    return replace(draw, nonce=nonce)


def seed_of(draw: Draw, nonce: str) -> str:
    """Return the seed of a draw, for those who hold the nonce.

    Raises
    ------
    SelectionError
        It is not the nonce committed to, or the seed is too short.
    """
    _require_nonce(draw, nonce)
    return make_seed(draw.public_number, nonce)


def check_register(register: Sequence[Draw]) -> None:
    """Raise if the entries are not numbered, dated, explained and revealed as they must be.

    Raises
    ------
    SelectionError
        Names the entry and what is wrong with it.
    """
    last = date.min
    for wanted, draw in enumerate(register, start=1):
        faults = {
            "not_next": draw.number != wanted,
            "no_reason": wanted > 1 and not draw.reason.strip(),
            "too_early": draw.committed < last,
            "before_commitment": draw.drawn is not None and draw.drawn < draw.committed,
            "no_day": bool(draw.public_number) != (draw.drawn is not None),
        }
        for fault, found in faults.items():
            if found:
                raise SelectionError.broken_register(draw.number, FAULTS[fault])
        if draw.nonce:
            _require_nonce(draw, draw.nonce)
        last = draw.drawn or draw.committed


def check_appended(before: Sequence[Draw], after: Sequence[Draw]) -> None:
    """Raise if an entry is missing or altered; empty values may have been filled in.

    Raises
    ------
    SelectionError
        Names the entry.
    """
    for i, old in enumerate(before):
        if i >= len(after):
            raise SelectionError.broken_register(old.number, FAULTS["missing"])
        for name in (field.name for field in fields(Draw)):
            was, now = getattr(old, name), getattr(after[i], name)
            if was != now and (was or name not in FILLED_LATER):
                what = Words(f"的 {name} 被改动", f"has another `{name}` than before")
                raise SelectionError.broken_register(old.number, what)


def require_unchanged(
    draw: Draw,
    frame: Frame,
    design: Design,
    *,
    old_frame: bytes | None = None,
    old_design: bytes | None = None,
) -> None:
    """Raise if frame or design are no longer those of the draw.

    Parameters
    ----------
    draw
        The last entry of the register.
    frame, design
        As they are today.
    old_frame, old_design
        The files published with the draw, if at hand, so that changes can be named.

    Raises
    ------
    SelectionError
        Lists the first ten changes.
    """
    new_frame, new_design = frame_bytes(frame), design_bytes(design)
    if digest(new_frame) != draw.frame_digest:
        changes = frame_changes(old_frame, new_frame) if old_frame is not None else ()
        raise SelectionError.changed_since(draw.number, Words("抽样框", "frame"), _first(changes))
    if digest(new_design) != draw.design_digest:
        changes = design_changes(old_design, new_design) if old_design is not None else ()
        raise SelectionError.changed_since(draw.number, Words("设计", "design"), _first(changes))


def frame_changes(old: bytes, new: bytes) -> tuple[Words, ...]:
    """Return every row that was added, left out or altered between two frame files."""
    rows = [{(r["level"], r["unit"]): r for r in frame_rows(content)} for content in (old, new)]
    flat = [
        {" ".join(key): ",".join(row.values()) for key, row in listed.items()} for listed in rows
    ]
    return _changes(*flat)


def design_changes(old: bytes, new: bytes) -> tuple[Words, ...]:
    """Return every entry that was added, left out or altered between two design files."""
    return _changes(_flat("", loads(old)), _flat("", loads(new)))


def _changes(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[Words, ...]:
    changes = []
    for key in sorted(old.keys() | new.keys()):
        if key not in new:
            changes.append(Words(f"{key} 被删去", f"{key} is gone"))
        elif key not in old:
            changes.append(Words(f"{key} 为新增", f"{key} is new"))
        elif old[key] != new[key]:
            was, now = old[key], new[key]
            changes.append(Words(f"{key} 由 {was} 改为 {now}", f"{key} was {was}, now {now}"))
    return tuple(changes)


def _flat(name: str, value: Any) -> dict[str, str]:
    """Return every leaf of a JSON value under its path, `quotas.villages`."""
    if isinstance(value, dict):
        named = {f"{name}.{key}".lstrip("."): entry for key, entry in value.items()}
    elif isinstance(value, list):
        named = {f"{name}[{i}]": entry for i, entry in enumerate(value)}
    else:
        return {name: str(value)}
    return {path: leaf for key, entry in named.items() for path, leaf in _flat(key, entry).items()}


def _first(changes: Iterable[Words]) -> tuple[Words, ...]:
    listed = tuple(changes)
    more = len(listed) - SHOWN
    rest = (Words(f"另有{more}处", f"{more} more"),) if more > 0 else ()
    return (*listed[:SHOWN], *rest)


def _require_nonce(draw: Draw, nonce: str) -> None:
    found = nonce_digest(nonce)
    if found != draw.nonce_digest:
        raise SelectionError.wrong_nonce(draw.number, published=draw.nonce_digest, found=found)


def _digits(text: str) -> int:
    return sum(sign in "0123456789" for sign in text)


FAULTS: Mapping[str, Words] = {
    "not_next": Words("序号不连续", "is not numbered one after the other"),
    "no_reason": Words("没有写明重抽原因", "gives no reason for drawing again"),
    "too_early": Words("的公布日期早于上一次抽签", "was committed before the draw it follows"),
    "before_commitment": Words("的抽签日期早于公布摘要日期", "was drawn before it was committed"),
    "no_day": Words("的公开号码与抽签日期不齐", "lacks its public number or the day of the draw"),
    "missing": Words("被删去", "is missing"),
}
