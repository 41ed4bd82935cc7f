"""The links by which a program finds its way from a page (FAIR Signposting)."""

from dataclasses import replace

from diplolocal import catalog, iris
from diplolocal.embedded import EmbeddedStore
from diplolocal.formats import GRAPH, HTML, TURTLE
from diplolocal.store import plain
from diplolocal.web import signposts
from diplolocal.web.parts import Parts
from diplolocal.web.signposts import Item, Link

JALISCO = iris.thing("place/mx-jal")
PAGE = "https://example.mx/datos/doc/place/mx-jal"


def below(parts: Parts) -> Parts:
    return replace(parts, public_url="https://example.mx/datos")


def test_a_landing_page_has_every_relation_of_the_profile(parts: Parts) -> None:
    links = signposts.all_links(below(parts), JALISCO)
    of_page = [link for link in links if link.anchor == PAGE]
    relations = [link.relation for link in of_page]
    assert relations.count("cite-as") == 1
    assert Link(PAGE, "cite-as", JALISCO) in of_page
    assert {link.target: link.type for link in of_page if link.relation == "describedby"} == {
        f"{PAGE}.{fmt.suffix}": fmt.media_type for fmt in GRAPH
    }
    assert Link(PAGE, "type", "https://schema.org/AboutPage") in of_page
    assert Link(PAGE, "collection", iris.DATASET) in of_page
    assert {"item", "license", "author", "linkset"} <= set(relations)


def test_a_record_says_what_it_describes(parts: Parts) -> None:
    links = signposts.all_links(below(parts), JALISCO)
    for fmt in GRAPH:
        of_record = {each.relation: each for each in links if each.anchor == f"{PAGE}.{fmt.suffix}"}
        assert of_record["describes"].target == PAGE
        assert of_record["describes"].type == "text/html"
        assert "linkset" in of_record


def test_the_header_says_the_same_as_the_set_of_links(parts: Parts) -> None:
    links = signposts.all_links(below(parts), JALISCO)
    for fmt, anchor in ((HTML, PAGE), (TURTLE, f"{PAGE}.ttl")):
        header = signposts.signposts(below(parts), JALISCO, fmt)
        targets = [link.target for link in links if link.anchor == anchor]
        assert [piece.partition(">")[0] for piece in header.split("<")[1:]] == targets


def test_a_file_of_the_data_set_belongs_to_its_page(parts: Parts) -> None:
    address = "https://example.mx/datos/dumps/diplolocal.nq.gz"
    links = signposts.all_links(below(parts), iris.DATASET, [Item(address, "application/gzip")])
    page = "https://example.mx/datos/dataset"
    assert Link(page, "item", address, "application/gzip") in links
    assert Link(address, "collection", page, "text/html") in links
    assert Link(page, "type", "https://schema.org/Dataset") in links


def test_what_a_header_may_not_hold_is_encoded(parts: Parts) -> None:
    iri = iris.thing('place/x"> ; rel="item",<ñ')
    header = signposts.signposts(parts, iri, TURTLE)
    assert '"> ;' not in header
    header.encode("latin-1")


def test_licence_and_author_are_those_of_the_record(store: EmbeddedStore) -> None:
    said = catalog.record(store, catalog.Edition("https://example.mx"))
    of_dataset = {
        triple.predicate.value.rpartition("/")[2]: plain(triple.object)
        for triple in said
        if plain(triple.subject) == iris.DATASET
    }
    assert of_dataset["license"] == signposts.LICENSE
    assert of_dataset["creator"] == signposts.AUTHOR
