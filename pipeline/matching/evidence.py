"""All that the texts, accounts and names of the lines say, found once for all lines, in bulk."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import polars as pl

from pipeline.matching import (
    bank_candidates,
    documents,
    mappings,
    names_in_text,
    near_numbers,
    own_numbers,
    payers,
)
from pipeline.matching.entry_keys import references
from pipeline.matching.open_items import OpenItems
from pipeline.matching.searches import Searches

_WHO = ["party_type", "party_no"]
_NUMBER = ["line_id", "document_no"]
_OF_NAMED = ["entry_id", *_WHO, "document_no", "amount", "discount_amount"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Frames by line; every one in a total order."""

    named: pl.DataFrame
    """``line_id, entry_id, exact``."""
    payers: pl.DataFrame
    """``line_id, party_type, party_no, how``."""
    in_text: pl.DataFrame
    """``line_id, party_type, party_no`` of documents named in full that another pays, whose name
    the text holds."""
    others: pl.DataFrame
    """``line_id, party_type, party_no`` of whole names in the text beside a known payer's own."""
    bank: pl.DataFrame
    """``line_id, bank_entry_id, batch``."""
    near: pl.DataFrame
    """``line_id, entry_id, token, kind`` of what damaged or shortened numbers may mean."""
    closed: pl.DataFrame
    """``line_id, party_type, party_no`` of closed documents that a line names in full."""
    unknown: pl.DataFrame
    """``line_id`` of lines that name a number of our series that no entry has, or a list."""
    mapped: pl.DataFrame
    """``mappings.ACCOUNT``: G/L accounts that people taught for the line."""
    payees: pl.DataFrame
    """``mappings.PAYEE``: vendors that people taught for money out."""
    parts: pl.DataFrame
    """``line_id, entry_id, stated_amount`` of lines that state the reference of a statement."""
    own: pl.DataFrame
    """``line_id`` of lines whose text holds an account of ours that is not the line's."""


def find(lines: pl.DataFrame, items: OpenItems, searches: Searches) -> Evidence:
    """What each of ``lines`` says about the books.

    Names and numbers are sought side by side: a column of very many texts keeps one core busy.
    """
    with ThreadPoolExecutor(1) as beside:
        names = beside.submit(searches.names, lines, items.parties)
        said, closed = documents.said(lines), items.closed
        keys, old_keys = (searches.keys(books, said.wanted) for books in (items.entries, closed))
        numbers = pl.concat([keys.documents, old_keys.documents])
        unknown = beside.submit(documents.unknown, said, numbers)
        called = references(items.references, said.wanted)
        past = documents.named(said, old_keys, called)
        hits = documents.named(said, keys, called)
        odd = unknown.result()
    known = names.result()
    taught = mappings.hits(lines, items.mappings, known.on_file)
    sure = _sure(lines, said.tokens, items, known, mappings.parties(taught))
    theirs = own_numbers.told(lines, sure)
    old = closed.select(_OF_NAMED).join(past, on="entry_id", how="semi")
    past = pl.concat(
        [past.filter("exact"), _paid_again(past.filter(~pl.col("exact")), old, lines, sure)]
    )
    hit = items.entries.select(_OF_NAMED).join(hits, on="entry_id", how="semi")
    past = own_numbers.without(past, old, theirs)
    hits = own_numbers.without(hits, hit, theirs, unless=own_numbers.is_paid())
    settled = _owners(past, old).sort("line_id", *_WHO)
    parts = _parts(lines, items)
    named = _with_parts(_of_one_party(hits, hit, settled), parts, items)
    full = named.filter("exact").select("line_id", "entry_id").join(hit, on="entry_id")
    written = pl.concat([full.select(_NUMBER), past.join(old, on="entry_id").select(_NUMBER)])
    told = pl.concat([full.select("line_id"), settled.select("line_id")])
    owners = full.select("line_id", *_WHO).unique()
    who = _payers(lines, items, owners, told, known, sure, searches)
    return Evidence(
        named=named,
        payers=who,
        in_text=payers.named_in_text(lines, _not_the_payer(owners, who), items.parties),
        others=_others(lines, told, who, searches),
        bank=bank_candidates.named(lines, said.tokens, items.bank_entries),
        near=near_numbers.near(lines, said.tokens, who, full, items.entries, closed),
        closed=settled,
        mapped=mappings.accounts(taught),
        payees=mappings.payees(taught),
        parts=parts,
        unknown=pl.concat([odd, documents.lists(lines, written)]).unique().sort("line_id"),
        own=bank_candidates.own_accounts_in_text(lines, items.bank_accounts),
    )


def _paid_again(
    bare: pl.DataFrame, old: pl.DataFrame, lines: pl.DataFrame, sure: pl.DataFrame
) -> pl.DataFrame:
    """Those of ``bare`` hits on closed documents that are the payer's, and whose amount is paid.

    Digits alone may be anything; with the amount of the document it is the same payment again.
    """
    paid = lines.select("line_id", pl.col("amount").alias("paid"))
    whose = sure.select("line_id", *_WHO).unique()
    own = bare.join(old, on="entry_id").join(whose, on=["line_id", *_WHO], how="semi")
    return own.join(paid, on="line_id").filter(own_numbers.is_paid()).select(bare.columns)


