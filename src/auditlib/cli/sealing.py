"""`auditlib key`, `seal`, `open`, `disclose`: batches for team leaders, and the release log."""

import argparse
import getpass
import sys
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from auditlib import pipeline
from auditlib.cli.options import add_places, day
from auditlib.errors import SealError
from auditlib.files.ledger import Ledger, append, fill_in, open_ledger
from auditlib.files.sealing import make_key, read_key, read_secret, seal, unseal
from auditlib.files.writing import workbook_bytes, write_text
from auditlib.pipeline.audit import Audit
from auditlib.pipeline.drawing import Drawn, draw_phase, nonce_name
from auditlib.problems import InputError, Place, problem
from auditlib.problems.personal import has_number
from auditlib.report.field_lists import field_lists, known_households
from auditlib.sampling.batches import padded_length, plan_days
from auditlib.sampling.pseudonym import household_id
from auditlib.tables import TABLES

ENDING = ".age"


def _add_county(parser: argparse.ArgumentParser) -> None:
    add_places(parser)
    parser.add_argument("--county", required=True, metavar="CODE")
    parser.add_argument("--phase", choices=("first", "recheck"), default="first")


def _add_entry(parser: argparse.ArgumentParser) -> None:
    """Add what every entry of the release log says."""
    parser.add_argument("--to", required=True, help="to whom, by office")
    parser.add_argument("--by", required=True, help="who opened or told, by office")
    parser.add_argument("--reason", required=True, help="why")
    parser.add_argument(
        "--on", type=day, default=None, metavar="DATE", help="day; today if not given"
    )


class Key:
    """`auditlib key`: a team leader makes a key of their own."""

    @staticmethod
    def add(parser: argparse.ArgumentParser) -> None:
        """Describe the command's options."""
        parser.add_argument("file", type=Path, help="new file for the secret key")

    @staticmethod
    def run(options: argparse.Namespace) -> int:
        """Write the secret key and print the public one."""
        if options.file.exists():
            raise SealError.key_exists(options.file.name)
        secret, public = make_key()
        write_text(options.file, f"# {public}\n{secret}\n")
        options.file.chmod(0o600)
        print(public)
        return 0


class Seal:
    """`auditlib seal`: the drawn villages and households as sealed files, one a batch."""

    @staticmethod
    def add(parser: argparse.ArgumentParser) -> None:
        """Describe the command's options."""
        _add_county(parser)
        parser.add_argument("--out", type=Path, default=Path("sealed"), help="folder for the files")
        parser.add_argument(
            "--passphrases",
            type=Path,
            help="file with a line `BATCH PASSPHRASE` for batches without a public key",
        )

    @staticmethod
    def run(options: argparse.Namespace) -> int:
        """Write an age file for every planned batch, and its digest into the public sheet."""
        audit = pipeline.open_audit(options.county, options.round, options.params, options.outputs)
        _readable(audit)
        drawn = draw_phase(audit, options.phase)
        sheet = _sheet(audit)
        planned = [e for e in sheet.entries if e["phase"] in _phases(audit, options.phase)]
        if not planned:
            raise SealError.no_batches(sheet.path.name)
        if any(e.get("digest") for e in planned):
            raise SealError.sealed_already(sheet.path.name)
        contents = _contents(audit, drawn, options.phase)
        passphrases = _passphrases(options.passphrases)
        folder: Path = options.out / audit.params.round.round / audit.params.county.code
        _make_folder(audit, folder)
        length = padded_length(list(contents.values()))
        sealed = {
            entry["batch"]: seal(
                contents[entry["batch"]],
                length=length,
                team=entry["team"],
                recipient=entry.get("recipient", ""),
                passphrase=_passphrase(entry, passphrases),
            )
            for entry in planned
        }
        for entry in planned:
            name = f"{audit.params.county.code}-{options.phase}-{entry['batch']}{ENDING}"
            content = sealed[entry["batch"]]
            (folder / name).write_bytes(content)
            found = sha256(content).hexdigest()
            key = {"phase": entry["phase"], "batch": entry["batch"]}
            fill_in(_sheet(audit), key, {"file": name, "digest": found})
            print(f"{found}  {name}")
        print(
            f"{len(planned)} batches in {folder}, {length:,} bytes each before encryption. Publish "
            f"{sheet.path.name} (digests, no villages), and give each leader their own file.",
            file=sys.stderr,
        )
        return 0


class Open:
    """`auditlib open`: a leader opens a batch on its day, and the log says so."""

    @staticmethod
    def add(parser: argparse.ArgumentParser) -> None:
        """Describe the command's options."""
        _add_county(parser)
        parser.add_argument("file", type=Path, help="the sealed file, *.age")
        parser.add_argument("--key", type=Path, help="file of the secret key; else a passphrase")
        parser.add_argument(
            "--passphrase-file", type=Path, help="file of the passphrase; else it is asked for"
        )
        parser.add_argument("--out", type=Path, default=Path("opened"), help="folder for the list")
        _add_entry(parser)

    @staticmethod
    def run(options: argparse.Namespace) -> int:
        """Check digest, day and key; enter the release; then write the list."""
        audit = pipeline.open_audit(options.county, options.round, options.params, options.outputs)
        _said(options)
        _make_folder(audit, options.out, make=False)
        if not options.file.is_file():
            place = Place(str(options.file))
            raise InputError([problem("no_such_file", place, expected="*.age")])
        batch = _planned(audit, options.file.name)
        content = options.file.read_bytes()
        found = sha256(content).hexdigest()
        if found != batch.digest:
            raise SealError.altered(options.file.name, published=batch.digest, found=found)
        on = _day(options.on)
        if on < batch.opens:
            raise SealError.too_early(batch.batch, opens=batch.opens, day=on)
        key, passphrase = _secrets(options)
        plain = unseal(content, options.file.name, key=key, passphrase=passphrase)
        entry = _Entry(batch.batch, on, options.to, options.by, options.reason, found)
        _make_folder(audit, options.out)  # a list that cannot be written is not released
        number = _log(audit, entry)
        out = options.out / f"{options.file.stem}.xlsx"
        out.write_bytes(plain)
        print(f"{out} (release {number} is in the log)")
        return 0


