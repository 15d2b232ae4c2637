"""The fonts of statements: ``python -m benchmarks.statement_fonts REGULAR.otf BOLD.otf``.

Libertinus Serif (https://github.com/alerque/libertinus, 7.051) as "Lettrage Serif": its outlines as
those of TrueType, which are cut into a PDF in a third of the time, and the signs of most European
languages. All others come from Libertinus Serif itself, which typst brings along.
"""

import argparse
from pathlib import Path

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

_SIGNS = ((0x20, 0x7E), (0xA0, 0x17F), (0x218, 0x21B), (0x300, 0x30C), (0x386, 0x3CE),
          (0x400, 0x45F), (0x1E80, 0x1E85), (0x1E9E, 0x1E9E), (0x2010, 0x203A), (0x20AC, 0x20AC),
          (0x2116, 0x2116), (0x2122, 0x2122), (0x2212, 0x2212), (0xFB00, 0xFB04))  # fmt: skip
_FAMILY = "Lettrage Serif"
_ERROR = 0.5
"""How far, in thousandths of the size, an outline may be from what it was."""
_OUT = Path("pipeline/statements/fonts")


def main() -> None:
    """Write both fonts."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("regular", type=Path)
    words.add_argument("bold", type=Path)
    asked = words.parse_args()
    for style, source in (("Regular", asked.regular), ("Bold", asked.bold)):
        font = TTFont(source)
        _cut(font)
        _as_truetype(font)
        _name(font, style)
        font.save(_OUT / f"LettrageSerif-{style}.ttf")


def _cut(font: TTFont) -> None:
    options = subset.Options(
        hinting=False, notdef_outline=True, name_IDs=["*"],
        layout_features=[*subset.Options().layout_features, "lnum", "tnum", "onum", "pnum"],
    )  # fmt: skip
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[n for first, last in _SIGNS for n in range(first, last + 1)])
    cutter.subset(font)


def _as_truetype(font: TTFont) -> None:
    drawn, glyphs = font.getGlyphSet(), {}
    for name in font.getGlyphOrder():
        pen = TTGlyphPen(drawn)
        drawn[name].draw(Cu2QuPen(pen, _ERROR, reverse_direction=True))
        glyphs[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = font.getGlyphOrder(), glyphs
    del font["CFF "]
    for name, glyph in glyphs.items():
        glyph.recalcBounds(font["glyf"])
        font["hmtx"][name] = (font["hmtx"][name][0], getattr(glyph, "xMin", 0))
    limits = font["maxp"]
    limits.tableVersion, limits.maxZones = 0x00010000, 1
    for name in ("TwilightPoints", "Storage", "FunctionDefs", "InstructionDefs", "StackElements",
                 "SizeOfInstructions", "ComponentElements", "Points", "Contours",
                 "CompositePoints", "CompositeContours", "ComponentDepth"):  # fmt: skip
        setattr(limits, f"max{name}", 0)
    font["post"].formatType = 3.0
    font.sfntVersion = "\0\1\0\0"


def _name(font: TTFont, style: str) -> None:
    said = {1: _FAMILY, 16: _FAMILY, 3: f"{_FAMILY} {style} 7.051", 4: f"{_FAMILY} {style}",
            6: f"LettrageSerif-{style}"}  # fmt: skip
    for record in font["name"].names:
        record.string = said.get(record.nameID, record.toUnicode())


if __name__ == "__main__":
    main()
