"""Seal and open files with age, so that only a team's leader can read its batch.

Source: age-encryption.org/v1, by pyrage; passphrases by scrypt, keys by X25519.
"""

from pathlib import Path

import pyrage

from auditlib.errors import SealError
from auditlib.problems import InputError, Place, problem
from auditlib.sampling.batches import pad, unpad


def make_key() -> tuple[str, str]:
    """Return a new secret key, and the public key to seal for."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def seal(content: bytes, *, length: int, team: str, recipient: str, passphrase: str) -> bytes:
    """Return the content padded and encrypted, for a public key or else a passphrase.

    Parameters
    ----------
    content
        What the leader shall read.
    length
        Bytes to which it is padded, the same for all batches.
    team
        Name of the team, for the error.
    recipient
        Public key, `age1…`; empty where a passphrase is used.
    passphrase
        Used where there is no key.

    Raises
    ------
    SealError
        The public key cannot be read.
    """
    padded = pad(content, length=length)
    if not recipient:
        return pyrage.passphrase.encrypt(padded, passphrase)
    try:
        key = pyrage.x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError as error:
        raise SealError.unusable_recipient(team) from error
    return pyrage.encrypt(padded, [key])


def read_secret(path: Path, *, expected: str) -> str:
    """Return what a file of a key, passphrases or a nonce says, without blanks around it.

    Raises
    ------
    InputError
        There is no such file; `expected` says what it should hold.
    SealError
        It is no text.
    """
    if not path.is_file():
        raise InputError([problem("no_such_file", Place(str(path)), expected=expected)])
    try:
        return path.read_text("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise SealError.no_text(path.name) from error


def read_key(text: str, file: str) -> str:
    """Return the secret key of a key file; lines that begin with `#` are comments.

    Raises
    ------
    SealError
        There is none.
    """
    for line in text.splitlines():
        if line.strip().upper().startswith("AGE-SECRET-KEY-"):
            return line.strip()
    raise SealError.unusable_key(file)


def unseal(sealed: bytes, file: str, *, key: str, passphrase: str) -> bytes:
    """Return what was sealed, by a secret key or else a passphrase.

    Raises
    ------
    SealError
        The key is none; or the file was sealed for another key, or was altered.
    """
    try:
        if key:
            identity = pyrage.x25519.Identity.from_str(key)
            return unpad(pyrage.decrypt(sealed, [identity]))
        return unpad(pyrage.passphrase.decrypt(sealed, passphrase))
    except pyrage.IdentityError as error:
        raise SealError.unusable_key(file) from error
    except (pyrage.DecryptError, ValueError) as error:
        raise SealError.wrong_key(file) from error