class Disclose:
    """`auditlib disclose`: log what the county was told of a batch, when, and why."""

    @staticmethod
    def add(parser: argparse.ArgumentParser) -> None:
        """Describe the command's options."""
        _add_county(parser)
        parser.add_argument("batch", help="batch of which something was told")
        _add_entry(parser)

    @staticmethod
    def run(options: argparse.Namespace) -> int:
        """Append the disclosure to the release log."""
        audit = pipeline.open_audit(options.county, options.round, options.params, options.outputs)
        _said(options)
        sheet = _sheet(audit)
        if options.batch not in {e["batch"] for e in sheet.entries}:
            raise SealError.unknown_batch(options.batch, sheet=sheet.path.name)
        on = _day(options.on)
        entry = _Entry(options.batch, on, options.to, options.by, options.reason, "")
        print(f"release {_log(audit, entry)} is in the log")
        return 0


@dataclass(frozen=True)
class _Entry:
    batch: str
    on: date
    to: str
    by: str
    reason: str
    digest: str


def _day(given: date | None) -> date:
    """Return the day of a release: today, or an earlier day that was written down late."""
    today = date.today()
    if given is not None and given > today:
        raise SealError.not_yet(given)
    return given or today


def _readable(audit: Audit) -> None:
    """Raise with every problem of the sheet of batches."""
    errors = audit.read("batches").errors
    if errors:
        raise InputError(errors)


def _planned(audit: Audit, file: str) -> Any:
    """Return the row of the sheet of batches for a sealed file.

    Raises
    ------
    InputError
        A row of the sheet cannot be read.
    SealError
        The sheet lists no such file.
    """
    _readable(audit)
    for row in audit.read("batches")["batches"].itertuples():
        if row.file == file and row.digest:
            return row
    raise SealError.unknown_batch(file, sheet=_sheet(audit).path.name)


def _sheet(audit: Audit) -> Ledger:
    return _county_ledger(audit, "batches")


def _county_ledger(audit: Audit, table: str) -> Ledger:
    sheet = audit.params.sheet(table)
    name = sheet.file if sheet else f"{table}.csv"
    return open_ledger(audit.root / audit.params.folder() / name, TABLES[table])


def _phases(audit: Audit, phase: str) -> set[str]:
    """Return the words by which a phase may stand in a table."""
    words = audit.params.plan.codelists()["phase"][phase]
    return {phase, words.zh, words.en}


def _log(audit: Audit, entry: _Entry) -> str:
    """Append an entry to the release log and return its number."""
    ledger = _county_ledger(audit, "releases")
    number = f"R{len(ledger.entries) + 1:03d}"
    append(
        ledger,
        {
            "release": number,
            "county": audit.params.county.code,
            "batch": entry.batch,
            "released": entry.on.isoformat(),
            "to": entry.to,
            "by": entry.by,
            "reason": entry.reason,
            "digest": entry.digest,
        },
    )
    return number


def _contents(audit: Audit, drawn: Drawn, phase: str) -> dict[str, bytes]:
    """Return the workbook of every batch, with registry numbers."""
    if drawn.sample is None:
        raise SealError.not_drawn(drawn.draw.number, nonce_name(audit, phase))
    units = [household_id(h, key=audit.key) for h in drawn.registry["household"]]
    known = known_households(drawn.registry, units, audit.page, numbers=True)
    batches = drawn.prepared.batches(phase)
    days = plan_days(drawn.sample, batches)
    title = audit.params.county.name[audit.page.language]
    return {
        batch.batch: workbook_bytes(
            field_lists(audit.page, drawn.sample, known, days, batch=batch.batch),
            mark=audit.page.mark,
            title=title,
        )
        for batch in batches
    }


def _passphrases(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    text = read_secret(path, expected="BATCH PASSPHRASE")
    lines = (line.split(maxsplit=1) for line in text.splitlines())
    return {line[0]: line[1].strip() for line in lines if len(line) == 2}


def _passphrase(entry: dict[str, str], given: dict[str, str]) -> str:
    if entry.get("recipient"):
        return ""
    if entry["batch"] not in given:
        raise SealError.no_passphrase(entry["batch"])
    return given[entry["batch"]]


def _secrets(options: argparse.Namespace) -> tuple[str, str]:
    """Return the key, or the passphrase; a passphrase never stands on the command line."""
    if options.key:
        return read_key(read_secret(options.key, expected="key"), options.key.name), ""
    if options.passphrase_file:
        return "", read_secret(options.passphrase_file, expected="passphrase")
    return "", getpass.getpass("passphrase: ")


def _make_folder(audit: Audit, folder: Path, *, make: bool = True) -> None:
    """Make a folder for lists; refuse it where the published results stand, or no folder can be."""
    if folder.resolve().is_relative_to(audit.outputs.resolve()):
        raise SealError.among_results(str(folder))
    try:
        if make:
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SealError.no_folder(str(folder)) from error


def _said(options: argparse.Namespace) -> None:
    """Refuse an entry of the log that says nothing, or names a person by a number."""
    for name in ("to", "by", "reason"):
        text: str = getattr(options, name)
        if not text.strip() or len(text.splitlines()) > 1:
            raise SealError.nothing_said(name)
        if has_number(text):
            raise SealError.names_person(name)
