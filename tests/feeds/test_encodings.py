"""Bytes to text (B57) and what is no text of a bank at all (B60)."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile

import pytest

from pipeline import feeds

NAME = "Müller Señor Ødegård"
HEAD = ":20:T\n:25:DE16370501980000001000\n:28C:7/1\n:60F:C260101EUR100,00\n"
TAIL = ":62F:C260102EUR101,00\n-\n"
MT940 = f"{HEAD}:61:2601020102C1,00NTRFX\n:86:{NAME}\n{TAIL}"


def ofx(header: str, name: str = NAME) -> str:
    return (
        f"OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\n{header}\n\n<OFX><BANKMSGSRSV1><STMTTRNRS>"
        "<STMTRS><CURDEF>EUR\n<BANKACCTFROM><BANKID>37\n<ACCTID>1\n</BANKACCTFROM><BANKTRANLIST>\n"
        f"<STMTTRN>\n<TRNTYPE>CREDIT\n<DTPOSTED>20260401\n<TRNAMT>5.00\n<FITID>1\n<NAME>{name}\n"
        "</STMTTRN>\n</BANKTRANLIST><LEDGERBAL><BALAMT>5.00\n<DTASOF>20260402\n</LEDGERBAL>"
        "</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\n"
    )


def texts(data: bytes, fallback: str = "windows-1252") -> list[str]:
    result = feeds.parse(data, fallback)
    assert not result.refused
    return [text for s in result.statements for text in s.lines["text"].to_list()]


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "windows-1252", "latin-1", "utf-16", "utf-16-le", "utf-16-be"],
)
def test_b57_an_mt940_in_each_encoding_keeps_its_letters(encoding: str) -> None:
    assert texts(MT940.encode(encoding)) == [NAME]


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252", "latin-1", "utf-16"])
@pytest.mark.parametrize(
    "header",
    ["CHARSET:NONE", "CHARSET:1252", "CHARSET:ISO-8859-1", "CHARSET:UTF-8", "ENCODING:UNICODE"],
)
def test_b57_an_ofx_file_keeps_its_letters_whatever_it_declares(encoding: str, header: str) -> None:
    assert texts(ofx(header).encode(encoding)) == [NAME]


def test_b57_the_settings_name_the_code_page_of_older_banks() -> None:
    assert texts(MT940.replace(NAME, "Großmann").encode("cp850"), "cp850") == ["Großmann"]
    assert texts(ofx("CHARSET:932", "ﾃｽﾄ ﾃｽ").encode("cp932")) == ["ﾃｽﾄ ﾃｽ"]


def test_b57_two_banks_encodings_in_one_file_are_read_line_by_line() -> None:
    assert texts(MT940.encode("utf-8") + MT940.encode("windows-1252")) == [NAME, NAME]


def test_b57_bytes_that_no_encoding_knows_lose_no_line_and_no_other_letter() -> None:
    found = texts(MT940.encode("windows-1252").replace(b"M", b"\x81"))
    assert found == [NAME.replace("M", "\ufffd")]


@pytest.mark.parametrize(
    ("encoding", "named"),
    [("cp037", "EBCDIC"), ("cp500", "EBCDIC"), ("cp1140", "EBCDIC"), ("utf-32", "UTF-32")],
)
def test_b57_host_encodings_are_refused_by_name(encoding: str, named: str) -> None:
    for text in (MT940, ofx("CHARSET:NONE")):
        (refused,) = feeds.parse(text.encode(encoding)).refused
        assert (refused.reason, named in refused.detail) == ("encoding", True)


def _zip(name: str, data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(name, data)
    return buffer.getvalue()


def _tar(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        item = tarfile.TarInfo("statement.sta")
        item.size = len(data)
        archive.addfile(item, io.BytesIO(data))
    return buffer.getvalue()


BYTES = MT940.encode()
ARCHIVES = {
    "zip": _zip("a.sta", BYTES),
    "zip with a path": _zip("../../a.sta", BYTES),
    "zip in a zip": _zip("b.zip", _zip("a.sta", BYTES)),
    "zip bomb": _zip("bomb", gzip.compress(b"0" * 10_000_000)),
    "gzip": gzip.compress(BYTES),
    "gzip with a false size": gzip.compress(BYTES)[:-4] + b"\xff\xff\xff\x7f",
    "bzip2": bz2.compress(BYTES),
    "xz": lzma.compress(BYTES),
    "tar": _tar(BYTES),
    "7z": b"7z\xbc\xaf\x27\x1c" + BYTES,
}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "the file is empty; expected MT940, MT942 or OFX"),
        (b"\xef\xbb\xbf\r\n", "the file is empty"),
        (b"%PDF-1.7\n" + BYTES, "the file is a PDF; expected MT940, MT942 or OFX"),
        (
            b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">',
            "the file is camt.053 (ISO 20022); expected MT940",
        ),
        (b"Buchungstag;Betrag\n01.10.2026;5,00\n", "no field :20: and no <OFX>; expected"),
    ],
)
def test_what_people_bring_instead_of_a_bank_file_is_named(data: bytes, expected: str) -> None:
    result = feeds.parse(data)
    assert not result.statements
    (refused,) = result.refused
    assert refused.reason == "no_statement"
    assert refused.detail.startswith(expected)


@pytest.mark.parametrize("before", [b"", b" " * 5000])
def test_words_of_a_payer_and_blanks_before_it_make_no_other_file_of_a_statement(
    before: bytes,
) -> None:
    said = BYTES.replace(NAME.encode(), b"iso:20022:tech:xsd:camt.053")
    assert said != BYTES
    result = feeds.parse(before + said)
    assert (len(result.statements), result.refused) == (1, ())


@pytest.mark.parametrize("kind", ARCHIVES)
def test_b60_an_archive_is_refused_by_name_and_never_opened(kind: str) -> None:
    result = feeds.parse(ARCHIVES[kind])
    assert not result.statements
    (refused,) = result.refused
    assert refused.reason == "archive"
    assert f"a {kind.split()[0]} archive" in refused.detail
