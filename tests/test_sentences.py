"""A sentence says what the graph says, and leaves out what the graph does not say."""

from collections.abc import Callable, Sequence

from pyoxigraph import Literal, NamedNode

from diplolocal.sentences import MOST, Piece, sentence
from diplolocal.store import Term

THING = "urn:thing"
JALISCO = NamedNode("urn:jalisco")


def test_places_are_filled_with_what_the_thing_has_and_with_the_thing_itself() -> None:
    pieces = sentence("{this} is in {dl:partOf}.", THING, knowing({"dl:partOf": [JALISCO]}))
    assert pieces == (
        Piece(terms=(NamedNode(THING),)),
        Piece(words=" is in "),
        Piece(terms=(JALISCO,)),
        Piece(words="."),
    )


def test_what_is_optional_is_left_out_where_a_value_is_missing() -> None:
    pattern = "A place[, in {dl:partOf}]. [People: {dl:population2020}.]"
    assert sentence(pattern, THING, knowing({})) == (Piece(words="A place."),)
    people = Literal(5)
    assert sentence(pattern, THING, knowing({"dl:population2020": [people]})) == (
        Piece(words="A place. People: "),
        Piece(terms=(people,)),
        Piece(words="."),
    )


def test_there_is_no_sentence_where_something_that_is_not_optional_is_missing() -> None:
    assert sentence("It is in {dl:partOf}.", THING, knowing({})) == ()


def test_of_many_values_the_first_are_named_and_the_rest_is_counted() -> None:
    many = [NamedNode(f"urn:{number}") for number in range(MOST + 3)]
    [_, named, _] = sentence("Parties: {dl:party}.", THING, knowing({"dl:party": many}))
    assert (named.terms, named.more) == (tuple(many[:MOST]), 3)


def knowing(known: dict[str, Sequence[Term]]) -> Callable[[str], Sequence[Term]]:
    """What is known of the thing, by property."""
    return lambda name: known.get(name, ())
