"""What was found is kept whole or not at all, and nothing that is no longer used is kept."""

import hashlib
from pathlib import Path

import pytest

from diplolocal.findings import Finding, Severity
from diplolocal.kept import keep, recall
from diplolocal.wording import Language

FOUND = {
    "a" * 64: [
        Finding(
            Severity.WARNING,
            rule="http://e.org/rule",
            node="http://e.org/node",
            labels={},
            messages={Language.ES: "Está mal: «ñ».", Language.EN: 'It is wrong: "\n".'},
            path="http://e.org/path",
            value='"ñ"@es',
        ),
        Finding(Severity.VIOLATION, rule="", node="_:b", labels={}, messages={}),
    ],
    "b" * 64: [],
}


def test_what_is_kept_is_recalled(tmp_path: Path) -> None:
    keep(tmp_path / "made" / "for it", "rudof", FOUND)
    assert recall(tmp_path / "made" / "for it", "rudof") == FOUND


def test_each_engine_has_its_own(tmp_path: Path) -> None:
    keep(tmp_path, "rudof", FOUND)
    keep(tmp_path, "pyshacl", {"c": []})
    assert recall(tmp_path, "rudof") == FOUND
    assert recall(tmp_path, "pyshacl") == {"c": []}


def test_what_is_not_used_any_more_is_not_kept(tmp_path: Path) -> None:
    for number in range(20):
        keep(tmp_path, "rudof", {f"{number}": FOUND["a" * 64]})
    assert set(recall(tmp_path, "rudof")) == {"19"}
    assert [path.name for path in tmp_path.iterdir()] == ["rudof.json"]


def test_where_nothing_was_kept_nothing_is_recalled(tmp_path: Path) -> None:
    assert recall(tmp_path, "rudof") == {}
    assert recall(tmp_path / "nowhere", "rudof") == {}


@pytest.mark.parametrize("place", [0, 70, 200, -2])
def test_a_file_with_another_byte_is_as_good_as_none(tmp_path: Path, place: int) -> None:
    keep(tmp_path, "rudof", FOUND)
    path = tmp_path / "rudof.json"
    written = bytearray(path.read_bytes())
    written[place] ^= 1
    path.write_bytes(written)
    assert recall(tmp_path, "rudof") == {}


@pytest.mark.parametrize("length", [0, 10, 64, 65, 300])
def test_half_a_file_is_as_good_as_none(tmp_path: Path, length: int) -> None:
    keep(tmp_path, "rudof", FOUND)
    path = tmp_path / "rudof.json"
    path.write_bytes(path.read_bytes()[:length])
    assert recall(tmp_path, "rudof") == {}


@pytest.mark.parametrize("text", ["[]", "7", '{"a": 7}', '{"a": [{}]}', '{"a": [[]]}', "{"])
def test_a_file_of_another_form_is_as_good_as_none(tmp_path: Path, text: str) -> None:
    digest = hashlib.sha256(text.encode()).hexdigest()
    (tmp_path / "rudof.json").write_text(f"{digest}\n{text}")
    assert recall(tmp_path, "rudof") == {}


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    keep(tmp_path / "file", "rudof", FOUND)
    assert recall(tmp_path / "file", "rudof") == {}
    assert (tmp_path / "file").read_text() == "mine"
