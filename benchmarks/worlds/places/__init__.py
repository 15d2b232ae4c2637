"""The settings by country code."""

from benchmarks.worlds.places.american import SETTING as _US
from benchmarks.worlds.places.british import SETTING as _GB
from benchmarks.worlds.places.dutch import SETTING as _NL
from benchmarks.worlds.places.french import SETTING as _FR
from benchmarks.worlds.places.german import SETTING as _DE
from benchmarks.worlds.places.norwegian import SETTING as _NO
from benchmarks.worlds.places.swiss import SETTING as _CH
from benchmarks.worlds.setting import Setting

SETTINGS: dict[str, Setting] = {
    place.country: place for place in (_DE, _CH, _FR, _NL, _NO, _GB, _US)
}
