"""The pages and documents: what they show, in which language and format, and that each says the
same in all of them; read as a reader reads them, and as linked-data clients do over HTTP.
"""

import json
import re
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx2
import pytest
import rdflib
from fastapi.testclient import TestClient
from httpx2 import Response
from pyld import jsonld
from rdflib.compare import isomorphic
from tests.conftest import SITE, Page

from diplolocal.build import Build

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ID = "https://w3id.org/diplolocal/id/"
THINGS = ["id/action/2021-01-03", "id/place/mx-jal", "vocab/theme/culture"]
DOCUMENTS = [
    "/doc/action/2021-01-03",
    "/doc/place/mx-jal",
    "/doc/government/mx-jal",
    "/doc/bulletin/2021-09",
    "/doc/person/enrique-alfaro-ramirez",
    "/vocab/theme",
    "/vocab/theme/culture",
    "/def",
    "/def/1.0.0",
    "/dataset",
    "/graph/bulletin/2021-01",
]
MEDIA_TYPES = {
    "html": "text/html",
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
}
GRAPHS = [suffix for suffix in MEDIA_TYPES if suffix != "html"]


# Home.


def test_home_says_in_english_what_this_is_and_how_much_there_is(client: TestClient) -> None:
    page = visit(client, "/", language="en")
    assert page.texts("h1") == ["Mexican local diplomacy as linked data"]
    assert page.texts("li")[:4] == [
        "128 actions",
        "703 twinnings",
        "105 agreements",
        "37 memberships",
    ]
    said = "67 Mexican actors have dealt with 90 counterparts that have a name, of 19 countries."
    assert any(text.startswith(said) for text in page.texts("p"))
    assert page.texts("h2") == ["The bulletins", "Latest actions", "Regions", "Ways in"]


def test_home_says_the_same_in_spanish(client: TestClient) -> None:
    page = visit(client, "/", language="es")
    assert page.texts("h1") == ["La diplomacia local mexicana en datos enlazados"]
    assert page.texts("li")[:4] == [
        "128 acciones",
        "703 hermanamientos",
        "105 acuerdos",
        "37 membresías",
    ]
    assert page.texts("h2") == [
        "Los boletines",
        "Últimas acciones",
        "Regiones",
        "Por dónde empezar",
    ]


def test_home_lists_the_latest_actions_with_date_and_region(client: TestClient) -> None:
    page = visit(client, "/", language="en")
    assert page.texts("time") == [
        "6 February 2026",
        "1 December 2025",
        "8 August 2025",
        "5 May 2025",
        "11 February 2025",
        "December 2024",
        "November 2024",
        "October 2024",
    ]
    assert "6 February 2026 Morelia and Sacramento sign a twinning agreement West" in page.texts(
        "li"
    )
    links = [href for href in page.links() if href.startswith("/doc/action/")]
    assert links[:2] == [
        "/doc/action/signing-mx-16053-us-ca-sacramento-2026",
        "/doc/action/signing-mx-jal-es-catalunya-2025",
    ]
    assert len(links) == 8


def test_home_lists_every_month_also_those_without_a_bulletin(small_client: TestClient) -> None:
    english, spanish = (visit(small_client, "/", language=language) for language in ("en", "es"))
    months = [text for text in english.texts("li") if re.fullmatch(r"\w+ (\d|not yet)", text)]
    assert months == ["January 2", "February not yet", "March 1", "April 0"]
    assert "febrero aún no" in spanish.texts("li")
    assert "/bulletins/2021-03" in english.links()
    assert "/bulletins/2021-02" not in english.links()


def test_home_says_of_the_months_that_are_missing_that_they_are_not_in_the_graph_yet(
    client: TestClient,
) -> None:
    page = visit(client, "/", language="en")
    items = page.texts("li")
    missing = [item for item in items if item.endswith(" not yet")]
    assert missing == [f"{month} not yet" for month in ("April", "June", "August")]
    assert "February 2" in items
    assert any("not in the graph yet" in text for text in page.texts("p"))


def test_home_lists_the_regions_with_their_entities_and_actions(client: TestClient) -> None:
    assert visit(client, "/", language="en").texts("li")[-8:] == [
        "North-central 5 federal entities, 19 actions",
        "South-central 3 federal entities, 13 actions",
        "Northeast 3 federal entities, 25 actions",
        "Northwest 6 federal entities, 24 actions",
        "West 4 federal entities, 29 actions",
        "East 4 federal entities, 7 actions",
        "Southeast 4 federal entities, 5 actions",
        "Southwest 3 federal entities, 6 actions",
    ]


