"""The query page as people meet it, in Chromium: the editor and what it completes, answers and what
they look like, addresses that keep, and nothing asked of anybody else.
"""

import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Locator, Page, expect
from pyoxigraph import parse
from tests.browser.conftest import Open
from tests.clients.programs import missing
from tests.conftest import REPOSITORY, serving

from diplolocal.build import Build
from diplolocal.web import query_page

DL = "https://w3id.org/diplolocal/def#"
REGIONS = f"SELECT ?region {{ ?region a <{DL}Region> }} ORDER BY ?region LIMIT 2"
REGIONS_SHOWN = ["Centronorte region:centronorte", "Centrosur region:centrosur"]
REGIONS_IN_ENGLISH = ["North-central region:centronorte", "South-central region:centrosur"]
EVERYTHING = "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 1234"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture(autouse=True)
def editor() -> None:
    """Without the editor a test is skipped, or fails where CI=true."""
    if not query_page.has_editor():
        missing("the editor was not fetched")


# What the page sends.


def test_every_answer_forbids_browsers_what_is_not_of_this_site(client: TestClient) -> None:
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
        " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    )
    for path in ("/", "/sparql", "/quality", "/def", "/doc/place/mx-jal.rdf", "/nothing"):
        headers = client.get(path, headers={"accept": BROWSER}).headers
        assert headers["content-security-policy"] == policy, path
        assert headers["x-content-type-options"] == "nosniff", path


@pytest.mark.parametrize(
    ("language", "action"),
    [("es", "Acción"), ("en", "Action")],
)
def test_what_is_completed_is_the_ontology_in_the_language_of_the_page(
    client: TestClient, language: str, action: str
) -> None:
    answer = client.get("/sparql/completions.json", params={"lang": language})
    known = answer.json()
    ontology = {
        quad.subject.value
        for quad in parse(path=REPOSITORY / "ontology" / "diplolocal.ttl")
        if quad.predicate.value.endswith("#isDefinedBy")
    }
    terms = [*known["classes"], *known["properties"]]
    assert {term["iri"] for term in terms} == ontology
    assert len(terms) == len(ontology)
    assert {term["iri"]: term["label"] for term in known["classes"]}[DL + "Action"] == action
    assert DL + "date" in {term["iri"] for term in known["properties"]}
    assert known["prefixes"]["dl"] == DL
    held = client.get(
        "/sparql/completions.json",
        params={"lang": language},
        headers={"if-none-match": answer.headers["etag"]},
    )
    assert (held.status_code, held.content) == (304, b"")


def test_an_answer_says_how_much_of_it_is_shown_and_where_the_rest_is(client: TestClient) -> None:
    answer = client.get(
        "/sparql", params={"query": EVERYTHING, "lang": "en"}, headers={"accept": BROWSER}
    )
    assert "Here are the first 1,000 of 1,234 rows." in answer.text
    assert answer.text.count("<tr>") == 1 + 1000
    [address] = re.findall(r'href="([^"]*)" download="answer.csv">CSV</a>', answer.text)
    whole = client.get(address.replace("&amp;", "&"))
    assert whole.headers["content-type"] == "text/csv; charset=utf-8"
    assert len(whole.text.splitlines()) == 1 + 1234


# In the browser.


def test_a_query_that_is_typed_is_answered_below_it_by_names(visit: Open) -> None:
    page = visit("/sparql")
    write(page, REGIONS)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#answer h2")).to_have_text("Respuesta 2 filas")
    expect(page.locator("#answer td")).to_have_text(REGIONS_SHOWN)
    link = page.get_by_role("link", name="Centrosur")
    expect(link).to_have_attribute("title", "https://w3id.org/diplolocal/id/region/centrosur")
    expect(link).to_have_attribute("href", "/es/doc/region/centrosur")
    expect(page.get_by_role("status")).to_have_text("Respuesta 2 filas")


def test_the_address_is_that_of_the_question(visit: Open) -> None:
    page = visit("/sparql?lang=en")
    write(page, REGIONS)
    page.get_by_role("button", name="Ask").click()
    expect(page.locator("#answer h2")).to_have_text("Answer 2 rows")
    asked = parse_qs(urlsplit(page.url).query)
    assert (urlsplit(page.url).path, asked) == ("/en/sparql", {"query": [REGIONS]})
    expect(page.get_by_role("link", name="Español")).to_have_attribute(
        "href", "/es/sparql?" + urlencode({"query": REGIONS})
    )
    page.reload()
    assert written(page) == REGIONS
    expect(page.locator("#answer td")).to_have_text(REGIONS_IN_ENGLISH)
    other = visit(page.url)
    assert written(other) == REGIONS
    expect(other.locator("#answer td")).to_have_text(REGIONS_IN_ENGLISH)


