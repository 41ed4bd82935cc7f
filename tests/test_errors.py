"""The tree of errors: drawn as it is, and each with its status on the web and its exit code."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TypeVar

from diplolocal import bad_requests, errors, not_found, store_errors
from diplolocal.cli import EXIT
from diplolocal.web.problems import STATUS

Errors = type[errors.DiploLocalError]
Value = TypeVar("Value")

ENDINGS = {
    "DiploLocalError": (500, 2),
    "SourceError": (500, 2),
    "SourcesUnreadable": (500, 2),
    "FilesLeft": (500, 2),
    "NotStyled": (500, 1),
    "NotConforming": (500, 1),
    "BuildError": (500, 2),
    "NotReleased": (500, 2),
    "NotPublished": (500, 2),
    "SettingRefused": (500, 2),
    "AddressTaken": (500, 2),
    "ResourceNotFound": (404, 2),
    "NotInGraphYet": (404, 2),
    "Withdrawn": (410, 2),
    "ReleaseNotFound": (404, 2),
    "NotThereThen": (404, 2),
    "FileNotThere": (404, 2),
    "ExampleNotFound": (404, 2),
    "HistoryNotKept": (404, 2),
    "DumpNotFound": (404, 2),
    "NotAcceptable": (406, 2),
    "BadRequest": (400, 2),
    "MethodRefused": (405, 2),
    "UnsupportedMediaType": (415, 2),
    "RequestTooLarge": (413, 2),
    "CursorExpired": (410, 2),
    "AddressTooLong": (414, 2),
    "RangeNotSatisfiable": (416, 2),
    "StoreError": (500, 3),
    "QueryRefused": (403, 3),
    "QuerySyntaxError": (400, 3),
    "AnswerTooLarge": (403, 3),
    "QueryTimeout": (503, 3),
    "QueryTooCostly": (503, 3),
    "StoreBusy": (503, 3),
    "NobodyWaits": (503, 3),
    "StoreUnavailable": (502, 3),
    "NotReady": (503, 3),
    "TooMuchAsked": (429, 3),
    "AllowanceSpent": (429, 3),
    "TooManyAtOnce": (429, 3),
    "ServiceUnavailable": (502, 3),
}
"""The status and the exit code of every error; 500 is for those that no request can cause, and for
StoreError, which is only raised as one of its kinds."""


def test_the_tree_in_the_docstring_is_the_tree_of_classes() -> None:
    assert sorted(drawn_tree()) == sorted(tree(errors.DiploLocalError))


def test_every_error_has_a_status_and_an_exit_code() -> None:
    found = {
        error.__name__: (of(STATUS, error)[0], of(EXIT, error))
        for _, error in walk(errors.DiploLocalError)
    }
    assert found == ENDINGS


def test_every_error_in_its_module_belongs_to_the_tree() -> None:
    rooms = (errors, bad_requests, not_found, store_errors)
    defined = {
        name
        for room in rooms
        for name, value in vars(room).items()
        if isinstance(value, type) and issubclass(value, Exception)
    }
    assert defined == set(ENDINGS)


def tree(root: Errors) -> Iterator[tuple[str, str]]:
    """Each class below the root, with its parent, as they are defined."""
    for parent, error in walk(root):
        if parent:
            yield parent, error.__name__


def walk(error: Errors, parent: str = "") -> Iterator[tuple[str, Errors]]:
    yield parent, error
    for below in error.__subclasses__():
        yield from walk(below, error.__name__)


def drawn_tree() -> Iterator[tuple[str, str]]:
    """Each class of the drawing but the root, with its parent, from the indentation."""
    assert errors.__doc__ is not None
    drawing = [line for line in errors.__doc__.splitlines() if "DiploLocalError" in line]
    drawing += [line for line in errors.__doc__.splitlines() if "── " in line]
    above: dict[int, str] = {}
    places = [(len(line) - len(line.lstrip(" │├└─")), line) for line in drawing]
    assert all(after - before in (-4, 0, 4) for (before, _), (after, _) in pairwise(places))
    for indent, line in places:
        name = line.strip(" │├└─").split()[0]
        above[indent] = name
        if indent > 4:
            yield above[indent - 4], name


def of(table: Mapping[Errors, Value], error: Errors) -> Value:
    """What a table has for an error, or else for the nearest of its parents."""
    return next(table[cls] for cls in error.__mro__ if cls in table)
