"""Statement lines x open entries -> proposals with rule and evidence. Pure.

``propose`` finds candidates once for all lines (``candidates``), then decides by booking date
(``assignment``) with the rules of ``rules``; amounts and sums are judged by ``amounts``.
"""

from pipeline.matching.assignment import propose

__all__ = ["propose"]