def test_home_is_a_page_and_nothing_else(client: TestClient) -> None:
    answer = client.get("/", headers={"accept": "text/turtle"})
    assert (answer.status_code, answer.json()["offered"]) == (406, ["text/html"])


# Pages about things.


def test_the_page_of_an_action_shows_who_took_part_as_what_and_by_whom(client: TestClient) -> None:
    page = visit(client, "/doc/action/2021-01-03", language="en")
    assert page.texts("h1") == ["Jalisco governor meets the Chinese ambassador"]
    assert page.texts("p", **{"class": "kind"}) == ["Action"]
    assert page.texts("th") == ["Actor", "Role", "Represented by"]
    note = "The bulletin names the ambassador and his country; the embassy was concluded from his"
    assert page.texts("td") == [
        "Government of Jalisco",
        "Participant",
        "Enrique Alfaro RamírezGovernor of Jalisco",
        f"Embassy of China in Mexico{note} post.",
        "Participant",
        "Zhu QingqiaoAmbassador of China to Mexico",
    ]
    assert {
        "/doc/government/mx-jal": "Government of Jalisco",
        "/doc/mission/embassy-of-china-in-mexico": "Embassy of China in Mexico",
        "/doc/person/zhu-qingqiao": "Zhu Qingqiao",
        "/vocab/role/participant": "Participant",
    }.items() <= page.links().items()


def test_the_page_of_an_action_shows_the_facts_and_marks_what_was_derived(
    client: TestClient,
) -> None:
    page = visit(client, "/doc/action/2021-01-03", language="en")
    assert dict(zip(page.texts("dt"), page.texts("dd"), strict=True)) == {
        "date": "January 2021",
        "in month": "January 2021 derived",
        "region": "West",
        "territory": "Jalisco derivedWest derived",
        "Mexican actor": "Government of Jalisco derived",
        "counterpart": "Embassy of China in Mexico derived",
        "country of the counterpart": "China derived",
        "action type": "Meeting with a diplomatic mission",
        "theme": "Protocol and general relations",
        "status": "Occurred",
        "reported in": "Mexican Local Diplomacy Newsletter January 2021",
        "is highlight of": "Mexican Local Diplomacy Newsletter January 2021",
        "confidence": "Reported",
        "date precision": "Month derived",
    }


def test_the_page_of_an_action_says_apart_what_was_concluded(client: TestClient) -> None:
    answer = client.get("/doc/action/2021-01-03", headers=browser("en"))
    page = Page(answer.text)
    assert page.texts("h2") == [
        "Who took part",
        "What is known",
        "What was concluded and not read",
        "Where this is from",
        "As data",
    ]
    [concluded] = page.texts("section", **{"class": "concluded"})
    assert concluded.removeprefix("What was concluded and not read ") == (
        "That the embassy of China takes part was concluded from its ambassador, whom the bulletin"
        " names."
    )


def test_the_page_of_an_action_speaks_spanish_throughout(client: TestClient) -> None:
    page = visit(client, "/doc/action/2021-01-03", language="es")
    assert page.texts("h1") == ["El gobernador de Jalisco se reúne con el embajador de China"]
    assert page.texts("th") == ["Actor", "Papel", "Representado por"]
    assert page.texts("h2")[:3] == [
        "Quiénes participaron",
        "Lo que se sabe",
        "Lo que se dedujo y no se leyó",
    ]
    facts = dict(zip(page.texts("dt"), page.texts("dd"), strict=True))
    assert facts["fecha"] == "enero de 2021"
    assert facts["país de la contraparte"] == "China derivado"
    english = visit(client, "/doc/action/2021-01-03", language="en")
    same = set(page.texts("dt")) & set(english.texts("dt"))
    assert same == set()


def test_an_actor_without_a_name_is_shown_as_what_is_known_of_it(client: TestClient) -> None:
    page = visit(client, "/doc/action/2021-01-02", language="en")
    assert page.texts("em") == [
        "A local government of the Northeast, not named",
        "German companies, not named",
    ]
    assert page.texts("td")[4:] == [
        "German companies, not namedThe heads of German companies took part; neither the companies"
        " nor their number are given.",
        "Participant",
    ]


