"""Statement lines x open entries -> proposals with rule and evidence. Pure.

``propose`` finds evidence once for all lines (``evidence``), decides plain lines in bulk
(``plain_lines``) and the others by booking date (``assignment``) with the rules of ``rules``;
amounts and sums are judged by ``amounts``.
"""

from pipeline.matching.engine import propose

__all__ = ["propose"]
