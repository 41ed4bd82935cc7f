"""What a reader may set in an example query, and what is given for it: in an address, by a person.

A thing is meant by its IRI, its prefixed name or what it is called; a literal by its text.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from pyoxigraph import Literal, NamedNode

from diplolocal import iris
from diplolocal.bad_requests import BadRequest
from diplolocal.resources import Names
from diplolocal.store import Store, bind, load_query, plain, select
from diplolocal.wording import Said, message, said

_XSD = "http://www.w3.org/2001/XMLSchema#"
_WRITTEN = {
    f"{_XSD}integer": r"[+-]?[0-9]{1,18}",
    f"{_XSD}gYear": r"[0-9]{4}",
    f"{_XSD}gYearMonth": r"[0-9]{4}-(0[1-9]|1[0-2])",
}
"""How a value of a datatype is written here; a text as one likes (XML Schema Datatypes §3)."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a reader may set: the variable `name` of a `VALUES` block, to an instance of `of_class`
    or to a literal of `datatype` that fits the `pattern`.
    """

    iri: str
    name: str
    label: Said
    default: NamedNode | Literal
    of_class: str | None
    datatype: str | None
    pattern: str | None

    @property
    def options(self) -> tuple[str, ...]:
        """The texts to choose from, where the pattern is nothing but a list of them."""
        found = re.fullmatch(r"\^\(([\w|-]+)\)\$", self.pattern or "")
        return tuple(found[1].split("|")) if found else ()


def choices(store: Store, parameter: Parameter) -> Names:
    """What may be chosen for a parameter, and what each is called: the instances of its class, of
    concepts those of its scheme; nothing for a literal.
    """
    text = bind(load_query("example-choices"), parameter=NamedNode(parameter.iri))
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in select(store, text):
        label = row["label"]
        if isinstance(label, Literal):
            found[plain(row["thing"])][label.language or ""] = label.value
    return {iri: said(labels) for iri, labels in found.items()}


def value(
    parameter: Parameter, given: str, offered: Names, prefixes: Mapping[str, str]
) -> NamedNode | Literal:
    """The term that is meant: an IRI, prefixed name or label of something `offered`, or the text of
    a literal. Raises BadRequest where nothing is meant, or more than one thing.
    """
    if parameter.of_class is None:
        return _literal(parameter, given)
    iri = iris.expand(given, prefixes)
    meant = [iri] if iri in offered else _called(given, offered)
    if len(meant) == 1:
        return NamedNode(meant[0])
    if meant:
        named = ", ".join(iris.shorten(thing, prefixes) for thing in meant)
        raise BadRequest(
            message(
                "The parameter {name} is given as {given}, which several things are called:"
                " {things}. Give one of these.",
                name=parameter.name,
                given=given,
                things=named,
            )
        )
    raise BadRequest(
        message(
            "The parameter {name} is given as {given}, which is nothing of the class {kind}. Give a"
            " thing of that class by its name, its IRI or its prefixed name, such as {example}.",
            name=parameter.name,
            given=given,
            kind=iris.shorten(parameter.of_class, prefixes),
            example=iris.shorten(_alike(given, offered) or parameter.default.value, prefixes),
        )
    )


def _called(name: str, offered: Names) -> list[str]:
    """What is called so in any language, in whatever case."""
    asked = name.strip().casefold()
    return [
        iri
        for iri, labels in offered.items()
        if asked in (label.casefold() for label in labels.values())
    ]


def _alike(name: str, offered: Names) -> str | None:
    """What is called almost so."""
    called = {label.casefold(): iri for iri, labels in offered.items() for label in labels.values()}
    nearest = get_close_matches(name.strip().casefold(), called, n=1, cutoff=0.75)
    return called[nearest[0]] if nearest else None


def _literal(parameter: Parameter, given: str) -> Literal:
    datatype = parameter.datatype or f"{_XSD}string"
    written = re.fullmatch(_WRITTEN.get(datatype, ".*"), given, re.DOTALL)
    # In XPath, `$` is the end and not also the line end before it, as in Python.
    pattern = re.sub(r"\$\Z", r"\\Z", parameter.pattern or "")
    if written and re.search(pattern, given):
        if datatype == f"{_XSD}string":
            return Literal(given)
        return Literal(given, datatype=NamedNode(datatype))
    raise BadRequest(
        message(
            "The parameter {name} is given as {given}; expected is {datatype}, such as {example}.",
            name=parameter.name,
            given=given,
            datatype=" ".join(
                ["xsd:" + datatype.removeprefix(_XSD), parameter.pattern or ""]
            ).strip(),
            example=parameter.default.value,
        )
    )
