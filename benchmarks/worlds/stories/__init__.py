"""The situations, by what they test; importing this registers all of them."""

from benchmarks.worlds.stories import (
    amounts,
    bankside,
    damaged,
    documents,
    parties,
    refused,
    sums,
    vendors,
)

__all__ = ["amounts", "bankside", "damaged", "documents", "parties", "refused", "sums", "vendors"]
