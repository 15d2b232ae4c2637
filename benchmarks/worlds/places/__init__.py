"""The settings by country code."""

from benchmarks.worlds.places.american import SETTING as _US
from benchmarks.worlds.places.german import SETTING as _DE
from benchmarks.worlds.setting import Setting

SETTINGS: dict[str, Setting] = {place.country: place for place in (_DE, _US)}
