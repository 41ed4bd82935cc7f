"""`diplolocal bulletin`: the bulletin of a month at the terminal and as files."""

from pathlib import Path

import pytest
from tests.conftest import REPOSITORY, Run

from diplolocal import settings
from diplolocal.build import Build
from diplolocal.issuing import Form, issued
from diplolocal.not_found import ResourceNotFound
from diplolocal.settings import Settings
from diplolocal.wording import Language


@pytest.fixture
def read(real_build: Build, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings that name the real files and the build that was made of them."""
    monkeypatch.delenv("DIPLOLOCAL_PUBLIC_URL", raising=False)
    return settings.read(root=REPOSITORY, builds=real_build.folder.parent)


def text(read: Settings, month: str) -> str:
    [found] = issued(read, month, (Form.TEXT,), Language.EN)
    return found.body.decode()


def test_links_lead_to_what_does_not_move_unless_the_site_has_an_address(read: Settings) -> None:
    assert "\nhttps://w3id.org/diplolocal/id/action/2022-02-01\n" in text(read, "2022-02")
    public = read.model_copy(update={"public_url": "https://example.org/data/"})
    assert "\nhttps://example.org/data/en/doc/action/2022-02-01\n" in text(public, "2022-02")


def test_the_record_is_cited_with_the_version_of_the_data(
    read: Settings, real_build: Build
) -> None:
    assert f"Version {real_build.release}" in " ".join(text(read, "2021-09").split())


@pytest.mark.parametrize("month", ["2021-13", "september", "../2021-09"])
def test_what_is_no_month_is_refused(read: Settings, month: str) -> None:
    with pytest.raises(ResourceNotFound, match=month):
        issued(read, month, (Form.PDF,), Language.EN)


def test_the_command_writes_files_called_by_month_and_language(
    run: Run, real_build: Build, tmp_path: Path
) -> None:
    forms = ("--pdf", "--html", "--text", "--mail", "--lang", "es")
    real = ("--root", REPOSITORY, "--into", real_build.folder.parent)
    told = run("bulletin", "2021-09", *forms, *real)
    assert (told.code, told.err) == (0, "")
    names = [f"diplolocal-2021-09-es.{suffix}" for suffix in ("pdf", "html", "txt", "eml")]
    assert told.out.split() == names
    begins = [(tmp_path / name).read_bytes()[:9] for name in names]
    assert begins == [b"%PDF-1.7\n", b"<!doctype", "BOLETÍN ".encode(), b"Subject: "]
    terminal = run("bulletin", "2021-09", "--lang", "es", *real)
    assert terminal.out == (tmp_path / names[2]).read_text()


def test_the_command_says_that_a_month_is_not_in_the_graph_yet(
    run: Run, real_build: Build, tmp_path: Path
) -> None:
    real = ("--root", REPOSITORY, "--into", real_build.folder.parent)
    told = run("bulletin", "2021-08", "--pdf", *real)
    assert (told.code, told.out) == (2, "")
    assert "The bulletin of August 2021 is not in the graph yet." in told.err
    assert "The bulletins around it: July 2021, September 2021." in told.err
    assert list(tmp_path.glob("*.pdf")) == []


def test_several_forms_do_not_fit_into_one_file(run: Run) -> None:
    told = run("bulletin", "2021-09", "--pdf", "--text", "-o", "x")
    assert told.code == 2
    assert "One file cannot be several things" in " ".join(told.err.split())
