"""Study identifiers: the only names that units bear in results.

A registered household is a keyed digest of its registry number, so that the
frame can be published and nobody can turn it back without the key.

Source: RFC 7693 (BLAKE2, keyed).
"""

from hashlib import blake2b


def household_id(household: str, *, key: bytes) -> str:
    """Return the study identifier of a registered household.

    Parameters
    ----------
    household
        Registry number (户编号), canonical text.
    key
        Secret of the round, 16 to 64 bytes.
    """
    return f"H-{blake2b(household.encode(), key=key, digest_size=6).hexdigest()}"


def village_id(village: str) -> str:
    """Return the study identifier of a village from its 12-digit code."""
    return f"V-{village}"


def group_id(village: str, group: str) -> str:
    """Return the study identifier of a villager group."""
    return f"G-{village}-{group}"


def unregistered_id(village: str, group: str, number: int) -> str:
    """Return the study identifier of an unregistered household, numbered in its group."""
    return f"U-{village}-{group}-{number:03d}"
