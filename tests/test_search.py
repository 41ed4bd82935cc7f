"""The search: what words find and in which order, and that what is found by a facet is what the
list with that filter finds.
"""

import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from diplolocal import facets, highlights, iris, listing, search_file, search_index, stems
from diplolocal.build import Build
from diplolocal.embedded import EmbeddedStore
from diplolocal.errors import BuildError
from diplolocal.listing import Values, listings
from diplolocal.search import Asked, Index
from diplolocal.search_file import Text
from diplolocal.search_index import FILE, KIND, KINDS
from diplolocal.search_query import query

ALSO = ("text", "monthFrom", "monthTo")
FILTERS = [
    (kind, each.name)
    for kind in KINDS
    for each in listings()[kind].filters
    if each.name not in ALSO
]
MONTH = NamedNode("http://www.w3.org/2001/XMLSchema#gYearMonth")
SAMPLE = 12
WRITTEN = """
    @prefix dl: <https://w3id.org/diplolocal/def#> .
    @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
    @prefix dcterms: <http://purl.org/dc/terms/> .
    @prefix organisation: <https://w3id.org/diplolocal/id/organisation/> .
    @prefix place: <https://w3id.org/diplolocal/id/place/> .
    organisation:{key} a dl:Actor ; skos:prefLabel {label} {more} .
"""


def keys(index: Index, text: str = "", **chosen: str) -> list[str]:
    """What is found, by its key; chosen are things of our graph or plain values."""
    found = index.found(Asked(text, {facet: (value,) for facet, value in chosen.items()}))
    assert found.total == len(found.hits)
    return [iris.key_of(hit.iri) for hit in found.hits]


def by_key(counts: Mapping[str, int]) -> dict[str, int]:
    return {iris.key_of(value): count for value, count in counts.items()}


def over(*written: str) -> Index:
    """An index over some actors: label and what else is said of each."""
    texts = [
        WRITTEN.format(key=chr(ord("a") + place), label=label, more=more)
        for place, each in enumerate(written)
        for label, _, more in [each.partition(" ; ")]
        for more in ([f"; {more}"] if more else [""])
    ]
    quads = [
        Quad(each.subject, each.predicate, each.object)
        for text in texts
        for each in parse(text, format=RdfFormat.TURTLE)
    ]
    return Index.over(EmbeddedStore(quads))


def asked_of(facet: str, value: str) -> Values:
    return {facet: [NamedNode(value)]}


