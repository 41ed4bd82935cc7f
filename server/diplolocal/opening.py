"""What a command works on: the folder with the files, the build of them, the store to ask."""

from importlib.resources import files
from pathlib import Path

from diplolocal import constraints, kept, resources, union
from diplolocal.build import Build, before, build, open_build
from diplolocal.database import database, history_database
from diplolocal.dataset import ROOMS, Dataset, Kind, find, together
from diplolocal.dumping import Dump, dumps
from diplolocal.embedded import EmbeddedStore
from diplolocal.errors import NotPublished
from diplolocal.exchange import Login
from diplolocal.guarded import GuardedStore
from diplolocal.history import Change
from diplolocal.publish import Target, publish
from diplolocal.releasing import Plan, release
from diplolocal.remote import RemoteStore
from diplolocal.search import Index
from diplolocal.search_index import index
from diplolocal.settings import Settings
from diplolocal.store import Limits, Store
from diplolocal.terminal import shown_progress
from diplolocal.web.parts import Allowance, Parts, Watched
from diplolocal.wording import Language, Message, message, number


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
        return union.over(RemoteStore(read.endpoint, seconds=read.endpoint_seconds)), None
    made = made_build(find(root_of(read)), read, language)
    return EmbeddedStore.open(kept_on_disk(made, language)), made


def made_build(dataset: Dataset, read: Settings, language: Language) -> Build:
    """The build of the data set, made if missing, with a bar for whoever waits."""
    with shown_progress(language) as progress:
        kept_in = read.builds / kept.FOLDER
        return build(dataset, read.builds, kept_in=kept_in, progress=progress)


def kept_on_disk(made: Build, language: Language) -> Path:
    """The database of a build, made if missing, with a bar for whoever waits."""
    with shown_progress(language) as progress:
        return database(made, progress=progress)


def dumped(made: Build, language: Language) -> tuple[Dump, ...]:
    """The dumps of a build, made if missing, with a bar for whoever waits."""
    folder = kept_on_disk(made, language)
    with shown_progress(language) as progress:
        return dumps(made, folder, progress=progress)


def indexed(made: Build, language: Language) -> Path:
    """The file for a search in a build, made if missing."""
    return index(made, kept_on_disk(made, language))


def earlier(against: Path | None, made: Build | None) -> tuple[str, Store] | None:
    """Version and store of the build to compare with: the one in the folder named, else the newest
    other one beside the build; None where there is none.
    """
    if against is None and made is None:
        return None
    found = open_build(against) if against else made and before(made)
    return (found.version, EmbeddedStore.load(found.store)) if found else None


def limits_of(read: Settings) -> Limits:
    """What a stranger's query may take."""
    return Limits(
        seconds=read.query_seconds,
        service_seconds=read.service_seconds,
        memory_bytes=read.query_memory_bytes,
        answer_bytes=read.answer_bytes,
        answer_rows=read.answer_rows,
    )


def guarded(read: Settings, made: Build) -> GuardedStore:
    """The store for strangers' queries, over a build whose database is there."""
    return GuardedStore(
        database(made),
        limits_of(read),
        services=read.services,
        workers=read.query_workers,
        waiting=read.query_waiting,
    )


def limited(read: Settings, store: Store) -> Store:
    """The store for strangers' queries, over the same endpoint as the one for ours."""
    assert read.endpoint is not None
    remote = RemoteStore(read.endpoint, seconds=read.endpoint_seconds, limits=limits_of(read))
    return union.UnionStore(remote) if isinstance(store, union.UnionStore) else remote


def published(read: Settings, language: Language) -> Message:
    """What was published: the build of the data set, made if missing, into somebody's store."""
    if not (read.endpoint and read.update_endpoint):
        raise NotPublished(
            message(
                "Say where to publish: --endpoint URL is asked, --update-endpoint URL is changed."
            )
        )
    made = made_build(find(root_of(read)), read, language)
    password = read.update_password.get_secret_value() if read.update_password else ""
    target = Target(
        RemoteStore(read.endpoint, seconds=read.endpoint_seconds),
        read.update_endpoint,
        Login(read.update_user, password) if read.update_user else None,
    )
    with shown_progress(language) as progress:
        done = publish(made, target, progress=progress)
    return message(
        "{version} is published: {statements} statements in {graphs} graphs; graphs removed:"
        " {removed}.",
        version=made.version,
        statements=number(done.statements, language),
        graphs=number(done.graphs, language),
        removed=number(done.removed, language),
    )


def released(read: Settings, plan: Plan, language: Language) -> Message:
    """What was released: the data set as it is."""
    dataset = find(root_of(read))
    with shown_progress(language) as progress:
        done = release(dataset, plan, kept_in=read.builds / kept.FOLDER, progress=progress)
    return message(
        "{version} is released: created {created}, updated {updated}, deleted {deleted}. Commit"
        " data/releases/ and CITATION.cff, and tag the commit: git tag v{version}",
        version=plan.version,
        created=number(done[Change.CREATED], language),
        updated=number(done[Change.UPDATED], language),
        deleted=number(done[Change.DELETED], language),
    )


def history_of(made: Build, language: Language) -> Store:
    """The versions of all things, from the records of the build's releases."""
    with shown_progress(language) as progress:
        return EmbeddedStore.open(history_database(made, progress=progress))


def parts_of(
    read: Settings, store: Store, made: Build | None, *, history: Store | None, address: str
) -> Parts:
    """What the site is made of, over a store and, unless somebody's endpoint answers, its build.
    `history` has the versions of all things; `address` is where it listens, and what the world is
    told unless it is told another.
    """
    if made:
        context, shapes = made.context, made.shapes.read_text(encoding="utf-8")
    else:
        dataset = find(root_of(read))
        context, shapes = dataset.context, together(dataset.of(Kind.SHAPES))
    return Parts(
        store=store,
        public=guarded(read, made) if made else limited(read, store),
        limits=limits_of(read),
        version=made.version if made else None,
        context=context.read_bytes(),
        shapes=constraints.opened(shapes),
        prefixes=resources.prefixes(store),
        public_url=(read.public_url or address).rstrip("/"),
        query_bytes=read.query_bytes,
        search=Index.open(index(made, database(made))) if made else Index.over(store),
        address_bytes=read.address_bytes,
        services=read.services if made else (),
        counts=made.counts if made else {},
        dump=made.store if made else None,
        release=made.release if made else None,
        history=history,
        dumps=dumps(made, database(made)) if made else (),
        cache_bytes=read.cache_bytes,
        allowance=Allowance(read.rate_seconds, read.rate_parallel, read.rate_loopback),
        reports=read.reports,
        report=made.report if made else None,
        watched=Watched(read.metrics, read.access_log, read.log_queries),
        proxies=tuple(map(str, read.proxies)),
        workers=read.query_workers if made else 0,
        waiting=read.query_waiting if made else 0,
    )
