"""Are the bulletins true to the facts? The issues, and what each of their 42 actions is coded as.

The facts are JSON files, one for each issue, that are not in the repository (see conftest.py).
Where the coding differs from their words, it does so in a table here, with the reason. Who took
part in an action, and what was concluded: test_facts.py.
"""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode
from tests.content.told import COUNTS, action, bulletin, every_action, every_bulletin, is_event
from tests.content.written import (
    DCTERMS,
    DL,
    FOAF,
    SKOS,
    Graph,
    iris,
    languages,
    slugs,
    texts,
    values,
    written,
)

from diplolocal.dataset import Dataset
from diplolocal.iris import thing

EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"

# The page that was read is in French: its title stands in the citation, and the label is ours.
TITLE_OF_OURS = {"2021-02": "Mexican Local Diplomacy Newsletter February 2021"}
# Said of what was read, not by the editors: it stands in the note on the page.
IN_THE_NOTE = {
    "2021-02": (
        " Only the French page was found, and its end is missing.",
        " Solo se halló la página en francés y falta el final.",
    )
}
# As one page has the names of two authors, and as the others have them.
SPELLINGS = {
    "Saúl Gopar Enzástiga": "Saúl Gopar Ensáztiga",
    "Tannya Irán Estrada Castillo": "Tannya Iran Estrada Castillo",
}
SPELT_OTHERWISE = {"2021-07"}
PAGES = {
    "/en/": ("English page was", "página en inglés"),
    "/fr/": ("French page was", "en francés"),
}

# What bulletins report besides actions: ties, and the texts that were signed.
ALSO_REPORTED = {
    "instrument/memorandum-nuevo-leon-embassy-of-denmark": "2021-02",
    "instrument/collaboration-agreement-morelos-lojack": "2021-09",
    "membership/mx-26030-making-cities-resilient-2030": "2021-09",
    "instrument/mx-08045-us-tx-san-elizario-2022": "2022-01",
    "twinning/mx-08045-us-tx-san-elizario": "2022-01",
}

STATUS = {"completed": "occurred", "ongoing": "ongoing", "planned": "announced"}
# Not said. That it occurred was concluded, and the note says so.
STATUS_CONCLUDED = {"2021-02-04", "2021-09-03", "2021-12-03"}
MODE = {None: [], "in-person": ["in-person"], "virtual": ["remote"]}
# Told as examples or highlights of the whole year.
MONTH_IN_DOUBT = {"2021-12-01", "2021-12-02", "2021-12-03"}
# Where the text says that it was. The facts have no field for it.
PLACE = {
    "2021-01-01": "mx-02004",
    "2021-05-02": "es",
    "2021-10-01": "mx-08019",
    "2021-11-02": "mx-26055",
    "2021-12-03": "us",
}

# What kind of action it is: the word of the facts, and that of the vocabulary.
ACTION_TYPE = {
    "agreement-signing": "contract-with-foreign-firm",
    "award-received": "award-received",
    "business-matchmaking": "business-matchmaking",
    "call-for-participation": "network",
    "candidacy": "candidacy",
    "certification": "certification-received",
    "commitment-renewal": "agreement-renewal",
    "cooperation-project": "joint-project",
    "dialogue": "contact",
    "event-announcement": "cultural-exchange",
    "event-hosting": "forum",
    "forum-participation": "forum",
    "inauguration": "facility-opening",
    "programme-presentation": "programme-presentation",
    "training": "workshop",
    "twinning": "twinning-agreement",
    "videoconference": "remote-meeting",
    "visit": "incoming-visit",
    "workshop": "workshop",
}
OTHER_TYPES = {
    # A memorandum, with an embassy and not with a firm.
    "2021-02-02": ["memorandum-of-understanding"],
    # The text breaks off before it tells of a project.
    "2021-02-04": ["cooperation"],
    # By video, with an ambassador.
    "2021-03-01": ["diplomatic-meeting", "remote-meeting"],
    # Online, with a firm.
    "2021-03-02": ["remote-meeting"],
    # Nobody of Germany was there: the state was promoted.
    "2021-05-01": ["economic-promotion"],
    # A project of the municipality, of which no partner is named.
    "2021-10-01": ["cooperation"],
    # Whom he met is cut off.
    "2021-10-03": ["contact"],
    "2021-11-02": ["facility-opening", "investment"],
    # The Mexican side is the one that travelled.
    "2021-12-01": ["outgoing-visit"],
    # Told of the year in general, and not of a project.
    "2021-12-02": ["cooperation", "cross-border-mechanism"],
    "2021-12-03": ["cooperation"],
}