def test_back_leads_to_the_question_before(visit: Open) -> None:
    page = visit("/sparql")
    for query, rows in ((REGIONS, 2), (REGIONS.replace("LIMIT 2", "LIMIT 3"), 3)):
        write(page, query)
        page.keyboard.press("Control+Enter")
        expect(page.locator("#answer tbody tr")).to_have_count(rows)
    page.go_back()
    expect(page.locator("#answer tbody tr")).to_have_count(2)
    assert written(page) == REGIONS


def test_the_graphs_that_a_question_is_put_to_stay_in_its_address(visit: Open) -> None:
    graph = "https://w3id.org/diplolocal/graph/bulletin/2021-01"
    page = visit("/sparql?" + urlencode({"query": "ASK {}", "default-graph-uri": graph}))
    write(page, f"SELECT (COUNT(*) AS ?n) {{ ?a a <{DL}Action> }}")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#answer td")).to_have_text(["8"])  # as many as the file has
    assert parse_qs(urlsplit(page.url).query)["default-graph-uri"] == [graph]


@pytest.mark.parametrize(
    ("typed", "locale", "chosen", "label"),
    [
        ("SELECT * { ?a a dl:Acti", "es-MX", "dl:Action", "Acción"),
        ("SELECT * { ?a a dl:acci", "es-MX", "dl:Action", "Acción"),
        ("SELECT * { ?a a acci", "es-MX", "dl:Action", "Acción"),
        ("SELECT * { ?a a Actio", "en-GB", "dl:Action", "Action"),
        ("SELECT * { ?a dl:mexicanAc", "es-MX", "dl:mexicanActor", "actor mexicano"),
        ("SELECT * { ?a contrapar", "es-MX", "dl:counterpart", "contraparte"),
    ],
)
def test_classes_and_properties_are_completed_by_name_and_by_label(
    visit: Open, typed: str, locale: str, chosen: str, label: str
) -> None:
    page = visit("/sparql", locale=locale)
    write(page, "")
    page.keyboard.type(typed)
    hints = page.locator(".CodeMirror-hint")
    first = hints.filter(has_text=chosen).first
    expect(first.locator("small")).to_have_text(label)
    expect(first).to_have_attribute("title", re.compile(r"\w+ \w+ \w+"))  # its definition
    expect(hints.first).to_have_text(chosen + label)
    page.keyboard.press("Enter")
    expect(page.locator(".CodeMirror-code")).to_contain_text(f"PREFIX dl: <{DL}>")
    start = typed[: typed.rindex(" ") + 1]
    assert written(page) == f"PREFIX dl: <{DL}>\n{start}{chosen}"


def test_a_class_is_offered_as_soon_as_a_type_is_due(visit: Open) -> None:
    page = visit("/sparql")
    write(page, "")
    page.keyboard.type(f"PREFIX dl: <{DL}> SELECT * {{ ?a a ")
    expect(page.locator(".CodeMirror-hint").filter(has_text="dl:Region").first).to_be_visible()
    for letter in "dl:Regio":
        page.keyboard.type(letter)
    expect(page.locator(".CodeMirror-hint").first).to_have_text("dl:RegionRegión")
    page.keyboard.press("Enter")
    assert written(page).endswith("{ ?a a dl:Region")


def test_the_editor_says_in_the_language_of_the_page_which_line_it_cannot_read(
    visit: Open,
) -> None:
    page = visit("/sparql")
    write(page, "SELECT ?x\nWHRE { ?x a ?y }")
    expect(page.get_by_role("status")).to_contain_text("La línea 2 no parece SPARQL.")
    expect(page.get_by_role("status")).to_contain_text("WHERE")
    expect(page.locator(".parseErrorIcon")).to_be_visible()


def test_a_query_that_cannot_be_read_is_answered_with_its_line(visit: Open) -> None:
    page = visit("/sparql", locale="en-GB")
    write(page, "SELECT ?x\nWHERE { ?x a }")
    page.keyboard.press("Control+Enter")
    trouble = page.locator("#answer .trouble")
    expect(trouble.locator("h2")).to_have_text("Query that cannot be read")
    expect(trouble).to_contain_text("line 2, column")
    expect(trouble.locator("pre")).to_contain_text("WHERE { ?x a }")
    assert trouble.locator("pre").inner_text().rstrip().endswith("^")
    expect(page.locator(".CodeMirror-code > div").nth(1).locator(".misread")).to_be_attached()
    write(page, REGIONS)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#answer td")).to_have_text(REGIONS_IN_ENGLISH)
    expect(page.locator(".misread")).to_have_count(0)


