"""Which parties a name may stand for, as a bank shows names: exactly, nearly, by a rare word."""

from collections import defaultdict

import numpy as np
from rapidfuzz import fuzz, process

from benchmarks.worlds.books import Books
from benchmarks.worlds.names import key, shown
from benchmarks.worlds.setting import Bank
from benchmarks.worlds.story import Party

_SAME_WORDS, _CLOSE, _FAR, _SHARED = 100.0, 88.0, 76.0, 65.0
_AT_ONCE = 200


class Likeness:
    """All names and aliases of the books in the letters of one bank."""

    def __init__(self, books: Books, bank: Bank) -> None:
        self._by_name: dict[str, list[Party]] = defaultdict(list)
        for party in books.parties:
            for name in {key(shown(name, bank)) for name in (party.name, *party.aliases)}:
                self._by_name[name].append(party)
        self._names = list(self._by_name)
        common = (*books.setting.forms, *books.setting.trades)
        self._common = {word for name in common for word in key(name).split()}
        self._cores = [self._core(name) for name in self._names]
        self._words: dict[str, list[int]] = defaultdict(list)
        for at, name in enumerate(self._names):
            for word in set(name.split()):
                self._words[word].append(at)
        self._near: dict[str, tuple[list[Party], bool]] = {}

    def parties(self, name: str) -> tuple[list[Party], bool]:
        """Whom a name may stand for, and whether that lies between sure and nothing."""
        if not name:
            return [], False
        return (self._by_name[name], False) if name in self._by_name else self._near[name]

    def compare(self, names: set[str]) -> None:
        """Compare names that nobody has exactly with all names, many at once."""
        unknown = sorted(name for name in names if name and name not in self._by_name)
        for start in range(0, len(unknown), _AT_ONCE):
            part = unknown[start : start + _AT_ONCE]
            whole = process.cdist(part, self._names, scorer=fuzz.token_sort_ratio)
            cores = [self._core(name) for name in part]
            alike = process.cdist(cores, self._cores, scorer=fuzz.token_sort_ratio)
            for row, name in enumerate(part):
                self._near[name] = self._nearest(name, whole[row], alike[row])

    def _core(self, name: str) -> str:
        """What is left without legal form and trade: the words that tell names apart."""
        return " ".join(word for word in name.split() if word not in self._common) or name

    def _nearest(self, name: str, whole: np.ndarray, alike: np.ndarray) -> tuple[list[Party], bool]:
        score = np.minimum(whole, alike)
        best = float(score.max())
        rare = self._by_rare_word(name, whole)
        if best < _FAR:
            return rare, False
        least = best if best == _SAME_WORDS else best - 8
        near = np.flatnonzero(score >= least)
        found = dict.fromkeys(party for at in near for party in self._by_name[self._names[at]])
        parties = list(found)
        return parties, float(whole[near].max()) < _CLOSE and parties != rare

    def _by_rare_word(self, name: str, whole: np.ndarray) -> list[Party]:
        """The party of the only name that shares a long word and is otherwise alike."""
        owners = set()
        for word in name.split():
            having = self._words.get(word, []) if len(word) > 4 else []
            owners |= set(having) if len(having) == 1 else set()
        shared = [at for at in owners if whole[at] >= _SHARED]
        return self._by_name[self._names[shared[0]]] if len(shared) == 1 else []