def some(values: list[str]) -> Iterator[str]:
    """The first of them and others spread evenly."""
    yield from values[:3]
    yield from values[3 :: max(1, len(values) // (SAMPLE - 3))]


def test_everything_is_found_where_nothing_is_asked(small_search: Index) -> None:
    counts = dict(small_search.counts(Asked(), KIND))
    concepts = counts.pop("concepts")
    assert counts == {
        "actions": 4,
        "twinnings": 3,
        "agreements": 1,
        "memberships": 1,
        "actors": 4,
        "places": 9,
        "instruments": 2,
        "bulletins": 3,
    }
    # An agreement is an instrument as well, and found once.
    total = small_search.found(Asked(), count=None).total
    assert total == concepts + sum(counts.values()) - counts["agreements"]


def test_without_words_the_newest_come_first_and_what_has_no_date_by_name(
    small_search: Index,
) -> None:
    expected = ["2021-03-01", "2021-01-01", "2021-01-02", "signing-pact"]
    assert keys(small_search, kind="actions") == expected
    assert keys(small_search, kind="bulletins") == ["2021-04", "2021-03", "2021-01"]
    # Baja California, Colima, Estados Unidos, Guadalajara, Jalisco, México, Portland …
    assert keys(small_search, kind="places") == [
        "mx-bcn", "mx-col", "us", "mx-14039", "mx-jal", "mx", "us-or-portland", "mx-02004",
        "mx-14120",
    ]  # fmt: skip


def test_facets_are_counted_as_by_hand(small_search: Index) -> None:
    actions = Asked(chosen={KIND: ("actions",)})
    assert by_key(small_search.counts(actions, "state")) == {"mx-bcn": 2, "mx-jal": 3}
    assert by_key(small_search.counts(actions, "region")) == {"noroeste": 1, "occidente": 3}
    assert small_search.counts(actions, "month") == {"2021-01": 2, "2021-03": 1}
    jalisco = Asked(chosen={KIND: ("actions",), "state": (iris.thing("place/mx-jal"),)})
    assert by_key(small_search.counts(jalisco, "municipality")) == {"mx-14039": 3, "mx-02004": 1}
    # Both are of the third action; for a checkbox, the choice of the facet itself does not count.
    assert by_key(small_search.counts(jalisco, "state")) == {"mx-bcn": 1, "mx-jal": 3}
    assert by_key(small_search.counts(jalisco, "state", apart=True)) == {"mx-bcn": 2, "mx-jal": 3}
    pairs = small_search.crossed(actions, "month", "region")
    assert {(month, iris.key_of(region)): count for (month, region), count in pairs.items()} == {
        ("2021-01", "noroeste"): 1,
        ("2021-01", "occidente"): 1,
        ("2021-03", "occidente"): 1,
    }


def test_any_of_a_facets_values_will_do_and_all_of_the_facets(small_search: Index) -> None:
    both = tuple(iris.thing(f"place/{key}") for key in ("mx-bcn", "mx-jal"))
    states = Asked(chosen={KIND: ("actions",), "state": both})
    assert small_search.found(states).total == 4
    region = {**states.chosen, "region": (iris.thing("region/noroeste"),)}
    assert small_search.found(Asked(chosen=region)).total == 1
    assert small_search.found(Asked(chosen={"state": ("https://example.org/none",)})).total == 0
    assert small_search.found(Asked(chosen={"colour": ("red",)})).total == 0


def test_months_are_those_in_which_it_may_have_taken_place(small_search: Index) -> None:
    def found(since: str | None, until: str | None) -> list[str]:
        asked = Asked(month_from=since, month_to=until)
        return [iris.key_of(hit.iri) for hit in small_search.found(asked).hits]

    assert found("2021-02", "2021-03") == ["2021-03-01", "2021-03"]
    assert found(None, "2020-12") == ["signing-pact"]
    assert found("2021-04", None) == ["2021-04"]
    assert found("2022-01", None) == []


@pytest.mark.parametrize(("kind", "facet"), FILTERS, ids=lambda each: each)
def test_what_a_facet_counts_is_what_the_list_with_that_filter_has(
    store: EmbeddedStore, search: Index, kind: str, facet: str
) -> None:
    asked = Asked(chosen={KIND: (kind,)})
    counts = search.counts(asked, facet)
    of, ordered = listings()[kind], sorted(counts, key=lambda value: (-counts[value], value))
    for value in some(ordered):
        listed = listing.members(store, listing.query(of, asked_of(facet, value)))
        chosen = Asked(chosen={KIND: (kind,), facet: (value,)})
        found = search.found(chosen, count=None)
        assert {hit.iri for hit in found.hits} == set(listed), value
        assert counts[value] == found.total == len(listed)
    choices = listing.choices(store, listing.filters()[facet])
    assert counts.keys() <= choices
    for value in list(some(sorted(choices - counts.keys())))[:4]:
        assert not listing.members(store, listing.query(of, asked_of(facet, value))), value


@pytest.mark.parametrize(
    ("since", "until"), [("2021-03", "2021-05"), ("2021-09", None), (None, "2001-01")]
)
def test_months_find_what_the_lists_find_between_them(
    store: EmbeddedStore, search: Index, since: str | None, until: str | None
) -> None:
    span = {"monthFrom": since, "monthTo": until}
    values = {name: [Literal(at, datatype=MONTH)] for name, at in span.items() if at}
    for kind in ("actions", "bulletins"):
        listed = listing.members(store, listing.query(listings()[kind], values))
        asked = Asked(chosen={KIND: (kind,)}, month_from=since, month_to=until)
        assert [hit.iri for hit in search.found(asked, count=None).hits] == list(listed)
    for kind in ("people", "places", "concepts"):
        asked = Asked(chosen={KIND: (kind,)}, month_from=since, month_to=until)
        assert search.found(asked).total == 0


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_what_its_list_has(store: EmbeddedStore, search: Index, kind: str) -> None:
    listed = listing.members(store, listing.query(listings()[kind], {}))
    found = search.found(Asked(chosen={KIND: (kind,)}), count=None)
    assert sorted(hit.iri for hit in found.hits) == sorted(listed)
    assert search.counts(Asked(), KIND)[kind] == len(listed)
    assert all(kind in hit.kinds for hit in found.hits)


def test_words_are_found_without_accents_capitals_and_endings() -> None:
    index = over(
        '"Ciudad de Córdoba"@es , "City of Córdoba"@en',
        '"Ciudades hermanas"@es , "Sister cities"@en',
        '"Acuerdo de cooperación"@es , "Cooperation agreement"@en',
    )
    for text in ("cordoba", "CÓRDOBA", "Cordobá", "córd"):
        assert keys(index, text) == ["a"]
    for text in ("ciudades", "ciudad", "cities", "city", "Ciudádes"):
        assert sorted(keys(index, text)) == ["a", "b"]
    for text in ("agreements", "agreement", "acuerdos", "cooperaciones", "cooperacion"):
        assert keys(index, text) == ["c"]
    assert keys(index, "acuerdo ciudad") == keys(index, "acuerdo-ciudad") == []
    assert keys(index, "cordoba ciudad") == keys(index, "“córdoba”, ciudad!") == ["a"]


def test_the_word_itself_goes_before_its_endings_and_a_name_before_what_is_told() -> None:
    index = over(
        '"One"@en ; dcterms:description "Of agreements."@en',
        '"Two"@en ; skos:altLabel "Agreements of two"@en',
        '"Three agreements"@en',
        '"Four agreement"@en',
        '"Five"@en ; dcterms:description "Of an agreement."@en',
        *(f'"Another {number}"@en' for number in range(12)),
    )
    assert keys(index, "agreements") == ["c", "b", "d", "a", "e"]


def test_of_very_many_those_whose_names_have_the_words_go_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = [f'"Number {number}"@en ; dcterms:description "Of a pact."@en' for number in range(9)]
    index = over(*told, '"A pact"@en', '"Pacts"@en')
    ranked = keys(index, "pact")
    assert ranked[:2] == ["j", "k"]
    monkeypatch.setattr(search_file, "_RANKED", 4)
    found = search_file.matching(index._opened().path, "pact")
    assert [iris.key_of(index._opened().things[number]) for number in found][:2] == ["j", "k"]
    assert list(found[2:]) == sorted(found[2:])
    assert len(found) == len(ranked) == 11
    monkeypatch.setattr(search_file, "_RANKED", 1)
    assert sorted(search_file.matching(index._opened().path, "pact")) == sorted(found)


def test_who_takes_part_is_searched(search: Index, small_search: Index) -> None:
    assert "2021-01-01" in keys(small_search, "Tijuana", kind="actions")
    assert keys(small_search, "naciones", kind="memberships") == ["one"]
    person = search.found(Asked("Carlos Manuel Merino", {KIND: ("actions",)}))
    assert person.total
    told = search.told(person.hits)
    assert all("Carlos Manuel Merino" in [each.text for each in said] for said in told.values())


def test_a_page_is_a_part_of_what_is_found_in_the_same_order(search: Index) -> None:
    for asked in (Asked(), Asked("jalisco"), Asked("gobierno", {KIND: ("actors",)})):
        whole = search.found(asked, count=None)
        assert whole.total == len(whole.hits) > 20
        for first in (0, 7, whole.total - 3):
            part = search.found(asked, first=first, count=10)
            assert (part.total, part.hits) == (whole.total, whole.hits[first : first + 10])
        assert search.found(asked, count=0) == type(whole)(whole.total, ())


@pytest.mark.parametrize(
    "text",
    ['"<script>', "*", "AND OR NOT", '"', "'' OR 1=1 --", "NEAR(a b)", "label:x", "^a", "{a}", "🌎",
     "´", "\x00", "a\x00b", "- - -", "(", "%ff", "\ufffd", "ß" * 500, "a b " * 250],
)  # fmt: skip
def test_whatever_is_searched_for_has_an_answer(small_search: Index, text: str) -> None:
    found = small_search.found(Asked(text))
    assert found.total >= len(found.hits)
    small_search.near(Asked(text))


def test_what_has_no_words_finds_nothing(small_search: Index) -> None:
    for text in ("*", "´", "🌎", "…"):
        assert small_search.found(Asked(text)).total == 0


def test_words_that_are_nearly_there_are_offered(search: Index) -> None:
    assert search.near(Asked("Guadalajra"))[0] == "guadalajara"
    assert "hermanamiento jalisco" in search.near(Asked("hermanaminto jalisco"))
    # Only what finds something with what is chosen besides.
    assert search.near(Asked("Guadalajra", {KIND: ("concepts",)})) == ()
    assert search.near(Asked("xqzwvk")) == ()


def test_an_index_over_a_store_that_changes_follows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diplolocal.search._SECONDS", -1)
    text = WRITTEN.format(key="a", label='"Primero"@es', more="")
    quads = [*parse(text, format=RdfFormat.TURTLE)]
    graph = NamedNode(iris.graph("reference", "actors"))
    named = [Quad(each.subject, each.predicate, each.object, graph) for each in quads]

    class Changing:
        """A store with what is in it at the moment."""

        def __init__(self) -> None:
            self.now = EmbeddedStore(named)
            self.answer = self.now.answer

        def close(self) -> None:
            """Nothing."""

    store = Changing()
    index = Index.over(store)
    assert keys(index, "primero") == ["a"]
    folder = Path(index._opened().path).parent
    assert keys(index, "primero") == ["a"]
    assert Path(index._opened().path).parent == folder
    more = WRITTEN.format(key="b", label='"Primera"@es', more="")
    added = [
        Quad(each.subject, each.predicate, each.object, graph)
        for each in parse(more, format=RdfFormat.TURTLE)
    ]
    store.answer = EmbeddedStore([*named, *added]).answer
    assert sorted(keys(index, "primer")) == ["a", "b"]
    assert not folder.exists()
    folder = Path(index._opened().path).parent
    index.close()
    assert not folder.exists()


def test_many_threads_search_at_once(search: Index) -> None:
    texts = ["jalisco", "cordoba", "acuerdo", "ciudad", "agreement", "turismo"] * 4
    expected = {text: search.found(Asked(text)) for text in texts}
    wrong: list[str] = []

    def ask(text: str) -> None:
        fresh = search_file.matching(search._opened().path, text)
        if len(fresh) != expected[text].total or search.found(Asked(text)) != expected[text]:
            wrong.append(text)

    threads = [threading.Thread(target=ask, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_the_same_store_makes_the_same_bytes(small: EmbeddedStore, tmp_path: Path) -> None:
    for name in ("one", "other"):
        search_index.make(small, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()
    assert search_file.is_current(tmp_path / "one")


def test_the_index_of_a_build_is_made_once_and_made_anew_where_it_is_not_whole(
    small_build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EmbeddedStore, "open", lambda folder: EmbeddedStore.load(folder))
    made = type(small_build)(tmp_path, "v", None, {})
    path = search_index.index(made, small_build.store)
    assert path == tmp_path / FILE
    first = path.read_bytes()
    before = path.stat().st_mtime_ns
    assert search_index.index(made, small_build.store).stat().st_mtime_ns == before
    for spoilt in (b"", b"no such file", first[:60] + b"\x00\x00\x00\x00" + first[64:]):
        path.write_bytes(spoilt)
        assert not search_file.is_current(path)
        assert search_index.index(made, small_build.store).read_bytes() == first
    assert [each.name for each in tmp_path.iterdir()] == [FILE]
    gone = type(small_build)(tmp_path / "nowhere", "v", None, {})
    with pytest.raises(BuildError, match="index for searching"):
        search_index.index(gone, small_build.store)


@pytest.mark.parametrize(
    "asked",
    [
        Asked(chosen={KIND: ("actions",), "state": (iris.thing("place/mx-jal"),)}),
        Asked(chosen={KIND: ("actions",), "month": ("2021-09", "2021-10")}),
        Asked(chosen={KIND: ("actions",)}, month_from="2021-03", month_to="2021-04"),
        Asked(chosen={KIND: ("twinnings",), "country": (iris.thing("place/us"),)}),
        Asked(chosen={KIND: ("people",), "month": ("2021-09",)}),
        Asked(chosen={KIND: ("bulletins",), "month": ("2021-09",)}),
        Asked(chosen={KIND: ("actions", "bulletins")}),
        Asked("jalisco"),
        Asked("jalisco", {KIND: ("actions",)}),
        Asked("nothingatall"),
    ],
    ids=str,
)
def test_the_query_of_a_search_finds_the_same(
    store: EmbeddedStore, search: Index, asked: Asked
) -> None:
    found = [hit.iri for hit in search.found(asked, count=None).hits]
    assert bool(found) == (asked.text != "nothingatall" and asked.chosen.get(KIND) != ("people",))
    text = query(asked, found)
    assert sorted(listing.members(store, text) if found else ()) == sorted(found)


def test_what_can_be_asked_of_a_list_is_asked_in_its_words() -> None:
    jalisco = Asked(chosen={KIND: ("actions",), "state": (iris.thing("place/mx-jal"),)})
    assert query(jalisco, ["https://example.org/1"]) == listing.query(
        listings()["actions"], asked_of("state", iris.thing("place/mx-jal"))
    )
    named = query(Asked("x", jalisco.chosen), ["https://example.org/1"])
    assert "VALUES ?thing { <https://example.org/1> }" in named
    assert named.startswith("# ")


def test_sets_of_numbers() -> None:
    numbers = facets.bits([9, 0, 70, 9])
    assert numbers == 1 + (1 << 9) + (1 << 70)
    assert list(facets.members(numbers)) == [0, 9, 70]
    assert list(facets.among(numbers, [70, 3, 400, 0])) == [70, 0]
    assert facets.bits([]) == 0
    assert list(facets.members(0)) == []


def test_stems_of_a_word_are_those_of_its_language() -> None:
    assert stems.stems("ciudades", "es") & stems.stems("ciudad", "es") == {"ciudad"}
    assert stems.stems("cities", "en") & stems.stems("city", "en") == {"citi"}
    assert not stems.stems("hermanamiento") & stems.stems("hermosillo")
    assert stems.stems("reuniones", "es") & stems.stems("reunion")
    assert stems.folded("Łódź, Señor Øre") == "lodz, senor ore"
    assert stems.words("ONU-Hábitat_2021 «sí»") == ["onu", "hábitat", "2021", "sí"]


def test_words_are_marked_where_they_stand() -> None:
    def marked(text: str, asked: str) -> str:
        pieces = highlights.highlighted(text, asked)
        return "".join(f"[{each.text}]" if each.is_sought else each.text for each in pieces)

    assert marked("Córdoba y las ciudades", "cordoba ciudad") == "[Córdoba] y las [ciudades]"
    assert marked("<script>", "script") == "<[script]>"
    assert marked("Nothing of it", "jalisco") == "Nothing of it"
    long = "word " * 100 + "Jalisco " + "end " * 100
    pieces = highlights.excerpt(long, "jalisco")
    assert [each.text for each in pieces if each.is_sought] == ["Jalisco"]
    assert pieces[0].text.startswith("… ")
    assert pieces[-1].text.endswith(" …")
    assert sum(len(each.text) for each in pieces) < 260
    assert highlights.excerpt(long, "absent") == ()


def test_what_is_said_of_a_thing_keeps_its_language(small_search: Index) -> None:
    [hit] = small_search.found(Asked("Tijuana", {KIND: ("places",)})).hits
    [said] = small_search.told([hit]).values()
    number = said[0].number
    assert said == [Text(number, 0, "en", "Tijuana"), Text(number, 0, "es", "Tijuana")]
