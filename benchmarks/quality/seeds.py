"""Which seeds are for tuning: those that no evaluation takes."""

import argparse

LAST_SEED = 99


def tuning_seeds(text: str) -> list[int]:
    """Seeds from text like ``1,2``; an error of the command line where one is not for tuning."""
    found = [int(part) for part in text.split(",")]
    if not all(1 <= seed <= LAST_SEED for seed in found):
        raise argparse.ArgumentTypeError(f"{text!r}: seeds for tuning are 1 to {LAST_SEED}")
    return found