def test_the_page_of_a_state_shows_its_codes_its_links_and_its_actions(client: TestClient) -> None:
    page = visit(client, "/doc/place/mx-jal", language="en")
    assert page.texts("h1") == ["Jalisco"]
    facts = dict(zip(page.texts("dt"), page.texts("dd"), strict=True))
    assert facts == {
        "part of": "Mexico",
        "in region": "West",
        "ISO 3166 code": "MX-JAL",
        "INEGI code": "14",
        "seat": "Guadalajara",
        "population in 2020": "8348151",
        "latitude": "20.58",
        "longitude": "-103.614",
        "point": "POINT(-103.614 20.58) derived",
        "boundary": "Boundary of Jalisco",
        "twinned with": "Alberta derivedShanghai derivedLaredo derived",
    }
    assert page.texts("summary") == ["governs 1", "part of 125", "party to the twinning 3"]
    items = page.texts("li")
    assert "24 Actions in all" in items
    assert "1 December 2025 Jalisco and Catalonia sign a memorandum of understanding" in items
    assert page.links()["http://www.wikidata.org/entity/Q13160"] == "Wikidata Q13160"


def test_the_page_of_a_bulletin_shows_its_authors_its_remark_and_its_actions(
    client: TestClient,
) -> None:
    page = visit(client, "/doc/bulletin/2021-09", language="en")
    assert page.texts("h1") == ["Mexican Local Diplomacy Newsletter September 2021"]
    [remark] = page.texts("p", **{"class": "lead"})
    assert remark.startswith("The editors say that the issue is shorter than earlier ones")
    facts = dict(zip(page.texts("dt"), page.texts("dd"), strict=True))
    assert facts["month"] == "September 2021"
    assert facts["compiled by"] == "Local Diplomacy Studies Commission"
    assert facts["author"] == (
        "Mariana Danae Pérez BecerraSaúl Gopar EnsáztigaTannya Iran Estrada Castillo"
    )
    assert "Actions 8" in page.texts("h2")
    actions = {link for link in page.links() if "/doc/action/2021-09-" in link}
    assert len(actions) == 8


def test_the_page_of_a_concept_shows_its_definition_in_the_language(client: TestClient) -> None:
    leads = [
        visit(client, "/vocab/theme/culture", language=language).texts("p", **{"class": "lead"})
        for language in ("en", "es")
    ]
    assert leads == [
        ["Arts, heritage, creative cities, cuisine and indigenous peoples."],
        ["Artes, patrimonio, ciudades creativas, gastronomía y pueblos indígenas."],
    ]


def test_the_page_of_the_ontology_explains_every_class_and_property(client: TestClient) -> None:
    answer = client.get("/def", headers=browser("en"))
    page = Page(answer.text)
    assert page.texts("h1") == ["diplolocal ontology"]
    turtle = rdflib.Graph().parse(data=client.get("/def.ttl").text, format="turtle")
    terms = {
        str(term).rpartition("#")[2]
        for term in turtle.subjects(rdflib.RDF.type)
        if str(term).startswith("https://w3id.org/diplolocal/def#")
    }
    anchors = {has["id"] for _, has, _ in page.elements if "id" in has}
    assert len(terms) > 50
    assert terms <= anchors


def test_the_page_of_a_named_graph_counts_its_statements(
    client: TestClient, real_build: Build
) -> None:
    name = "https://w3id.org/diplolocal/graph/bulletin/2021-01"
    page = visit(client, "/graph/bulletin/2021-01", language="en")
    assert page.texts("h1") == [name]
    assert f"Statements: {real_build.counts[name]}" in page.texts("p")


def test_the_page_of_the_data_set_names_its_licence_and_sources(client: TestClient) -> None:
    page = visit(client, "/dataset", language="en")
    facts = dict(zip(page.texts("dt"), page.texts("dd"), strict=True))
    assert facts["licence"] == "https://creativecommons.org/licenses/by/4.0/"
    assert "GeoNames" in facts["source"]
    assert page.texts("h1") == ["diplolocal data set"]


