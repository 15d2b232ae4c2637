"""Draws from one seeded generator, so that a seed is a world, bit for bit."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")


class Chance:
    """A numpy generator with the few draws that the stories need."""

    def __init__(self, *seed: int) -> None:
        self.draw = np.random.default_rng(seed)

    def hit(self, share: float) -> bool:
        """True in this share of all draws."""
        return bool(self.draw.random() < share)

    def between(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return int(self.draw.integers(low, high + 1))

    def pick(self, choices: Sequence[T]) -> T:
        """One of them, each as likely as the other."""
        return choices[int(self.draw.integers(len(choices)))]

    def some(self, choices: Sequence[T], count: int) -> list[T]:
        """``count`` different ones of them, in random order."""
        places = self.draw.permutation(len(choices))[:count]
        return [choices[int(place)] for place in places]

    def digits(self, count: int) -> str:
        """As many decimal digits, the first no zero."""
        return str(self.between(10 ** (count - 1), 10**count - 1))

    def letters(self, count: int) -> str:
        """As many characters as banks use in their own references."""
        alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
        return "".join(alphabet[int(i)] for i in self.draw.integers(0, len(alphabet), count))

    def amount(self) -> int:
        """Minor units of an invoice: mostly log-normal, one in seven a list price."""
        if self.hit(0.15):
            return self.pick(_LIST_PRICES)
        return max(int(float(self.draw.lognormal(6.3, 1.1)) * 100), 1500)


_LIST_PRICES = tuple(
    100 * price
    for price in (25, 49, 50, 79, 99, 100, 119, 120, 149, 150, 199, 200, 250, 299, 300, 350, 400)
) + tuple(100 * price for price in (450, 499, 500, 600, 750, 800, 990, 1000, 1200, 1500, 2000))
