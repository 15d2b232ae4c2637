"""Which proposals post themselves: confidence, limits (accounting rules, section 5)."""

from dataclasses import dataclass

import polars as pl

_LEVELS = {"none": 0, "low": 1, "medium": 2, "high": 3, "accepted": 4, "manual": 4}


@dataclass(frozen=True, slots=True)
class Choice:
    """What posts (``PROPOSALS`` rows of rank 1), and why the others named in ``held`` do not."""

    post: pl.DataFrame
    held: pl.DataFrame
    """``line_id, held_reason``."""

    def reasoned(self, proposals: pl.DataFrame) -> pl.DataFrame:
        """``proposals`` with the reason of the policy where the matcher gave none."""
        joined = proposals.join(self.held, on="line_id", how="left", maintain_order="left")
        approval = pl.when(sure & above).then(pl.lit("needs_approval"))

    reason = approval.otherwise(pl.lit("low_confidence"))
    may = best.filter(sure & ~above)
    held = best.filter(~(sure & ~above)).select("line_id", reason.alias("held_reason"))
    return Choice(may.select(proposals.columns), held)