def test_nothing_found_yes_and_a_graph_look_different(visit: Open) -> None:
    page = visit("/sparql", locale="en-GB")
    write(page, "SELECT ?x { ?x a <urn:nothing> }")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#answer")).to_contain_text("Nothing in the graph fits this query.")
    write(page, "ASK {}")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#answer .truth")).to_have_text("yes")
    write(page, f"PREFIX dl: <{DL}> CONSTRUCT {{ dl:Action a ?t }} {{ dl:Action a ?t }}")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#answer pre")).to_contain_text("dl:Action a owl:Class")


def test_a_query_without_end_is_stopped_by_who_asked(visit: Open) -> None:
    page = visit("/sparql")
    write(page, ENDLESS)
    page.get_by_role("button", name="Preguntar").click()
    page.get_by_role("button", name="Detener").click()
    expect(page.get_by_role("status")).to_have_text("Se detuvo. No hubo respuesta.")
    expect(page.get_by_role("button", name="Preguntar")).to_be_visible()


def test_a_limit_that_is_reached_is_named_with_what_to_do(
    chromium: Browser, real_build: Build
) -> None:
    folder = ("--root", REPOSITORY, "--into", real_build.folder.parent)
    limits = {
        "DIPLOLOCAL_QUERY_SECONDS": "2",
        "DIPLOLOCAL_ANSWER_ROWS": "1000",
        "DIPLOLOCAL_RATE_PARALLEL": "1",
        "DIPLOLOCAL_RATE_LOOPBACK": "yes",
    }
    with serving(*folder, env=limits) as site, chromium.new_context(locale="en-GB") as context:
        page = context.new_page()
        page.goto(site + "/sparql")
        expect(page.locator("main")).to_contain_text("A query may take 2 seconds")
        expect(page.locator("main")).to_contain_text("1,000 rows")
        other = context.new_page()
        other.goto(site + "/sparql")
        write(other, ENDLESS + " LIMIT 1")  # browsers ask for one address once at a time
        write(page, ENDLESS)
        page.keyboard.press("Control+Enter")
        other.keyboard.press("Control+Enter")
        expect(other.locator("#answer h2")).to_have_text("Too many queries")
        expect(page.locator("#answer h2")).to_have_text("Query took too long")
        expect(page.locator("#answer")).to_contain_text("the limit is 2")
        write(page, EVERYTHING)
        page.keyboard.press("Control+Enter")
        expect(page.locator("#answer h2")).to_have_text("Answer too large")
        expect(page.locator("#answer")).to_contain_text("1000 rows")


def test_a_server_that_cannot_be_reached_is_said_and_the_query_stays(visit: Open) -> None:
    page = visit("/sparql")
    page.route("**/sparql?*", lambda route: route.abort())
    write(page, REGIONS)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("No se pudo llegar al servidor.")
    assert written(page) == REGIONS


def test_a_query_too_long_for_an_address_is_asked_all_the_same(visit: Open) -> None:
    page = visit("/sparql")
    write(page, REGIONS + "\n# " + "ñ" * 5000)
    page.get_by_role("button", name="Preguntar").click()
    expect(page.locator("#answer td")).to_have_text(REGIONS_SHOWN)
    expect(page.get_by_role("status")).to_contain_text("demasiado larga para una dirección")
    assert urlsplit(page.url).query == ""


def test_the_answer_is_saved_as_a_file(visit: Open) -> None:
    page = visit("/sparql?" + urlencode({"query": REGIONS}))
    for label, name, start in [
        ("JSON", "answer.json", '{"head"'),
        ("CSV con etiquetas", "answer.csv", "region,regionLabel"),
    ]:
        with page.expect_download() as saved:
            page.get_by_role("link", name=label, exact=True).click()
        assert saved.value.suggested_filename == name
        assert Path(saved.value.path()).read_text(encoding="utf-8").startswith(start)


def test_another_format_is_the_forms_own_affair(visit: Open) -> None:
    page = visit("/sparql")
    write(page, REGIONS)
    page.get_by_label("Respuesta como").select_option("json")
    page.get_by_role("button", name="Preguntar").click()
    page.wait_for_url("**format=json*")
    found = json.loads(page.locator("body").inner_text())
    assert len(found["results"]["bindings"]) == 2