THEMES = {
    "agriculture-food": "agribusiness",
    "border": "border cooperation; border crossing",
    "climate": "climate change; greenhouse gas reduction",
    "culture": "arts; creative cities; culture; gastronomy",
    "disaster-risk": "disaster risk reduction; resilience",
    "education": "digital skills; education; international education; return to school",
    "energy": "renewable energy",
    "environment": "circular economy; environment; sustainability",
    "general-relations": "bilateral ties",
    "governance": "administrative simplification; digital government; public policy;"
    " regulatory improvement",
    "health": "COVID-19; health; health services; vaccination",
    "human-rights": "child protection; child rights; gender equality; gender-based violence;"
    " human rights; women's empowerment; women's rights",
    "industry": "industrial parks; industrial symbiosis; industry 4.0; textile industry",
    "migration": "migration",
    "science-technology": "3D; artificial intelligence; digital promotion; digitalisation;"
    " software; technology",
    "security": "human trafficking; peace; police training; public security; security;"
    " urban safety; vehicle theft",
    "social-development": "community cooperation; humanitarian assistance; sustainable development",
    "tourism": "business tourism; medical tourism; tourism",
    "trade-investment": "business networking; e-commerce; economic development;"
    " economic promotion; foreign investment; investment; investment attraction;"
    " investment promotion; local products; small and medium enterprises; trade; trade promotion",
    "urban-development": "metropolitan governance; mobility; urban policy",
}
# Said of what kind of action it is, or (friendship) beside another subject.
NO_THEME = {
    "friendship ties",
    "international cooperation",
    "international tour",
    "knowledge exchange",
    "recognition",
}
# The text is cut before the subject: general relations stands for want of another theme.
NO_SUBJECT = {"2021-02-04", "2021-03-04"}

OF_COAHUILA = (
    "State Programme for the Prevention, Attention, Punishment and Eradication of Violence"
    " against Women"
)
# Labels that differ from the names of the facts: what tells them from others of the name was added,
# an official name stands before another, and what the name says of itself was left out.
LABELS = {
    "Brotherhood (sister-city) agreement": "Twinning agreement between Meoqui and San Elizario"
    " (Texas, United States), 2022",
    "Business Opportunities in Germany (meeting)": "Business Opportunities in Germany",
    "Cities of the Future programme (Prosperity Fund)": "Cities of the Future (Prosperity Fund)",
    "Collaboration agreement": "Collaboration agreement of Morelos with LoJack",
    "Digital investment window": "Digital investment window (Yucatán)",
    "First Virtual Business Meeting Israel-León": "First Virtual Business Meeting Israel–León",
    "International Tourism Fair 2022 (FITUR)": "International Tourism Fair 2022",
    "International Tourism Fair in Spain (FITUR)": "International Tourism Fair in Spain",
    "Making Cities Resilient 2030 (MCR2030)": "Making Cities Resilient 2030",
    "Memorandum of understanding (MoU)": "Memorandum of understanding of Nuevo León with the"
    " embassy of Denmark",
    "Safe Cities": "Safe Cities (Jalisco)",
    "Second Chance": "Second Chance (Jalisco)",
    OF_COAHUILA: f"{OF_COAHUILA} (Coahuila)",
    "World Climate Action recognition": "UN Global Climate Action Award",
}
OTHER_NAMES = {
    "Cities of the Future (Prosperity Fund)": ["Future Cities"],
    "International Tourism Fair 2022": ["FITUR 2022"],
    "International Tourism Fair in Spain": ["FITUR"],
    "Making Cities Resilient 2030": ["MCR2030"],
    "UN Climate Change Conference COP 26": ["COP 26"],
    "UN Global Climate Action Award": ["World Climate Action recognition"],
}
INSTRUMENT_TYPES = {
    "agreement": "Collaboration agreement",
    "award": "Excellence in Tourism Award 2020; World Climate Action recognition",
    "campaign": "Making Cities Resilient 2030 (MCR2030)",
    "designation": "UNESCO Creative City designation",
    "event": "Business Opportunities in Germany (meeting); Cross-border Cultures Meeting;"
    " First Virtual Business Meeting Israel-León; International Tourism Fair 2022 (FITUR);"
    " International Tourism Fair in Spain (FITUR); UN Climate Change Conference COP 26",
    "memorandum": "Memorandum of understanding (MoU)",
    "platform": "Google Arts & Culture",
    "programme": "Anticipa Educando Sonora; Cities of the Future programme (Prosperity Fund);"
    f" PACMetro; PILARES; PYMES Digital; Safe Cities; Second Chance; {OF_COAHUILA}",
    "project": "Chihuahua Green City; City to City: Play!; Digital investment window;"
    " Rutas de Coahuila",
    "twinning-agreement": "Brotherhood (sister-city) agreement",
}
# The award is for a project, which the title names.
ALSO_UNDER = {"2021-05-02": ["Rutas de Coahuila"]}
# The standing tie that the action begins or rests on.
CONCERNS = {
    "2021-05-03": "membership/mx-14039-unesco-creative-cities-network",
    "2021-09-01": "membership/mx-26030-making-cities-resilient-2030",
    "2022-01-01": "twinning/mx-08045-us-tx-san-elizario",
}


