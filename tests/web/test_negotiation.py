"""`Accept` and `Accept-Language` → a format and a language: a table of headers as clients send them
(RFC 9110 §12).
"""

import pytest

from diplolocal.bad_requests import BadRequest
from diplolocal.formats import (
    CSV,
    GRAPH,
    HTML,
    JSONLD,
    NTRIPLES,
    PAGE,
    RDFXML,
    RESULTS,
    TURTLE,
    XML,
    Format,
)
from diplolocal.web.negotiation import choose, choose_each, speak
from diplolocal.wording import Language

ACCEPT: list[tuple[str | None, Format | None]] = [
    # Nothing said, or everything welcome: the first offered.
    (None, HTML),
    ("", HTML),
    ("  ", HTML),
    ("*/*", HTML),
    ("*", HTML),
    ("*/*;q=0.1", HTML),
    # One thing said, in all spellings.
    ("text/html", HTML),
    ("text/turtle", TURTLE),
    ("application/ld+json", JSONLD),
    ("application/n-triples", NTRIPLES),
    ("application/rdf+xml", RDFXML),
    ("TEXT/Turtle", TURTLE),
    (" text/turtle ", TURTLE),
    ("text/*", HTML),
    ("application/*", JSONLD),
    # Parameters do not matter.
    ("text/turtle;charset=utf-8", TURTLE),
    ("text/turtle; charset=UTF-8", TURTLE),
    ('application/ld+json;profile="http://www.w3.org/ns/json-ld#framed"', JSONLD),
    ("text/html;level=1", HTML),
    ('application/ld+json; profile="a,b;c"', JSONLD),
    ('text/turtle; profile="a,b", text/html;q=0.5', TURTLE),
    ("text/turtle;q=0.5;charset=utf-8, text/html;q=0.4", TURTLE),
    # Weights.
    ("text/html;q=0.5,text/turtle", TURTLE),
    ("text/html ; q = 0.5 , text/turtle", TURTLE),
    ("text/turtle;Q=0.2,text/html;q=0.1", TURTLE),
    ("application/ld+json;q=0.3, text/turtle;q=0.301", TURTLE),
    ("application/rdf+xml;q=1.0, text/turtle;q=0.9", RDFXML),
    ("application/n-triples,text/plain;q=0.9", NTRIPLES),
    ("text/*;q=0.5,application/ld+json;q=0.4", HTML),
    ("text/turtle;q=0.1, */*;q=0.2", HTML),
    ("image/png,*/*;q=0.01", HTML),
    # Equals: the order in which they are offered.
    ("text/turtle,text/html", HTML),
    ("application/rdf+xml,application/ld+json", JSONLD),
    # Refused.
    ("text/html;q=0,*/*", TURTLE),
    ("text/turtle;q=0, */*", HTML),
    ("text/html;q=0, text/turtle;q=0.0, application/*", JSONLD),
    ("text/turtle;q=0", None),
    ("text/turtle; q=0.000", None),
    ("*/*;q=0", None),
    # Not offered.
    ("image/png", None),
    ("application/json", None),
    ("text/plain, image/*", None),
    # As browsers, Java, rdflib and Jena send it.
    (
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,"
        "*/*;q=0.8,application/signed-exchange;v=b3;q=0.7",
        HTML,
    ),
    ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", HTML),
    (
        "application/n-triples;q=1.0,text/turtle;q=0.9,application/rdf+xml;q=0.8,text/plain;q=0.1",
        NTRIPLES,
    ),
    (
        "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,"
        "*/*;q=0.3",
        TURTLE,
    ),
    # Empty elements of the list are allowed (RFC 9110 §5.6.1).
    (",text/turtle,", TURTLE),
    ("application/ld+json,,text/turtle;q=0.5", JSONLD),
    # Unreadable: as good as none.
    ("garbage", HTML),
    ("garbage, text/turtle", HTML),
    ("é", HTML),
]

