"""`auditlib commit`, `number`, `reveal`: three steps of a draw, in a register that only grows."""

import argparse
import secrets
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

from auditlib import pipeline
from auditlib.cli.options import add_places, day
from auditlib.errors import SelectionError
from auditlib.files.ledger import Ledger, append, fill_in, open_ledger
from auditlib.files.sealing import read_secret
from auditlib.files.stages import numbered
from auditlib.files.writing import write_text
from auditlib.language import Words
from auditlib.pipeline.audit import Audit
from auditlib.pipeline.drawing import nonce_name
from auditlib.pipeline.preparing import Prepared, prepare
from auditlib.sampling.commitment import DIGITS, Draw, check_register, commit, make_seed, reveal
from auditlib.sampling.published import design_bytes, frame_bytes
from auditlib.tables import TABLES

TOO_SOON = Words("尚未抽出公开号码", "has no public number yet")
SEALED = Words("已公布摘要而尚未抽号", "is committed and waits for its public number")
NUMBERED = Words("已有公开号码", "has its public number already")


def add_common(parser: argparse.ArgumentParser) -> None:
    """Add what the three steps share: the county, the phase and the day."""
    add_places(parser)
    parser.add_argument("--county", required=True, metavar="CODE")
    parser.add_argument("--phase", choices=("first", "recheck"), default="first")
    parser.add_argument(
        "--on", type=day, default=None, metavar="DATE", help="day of this step; today if not given"
    )


class Commit:
    """`auditlib commit`: publish the digests of frame, design and nonce."""

    @staticmethod
    def add(parser: argparse.ArgumentParser) -> None:
        """Describe the command's options."""
        add_common(parser)
        parser.add_argument("--reason", default="", help="why the sample is drawn again")

    @staticmethod
    def run(options: argparse.Namespace) -> int:
        """Make a nonce, enter the three digests, and write the files that were digested."""
        audit = _audit(options)
        nonce = "".join(str(secrets.randbelow(10)) for _ in range(DIGITS))
        prepared = prepare(audit, options.phase, nonce=nonce)
        if prepared.register and prepared.register[-1].state == "committed":
            raise SelectionError.not_in_turn(prepared.register[-1].number, SEALED)
        entry = commit(
            prepared.frame,
            prepared.design,
            nonce,
            committed=options.on or date.today(),
            register=prepared.register,
            reason=options.reason,
        )
        check_register([*prepared.register, entry])
        ledger = _ledger(audit)
        _keep_nonce(audit.root / nonce_name(audit, options.phase), nonce)
        append(ledger, _cells(entry, options))
        _publish(audit, prepared, options.phase)
        print(f"frame  {entry.frame_digest}\ndesign {entry.design_digest}")
        print(f"nonce  {entry.nonce_digest}")
        for note in prepared.design.notes:
            print(note.says(options.language or "en"), file=sys.stderr)
        print(
            f"Draw {entry.number} is entered in {ledger.path.name}. Publish the three digests, "
            f"keep {nonce_name(audit, options.phase)} secret, then draw the public number "
            "before witnesses: auditlib number.",
            file=sys.stderr,
        )
        return 0


class Number:
    """`auditlib number`: enter the public number that was drawn before witnesses."""

    @staticmethod
    def add(parser: argparse.ArgumentParser) -> None:
        """Describe the command's options."""
        add_common(parser)
        parser.add_argument("number", help="digits drawn before witnesses")
        parser.add_argument("--witnesses", required=True, help="who saw it, by office, not by name")

    @staticmethod
    def run(options: argparse.Namespace) -> int:
        """Fill in number, day and witnesses of the last entry."""
        audit, entry = _last(options)
        if entry.public_number:
            raise SelectionError.not_in_turn(entry.number, NUMBERED)
        if not options.number.isascii() or not options.number.isdecimal():
            raise SelectionError.out_of_range("number", options.number, expected="digits 0-9 only")
        path = audit.root / nonce_name(audit, options.phase)
        if path.is_file():
            make_seed(options.number, read_secret(path, expected="nonce"))
        drawn = options.on or date.today()
        check_register([replace(entry, public_number=options.number, drawn=drawn, number=1)])
        values = {
            "public_number": options.number,
            "drawn": drawn.isoformat(),
            "witnesses": options.witnesses,
        }
        fill_in(_ledger(audit), _key(entry, options), values)
        print(f"Draw {entry.number} has its number; the sample is drawn and sealed.")
        return 0


class Reveal:
    """`auditlib reveal`: open the nonce after the field work."""

    @staticmethod
    def add(parser: argparse.ArgumentParser) -> None:
        """Describe the command's options."""
        add_common(parser)

    @staticmethod
    def run(options: argparse.Namespace) -> int:
        """Fill in the nonce that was sealed, if it is the one committed to."""
        audit, entry = _last(options)
        if not entry.public_number:
            raise SelectionError.not_in_turn(entry.number, TOO_SOON)
        audit.secret(nonce_name(audit, options.phase))
        nonce = read_secret(audit.root / nonce_name(audit, options.phase), expected="nonce")
        fill_in(_ledger(audit), _key(entry, options), {"nonce": reveal(entry, nonce).nonce})
        print(
            f"Draw {entry.number} is revealed. Set `state: revealed` in the round file, run again, "
            "and anyone can redraw: auditlib redraw."
        )
        return 0


def _audit(options: argparse.Namespace) -> Audit:
    return pipeline.open_audit(options.county, options.round, options.params, options.outputs)


def _last(options: argparse.Namespace) -> tuple[Audit, Draw]:
    """Return the audit and the last entry of the phase."""
    audit = _audit(options)
    nonce_file = audit.root / nonce_name(audit, options.phase)
    nonce = read_secret(nonce_file, expected="nonce") if nonce_file.is_file() else ""
    register = prepare(audit, options.phase, nonce=nonce).register
    if not register:
        raise SelectionError.no_register(audit.params.county.code, options.phase)
    check_register(register)
    return audit, register[-1]


def _ledger(audit: Audit) -> Ledger:
    """Return the register of draws, which must be a CSV file of the county's inputs."""
    sheet = audit.params.sheet("draws")
    name = sheet.file if sheet else "draws.csv"
    return open_ledger(audit.root / audit.params.folder() / name, TABLES["draws"])


def _cells(entry: Draw, options: argparse.Namespace) -> dict[str, str]:
    return {
        **_key(entry, options),
        "frame_digest": entry.frame_digest,
        "design_digest": entry.design_digest,
        "nonce_digest": entry.nonce_digest,
        "committed": entry.committed.isoformat(),
        "reason": entry.reason,
    }


def _key(entry: Draw, options: argparse.Namespace) -> dict[str, str]:
    return {"county": str(options.county), "phase": options.phase, "number": str(entry.number)}


def _keep_nonce(path: Path, nonce: str) -> None:
    """Write the nonce where only its owner reads; an earlier one is kept beside it."""
    if path.is_file():
        number = 1
        while path.with_suffix(f".nonce.{number}").exists():
            number += 1
        path.rename(path.with_suffix(f".nonce.{number}"))
    write_text(path, nonce)
    path.chmod(0o600)


def _publish(audit: Audit, prepared: Prepared, phase: str) -> None:
    """Write the files whose digests were entered, where the run will write them too."""
    stage, before = ("sampling", "") if phase == "first" else ("rectification", "recheck_")
    folder = audit.folder / numbered(stage)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{before}frame.csv").write_bytes(frame_bytes(prepared.frame))
    (folder / f"{before}design.json").write_bytes(design_bytes(prepared.design))
