"""What a command works on: the folder with the files, the build of them, the store to ask."""

from importlib.resources import files
from pathlib import Path

from diplolocal import kept
from diplolocal.build import Build, before, build, open_build
from diplolocal.dataset import ROOMS, Dataset, find
from diplolocal.embedded import EmbeddedStore
from diplolocal.settings import Settings
from diplolocal.store import Store
from diplolocal.terminal import shown_progress
from diplolocal.wording import Language


def root_of(read: Settings) -> Path:
    """The folder asked for, else the current one where it holds a data set, else what was installed
    with the program.
    """
    here, installed = Path(), Path(str(files("diplolocal") / "knowledge"))
    if read.root:
        return read.root
    if not any((here / room).is_dir() for room in ROOMS) and installed.is_dir():
        return installed
    return here


def opened(read: Settings, language: Language) -> tuple[Store, Build | None]:
    """The store to ask: somebody's endpoint, or the build of the data set, made if missing."""
    if read.endpoint:
        from diplolocal.remote import RemoteStore

        return RemoteStore(read.endpoint, seconds=read.endpoint_seconds), None
    made = made_build(find(root_of(read)), read, language)
    return EmbeddedStore.load(made.store), made


def made_build(dataset: Dataset, read: Settings, language: Language) -> Build:
    """The build of the data set, made if missing, with a bar for whoever waits."""
    with shown_progress(language) as progress:
        kept_in = read.builds / kept.FOLDER
        return build(dataset, read.builds, kept_in=kept_in, progress=progress)


def earlier(against: Path | None, made: Build | None) -> tuple[str, Store] | None:
    """Version and store of the build to compare with: the one in the folder named, else the newest
    other one beside the build; None where there is none.
    """
    if against is None and made is None:
        return None
    found = open_build(against) if against else made and before(made)
    return (found.version, EmbeddedStore.load(found.store)) if found else None
