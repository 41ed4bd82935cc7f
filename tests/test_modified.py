"""When things were changed, withdrawn or merged, as the records of releases tell."""

import pytest
from pyoxigraph import RdfFormat, parse

from diplolocal import iris
from diplolocal.bad_requests import BadRequest
from diplolocal.embedded import EmbeddedStore
from diplolocal.modified import Changed, Span, gone, newest, span

HISTORY = """
@prefix as: <https://www.w3.org/ns/activitystreams#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix dl: <https://w3id.org/diplolocal/def#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@base <https://w3id.org/diplolocal/> .
<dataset/1.0.0> {
    <dataset/1.0.0> dcterms:issued "2026-11-01T00:00:00Z"^^xsd:dateTime .
    <doc/firm/a?version=1.0.0> a as:Create ;
        dcterms:isVersionOf <id/firm/a> ; dcterms:isPartOf <dataset/1.0.0> .
    <doc/firm/b?version=1.0.0> a as:Create ;
        dcterms:isVersionOf <id/firm/b> ; dcterms:isPartOf <dataset/1.0.0> .
    <doc/place/c?version=1.0.0> a as:Create ;
        dcterms:isVersionOf <id/place/c> ; dcterms:isPartOf <dataset/1.0.0> .
}
<doc/firm/a?version=1.0.0> { <id/firm/a> a dl:Firm , dl:Actor . }
<doc/firm/b?version=1.0.0> { <id/firm/b> a dl:Firm , dl:Actor . }
<doc/place/c?version=1.0.0> { <id/place/c> a dl:Territory . }
<dataset/1.1.0> {
    <dataset/1.1.0> dcterms:issued "2026-12-01T09:30:00Z"^^xsd:dateTime .
    <doc/firm/a?version=1.1.0> a as:Update ;
        dcterms:isVersionOf <id/firm/a> ; dcterms:isPartOf <dataset/1.1.0> .
    <doc/firm/b?version=1.1.0> a as:Delete ;
        dcterms:isVersionOf <id/firm/b> ; dcterms:isPartOf <dataset/1.1.0> .
}
<doc/firm/a?version=1.1.0> { <id/firm/a> a dl:Firm , dl:Actor . }
<doc/firm/b?version=1.1.0> { <id/firm/b> a dl:Tombstone . }
"""
FIRST, SECOND = "2026-11-01T00:00:00Z", "2026-12-01T09:30:00Z"


@pytest.fixture(scope="module")
def history() -> EmbeddedStore:
    return EmbeddedStore(parse(HISTORY.encode(), format=RdfFormat.TRIG))


def test_of_each_thing_the_newest_change_counts(history: EmbeddedStore) -> None:
    assert newest(history) == {
        iris.thing("firm/a"): Changed(SECOND, deleted=False),
        iris.thing("firm/b"): Changed(SECOND, deleted=True),
        iris.thing("place/c"): Changed(FIRST, deleted=False),
    }


def test_what_is_gone_is_known_by_the_class_that_it_had(history: EmbeddedStore) -> None:
    assert gone(history, iris.ONTOLOGY + "#Actor") == (iris.thing("firm/b"),)
    assert gone(history, iris.ONTOLOGY + "#Firm") == (iris.thing("firm/b"),)
    assert gone(history, iris.ONTOLOGY + "#Territory") == ()


def test_before_the_first_release_nothing_has_a_date() -> None:
    assert newest(EmbeddedStore()) == {}
    assert gone(EmbeddedStore(), iris.ONTOLOGY + "#Firm") == ()


@pytest.mark.parametrize(
    ("since", "until", "has"),
    [
        ("2026-12-01", None, True),
        ("2026-12-02", None, False),
        ("2026-12-01T09:30:00Z", None, True),
        ("2026-12-01T09:30:01Z", None, False),
        ("2026-12-01T03:30:00-06:00", None, True),
        ("2026-12-01T03:30:01-06:00", None, False),
        (None, "2026-12-01", True),
        (None, "2026-11-30", False),
        (None, "2026-12-01T09:29:59.5Z", False),
        ("2026-12-01", "2026-12-01", True),
        ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", True),
        (None, None, True),
    ],
)
def test_a_span_includes_the_moments_and_the_whole_days_of_its_ends(
    since: str | None, until: str | None, has: bool
) -> None:
    assert span(since, until).has(SECOND) is has


def test_a_plus_that_was_not_encoded_is_still_a_plus() -> None:
    assert span("2026-12-01T09:30:00 01:00", None) == Span("2026-12-01T09:30:00+01:00")


@pytest.mark.parametrize(
    "given",
    [
        "2021-02-30",
        "2021-02",
        "2021-02-01T10:00:00",
        "2021-02-01T25:00:00Z",
        "20210201",
        "2021-W05-1",
        "٢٠٢١-٠٢-٠١",
        "yesterday",
        "2021-02-01T10:00:00+99:00",
        "0000-01-01",
        "\x00",
    ],
)
def test_what_is_no_moment_is_refused_by_name(given: str) -> None:
    with pytest.raises(BadRequest, match=r"modifiedSince is given as .*such as 2026-12-01"):
        span(given, None)
    with pytest.raises(BadRequest, match="modifiedUntil"):
        span(None, given)


def test_a_span_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(BadRequest, match="modifiedSince=2026-01-02 is after modifiedUntil"):
        span("2026-01-02", "2026-01-01")