def test_the_keyboard_goes_into_the_editor_and_out_again(visit: Open) -> None:
    page = visit("/sparql")
    before, editor = focused(page), page.locator(".CodeMirror")
    while "CodeMirror" not in focused(page):
        page.keyboard.press("Tab")
    assert editor.get_by_label("Consulta").count() == 1
    page.keyboard.press("Tab")
    assert focused(page) == "BUTTON "
    page.keyboard.press("Shift+Tab")
    assert "CodeMirror" in focused(page)
    page.keyboard.press("Shift+Tab")
    assert focused(page).startswith("A ")
    assert before != focused(page)
    assert page.locator("#keys").inner_text().endswith("Tab sale del editor")


def test_without_a_script_the_form_asks(visit: Open) -> None:
    page = visit("/sparql", script=False)
    page.get_by_label("Consulta").fill(REGIONS)
    page.get_by_role("button", name="Preguntar").click()
    expect(page.locator("#answer td")).to_have_text(REGIONS_SHOWN)
    expect(page.get_by_label("Consulta")).to_have_value(REGIONS)
    page.get_by_label("Consulta").fill("SELECT")
    page.get_by_role("button", name="Preguntar").click()
    expect(page.locator("#answer h2")).to_have_text("Consulta que no se puede leer")
    expect(page.get_by_label("Consulta")).to_have_value("SELECT")


@pytest.mark.parametrize("query", [None, REGIONS, EVERYTHING, "SELECT ?x { ?x a }"])
def test_on_a_phone_nothing_is_wider_than_the_screen(visit: Open, query: str | None) -> None:
    page = visit("/sparql" + ("?" + urlencode({"query": query}) if query else ""), width=360)
    expect(page.locator(".CodeMirror")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    button = page.get_by_role("button", name="Preguntar").bounding_box()
    assert button is not None
    assert button["height"] >= 40


def test_the_page_keeps_nothing_in_the_browser(visit: Open) -> None:
    page = visit("/sparql")
    write(page, REGIONS)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#answer td")).to_have_text(REGIONS_SHOWN)
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [
        0,
        0,
        "",
    ]


@pytest.mark.parametrize(
    "path", ["/", "/quality", "/def", "/dataset", "/queries", "/service", "/id/place/mx-jal"]
)
def test_no_other_page_needs_what_is_forbidden(visit: Open, path: str) -> None:
    page = visit(path)
    expect(page.locator("h1")).to_be_visible()
    colour = page.locator("h1").evaluate("element => getComputedStyle(element).fontWeight")
    assert colour == "700"  # the style sheet is there


def test_a_page_could_not_fetch_or_run_what_is_from_elsewhere(chromium: Browser, site: str) -> None:
    with chromium.new_context() as context:
        page = context.new_page()
        fetched: list[str] = []
        page.on("requestfinished", lambda request: fetched.append(request.url))
        page.goto(site + "/sparql")
        refused = page.evaluate("""async () => {
            const refused = [];
            const note = (violation) => refused.push(violation.effectiveDirective);
            addEventListener("securitypolicyviolation", note);
            const script = document.createElement("script");
            script.textContent = "document.title = 'run'";
            const image = new Image();
            image.src = "https://elsewhere.example/pixel.png";
            document.body.append(script, image);
            document.body.setAttribute("style", "color: red");
            await fetch("https://elsewhere.example/").catch(() => {});
            await new Promise((resolve) => setTimeout(resolve));
            return refused;
        }""")
        assert sorted(set(refused)) == [
            "connect-src",
            "img-src",
            "script-src-elem",
            "style-src-attr",
        ]
        assert page.title() == "SPARQL – diplolocal"
        assert [address for address in fetched if not address.startswith(site)] == []


def write(page: Page, query: str) -> None:
    """Writes the query where there was another, as people paste it."""
    page.locator(".CodeMirror-lines").click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(query)
    expect(page.locator(".CodeMirror-hints")).to_have_count(0)


def written(page: Page) -> str:
    """The query in the editor."""
    editor: Locator = page.locator(".CodeMirror")
    return str(editor.evaluate("element => element.CodeMirror.getValue()"))


def focused(page: Page) -> str:
    """The element that has the keyboard: its name and the class of what it is in."""
    return str(
        page.evaluate(
            "(it => it.tagName + ' ' + (it.closest('.CodeMirror') ? 'CodeMirror' : ''))"
            "(document.activeElement)"
        )
    )
