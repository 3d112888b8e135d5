"""Which way is good: the closed words, and what it is called to lie above or below."""

import numpy as np
import pandas as pd

SIDES = {
    "higher_is_better": ("better", "worse"),
    "lower_is_better": ("worse", "better"),
    "no_judgement": ("higher", "lower"),
}
"""What it is called to lie above and below, by polarity."""


def side_words(polarity: str | np.ndarray, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Return the words for above and below, each of the wanted shape, from one polarity or many.

    Raises
    ------
    ValueError
        If a polarity is none of the three; names the first.
    """
    given = np.asarray(polarity, dtype=object)
    codes = pd.Index(SIDES).get_indexer(given.ravel())
    if (codes < 0).any():
        wrong = given.ravel()[codes < 0][0]
        raise ValueError(f"polarity {wrong!r}: expected one of {', '.join(SIDES)}")
    words = np.array(list(SIDES.values()))[codes].reshape(*given.shape, 2)
    return np.broadcast_to(words[..., 0], shape), np.broadcast_to(words[..., 1], shape)


def good_sign(polarity: str) -> int:
    """Return -1 where lower is better, else 1; raise ValueError at an unknown polarity."""
    side_words(polarity, ())
    return -1 if polarity == "lower_is_better" else 1
