"""Names of companies and people as in the country, with near-identical families of names."""

import re
import unicodedata

from benchmarks.worlds.chance import Chance
from benchmarks.worlds.setting import Bank, Setting

_DIGRAPHS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue",
             "æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe",
             "Å": "Aa", "œ": "oe"}  # fmt: skip
_PLAIN = {"ß": "ss", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "œ": "oe"}


def spelled(text: str, spelling: str) -> str:
    """Text in the letters that a bank lets through: ``digraph`` ä -> ae, ``plain`` ä -> a."""
    if not spelling:
        return text
    table = _DIGRAPHS if spelling == "digraph" else _PLAIN
    text = "".join(table.get(character, character) for character in text)
    text = unicodedata.normalize("NFKD", text)
    return text.encode("ascii", "ignore").decode("ascii")


def shown(name: str, bank: Bank) -> str:
    """A name as it stands in the file of this bank: cut, upper case, transliterated."""
    name = spelled(name, bank.spelling)[: bank.name_limit].strip()
    return name.upper() if bank.upper else name


def key(name: str) -> str:
    """A name for comparing: letters and digits in lower case, umlauts as two letters."""
    return " ".join(re.findall(r"[a-z0-9]+", spelled(name, "digraph").casefold()))


class Names:
    """Makes names that are unique in the world; relatives differ by little on purpose."""

    def __init__(self, setting: Setting, chance: Chance) -> None:
        self._of = setting
        self._chance = chance
        self._taken: set[str] = set()
        self._companies: list[tuple[str, str]] = []  # words of the name, legal form

    def customer(self, persons: float, families: float) -> str:
        """A new name: a person, a company, or a relative of an earlier company."""
        for _ in range(30):
            if self._chance.hit(persons):
                name, form = self.person(), ""
            elif self._companies and self._chance.hit(families):
                name, form = self._relative(*self._chance.pick(self._companies))
            else:
                name, form = self._company(), self._chance.pick(self._of.forms)
            if kept := self._kept(name, form):
                return kept
        return self.company()

    def company(self) -> str:
        """A new company that is nobody's relative on purpose."""
        while not (kept := self._kept(self._invented(), self._chance.pick(self._of.forms))):
            pass
        return kept

    def person(self) -> str:
        """First name and surname; people share both."""
        return f"{self._chance.pick(self._of.firstnames)} {self._surname()}"

    def _kept(self, name: str, form: str) -> str:
        """The whole name, empty where somebody has it already."""
        whole = f"{form} {name}" if self._of.form_first else f"{name} {form}"
        if (known := key(whole)) in self._taken:
            return ""
        self._taken.add(known)
        if form:
            self._companies.append((name, form))
        return whole.strip()

    def _surname(self) -> str:
        surname = self._chance.pick(self._of.surnames)
        if self._chance.hit(0.05):
            return f"{surname}-{self._chance.pick(self._of.surnames)}"
        return surname

    def _company(self) -> str:
        chance = self._chance
        trade, surname = chance.pick(self._of.trades), self._surname()
        shape = chance.between(0, 9)
        if shape < 2:
            return f"{surname} {trade}"
        if shape == 2:
            return f"{trade} {surname}"
        if shape == 3:
            return f"{surname} & {self._surname()}"
        if shape == 4:
            return f"{trade} {chance.pick(self._of.cities)[1]}"
        if shape == 5:
            return f"{chance.letters(3)} {trade}"
        return self._invented()

    def _invented(self) -> str:
        chance = self._chance
        word = "".join(chance.pick(self._of.syllables) for _ in range(chance.between(2, 4)))
        return f"{word.title()} {chance.pick(self._of.trades)}"

    def _relative(self, name: str, form: str) -> tuple[str, str]:
        """The same house with another legal form, trade, suffix or one letter changed."""
        words = name.split()
        kind = self._chance.between(0, 3)
        if kind == 0:
            return name, self._chance.pick(self._of.forms)
        if kind == 1 and len(words) > 1:
            words[-1] = self._chance.pick(self._of.trades)
        elif kind == 2:
            words.append(self._chance.pick(("Service", "Nord", "Holding", "Group", "Plus")))
        elif len(words[0]) > 4:
            place = self._chance.between(1, len(words[0]) - 2)
            words[0] = words[0][:place] + self._chance.pick("aeiounrst") + words[0][place + 1 :]
        return " ".join(words), form