@pytest.mark.parametrize("path", [path for path in DOCUMENTS if path != "/def/1.0.0"])
def test_a_page_names_its_iri_its_other_formats_and_the_other_language(
    client: TestClient, path: str
) -> None:
    page = visit(client, path, language="en")
    links = page.links()
    assert {f"{path}.{suffix}" for suffix in GRAPHS} <= links.keys()
    assert {"Español"} <= {
        text for tag, has, text in page.elements if has.get("href") == f"/es{path}" and tag == "a"
    }
    alternates = {
        has["href"]: has["type"]
        for tag, has, _ in page.elements
        if tag == "link" and has["rel"] == "alternate" and "type" in has
    }
    assert alternates == {f"{path}.{suffix}": MEDIA_TYPES[suffix] for suffix in GRAPHS}
    iri = "https://w3id.org/diplolocal" + path.replace("/doc/", "/id/")
    assert iri in page.texts("code")


# Languages.


@pytest.mark.parametrize("path", ["/", "/sparql", "/quality", *DOCUMENTS])
def test_every_page_speaks_the_language_that_is_preferred_or_asked_for(
    client: TestClient, path: str
) -> None:
    answers = {
        (preferred, asked): client.get(
            path, params={"lang": asked} if asked else {}, headers=browser(preferred)
        )
        for preferred, asked in (("es-MX", ""), ("en-GB", ""), ("es", "en"), ("en", "es"))
    }
    spoken = {
        asked: (answer.headers["content-language"], language_of(answer))
        for asked, answer in answers.items()
    }
    assert spoken == {
        ("es-MX", ""): ("es", "es"),
        ("en-GB", ""): ("en", "en"),
        ("es", "en"): ("en", "en"),
        ("en", "es"): ("es", "es"),
    }
    for answer in answers.values():
        assert {"Accept", "Accept-Language"} <= vary(answer)


def test_a_language_asked_for_stays_on_the_next_page(client: TestClient) -> None:
    for path in (
        "/",
        "/doc/action/2021-01-03",
        "/vocab/theme/culture",
        "/quality",
        "/doc/bulletin/2021-04",
        "/doc/none",
    ):
        page = Page(client.get(path, params={"lang": "en"}, headers={"accept": BROWSER}).text)
        inner = [
            link
            for link in (has["href"] for tag, has, _ in page.elements if tag == "a")
            if link.startswith("/")
            and not link.partition("?")[0].endswith(
                tuple(f".{suffix}" for suffix in (*GRAPHS, "json", "bib", "ris"))
            )
        ]
        others = [link for link in inner if not link.startswith("/en/")]
        # The same page in Spanish; what is a file asks for the language by name.
        assert (len(inner) > 8, [link for link in others if "lang=en" not in link]) == (
            True,
            [link for link in others if link.startswith("/es/")],
        )
        assert len([link for link in others if link.startswith("/es/")]) == 1


# Things and their documents.


@pytest.mark.parametrize(
    ("address", "location"),
    [
        ("/id/action/2021-01-03", "/doc/action/2021-01-03"),
        ("/id/place/mx-jal?lang=en", "/doc/place/mx-jal?lang=en"),
        ("/id/place/mx-jal?a=1&b=%C3%B1+x&a=2", "/doc/place/mx-jal?a=1&b=%C3%B1+x&a=2"),
        ("/id/place/%C3%B1", "/doc/place/%C3%B1"),
        ("/id/a%3Fb%23c%25", "/doc/a%3Fb%23c%25"),
        ("/id//evil.example", "/doc//evil.example"),
        ("/id/nothing", "/doc/nothing"),
        ("/id/%zz", "/doc/%25zz"),
    ],
)
def test_a_thing_is_no_document_see_other(client: TestClient, address: str, location: str) -> None:
    for answer in (client.get(address), client.head(address)):
        assert (answer.status_code, answer.headers["location"]) == (303, location)
        assert "Accept" in vary(answer)


@pytest.mark.parametrize("path", DOCUMENTS)
@pytest.mark.parametrize("suffix", MEDIA_TYPES)
def test_a_document_is_negotiated_or_named_by_its_suffix(
    client: TestClient, path: str, suffix: str
) -> None:
    negotiated = client.get(path, headers={"accept": MEDIA_TYPES[suffix]})
    named = client.get(f"{path}.{suffix}", headers={"accept": "image/png"})
    assert negotiated.status_code == named.status_code == 200
    assert negotiated.headers["content-type"].partition(";")[0] == MEDIA_TYPES[suffix]
    assert named.headers["content-type"] == negotiated.headers["content-type"]
    assert negotiated.headers["content-location"] == f"{path}.{suffix}"
    if suffix == "html":
        assert Page(named.text).texts("h1") == Page(negotiated.text).texts("h1")
    else:
        assert named.content == negotiated.content
    others = {
        f'<{path}.{other}>; rel="alternate"; type="{media_type}"'
        for other, media_type in MEDIA_TYPES.items()
        if other != suffix
    }
    assert others <= set(negotiated.headers["link"].split(", "))


