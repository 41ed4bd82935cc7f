"""What was found is kept, so that only what has changed is looked at again.

A folder holds one file for each engine: what was found, by the key of what it depends on. Only what
was used last is in it, so it does not grow. Whatever is wrong with it, it is as good as none.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from diplolocal.findings import Finding, Severity
from diplolocal.wording import Language

FOLDER = ".reports"
"""Its name, below the folder of builds."""

Kept = Mapping[str, Sequence[Finding]]
"""What was found, by key."""


def recall(folder: Path, name: str) -> Kept:
    """What was kept; nothing where there is none, or where it is not as it was written."""
    try:
        digest, _, text = (folder / f"{name}.json").read_bytes().partition(b"\n")
        if hashlib.sha256(text).hexdigest().encode() != digest:
            return {}
        return {key: [_read(each) for each in found] for key, found in json.loads(text).items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def keep(folder: Path, name: str, found: Kept) -> None:
    """Keep what was found and nothing else; where it cannot be written, nothing is kept."""
    text = json.dumps(
        {key: [asdict(each) for each in findings] for key, findings in found.items()},
        ensure_ascii=False,
    ).encode()
    unfinished = folder / f"{name}.unfinished"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(hashlib.sha256(text).hexdigest().encode() + b"\n" + text)
        unfinished.replace(folder / f"{name}.json")
    except OSError:
        return


def _read(written: Mapping[str, Any]) -> Finding:
    messages = {Language(tag): text for tag, text in written["messages"].items()}
    severity = Severity(written["severity"])
    return Finding(**{**written, "severity": severity, "messages": messages})
