"""Statement lines x open entries -> proposals with rule and evidence. Pure.

``propose`` finds evidence once for all lines (``evidence``), decides plain lines in bulk
(``plain_lines``, ``plain_payers``) and the others by booking date (``assignment``) with the rules
of ``rules``; amounts and sums are judged by ``amounts``. ``take_back`` then finds the originals of
``returns``.
"""

from pipeline.matching.engine import propose
from pipeline.matching.returns import find as take_back
from pipeline.matching.returns import original_amount, returns
from pipeline.matching.searches import Searches

__all__ = ["Searches", "original_amount", "propose", "returns", "take_back"]
