"""Text that is safe to show: what could act on a terminal is replaced by a mark."""

import unicodedata


def plain(text: object) -> str:
    """Text without control, direction and zero-width characters: each is shown as a mark."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}"
        if unicodedata.category(c) in ("Cc", "Cf", "Cs") and c not in "\n\t"
        else c
        for c in str(text)
    )
