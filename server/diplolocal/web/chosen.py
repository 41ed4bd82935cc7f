"""An example query with the values that an address sets for its parameters."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from pyoxigraph import Literal, NamedNode

from diplolocal import examples, federation, iris, parameters
from diplolocal.bad_requests import BadRequest
from diplolocal.examples import Example
from diplolocal.parameters import Parameter
from diplolocal.resources import Names
from diplolocal.store import Query, Store
from diplolocal.web import asked
from diplolocal.web.responses import Visit
from diplolocal.wording import message

_LANGUAGE = "language"
"""The parameter for the language of labels: on a page it begins with the page's own."""

_examples: WeakKeyDictionary[Store, Mapping[str, Example]] = WeakKeyDictionary()
_choices: WeakKeyDictionary[Store, dict[str, Names]] = WeakKeyDictionary()
"""What was read of stores over a build, which never changes."""


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, what there is to choose from if it is a thing, and what was chosen."""

    parameter: Parameter
    choices: Names
    value: NamedNode | Literal


@dataclass(frozen=True, slots=True)
class Chosen:
    """An example and what was chosen for each of its parameters; `query` asks it with that,
    `values` are how an address says it.
    """

    example: Example
    fields: tuple[Field, ...]
    query: Query
    values: Mapping[str, str]

    @property
    def federated(self) -> bool:
        """Whether the query asks other endpoints (SPARQL 1.1 Federated Query)."""
        return federation.calls(self.query)

    def path(self, ending: str = "", **more: str) -> str:
        """The path of the example with these values: of the page, or of what the ending names."""
        encoded = urlencode({**self.values, **more}, safe=":/")
        return iris.path_of(self.example.iri) + ending + (f"?{encoded}" if encoded else "")


def all_examples(visit: Visit) -> Mapping[str, Example]:
    """The examples, read once of a build and each time of an endpoint, which may change."""
    store = visit.parts.store
    if visit.parts.version is None:
        return examples.read(store)
    if store not in _examples:
        _examples[store] = examples.read(store)
    return _examples[store]


def choose(
    visit: Visit, example: Example, *, also: tuple[str, ...] = (), on_page: bool = False
) -> Chosen:
    """The example with the values of the address, and those to begin with for all others; `also`
    names what an address may have besides. A page begins with labels in its own language.

    Raises BadRequest for a value that does not fit and for a parameter that the query does not
    have.
    """
    given = _given(visit, example, also)
    if on_page:
        given = {_LANGUAGE: visit.content.value, **given}
    fields = tuple(_field(visit, parameter, given) for parameter in example.parameters)
    set_anew = {
        field.parameter.name: field.value
        for field in fields
        if field.value != field.parameter.default
    }
    values = {
        name: iris.shorten(value.value, visit.parts.prefixes)
        if isinstance(value, NamedNode)
        else value.value
        for name, value in set_anew.items()
    }
    return Chosen(example, fields, Query(examples.bound(example, set_anew)), values)


def _given(visit: Visit, example: Example, also: tuple[str, ...]) -> Mapping[str, str]:
    """What the address sets. An empty field of a form sets nothing."""
    known = [parameter.name for parameter in example.parameters]
    given = asked.parameters(visit.request.url.query)
    for name, count in Counter(name for name, _ in given).items():
        if name not in (*known, "lang", *also):
            raise BadRequest(
                message(
                    "The query {query} has no parameter {name}. It has: {known}.",
                    query=example.slug,
                    name=name,
                    known=", ".join(known) or "–",
                )
            )
        if count > 1:
            raise BadRequest(
                message("The parameter {name} is given more than once. Give it once.", name=name)
            )
    return {name: value for name, value in given if value.strip()}


def _field(visit: Visit, parameter: Parameter, given: Mapping[str, str]) -> Field:
    offered = _offered(visit, parameter) if parameter.of_class else {}
    if parameter.name in given:
        value = parameters.value(parameter, given[parameter.name], offered, visit.parts.prefixes)
    else:
        value = parameter.default
    return Field(parameter, offered, value)


def _offered(visit: Visit, parameter: Parameter) -> Names:
    store = visit.parts.store
    if visit.parts.version is None:
        return parameters.choices(store, parameter)
    read = _choices.setdefault(store, {})
    if parameter.iri not in read:
        read[parameter.iri] = parameters.choices(store, parameter)
    return read[parameter.iri]