def _parts(lines: pl.DataFrame, items: OpenItems) -> pl.DataFrame:
    stated = lines.select("line_id", "payment_reference").join(items.parts, on="payment_reference")
    return stated.select("line_id", "entry_id", "stated_amount").sort("line_id", "entry_id")


def _with_parts(named: pl.DataFrame, parts: pl.DataFrame, items: OpenItems) -> pl.DataFrame:
    """``named`` and the open entries that a reference stands for, which names them in full."""
    own = parts.join(items.entries, on="entry_id", how="semi")
    full = own.select("line_id", "entry_id", pl.lit(True).alias("exact"))
    both = pl.concat([named, full]).group_by("line_id", "entry_id").agg(pl.col("exact").max())
    return both.sort("line_id", "entry_id")


def _of_one_party(named: pl.DataFrame, hit: pl.DataFrame, settled: pl.DataFrame) -> pl.DataFrame:
    """Without bare digits of parties other than those that the line names in full.

    ``hit`` are the entries that are named. Those of which nothing remains count too
    (``settled``): what a line says stays what it is.
    """
    owned = named.join(hit.select("entry_id", *_WHO), on="entry_id")
    full = owned.filter("exact")
    told = pl.concat([full.select("line_id", *_WHO), settled]).unique()
    bare = owned.filter(~pl.col("exact"))
    beside = bare.join(told, on=["line_id", *_WHO], how="semi")
    alone = bare.join(told, on=["line_id", "party_type"], how="anti")
    kept = pl.concat([full, beside, alone]).select("line_id", "entry_id", "exact")
    return kept.sort("line_id", "entry_id")


def _sure(
    lines: pl.DataFrame,
    found: pl.DataFrame,
    items: OpenItems,
    names: payers.Names,
    taught: pl.DataFrame,
) -> pl.DataFrame:
    """Payers by keys: account, number, mandate, equal name, and what people taught."""
    return pl.concat(
        [
            payers.accounts(lines, items.parties),
            payers.numbers(found, items.parties),
            payers.mandates(lines, items.entries),
            _of_lines(lines, names.equal),
            taught,
        ]
    )


def _payers(
    lines: pl.DataFrame,
    items: OpenItems,
    owners: pl.DataFrame,
    told: pl.DataFrame,
    names: payers.Names,
    sure: pl.DataFrame,
    searches: Searches,
) -> pl.DataFrame:
    """A search among like names only for lines that nothing else tells of.

    ``owners``: ``line_id`` and parties of the open documents that a line names in full; ``told``:
    lines that name one in full, open or closed; ``sure``: what keys tell.
    """
    parties = items.parties
    asked, known = names.asked, names.on_file
    pairs = owners.join(sure, on=["line_id", *_WHO], how="anti")
    silent = lines.join(pl.concat([sure.select("line_id"), told]), on="line_id", how="anti")
    rest = asked.join(silent, left_on="written", right_on="counterparty_name", how="semi")
    like = _of_lines(silent, searches.damaged(rest))
    untold = names_in_text.silent(lines)
    own = payers.named_in_text(untold, pairs.join(untold, on="line_id", how="semi"), parties)
    untold = untold.join(told, on="line_id", how="anti")
    said = [
        searches.in_text(untold),
        names_in_text.accounts(untold, parties),
        own.with_columns(pl.lit("close").alias("how")),
    ]
    every = pl.concat([sure, payers.like_named(_named_by(lines, asked, pairs), known), like, *said])
    return every.unique().sort(payers.PAYER)


def _others(
    lines: pl.DataFrame, told: pl.DataFrame, who: pl.DataFrame, searches: Searches
) -> pl.DataFrame:
    """Parties that a text names where another pays and only the amount says what: for whom is it?

    ``told`` are the lines that name a document in full.
    """
    by_amount = lines.filter(pl.col("text") != "").join(told, on="line_id", how="anti")
    by_amount = by_amount.join(who, on="line_id", how="semi")
    found = searches.in_text(by_amount).select("line_id", *_WHO)
    return found.join(who, on=["line_id", *_WHO], how="anti").sort("line_id", *_WHO)


def _not_the_payer(owners: pl.DataFrame, who: pl.DataFrame) -> pl.DataFrame:
    """Those of ``owners`` of documents in full whose line is known to be of another party."""
    sure = who.filter(~pl.col("how").is_in(["close", *mappings.HOW.values()]))
    account = sure.filter(pl.col("how") == "account")
    known = pl.concat([account, sure.join(account, on="line_id", how="anti")])
    owners = owners.join(known, on="line_id", how="semi")
    return owners.join(known, on=["line_id", *_WHO], how="anti")


def _owners(full: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
    """``line_id, party_type, party_no`` of the entries in ``full``."""
    owners = entries.select("entry_id", *_WHO)
    return full.join(owners, on="entry_id").select("line_id", *_WHO).unique()


def _named_by(lines: pl.DataFrame, asked: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """``pairs`` (``line_id`` and parties) with the ``key`` of the name that the line gives."""
    given = lines.select("line_id", pl.col("counterparty_name").alias("written"))
    return pairs.join(given, on="line_id").join(asked.select("written", "key"), on="written")


def _of_lines(lines: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    given = lines.select("line_id", "counterparty_name")
    return given.join(names, left_on="counterparty_name", right_on="written").select(payers.PAYER)