def test_a_document_in_no_acceptable_format_is_refused_naming_what_is_offered(
    client: TestClient,
) -> None:
    answer = client.get("/doc/place/mx-jal", headers={"accept": "image/png"})
    assert (answer.status_code, answer.json()["offered"]) == (406, list(MEDIA_TYPES.values()))


def test_the_document_of_a_version_of_the_ontology_is_the_ontology(client: TestClient) -> None:
    versions = [
        rdflib.Graph().parse(data=client.get(path).text, format="turtle")
        for path in ("/def.ttl", "/def/1.0.0.ttl")
    ]
    assert isomorphic(*versions)
    assert (
        rdflib.URIRef("https://w3id.org/diplolocal/def"),
        rdflib.OWL.versionInfo,
        rdflib.Literal("1.0.0"),
    ) in versions[0]


def test_the_document_of_a_named_graph_has_its_statements(
    client: TestClient, real_build: Build
) -> None:
    for name, expected in real_build.counts.items():
        path = name.removeprefix("https://w3id.org/diplolocal")
        document = rdflib.Graph().parse(data=client.get(f"{path}.nt").text, format="nt")
        assert (name, len(document)) == (name, expected)


def test_a_document_says_what_it_is_about_and_under_which_licence(client: TestClient) -> None:
    graph = rdflib.Graph().parse(data=client.get("/doc/place/mx-jal.ttl").text, format="turtle")
    document = rdflib.URIRef("https://w3id.org/diplolocal/doc/place/mx-jal")
    assert set(graph.predicate_objects(document)) == {
        (rdflib.RDF.type, rdflib.FOAF.Document),
        (rdflib.FOAF.primaryTopic, rdflib.URIRef(ID + "place/mx-jal")),
        (
            rdflib.DCTERMS.license,
            rdflib.URIRef("https://creativecommons.org/licenses/by/4.0/"),
        ),
        (rdflib.DCTERMS.isPartOf, rdflib.URIRef("https://w3id.org/diplolocal/dataset")),
    }


def test_json_ld_is_a_tree_that_begins_at_the_thing_and_names_our_context(
    client: TestClient,
) -> None:
    tree = client.get("/doc/action/2021-01-03.jsonld").json()
    assert tree["@context"] == f"{SITE}/context/v1.jsonld"
    assert tree["id"] == ID + "action/2021-01-03"
    assert "Action" in tree["type"]
    assert tree["label"] == {
        "en": "Jalisco governor meets the Chinese ambassador",
        "es": "El gobernador de Jalisco se reúne con el embajador de China",
    }
    assert sorted(part["id"] for part in tree["hasParticipation"]) == [
        ID + "participation/2021-01-03-1",
        ID + "participation/2021-01-03-2",
    ]
    assert "representedBy" in tree["hasParticipation"][0]


# What is not there.


