"""What validation found in the data of a build, as the build keeps it: `report.json`."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from diplolocal.findings import Finding, Report, Severity
from diplolocal.wording import Language


def written(report: Report, root: Path) -> str:
    """The report as a text; files are named as they are below `root`, the same on any machine."""
    findings = [_written(found, root) for found in report.findings]
    told = {"files": report.files, "quads": report.quads, "findings": findings}
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def read(text: str) -> Report:
    """The report that was written."""
    told = json.loads(text)
    return Report(tuple(map(_read, told["findings"])), files=told["files"], quads=told["quads"])


def _written(found: Finding, root: Path) -> Mapping[str, object]:
    file = found.file and found.file.relative_to(root).as_posix()
    return {**asdict(replace(found, file=None)), "file": file}


def _read(told: Mapping[str, Any]) -> Finding:
    texts = {
        name: {Language(tag): text for tag, text in told[name].items()}
        for name in ("labels", "messages")
    }
    file = Path(told["file"]) if told["file"] else None
    return Finding(**{**told, **texts, "severity": Severity(told["severity"]), "file": file})
