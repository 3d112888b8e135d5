"""One-person codes: made, written down as a salted hash only, and read as people type them."""

import hashlib
import re
import secrets
import unicodedata

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No letter that could be taken for a digit, and no U: 32 symbols, five bits each."""
LENGTH = 12
"""Symbols of a code after its group's short name: 60 bits, which nobody guesses."""
_MISREAD = str.maketrans("OIL", "011")
COST = 2**12
"""Scrypt's cost: about a hundredth of a second for each code that is tried."""


def new_code(short: str) -> str:
    """Return a new code, such as MEMBERS-7K2M-9QXT-04WB."""
    drawn = "".join(secrets.choice(SYMBOLS) for _ in range(LENGTH))
    return "-".join([short, *re.findall("....", drawn)])


def hashed(text: str, salt: bytes) -> bytes:
    """Return what is kept of a code: its case, its dashes and misread letters make no difference."""
    plain = re.sub(r"[^A-Z0-9]", "", text.upper()).translate(_MISREAD)
    return hashlib.scrypt(plain.encode(), salt=salt, n=COST, r=8, p=1, dklen=32)


def mark_hash(group: str, mark: str, salt: bytes) -> bytes:
    """Return what is kept of the mark on a sheet of paper, for as long as the ballot is open.

    Case, blanks and how a letter is encoded (Unicode's NFKC) make no difference.
    """
    plain = " ".join(unicodedata.normalize("NFKC", mark).casefold().split())
    return hashlib.scrypt(f"{group}\n{plain}".encode(), salt=salt, n=COST, r=8, p=1, dklen=32)
