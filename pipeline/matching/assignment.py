"""Deciding by booking date: each date jointly, each seeing what earlier dates settled.

Lines of one date claim entries together; an entry that two of them claim with equal right goes to
none. Older open lines are asked again whenever entries that they look at have changed, until
nothing changes, so that N days in one call give what N calls in date order give.
"""

import datetime as dt
from collections import defaultdict
from typing import Any

import polars as pl

from pipeline.config import Settings
from pipeline.domain import frames
from pipeline.matching import candidates
from pipeline.matching.amounts import Tolerance
from pipeline.matching.cases import Answer, Case
from pipeline.matching.rules import answer

Party = tuple[str, str]
_CANDIDATES = 5


def propose(
    lines: pl.DataFrame,
    entries: pl.DataFrame,
    bank_entries: pl.DataFrame,
    parties: pl.DataFrame,
    bank_accounts: pl.DataFrame,
    settings: Settings,
    closed: pl.DataFrame | None = None,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Proposals (``frames.PROPOSALS``) and their rows (``frames.PROPOSED``) for every line."""
    world = _World(lines, entries, bank_entries, parties, bank_accounts, settings, closed)
    for day in sorted({line["day"] for line in world.lines.values()}):
        world.decide_until(day)
    return world.frames()


class _World:
    """What is open while the dates go by; candidates are found once."""

    def __init__(
        self,
        lines: pl.DataFrame,
        entries: pl.DataFrame,
        bank_entries: pl.DataFrame,
        parties: pl.DataFrame,
        bank_accounts: pl.DataFrame,
        settings: Settings,
        closed: pl.DataFrame | None,
    ) -> None:
        self.settings = settings
        ordered = lines.with_columns(pl.coalesce("booking_date", "value_date").alias("day"))
        undated = ordered.filter(pl.col("day").is_null())["line_id"].to_list()
        ordered = ordered.drop_nulls("day").with_columns(pl.col("day").alias("booking_date"))
        self.lines = {line["line_id"]: line for line in ordered.sort("day", "line_id").to_dicts()}
        self.named = _grouped(candidates.documents(lines, entries))
        self.by_account = _parties(candidates.accounts(lines, parties))
        self.by_name = _parties(candidates.names(lines, parties))
        self.close = _close(candidates.names(lines, parties))
        self.closed = _closed_lines(lines, closed)
        self.own = _own_accounts(bank_accounts)
        self.on_file = {(p["party_type"], p["party_no"]) for p in parties.to_dicts() if p["ibans"]}
        self.blocked = {
            (p["party_type"], p["party_no"]) for p in parties.to_dicts() if p["blocked"]
        }
        self._keep_entries(entries)
        self.bank = {e["bank_entry_id"]: e for e in bank_entries.sort("bank_entry_id").to_dicts()}
        self.by_bank: dict[str, list[int]] = defaultdict(list)
        for number, entry in self.bank.items():
            self.by_bank[entry["bank_account_no"]].append(number)
        no_date = Answer("none", "none", "no_date", evidence="neither booking nor value date")
        self.answers: dict[int, list[Answer]] = {number: [no_date] for number in undated}
        self.open: set[int] = set()
        self.watchers: dict[tuple[str, int], set[int]] = defaultdict(set)

    def _keep_entries(self, entries: pl.DataFrame) -> None:
        wanted = {number for rows in self.named.values() for number, _ in rows}
        known = {party for rows in (self.by_account, self.by_name) for ps in rows.values()
                 for party in ps}  # fmt: skip
        keys = pl.DataFrame(
            sorted(known), schema={"party_type": pl.String, "party_no": pl.String}, orient="row"
        )
        near = entries.join(keys, on=["party_type", "party_no"], how="semi")
        far = entries.filter(pl.col("entry_id").is_in(sorted(wanted)))
        named = far.select("party_type", "party_no").unique()
        beside = entries.join(named, on=["party_type", "party_no"], how="semi")
        kept = pl.concat([near, beside]).unique("entry_id").sort("due_date", "entry_id")
        self.entries = {entry["entry_id"]: entry for entry in kept.to_dicts()}
        self.by_party: dict[Party, list[int]] = defaultdict(list)
        for number, entry in self.entries.items():
            self.by_party[(entry["party_type"], entry["party_no"])].append(number)

    def decide_until(self, day: dt.date) -> None:
        """Decide the lines of ``day`` and the older open ones, until nothing changes."""
        asked = sorted(number for number, line in self.lines.items() if line["day"] == day)
        self.open.update(asked)
        while asked:
            for number in asked:
                self.answers[number] = self._answer(number)
            changed = self._settle(asked)
            asked = sorted({line for claim in changed for line in self.watchers[claim]} & self.open)

    def _answer(self, number: int) -> list[Answer]:
        line = self.lines[number]
        case = self._case(line)
        for entry in (*case.named, *case.party_entries):
            self.watchers[("entry", entry["entry_id"])].add(number)
        for bank_entry in case.bank_entries:
            self.watchers[("bank_entry", bank_entry["bank_entry_id"])].add(number)
        return answer(case)[:_CANDIDATES]

    def _case(self, line: dict[str, Any]) -> Case:
        number, currency = line["line_id"], line["currency"]
        policy = self.settings.policy
        by_account, by_name = self.by_account.get(number, []), self.by_name.get(number, [])
        asked = [entry for party in (by_account or by_name) for entry in self.by_party[party]]
        charges = self.settings.amount_limit("bank_charge_limit", currency) or 0
        account = _plain(line["counterparty_account"])
        named = self.named.get(number, [])
        asked_parties = {*by_account, *by_name}
        asked_parties |= {
            (self.entries[e]["party_type"], self.entries[e]["party_no"]) for e, _ in named
        }
        tolerance = Tolerance(
            self.settings.amount_limit("tolerance", currency) or 0,
            int(policy["tolerance_percent"]),
            frozenset(
                self.entries[e]["remaining_amount"]
                for party in sorted(asked_parties)
                for e in self.by_party[party]
            ),
        )
        return Case(
            line=line,
            named=[self.entries[e] for e, _ in named if self.entries[e]["remaining_amount"]],
            exact={e for e, exact in named if exact},
            by_account=by_account,
            by_name=by_name,
            close_name=number in self.close,
            party_entries=[self.entries[e] for e in asked if self.entries[e]["remaining_amount"]],
            bank_entries=[
                self.bank[e]
                for e in self.by_bank[line["bank_account_no"]]
                if self.bank[e]["remaining_amount"]
            ],
            closed_documents=number in self.closed,
            own_account=bool(account)
            and self.own.get(account, line["bank_account_no"]) != line["bank_account_no"],
            payee_on_file=any(
                (self.entries[e]["party_type"], self.entries[e]["party_no"]) in self.on_file
                for e, _ in named
            )
            or any(party in self.on_file for party in by_name),
            on_file=self.on_file,
            blocked=self.blocked,
            grace=int(policy["discount_grace_days"]),
            tolerance=tolerance,
            charge_limit=charges,
            policy=dict(policy),
        )

    def _settle(self, asked: list[int]) -> set[tuple[str, int]]:
        """Let sure answers take their entries; returns what changed."""
        sure = {n: self.answers[n][0] for n in asked if self.answers[n][0].confidence == "high"}
        claims: dict[tuple[str, int], list[int]] = defaultdict(list)
        for number, best in sure.items():
            for claim in best.claims():
                claims[claim].append(number)
        losers = set()
        for claim, claimants in claims.items():
            if len(claimants) > 1:
                losers |= self._losers(claim, claimants, sure)
        changed: set[tuple[str, int]] = set()
        for number in sorted(sure):
            best = sure[number]
            if number in losers:
                best.confidence, best.reason = "low", "ambiguous"
                continue
            self.open.discard(number)
            for row in best.rows:
                changed |= self._take(row)
        return changed

    def _losers(
        self, claim: tuple[str, int], claimants: list[int], sure: dict[int, Answer]
    ) -> set[int]:
        """Claimants that must wait: the weaker ones, or all where the claim is equal."""
        strong = [number for number in claimants if sure[number].strong]
        if len(strong) == 1:
            return set(claimants) - set(strong)
        if strong and claim[0] == "entry":
            taken = sum(
                row["entry_amount"]
                for number in strong
                for row in sure[number].rows
                if (row["target"], row["target_id"]) == claim
            )
            if abs(taken) <= abs(self.entries[claim[1]]["remaining_amount"]):
                return set(claimants) - set(strong)
        return set(claimants)

    def _take(self, row: dict[str, Any]) -> set[tuple[str, int]]:
        if not row["target_id"]:
            return set()
        book = self.bank if row["target"] == "bank_entry" else self.entries
        book[row["target_id"]]["remaining_amount"] -= row["entry_amount"]
        return {(row["target"], row["target_id"])}

    def frames(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The answers as frames, in order of line, rank and row."""
        heads: list[dict[str, Any]] = []
        rows: list[dict[str, Any]] = []
        for number in sorted(self.answers):
            for rank, best in enumerate(self.answers[number], 1):
                heads.append(
                    {
                        "line_id": number, "rank": rank, "confidence": best.confidence,
                        "rule": best.rule, "reason": best.reason, "party_type": best.party[0],
                        "party_no": best.party[1], "explanation": best.evidence,
                    }
                )  # fmt: skip
                rows += [
                    {"line_id": number, "rank": rank, "seq": seq, **row}
                    for seq, row in enumerate(best.rows, 1)
                ]
        return _frame(heads, frames.PROPOSALS), _frame(rows, frames.PROPOSED)


def _frame(rows: list[dict[str, Any]], schema: frames.Schema) -> pl.DataFrame:
    blank = {name: "" if kind == pl.String else 0 for name, kind in schema.items()}
    return pl.DataFrame([{**blank, **row} for row in rows], schema=schema)


def _grouped(found: pl.DataFrame) -> dict[int, list[tuple[int, bool]]]:
    groups: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    for line, entry, exact in found.rows():
        groups[line].append((entry, exact))
    return dict(groups)


def _parties(found: pl.DataFrame) -> dict[int, list[Party]]:
    groups: dict[int, list[Party]] = defaultdict(list)
    for line, party_type, party_no in found.select("line_id", "party_type", "party_no").rows():
        groups[line].append((party_type, party_no))
    return dict(groups)


def _close(found: pl.DataFrame) -> set[int]:
    return set(found.filter("close")["line_id"].to_list())


def _closed_lines(lines: pl.DataFrame, closed: pl.DataFrame | None) -> set[int]:
    if closed is None or closed.is_empty():
        return set()
    found = candidates.documents(lines, closed).filter("exact")
    return set(found["line_id"].to_list())


def _plain(text: str) -> str:
    return "".join(letter for letter in text.upper() if letter.isalnum())


def _own_accounts(bank_accounts: pl.DataFrame) -> dict[str, str]:
    own: dict[str, str] = {}
    for row in bank_accounts.to_dicts():
        for text in (row["iban"], *row["account_ids"]):
            for written in (text, text.split("/")[-1]):
                if len(_plain(written)) >= 6:
                    own[_plain(written)] = row["bank_account_no"]
    return own
