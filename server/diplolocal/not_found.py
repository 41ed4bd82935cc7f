"""What is not there: the errors of ResourceNotFound, drawn in the tree of `errors.py`."""

from collections.abc import Sequence

from diplolocal.errors import DiploLocalError
from diplolocal.wording import Dated, message


class ResourceNotFound(DiploLocalError):
    """Nothing is said of this IRI or name."""

    def __init__(self, iri: str) -> None:
        super().__init__(
            message(
                "Nothing in this graph is called {name}. Look for it on the home page or with a"
                " query.",
                name=iri,
            )
        )
        self.iri = iri


class NotInGraphYet(ResourceNotFound):
    """The bulletin of a month, not before the first one, is not here; `nearest` has the months and
    the IRIs of the bulletins around it.
    """

    def __init__(self, iri: str, month: str, nearest: Sequence[tuple[str, str]]) -> None:
        DiploLocalError.__init__(
            self,
            message(
                "The bulletin of {month} is not in the graph yet. That does not mean that nothing"
                " happened.",
                month=Dated(month),
            ),
        )
        self.iri = iri
        self.month = month
        self.nearest = tuple(nearest)


class Withdrawn(ResourceNotFound):
    """What was published under this IRI was withdrawn; its tombstone has the reason."""

    def __init__(self, iri: str, reason: str) -> None:
        DiploLocalError.__init__(
            self, message("{name} was withdrawn: {reason}", name=iri, reason=reason)
        )
        self.iri = iri


class ReleaseNotFound(ResourceNotFound):
    """There is no release of this version number; `offered` are those that there are."""

    def __init__(self, number: str, offered: Sequence[str]) -> None:
        if offered:
            sentence = message(
                "There is no release {version}. There is: {offered}.",
                version=number,
                offered=", ".join(offered),
            )
        else:
            sentence = message("There is no release {version}, and none at all.", version=number)
        DiploLocalError.__init__(self, sentence)
        self.iri = number
        self.offered = tuple(offered)


class HistoryNotKept(ResourceNotFound):
    """What changed is not known here: an endpoint of somebody answers, without a history."""

    def __init__(self) -> None:
        DiploLocalError.__init__(
            self,
            message(
                "What changed is not known here: the data come from another SPARQL endpoint, which"
                " keeps no history. Ask a site that serves a build of its own."
            ),
        )
        self.iri = ""


class NotThereThen(ResourceNotFound):
    """A thing was not there yet in a release; `offered` are the releases that have it."""

    def __init__(self, iri: str, number: str, offered: Sequence[str]) -> None:
        DiploLocalError.__init__(
            self,
            message(
                "{name} was not there in release {version}. It is in: {offered}.",
                name=iri,
                version=number,
                offered=", ".join(offered),
            ),
        )
        self.iri = iri
        self.offered = tuple(offered)


class FileNotThere(ResourceNotFound):
    """There is no such file beside others of its kind; `offered` are those."""

    def __init__(self, path: str, offered: Sequence[str]) -> None:
        DiploLocalError.__init__(
            self,
            message(
                "There is no {name} here. There is: {offered}.",
                name=path,
                offered=", ".join(offered),
            ),
        )
        self.iri = path
        self.offered = tuple(offered)


class ExampleNotFound(ResourceNotFound):
    """No example query is called so; `alike` are the names of some that are."""

    def __init__(self, slug: str, alike: Sequence[str]) -> None:
        unknown = message("There is no example query {name}.", name=slug)
        if alike:
            sentence = message(
                "{unknown} Perhaps you mean: {alike}. All of them: /queries.",
                unknown=unknown,
                alike=", ".join(alike),
            )
        else:
            sentence = message("{unknown} All of them: /queries.", unknown=unknown)
        DiploLocalError.__init__(self, sentence)
        self.iri = slug
        self.alike = tuple(alike)


class DumpNotFound(ResourceNotFound):
    """No file among the dumps is called so."""

    def __init__(self, name: str) -> None:
        DiploLocalError.__init__(
            self,
            message(
                "There is no file {name} among the dumps of this version. All of them are listed at"
                " /dumps.",
                name=name,
            ),
        )
        self.iri = name
