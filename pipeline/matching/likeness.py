"""How like two texts are, for many pairs.

rapidfuzz's own call for many pairs answers by a numpy array: to load numpy takes longer than to
compare a million pairs one by one.
"""

import polars as pl
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA


def ratios(one: pl.Series, other: pl.Series, least: float = 0.0) -> pl.Series:
    """Likeness of each pair, 0 to 100 in single precision; 0 where it is below ``least``."""
    pairs = zip(one.to_list(), other.to_list(), strict=True)
    found = [fuzz.ratio(a, b, score_cutoff=least) for a, b in pairs]
    return pl.Series("score", found, dtype=pl.Float32).cast(pl.Float64)


def slips(one: pl.Series, other: pl.Series, most: int) -> pl.Series:
    """Letters of each pair that are wrong, missing, too many or swapped, or ``most`` and one."""
    pairs = zip(one.to_list(), other.to_list(), strict=True)
    found = [OSA.distance(a, b, score_cutoff=most) for a, b in pairs]
    return pl.Series("slips", found, dtype=pl.Int64)
