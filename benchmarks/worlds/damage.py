"""How text suffers on its way: typists, scanners, old bank systems, line ends."""

import re

from benchmarks.worlds.chance import Chance

_CONFUSED = {"0": "O", "1": "I", "5": "S", "8": "B", "2": "Z"}
_ABBREVIATED = (
    ("Maschinenbau", "Masch.bau"), ("Gebäudereinigung", "Geb.reinigung"), ("Elektro", "El."),
    ("Logistik", "Log."), ("Metallbau", "Met.bau"), ("Haustechnik", "Haust."),
    ("Construction", "Constr"), ("Electrical", "Elect"), ("Electric", "Elec"), ("Services", "Svcs"),
    ("Supply", "Sup"),
    ("Logistics", "Logist"), ("Industries", "Ind"), ("Equipment", "Equip"), ("Medical", "Med"),
    ("Restaurant Group", "Rest Grp"), ("Landscaping", "Lndscp"), ("Transports", "Transp."),
    ("Bâtiment", "Bat."), ("Entreprise", "Entr."), ("Établissements", "Ets"), ("Société", "Ste"),
    ("Installatie", "Inst."), ("Techniek", "Techn."), ("Transport", "Transp"),
    ("Groothandel", "Grh"),
    ("Engineering", "Eng"), ("Building", "Bldg"), ("Builders", "Bldrs"), ("Catering", "Cat"),
    ("Entreprenør", "Entr."), ("Eiendom", "Eiend."), ("Rørlegger", "Rørl."), ("Limited", "Ltd"),
)  # fmt: skip


def typo(number: str, chance: Chance) -> str:
    """One digit wrong."""
    places = [i for i, character in enumerate(number) if character.isdigit()][-5:]
    place = chance.pick(places)
    wrong = chance.pick([digit for digit in "0123456789" if digit != number[place]])
    return number[:place] + wrong + number[place + 1 :]


def transposed(number: str, chance: Chance) -> str:
    """Two neighbouring digits exchanged; the number itself where all neighbours are equal."""
    places = [
        i for i in range(1, len(number))
        if number[i - 1 : i + 1].isdigit() and number[i - 1] != number[i]
    ][-4:]  # fmt: skip
    if not places:
        return number
    place = chance.pick(places)
    return number[: place - 1] + number[place] + number[place - 1] + number[place + 1 :]


def confused(number: str, chance: Chance) -> str:
    """A digit read as a letter that looks like it; the number itself where none does."""
    places = [i for i, character in enumerate(number) if character in _CONFUSED]
    if not places:
        return number
    place = chance.pick(places)
    return number[:place] + _CONFUSED[number[place]] + number[place + 1 :]


def wrapped(number: str, chance: Chance) -> str:
    """A blank inside the digits, where a line ended."""
    digits = [i for i in range(1, len(number)) if number[i - 1 : i + 1].isdigit()]
    place = chance.pick(digits)
    return f"{number[:place]} {number[place:]}"


def abbreviated(name: str) -> str:
    """Words of the trade shortened as people do; the name itself where none is known."""
    for word, short in _ABBREVIATED:
        if word in name:
            return name.replace(word, short)
    return name


def reordered(name: str) -> str:
    """The first word last, as lists of names have it."""
    first, _, rest = name.partition(" ")
    return f"{rest} {first}"


def misspelt(name: str, chance: Chance) -> str:
    """One letter dropped, doubled or exchanged with its neighbour in the longest word."""
    word = max(re.findall(r"\w+", name), key=len)
    place = chance.between(1, len(word) - 2)
    kind = chance.between(0, 2)
    if kind == 0:
        wrong = word[:place] + word[place + 1 :]
    elif kind == 1:
        wrong = word[:place] + word[place] + word[place:]
    else:
        wrong = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return name.replace(word, wrong, 1)