@pytest.mark.parametrize(
    ("path", "iri"),
    [
        ("/doc/place/atlantis", ID + "place/atlantis"),
        ("/doc/place/atlantis.ttl", ID + "place/atlantis"),
        ("/doc/", ID),
        ("/vocab/theme/astrology", "https://w3id.org/diplolocal/vocab/theme/astrology"),
        ("/graph/none", "https://w3id.org/diplolocal/graph/none"),
        ("/nonsense", "https://w3id.org/diplolocal/nonsense"),
        ("/nonsense.xyz", "https://w3id.org/diplolocal/nonsense.xyz"),
        ("/.ttl", "https://w3id.org/diplolocal/.ttl"),
        ("/doc/%2e%2e/%2e%2e/etc/passwd", ID + "../../etc/passwd"),
        ("/doc/ni%C3%B1o", ID + "niño"),
        ("/doc/%E2%98%83.jsonld", ID + "☃"),
        ("/doc/%00", ID + "\x00"),
        ("/%00", "https://w3id.org/diplolocal/\x00"),
        ("/doc/a%20b%3C%3E%22%7B%7D", ID + 'a b<>"{}'),
        ("/doc/" + "x" * 9_000, ID + "x" * 9_000),
        ("/wp-login.php", "https://w3id.org/diplolocal/wp-login.php"),
    ],
    ids=lambda value: str(value)[:40].replace("\x00", "NUL"),
)
@pytest.mark.parametrize("language", ["en", "es"])
def test_what_is_not_there_is_answered_with_a_problem_or_a_page(
    client: TestClient, path: str, iri: str, language: str
) -> None:
    title, sentence = {
        "en": (
            "Not found",
            f"Nothing in this graph is called {iri}. Look for it on the home page or with a query.",
        ),
        "es": (
            "No se encontró",
            f"En este grafo nada se llama {iri}. Búsquelo en la página de inicio o con una"
            " consulta.",
        ),
    }[language]
    problem = client.get(path, headers={"accept": "*/*", "accept-language": language})
    assert (problem.status_code, problem.headers["content-type"]) == (
        404,
        "application/problem+json",
    )
    assert problem.json() == {
        "type": "about:blank",
        "title": title,
        "status": 404,
        "detail": sentence,
    }
    answer = client.get(path, headers=browser(language))
    page = Page(answer.text)
    assert (answer.status_code, page.texts("h1"), language_of(answer)) == (404, [title], language)
    assert page.texts("p", **{"class": "lead"}) == [" ".join(sentence.split())]


MISSING_MONTHS = [
    ("2021-04", "April 2021", "abril de 2021", ["2021-03", "2021-05"]),
    ("2021-08", "August 2021", "agosto de 2021", ["2021-07", "2021-09"]),
    ("2035-01", "January 2035", "enero de 2035", ["2022-02"]),
]


@pytest.mark.parametrize(("month", "english", "spanish", "nearest"), MISSING_MONTHS)
def test_a_bulletin_that_is_not_in_the_graph_yet_is_told_so_and_never_that_nothing_happened(
    client: TestClient, month: str, english: str, spanish: str, nearest: list[str]
) -> None:
    told = {
        "en": (
            "Not in the graph yet",
            f"The bulletin of {english} is not in the graph yet. That does not mean that nothing"
            " happened.",
        ),
        "es": (
            "Aún no está en el grafo",
            f"El boletín de {spanish} aún no está en el grafo. Eso no significa que no haya"
            " ocurrido nada.",
        ),
    }
    for language, (title, sentence) in told.items():
        for suffix in ("", ".ttl"):
            problem = client.get(
                f"/doc/bulletin/{month}{suffix}", headers={"accept-language": language}
            )
            assert (problem.status_code, problem.json()) == (
                404,
                {
                    "type": "about:blank",
                    "title": title,
                    "status": 404,
                    "detail": sentence,
                    "nearest": [f"{ID}bulletin/{near}" for near in nearest],
                },
            )
        answer = client.get(f"/doc/bulletin/{month}", headers=browser(language))
        page = Page(answer.text)
        assert (answer.status_code, page.texts("h1")) == (404, [title])
        assert page.texts("p", **{"class": "lead"}) == [sentence]


def test_the_page_of_a_missing_month_leads_to_its_neighbours_and_to_the_coverage(
    client: TestClient,
) -> None:
    answer = client.get("/doc/bulletin/2021-04", params={"lang": "en"}, headers=browser("es"))
    links = Page(answer.text).links()
    assert links["/bulletins/2021-03"] == "March 2021"
    assert links["/bulletins/2021-05"] == "May 2021"
    assert links["/quality#coverage"] == "Which months are in the graph"
    for link in links:
        if link.startswith("/") and not link.startswith("/doc/bulletin/2021-04"):
            assert (link, client.get(link, headers=browser("en")).status_code) == (link, 200)


@pytest.mark.parametrize("key", ["2020-12", "2021-13", "2021-4", "2021", "2021-04-01", "none"])
def test_what_is_no_month_since_the_first_bulletin_is_just_not_found(
    client: TestClient, key: str
) -> None:
    problem = client.get(f"/doc/bulletin/{key}", headers={"accept-language": "en"}).json()
    assert (problem["title"], "nearest" in problem) == ("Not found", False)


# Real clients: through the 303 to the data, over HTTP.


