"""What is open while the dates go by, and the case of one line: its candidates at its turn."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipeline.config import Settings
from pipeline.matching import looked_at
from pipeline.matching.amounts import Entry, Tolerance
from pipeline.matching.cases import Case, Line, Party
from pipeline.matching.entry_rows import party_of
from pipeline.matching.evidence import Evidence
from pipeline.matching.mappings import HOW
from pipeline.matching.open_items import OpenItems

_TAUGHT = frozenset(HOW.values())


@dataclass(frozen=True, slots=True)
class _Payers:
    accounts: list[Party]
    names: list[Party]
    mandates: set[Party]
    alike: set[Party]
    only_alike: bool


_NOBODY = _Payers([], [], set(), set(), only_alike=False)


class Books:
    """Open entries and bank entries that lines look at, with their remaining amounts."""

    def __init__(
        self,
        lines: pl.DataFrame,
        items: OpenItems,
        evidence: Evidence,
        settings: Settings,
    ) -> None:
        self.settings = settings
        ids = lines.select("line_id")
        self.named = _grouped(evidence.named.join(ids, on="line_id", how="semi"))
        self.bank_named = _grouped(evidence.bank.join(ids, on="line_id", how="semi"))
        self.payers = _grouped(evidence.payers.join(ids, on="line_id", how="semi"))
        self.in_text = _grouped(evidence.in_text.join(ids, on="line_id", how="semi"))
        self.others = _grouped(evidence.others.join(ids, on="line_id", how="semi"))
        self.mapped = _grouped(evidence.mapped.join(ids, on="line_id", how="semi"))
        self.payees = _grouped(evidence.payees.join(ids, on="line_id", how="semi"))
        self.near = _grouped(evidence.near.join(ids, on="line_id", how="semi"))
        self.closed = _grouped(evidence.closed.join(ids, on="line_id", how="semi"))
        self.unknown = set(evidence.unknown["line_id"])
        self.own = own_accounts(items.bank_accounts)
        self.own_in_text = set(evidence.own["line_id"])
        self.parts = _grouped(evidence.parts.join(ids, on="line_id", how="semi"))
        known = looked_at.parties(ids, items, evidence)
        self.entries = looked_at.rows(known, items.entries)
        asked = pl.concat([known, items.bank_entries.select(looked_at.WHO)]).unique()
        parties = items.parties.join(asked, on=looked_at.WHO, how="semi")
        self.on_file = _keys(parties.filter(pl.col("ibans").list.len() > 0))
        self.blocked = _keys(parties.filter("blocked"))
        grouped = items.parties.filter(pl.col("project_parent") != "")
        self.above = dict(grouped.select("party_no", "project_parent").iter_rows())
        self.by_party: dict[Party, list[Entry]] = defaultdict(list)
        for entry in self.entries.values():
            self.by_party[(entry["party_type"], entry["party_no"])].append(entry)
        stated = looked_at.parts(ids, items, evidence)  # closed ones too, and money on account
        self.entries = {**stated, **self.entries}
        self._index_bank(items.bank_entries)
        self._limits: dict[str, tuple[Tolerance, int]] = {}

    def _index_bank(self, bank_entries: pl.DataFrame) -> None:
        named = [number for hits in self.bank_named.values() for number, _ in hits]
        asked = (pl.col("status") != "cleared") | pl.col("bank_entry_id").is_in(named)
        kept = bank_entries.filter(asked).sort("bank_entry_id")
        self.bank = {e["bank_entry_id"]: e for e in kept.to_dicts()}
        self.bank_same: dict[Hashable, list[int]] = defaultdict(list)
        self.batch: dict[Hashable, list[int]] = defaultdict(list)
        for number, entry in self.bank.items():
            if entry["status"] == "open":
                self.bank_same[_amount_key(entry, entry["remaining_amount"])].append(number)
                if entry["batch_no"]:
                    self.batch[_batch_key(entry)].append(number)
        self.batch_sums: dict[Hashable, list[Hashable]] = defaultdict(list)
        for key, members in self.batch.items():
            self.batch_sums[self._batch_sum(members)].append(key)

    def _batch_sum(self, members: list[int]) -> Hashable:
        total = sum(self.bank[number]["remaining_amount"] for number in members)
        return _amount_key(self.bank[members[0]], total)

    def case(self, line: Line) -> tuple[Case, Iterable[Hashable]]:
        """The case of a line, and the keys of all that it looks at."""
        number = line["line_id"]
        named, exact, settled = self._named(number)
        by = self._payers(number, {party_of(e) for e in named if e["entry_id"] in exact})
        by_account, by_name, close_name = by.accounts, by.names, by.only_alike
        hits = [(self.bank[e], batch) for e, batch in self.bank_named.get(number, ())]
        # A check that is cleared already and comes again is no unknown debit.
        hits = [(e, b) for e, b in hits if e["remaining_amount"] or (e["check_no"] and not b)]
        same_amount = _amount_key(line, line["amount"])
        batches = self.batch_sums.get(same_amount, ())
        tolerance, charge_limit = self._limit(line["currency"])
        account = plain_text(line["counterparty_account"])
        case = Case(
            line=line,
            named=named,
            part=[(self.entries[e], stated) for e, stated in self.parts.get(number, ())],
            exact=exact,
            by_account=by_account,
            by_name=by_name,
            by_mandate=by.mandates,
            close=by.alike,
            near=[
                (self.entries[e], token, kind)
                for e, token, kind in self.near.get(number, ())
                if self.entries[e]["remaining_amount"]
            ],
            in_text=set(self.in_text.get(number, ())),
            others=self.others.get(number, []),
            close_name=close_name,
            bank_named=[e for e, batch in hits if not batch],
            batch_named=[e for e, batch in hits if batch],
            bank_same=[self.bank[e] for e in self.bank_same.get(same_amount, ())],
            batches=[self._open_batch(key) for key in batches],
            mapped=self.mapped.get(number, []),
            payees=[
                (no, (kind, party), doubt) for no, kind, party, doubt in self.payees.get(number, ())
            ],
            closed_of={*self.closed.get(number, ()), *settled},
            unknown_documents=number in self.unknown,
            own_account=(number in self.own_in_text and not account)
            or self.own.get(account, line["bank_account_no"]) != line["bank_account_no"],
            on_file=self.on_file,
            blocked=self.blocked,
            above=self.above,
            grace=int(self.settings.policy["discount_grace_days"]),
            tolerance=tolerance,
            charge_limit=charge_limit,
            policy=self.settings.policy,
            company=self.settings.company["name"],
            entries_of=self._entries_of,
        )
        watched: list[Hashable] = [("bank_amount", same_amount)]
        watched += [("party", party) for party in (*case.parties, *case.others)]
        watched += [("bank_entry", e["bank_entry_id"]) for e, _ in hits]
        return case, watched

    def _entries_of(self, party: Party) -> list[Entry]:
        return self.by_party.get(party, [])

    def _named(self, number: int) -> tuple[list[Entry], set[int], set[Party]]:
        """Open entries that the line names, those in full, and owners of those settled since."""
        hits = [(self.entries[e], exact) for e, exact in self.named.get(number, ())]
        gone = {party_of(e) for e, exact in hits if exact and not e["remaining_amount"]}
        hits = [(e, exact) for e, exact in hits if e["remaining_amount"]]
        return [e for e, _ in hits], {e["entry_id"] for e, exact in hits if exact}, gone

    def _payers(self, number: int, owners: set[Party]) -> "_Payers":
        """Who pays; what people taught is no contradiction to a document of another party.

        ``owners`` are the parties of the documents that the line names in full.
        """
        told = self.payers.get(number)
        if told is None:
            return _NOBODY
        by: dict[str, list[Party]] = {}
        for party_type, party_no, how in told:
            party = (party_type, party_no)
            if how not in _TAUGHT or not owners or party in owners:
                by.setdefault(how, []).append(party)
        accounts = dict.fromkeys([*by.get("account", ()), *by.get("mapped_account", ())])
        words = ("number", "mandate", "name")
        names = words if accounts else (*words, "mapped_name", "mapped_text")
        agreed = [party for party in by.get("number", ()) if party in by.get("name", ())]
        sure = dict.fromkeys(agreed or (party for how in names for party in by.get(how, ())))
        close = by.get("close", [])
        mandates = set(by.get("mandate", ()))
        alike = set(close) - mandates - set(by.get("number", ()))
        only_alike = not sure and bool(close)
        return _Payers(list(accounts), list(sure) or close, mandates, alike, only_alike)

    def _limit(self, currency: str) -> tuple[Tolerance, int]:
        if currency not in self._limits:
            most = self.settings.amount_limit("tolerance", currency) or 0
            tolerance = Tolerance(most, int(self.settings.policy["tolerance_percent"]))
            charges = self.settings.amount_limit("bank_charge_limit", currency) or 0
            self._limits[currency] = (tolerance, charges)
        return self._limits[currency]

    def _open_batch(self, key: Hashable) -> list[Entry]:
        members = (self.bank[number] for number in self.batch[key])
        return [entry for entry in members if entry["remaining_amount"]]

    def take(self, target: str, number: int, amount: int) -> set[Hashable]:
        """Lower what remains of an entry or a bank entry; returns the keys of what changed."""
        if target == "bank_entry":
            return self._take_bank(number, amount)
        if target != "entry" or number not in self.entries:
            return set()
        entry = self.entries[number]
        entry["remaining_amount"] -= amount
        return {("party", (entry["party_type"], entry["party_no"]))}

    def _take_bank(self, number: int, amount: int) -> set[Hashable]:
        entry = self.bank[number]
        changed: set[Hashable] = {("bank_entry", number)}
        key = _batch_key(entry)
        members = self.batch.get(key, [])
        before = _amount_key(entry, entry["remaining_amount"])
        sum_before = self._batch_sum(members) if members else None
        entry["remaining_amount"] -= amount
        after = _amount_key(entry, entry["remaining_amount"])
        if number in self.bank_same.get(before, ()):
            self.bank_same[before].remove(number)
            if entry["remaining_amount"]:
                self.bank_same[after] = sorted([*self.bank_same[after], number])
        changed |= {("bank_amount", before), ("bank_amount", after)}
        if members and sum_before is not None:
            sum_after = self._batch_sum(members)
            self.batch_sums[sum_before].remove(key)
            self.batch_sums[sum_after] = sorted([*self.batch_sums[sum_after], key], key=str)
            changed |= {("bank_amount", sum_before), ("bank_amount", sum_after)}
        return changed


def _amount_key(row: dict[str, Any], amount: int) -> Hashable:
    return (row["bank_account_no"], row["currency"], amount)


def _batch_key(entry: Entry) -> Hashable:
    return (entry["bank_account_no"], entry["currency"], entry["batch_no"])


def _keys(parties: pl.DataFrame) -> set[Party]:
    return set(parties.select("party_type", "party_no").rows())


def _grouped(found: pl.DataFrame) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = defaultdict(list)
    for line, *rest in found.rows():
        groups[line].append(tuple(rest))
    return groups


def plain_text(text: str) -> str:
    """Letters and digits of ``text`` in upper case."""
    upper = text.upper()
    return upper if upper.isalnum() else "".join(filter(str.isalnum, upper))


def own_accounts(bank_accounts: pl.DataFrame) -> dict[str, str]:
    """Our bank account by each way in which its account is written."""
    own: dict[str, str] = {}
    for row in bank_accounts.sort("bank_account_no").to_dicts():
        for text in (row["iban"], *row["account_ids"]):
            for written in (text, text.split("/")[-1]):
                if len(plain_text(written)) >= 6:
                    own[plain_text(written)] = row["bank_account_no"]
    return own
