"""Likeness pair by pair is what rapidfuzz says of many pairs at once, and loads less."""

import subprocess
import sys

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from pipeline.matching.likeness import ratios, slips

TEXTS = st.lists(st.tuples(*[st.text("abcdeé 12", max_size=12)] * 2), max_size=30)


@settings(deadline=None)
@given(TEXTS, st.sampled_from([0.0, 85.0]), st.integers(1, 3))
def test_the_figures_are_those_of_rapidfuzz_for_many_pairs(
    pairs: list[tuple[str, str]], least: float, most: int
) -> None:
    one, other = ([pair[side] for pair in pairs] for side in (0, 1))
    both = pl.Series(one, dtype=pl.String), pl.Series(other, dtype=pl.String)
    wanted = process.cpdist(one, other, scorer=fuzz.ratio, score_cutoff=least)
    assert ratios(*both, least=least).to_list() == wanted.tolist()
    edits = process.cpdist(one, other, scorer=OSA.distance, score_cutoff=most)
    assert slips(*both, most=most).to_list() == edits.tolist()


def test_a_match_loads_neither_numpy_nor_pypdf_which_take_longer_than_a_small_night() -> None:
    said = "import sys, pipeline.steps; from pipeline.matching.likeness import ratios, slips;"
    said += "import polars as pl; names = pl.Series(['weber', 'maier']);"
    said += "ratios(names, names); slips(names, names, 1);"
    said += "sys.exit(not {'numpy', 'pypdf', 'PIL'}.isdisjoint(sys.modules))"
    assert subprocess.run([sys.executable, "-c", said], check=False).returncode == 0
