"""A line as its bank knows it: cut, in its letters, before any file format."""

from benchmarks.worlds.names import shown, spelled
from benchmarks.worlds.setting import Bank
from benchmarks.worlds.story import Line


def name(line: Line, bank: Bank) -> str:
    """The counterparty's name as this bank shows it."""
    return shown(line.name, bank)


def text(line: Line, bank: Bank) -> str:
    """The remittance text as this bank shows it."""
    return letters(line.text, bank)[: bank.text_limit]


def letters(text: str, bank: Bank) -> str:
    """Any text in the letters of this bank, not cut."""
    text = spelled(text, bank.spelling)
    return text.upper() if bank.upper else text


def decimal(minor: int, mark: str = ".") -> str:
    """Magnitude of minor units with two digits."""
    return f"{abs(minor) // 100}{mark}{abs(minor) % 100:02}"
