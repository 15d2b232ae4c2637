"""Field :86: with slash codes: ``/EREF/x/NAME/y/REMI/z`` (ING, ABN AMRO, Rabobank, Swiss banks).

Source: SWIFT usage for SEPA in field 86, Dutch bank layouts.
"""

import re

Texts = dict[str, str]

_CODES = (
    "EREF|KREF|MARF|MREF|CSID|CRED|NAME|REMI|CNTP|BENM|ORDP|IBAN|BBAN|BIC|TRCD|CHGS|OCMT|RTRN|PREF"
    "|ADDR|PURP|ULTD|ULTC|ULTB|ID|USTD|STRD|ACCW|INIT|EXCH|FULL|TRTP|ORDE|UDTR|UCRD|PERS|SVCL"
    "|OM1T|CREF|ISDT|BUSP|CDTRREF|CDTRREFTP|RREF"
)
_SLASH = re.compile(rf"/({_CODES})(?=/)")


def read(raw: str) -> Texts | None:
    """The texts of a field with slash codes, or None where it has none."""
    if "/" not in raw:
        return None
    joined = raw.replace("\n", "")
    parts = _SLASH.split(joined)
    if len(parts) < 3:
        return None
    found: Texts = {}
    for index in range(1, len(parts) - 1, 2):
        found.setdefault(parts[index], parts[index + 1].lstrip("/").rstrip("/ "))
    account, name = _counterparty(found)
    remittance = found.get("REMI", found.get("USTD", ""))
    remittance = re.sub(r"^(USTD|STRD)/+", "", remittance).strip("/")
    stated = re.sub(r"^(CUR|ISO)/+", "", found.get("STRD", ""))
    structured = stated + " " + remittance.replace("/", " ")
    return {
        "text": remittance or found.get("USTD", "") or stated or parts[0].strip("/ "),
        "reference_text": " ".join(structured.split()),
        "counterparty_name": name,
        "counterparty_account": account,
        "end_to_end_id": found.get("EREF", ""),
        "mandate_id": found.get("MARF", found.get("MREF", "")),
        "creditor_id": found.get("CSID", found.get("CRED", "")),
        "charges": found.get("CHGS", ""),
        "original": found.get("OCMT", ""),
    }


def _counterparty(found: Texts) -> tuple[str, str]:
    """Account and name; /CNTP/ is account/bic/name/city, /ORDP/ and /BENM/ wrap other codes."""
    account = found.get("IBAN", "") or found.get("BBAN", "")
    name = found.get("NAME", "")
    if "CNTP" in found:
        cells = [*found["CNTP"].split("/"), "", "", ""]
        account, name = account or cells[0], name or cells[2]
    if not name:
        name = found.get("ORDP", "") or found.get("BENM", "")
    return account.strip("/ ").split("/")[0], name.strip("/")