@every_bulletin
def test_a_bulletin_has_its_titles_publisher_address_and_month(
    month: str, facts: Path, graph: Graph
) -> None:
    fact, said = bulletin(facts, month), graph[thing(f"bulletin/{month}")]
    title = TITLE_OF_OURS.get(month, fact["title_en"])
    assert texts(said[f"{SKOS}prefLabel"]) == (title, fact["title_es"])
    english, spanish = texts(said[f"{DCTERMS}bibliographicCitation"])
    assert f" {fact['title_en']}" in english
    assert fact["title_es"] in spanish
    for predicate, acronym in (
        (f"{DCTERMS}publisher", fact["publisher"]),
        (f"{DL}compiledBy", fact["commission"]),
    ):
        (body,) = iris(said[predicate])
        assert texts(graph[body][f"{SKOS}altLabel"]) == (acronym, acronym)
    assert iris(said[f"{FOAF}page"]) == [fact["url"]]
    assert values(said[f"{DL}month"]) == [fact["month"]]


@every_bulletin
def test_a_bulletin_has_its_authors_in_their_order(month: str, facts: Path, graph: Graph) -> None:
    fact, said = bulletin(facts, month), graph[thing(f"bulletin/{month}")]
    authors = [graph[one] for one in iris(said[f"{DCTERMS}creator"])]
    expected = [SPELLINGS.get(name, name) for name in fact["authors"]]
    assert [texts(one[f"{SKOS}prefLabel"]) for one in authors] == [(n, n) for n in expected]
    otherwise = [
        (texts(one[f"{SKOS}altLabel"]), languages(one[f"{SKOS}editorialNote"]))
        for one, name in zip(authors, fact["authors"], strict=True)
        if name in SPELLINGS
    ]
    assert otherwise == [((n, n), ["en", "es"]) for n in fact["authors"] if n in SPELLINGS]
    assert bool(otherwise) == (month in SPELT_OTHERWISE)


@every_bulletin
def test_a_bulletin_has_the_remark_of_its_editors_and_a_note_if_it_was_not_read_whole(
    month: str, facts: Path, graph: Graph
) -> None:
    fact, said = bulletin(facts, month), graph[thing(f"bulletin/{month}")]
    moved = IN_THE_NOTE.get(month, ("", ""))
    remarks = texts(said[f"{DL}editorialRemark"])
    assert tuple(map("".join, zip(remarks, moved, strict=True))) == (
        fact["editorial_note_en"],
        fact["editorial_note_es"],
    )
    notes = texts(said[f"{SKOS}note"])
    assert len(notes) == (0 if fact["text_complete"] else 2)
    (pages,) = [words for path, words in PAGES.items() if path in fact["url"]]
    assert [words for words, note in zip(pages, notes, strict=False) if words not in note] == []
    concluded = month in TITLE_OF_OURS or month in SPELT_OTHERWISE
    assert languages(said[f"{SKOS}editorialNote"]) == (["en", "es"] if concluded else [])


@every_bulletin
def test_a_bulletin_reports_the_actions_of_the_facts_and_no_other(
    month: str, facts: Path, graph: Graph
) -> None:
    count = len(bulletin(facts, month)["actions"])
    actions = {iri for iri in reported_in(month, graph) if iri.startswith(thing("action/"))}
    assert count == COUNTS[month]
    assert actions == {thing(f"action/{month}-{n:02}") for n in range(1, count + 1)}


def test_every_bulletin_of_the_facts_is_there_and_what_else_they_report(
    facts: Path, graph: Graph
) -> None:
    assert sorted(path.stem for path in (facts / "bulletins").glob("*.json")) == list(COUNTS)
    assert {
        iri: month
        for month in COUNTS
        for iri in reported_in(month, graph)
        if not iri.startswith(thing("action/"))
    } == {thing(slug): month for slug, month in ALSO_REPORTED.items()}