# rdflib 7.6 warns of its own JSON-LD parser's use of a class of its own.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("thing", THINGS)
def test_a_thing_fetched_as_json_ld_is_the_same_graph_in_every_format(
    site: str, thing: str
) -> None:
    fetched = {suffix: fetch(site, thing, MEDIA_TYPES[suffix]) for suffix in GRAPHS}
    graphs = {
        suffix: rdflib.Graph().parse(data=answer.text, format=rdflib_format)
        for suffix, rdflib_format in (("ttl", "turtle"), ("nt", "nt"), ("rdf", "xml"))
        for answer in (fetched[suffix],)
    }
    document = fetched["jsonld"].json()
    assert document["@context"] == f"{site}/context/v1.jsonld"
    # rdflib fetches the context from the site, and so does PyLD.
    graphs["rdflib"] = rdflib.Graph().parse(data=fetched["jsonld"].text, format="json-ld")
    nquads = jsonld.to_rdf(
        document, {"format": "application/n-quads", "documentLoader": load_over_http}
    )
    graphs["PyLD"] = rdflib.Graph().parse(data=nquads, format="nt")
    assert len(graphs["ttl"]) > 10
    assert [name for name, graph in graphs.items() if not isomorphic(graph, graphs["ttl"])] == []


def test_a_document_says_where_it_came_from(site: str) -> None:
    answer = fetch(site, "id/action/2021-01-03", "application/ld+json")
    assert [str(passed.status_code) for passed in answer.history] == ["303"]
    assert str(answer.url) == f"{site}/doc/action/2021-01-03"
    assert answer.headers["content-location"] == "/doc/action/2021-01-03.jsonld"


# No link leads nowhere.


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/sparql",
        "/quality",
        "/doc/action/2021-01-03",
        "/doc/action/2021-09-03",
        "/doc/place/mx-jal",
        "/doc/bulletin/2021-09",
        "/vocab/theme",
        "/dataset",
        "/graph/derived",
    ],
)
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_link_of_a_page_leads_somewhere(client: TestClient, path: str, language: str) -> None:
    page = Page(client.get(path, params={"lang": language}, headers={"accept": BROWSER}).text)
    wanted = {
        urljoin(path, has.get("href", "")).partition("#")[0]
        for _, has, _ in page.elements
        if "href" in has and not urlsplit(has["href"]).netloc
    }
    assert len(wanted) > 5
    broken = {
        link: answer.status_code
        for link in sorted(wanted)
        for answer in (client.get(link, headers={"accept": BROWSER}, follow_redirects=True),)
        if answer.status_code != 200
    }
    assert broken == {}


def test_every_anchor_that_a_page_links_to_is_there(client: TestClient) -> None:
    anchors = {
        has["id"]
        for _, has, _ in Page(client.get("/def", headers=browser("en")).text).elements
        if "id" in has
    }
    linked = {
        link.partition("#")[2]
        for path in ("/doc/action/2021-01-03", "/doc/place/mx-jal", "/doc/bulletin/2021-09")
        for link in visit(client, path, language="en").links()
        if link.startswith("/def#")
    }
    assert len(linked) > 10
    assert linked - anchors == set()


# What the tests above say in one word.


def browser(language: str) -> dict[str, str]:
    """The headers of somebody's browser."""
    return {"accept": BROWSER, "accept-language": language}


def visit(client: TestClient, path: str, *, language: str) -> Page:
    """The page that somebody with a browser sees."""
    answer = client.get(path, headers=browser(language))
    assert (answer.status_code, answer.headers["content-type"]) == (
        200,
        "text/html; charset=utf-8",
    )
    return Page(answer.text)


def language_of(answer: Response) -> str:
    """The language that a page says it is in."""
    return next(has["lang"] for tag, has, _ in Page(answer.text).elements if tag == "html")


def vary(answer: Response) -> set[str]:
    return {name.strip() for name in answer.headers["vary"].split(",")}


def fetch(site: str, thing: str, media_type: str) -> Response:
    """What a client gets that follows redirects, as curl -L does."""
    answer: Response = httpx2.get(
        f"{site}/{thing}", headers={"accept": media_type}, follow_redirects=True
    )
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (
        200,
        media_type,
    )
    return answer


def load_over_http(address: str, _: object) -> dict[str, Any]:
    """PyLD's document loader, on httpx2."""
    answer = httpx2.get(address, headers={"accept": "application/ld+json"})
    assert answer.status_code == 200
    return {
        "contentType": answer.headers["content-type"],
        "contextUrl": None,
        "documentUrl": address,
        "document": json.loads(answer.text),
    }
