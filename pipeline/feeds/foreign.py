"""What is no bank file: archives, PDF, camt and host encodings, told by their first bytes.

An archive is refused, never opened: its size says nothing about what comes out of it, and the
names in it are the sender's. A stored (uncompressed) one would even show its text between.
"""

import re

_ARCHIVES = {
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!\x1a\x07": "rar",
    b"\x28\xb5\x2f\xfd": "zstd",
}
_TAR = slice(257, 262)
_BANK = re.compile(r":20:|<OFX>|OFXHEADER")
_CAMT = re.compile(r"\biso:20022:\S*?\b((?:camt|pain)\.\d{3})")
_HEAD = 4000
_BLANK = b"\0\t\r\n\x1a \xef\xbb\xbf"
_SPOKEN = "expected MT940, MT942 or OFX"


def problem(data: bytes) -> tuple[str, str]:
    """Reason code and detail why ``data`` is not read at all; empty for what may be a bank file."""
    kinds = [kind for magic, kind in _ARCHIVES.items() if data.startswith(magic)]
    if data[_TAR] == b"ustar":
        kinds.append("tar")
    if kinds:
        return "archive", f"the file is a {kinds[0]} archive; expected the unpacked bank file"
    head = data[:_HEAD]
    if not (head.strip(_BLANK) or data.strip(_BLANK)):
        return "no_statement", f"the file is empty; {_SPOKEN}"
    if head.startswith(b"%PDF-"):
        return "no_statement", f"the file is a PDF; {_SPOKEN}: the bank has it as a download"
    said = head.decode("latin-1")
    if (camt := _CAMT.search(said)) and not _BANK.search(said):  # else a payer wrote it
        return "no_statement", f"the file is {camt[1]} (ISO 20022); {_SPOKEN}"
    if head.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "encoding", "the file is UTF-32; expected UTF-8, UTF-16 or a code page of 8 bits"
    if not _BANK.search(said) and _BANK.search(head.decode("cp037")):
        return "encoding", "the file is EBCDIC; expected UTF-8, UTF-16 or a code page of 8 bits"
    return "", ""
