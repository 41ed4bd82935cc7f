"""Shapes applied by either engine: the same findings, and an error where data are unreadable."""

import pytest
from pyoxigraph import Quad, RdfFormat, parse

from diplolocal.errors import DiploLocalError
from diplolocal.findings import Severity
from diplolocal.shacl import Engine, apply, version
from diplolocal.wording import Language

NODE = "http://e.org/node"
SHAPES = """
    @prefix e: <http://e.org/> .
    @prefix sh: <http://www.w3.org/ns/shacl#> .
    e:S a sh:NodeShape ; sh:targetSubjectsOf e:p ; sh:property e:P .
    e:P a sh:PropertyShape ; sh:path e:p ; sh:in () ; sh:severity sh:Warning ;
        sh:message "Nothing."@en , "Nada."@es .
"""

every_engine = pytest.mark.parametrize("engine", Engine)


@every_engine
@pytest.mark.parametrize(
    "value",
    [
        "<http://e.org/value>",
        '"text"',
        '"texto"@es',
        r'"two\nlines and \"quotes\""',
        '"0"^^<http://www.w3.org/2001/XMLSchema#integer>',
        '"2021-13"^^<http://id.loc.gov/datatypes/edtf/EDTF>',
        r'"\"0\"^^xsd:integer"',
    ],
)
def test_the_offending_value_is_given_in_n_triples(engine: Engine, value: str) -> None:
    data = f"<{NODE}> <http://e.org/p> {value} .\n".encode()
    [found] = apply(shapes(), data, engine=engine)
    assert (found.value, found.node, found.rule, found.path, found.severity) == (
        value,
        NODE,
        "http://e.org/P",
        "http://e.org/p",
        Severity.WARNING,
    )
    assert found.messages == {Language.EN: "Nothing.", Language.ES: "Nada."}


@every_engine
def test_of_no_data_nothing_is_found(engine: Engine) -> None:
    assert list(apply(shapes(), b"", engine=engine)) == []


def test_data_that_rudof_cannot_read_are_not_passed_over() -> None:
    with pytest.raises(DiploLocalError, match="The shapes cannot be applied"):
        list(apply(shapes(), f'<{NODE}> <http://e.org/p> "no end .\n'.encode()))


@every_engine
def test_the_version_of_an_engine_is_known(engine: Engine) -> None:
    assert version(engine).count(".") == 2


def shapes() -> list[Quad]:
    return list(parse(SHAPES, format=RdfFormat.TURTLE))