ACCEPT_LANGUAGE: list[tuple[str | None, Language]] = [
    (None, Language.ES),
    ("", Language.ES),
    ("*", Language.ES),
    ("es", Language.ES),
    ("en", Language.EN),
    ("EN", Language.EN),
    ("ES", Language.ES),
    ("En-us", Language.EN),
    ("es-MX", Language.ES),
    ("es-419", Language.ES),
    ("en-GB", Language.EN),
    ("en-US,en;q=0.9,es;q=0.8", Language.EN),
    ("es-MX,es;q=0.9,en;q=0.8", Language.ES),
    ("de-DE, de;q=0.9, en;q=0.5", Language.EN),
    ("fr,en;q=0.1", Language.EN),
    ("zh-Hant-TW,en", Language.EN),
    ("fr", Language.ES),
    ("fr,*;q=0.5", Language.ES),
    ("en;q=0.1,es;q=0.2", Language.ES),
    ("en ; q=0.5 , es ; q=0.4", Language.EN),
    ("es, en", Language.ES),
    ("en, es", Language.EN),
    ("es;q=0,en", Language.EN),
    ("en;q=0", Language.ES),
    ("en;q=0.000,fr", Language.ES),
    ("en;q=1.000", Language.EN),
    (",,en,", Language.EN),
    ("en;;q=1", Language.ES),
    ("en_US", Language.ES),
    ("x" * 100_000, Language.ES),
    ("en," * 20_000, Language.EN),
]


@pytest.mark.parametrize(("header", "expected"), ACCEPT)
def test_the_format_is_the_one_that_the_client_likes_best(
    header: str | None, expected: Format | None
) -> None:
    assert choose(header, PAGE) == expected


def test_a_table_of_results_is_chosen_among_what_is_offered_for_tables() -> None:
    headers = ("text/csv;q=0.5,text/tab-separated-values", "*/*", "text/turtle")
    assert [fmt and fmt.suffix for fmt in (choose(header, RESULTS) for header in headers)] == [
        "tsv",
        "json",
        None,
    ]


def test_of_each_table_a_format_is_chosen() -> None:
    tables = (RESULTS, GRAPH)
    assert choose_each("text/csv, text/turtle;q=0.5", (), tables) == (CSV, TURTLE)
    assert choose_each("text/csv", (), tables) == (CSV, None)
    assert choose_each("text/csv", ("nt",), tables) == (None, NTRIPLES)
    assert choose_each(None, ("xlsx", "xml"), tables) == (XML, RDFXML)


def test_a_format_that_no_table_has_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(BadRequest) as refusal:
        choose_each("*/*", ("xlsx", "docx"), (RESULTS, GRAPH))
    assert str(refusal.value) == (
        "There is no format xlsx, docx. Choose one of: json, xml, csv, tsv, ttl, jsonld, nt, rdf."
    )


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("text/turtle, " + "a/b, " * 100_000, TURTLE),
        ("a/b, " * 100_000 + "text/turtle", None),
        ("x" * 1_000_000, HTML),
        ("," * 1_000_000, HTML),
    ],
    ids=["first", "too late", "one word", "nothing"],
)
def test_of_a_header_without_end_only_the_beginning_is_read(
    header: str, expected: Format | None
) -> None:
    assert choose(header, PAGE) == expected


@pytest.mark.parametrize(("header", "expected"), ACCEPT_LANGUAGE, ids=lambda value: str(value)[:40])
def test_the_language_is_the_one_that_the_client_likes_best(
    header: str | None, expected: Language
) -> None:
    assert speak(header, None) is expected


def test_the_language_in_the_address_goes_before_the_header() -> None:
    assert speak("en", "es") is Language.ES
    assert speak("es", "en") is Language.EN


@pytest.mark.parametrize("asked", ["fr", "", "ES-MX", "<script>", "en,es"])
def test_a_language_in_the_address_that_is_not_spoken_here_is_as_good_as_none(asked: str) -> None:
    assert speak("en", asked) is Language.EN
    assert speak(None, asked) is Language.ES