@every_action
def test_an_action_has_the_titles_and_the_summaries_of_the_facts(
    key: str, facts: Path, graph: Graph
) -> None:
    fact, said = action(facts, key), graph[thing(f"action/{key}")]
    assert texts(said[f"{SKOS}prefLabel"]) == (fact["title_en"], fact["title_es"])
    assert texts(said[f"{DCTERMS}description"]) == (fact["summary_en"], fact["summary_es"])


@every_action
def test_an_action_has_the_region_date_status_mode_place_and_highlight_of_the_facts(
    key: str, facts: Path, graph: Graph
) -> None:
    fact, said = action(facts, key), graph[thing(f"action/{key}")]
    issue = thing(f"bulletin/{key[:7]}")
    assert slugs(said[f"{DL}region"]) == [fact["region"]]
    # No day is given for any of the 42, so the date is the month of the bulletin.
    assert fact["date"] is None
    date = f"{key[:7]}?" if key in MONTH_IN_DOUBT else key[:7]
    assert said[f"{DL}date"] == [Literal(date, datatype=NamedNode(EDTF))]
    assert (fact["status"] is None) == (key in STATUS_CONCLUDED)
    status = "occurred" if key in STATUS_CONCLUDED else STATUS[fact["status"]]
    assert slugs(said[f"{DL}status"]) == [status]
    assert slugs(said[f"{DL}mode"]) == MODE[fact["modality"]]
    assert slugs(said[f"{DL}takesPlaceIn"]) == ([PLACE[key]] if key in PLACE else [])
    assert iris(said[f"{DL}isHighlightOf"]) == ([issue] if fact["is_highlight"] else [])
    assert iris(said[f"{DL}reportedIn"]) == [issue]


@every_action
def test_an_action_is_of_the_type_of_the_facts(key: str, facts: Path, graph: Graph) -> None:
    fact, said = action(facts, key), graph[thing(f"action/{key}")]
    with_mission = any(one["type"] == "diplomatic-mission" for one in fact["counterparts"])
    meeting = "diplomatic-meeting" if with_mission else "official-meeting"
    expected = [{**ACTION_TYPE, "meeting": meeting}[fact["action_type"]]]
    assert OTHER_TYPES.get(key) != expected, "no longer an exception"
    assert slugs(said[f"{DL}actionType"]) == OTHER_TYPES.get(key, expected)


@every_action
def test_an_action_is_about_what_the_facts_say(key: str, facts: Path, graph: Graph) -> None:
    fact, said = action(facts, key), graph[thing(f"action/{key}")]
    concept = {word: theme for theme, words in THEMES.items() for word in words.split("; ")}
    expected = {concept[word] for word in fact["themes"] if word not in NO_THEME}
    assert (fact["themes"] == []) == (key in NO_SUBJECT)
    assert set(slugs(said[f"{DL}theme"])) == (expected or {"general-relations"})


@every_action
def test_an_action_stands_under_the_instruments_and_the_events_of_the_facts(
    key: str, facts: Path, graph: Graph
) -> None:
    fact = action(facts, key)
    names = fact["instrument"].split("; ") if fact["instrument"] else []
    names += [one["name"] for one in fact["counterparts"] if is_event(one)]
    names += ALSO_UNDER.get(key, [])
    kinds = {name: kind for kind, all_ in INSTRUMENT_TYPES.items() for name in all_.split("; ")}
    labels = {name: LABELS.get(name, name) for name in names}
    under = [graph[one] for one in iris(graph[thing(f"action/{key}")][f"{DL}underInstrument"])]
    assert sorted(
        (
            texts(one[f"{SKOS}prefLabel"])[0],
            in_english(one[f"{SKOS}altLabel"]),
            slugs(one[f"{DL}instrumentType"]),
        )
        for one in under
    ) == sorted((labels[n], OTHER_NAMES.get(labels[n], []), [kinds[n]]) for n in names)


@every_action
def test_an_action_concerns_the_tie_that_it_begins_or_rests_on(key: str, graph: Graph) -> None:
    expected = [thing(CONCERNS[key])] if key in CONCERNS else []
    assert iris(graph[thing(f"action/{key}")][f"{DL}concernsRelation"]) == expected


@pytest.fixture(scope="module")
def graph(dataset: Dataset) -> Graph:
    """What is written by hand, by subject and property, objects in the order of the file."""
    return written(dataset.described)


def reported_in(month: str, graph: Graph) -> set[str]:
    """What a bulletin reports."""
    issue = NamedNode(thing(f"bulletin/{month}"))
    return {iri for iri, said in graph.items() if issue in said[f"{DL}reportedIn"]}


def in_english(objects: list[NamedNode | Literal]) -> list[str]:
    """The English ones of several texts."""
    return [one.value for one in objects if isinstance(one, Literal) and one.language == "en"]
