"""Do the competency questions ask what they say? Each with its whole answer on two bulletins, by
hand. They are example queries; what holds for all of those is in test_queries.py.

The answers were worked out by hand from the facts (bulletins/2021-01.json, 2021-09.json and the
gazetteer), not copied from a result. They are asked of a store of the real files without the other
bulletins and without data/relations/, which is small enough for that; what is answered on the whole
is in test_answers.py. Some questions have an answer only there.
"""

from dataclasses import dataclass

import pytest
from pyoxigraph import NamedNode
from tests.content.asked import Row, rows, text_of

from diplolocal import resources
from diplolocal.build import derive
from diplolocal.dataset import Dataset, Kind, Source
from diplolocal.embedded import EmbeddedStore
from diplolocal.iris import DERIVED, graph, thing
from diplolocal.statements import read
from diplolocal.store import Store

MONTHS = frozenset({"2021-01", "2021-09"})


@dataclass(frozen=True, slots=True)
class Answer:
    """The columns and rows of an answer, and a bulletin without which it would be another."""

    rests_on: str
    columns: tuple[str, ...]
    rows: list[Row]


JANUARY = (
    "Mexican Local Diplomacy Newsletter January 2021",
    "https://cemeri.org/en/documento/d-diplomacia-local-enero-2021-du",
)
SEPTEMBER = (
    "Mexican Local Diplomacy Newsletter September 2021",
    "https://cemeri.org/en/documento/d-diplomacia-local-septiembre-2021-ju",
)
TITLES = {
    "action:2021-01-01": "Medical and business border crossing opens in Tijuana",
    "action:2021-01-02": "Opening of the Mexican-German Chamber symposium",
    "action:2021-01-03": "Jalisco governor meets the Chinese ambassador",
    "action:2021-01-04": "Puebla and the OECD work on simpler procedures",
    "action:2021-01-05": "Zacatecas signs digital-skills agreements with Microsoft",
    "action:2021-01-06": "UNESCO recognition for Mexico City's PILARES programme",
    "action:2021-01-07": "Guerrero firms to sell through Mercado Libre",
    "action:2021-01-08": "Yucatán and the OECD build a digital investment window",
    "action:2021-09-01": "Hermosillo certified in the MCR2030 campaign",
    "action:2021-09-02": (
        "Coahuila and the UN close workshops on a violence-against-women programme"
    ),
    "action:2021-09-03": "Jalisco promotes its culture with Google",
    "action:2021-09-04": "Hidalgo hosts US embassy staff on human trafficking",
    "action:2021-09-05": "First online business meeting between León and Israel",
    "action:2021-09-06": "Morelos security commissioner and LoJack sign on vehicle theft",
    "action:2021-09-07": "Tapachula renews its commitment with UNICEF",
    "action:2021-09-08": "Tabasco governor meets US State Department official",
}
REGIONS = (
    "East",
    "North-central",
    "Northeast",
    "Northwest",
    "South-central",
    "Southeast",
    "Southwest",
    "West",
)
UNESCO = "United Nations Educational, Scientific and Cultural Organization"
CAMEXA = "Mexican-German Chamber of Commerce and Industry"
COMMISSION = "State Commission of Public Security of Morelos"
STATE_DEPARTMENT = "United States Department of State"


def told(key: str, *rest: str | None) -> Row:
    """An action by its key (`01-03`), its title, and what else the row says."""
    action = f"action:2021-{key}"
    return (action, TITLES[action], *rest)


ANSWERS = {
    "actions-per-region-and-month": Answer(
        "2021-01",
        ("month", "region", "actions", "inBulletins"),
        # Both bulletins tell of one action in each of the eight regions.
        [(month, region, "1", "1") for month in ("2021-01", "2021-09") for region in REGIONS],
    ),
    "actions-without-a-named-counterpart": Answer(
        "2021-09",
        ("action", "title", "known"),
        [told("09-05", "Eight Israeli companies, not named")],
    ),
    "counterparts-without-wikidata-item": Answer(
        "2021-09",
        ("counterpart", "name"),
        # The gazetteer has items for the OECD, the UN, UNESCO, Microsoft, Google and the United
        # States Department of State; the government of the United States has that of the country.
        [
            ("mission:embassy-of-china-in-mexico", "Embassy of China in Mexico"),
            (
                "mission:embassy-of-the-united-states-in-mexico",
                "Embassy of the United States in Mexico",
            ),
            ("firm:lojack", "LoJack"),
            ("firm:mercado-libre", "Mercado Libre"),
            ("body:camexa", CAMEXA),
            ("organisation:unicef-mexico", "UNICEF Mexico"),
        ],
    ),
    "everything-jalisco-did": Answer(
        "2021-09",
        ("action", "title", "actor", "with"),
        [
            told("01-03", "Government of Jalisco", "Embassy of China in Mexico"),
            told("09-03", "Ministry of Culture of Jalisco", "Google"),
            told("09-03", "Ministry of Tourism of Jalisco", "Google"),
        ],
    ),
    "firms-by-country-and-region": Answer(
        "2021-01",
        ("region", "country", "firm", "action"),
        [
            ("North-central", "Israel", "Eight Israeli companies, not named", "action:2021-09-05"),
            ("North-central", "United States", "Microsoft", "action:2021-01-05"),
            ("Northeast", "Germany", "German companies, not named", "action:2021-01-02"),
            ("South-central", "United States", "LoJack", "action:2021-09-06"),
            ("Southwest", "Argentina", "Mercado Libre", "action:2021-01-07"),
            ("West", "United States", "Google", "action:2021-09-03"),
        ],
    ),
    "instruments-and-who-uses-them": Answer(
        "2021-01",
        ("type", "instrument", "actor", "action"),
        [
            (
                "Agreement",
                "Collaboration agreement of Morelos with LoJack",
                COMMISSION,
                "action:2021-09-06",
            ),
            (
                "Campaign",
                "Making Cities Resilient 2030",
                "Municipal government of Hermosillo",
                "action:2021-09-01",
            ),
            (
                "Event",
                "First Virtual Business Meeting Israel–León",
                "Municipal government of León",
                "action:2021-09-05",
            ),
            (
                "Platform",
                "Google Arts & Culture",
                "Ministry of Culture of Jalisco",
                "action:2021-09-03",
            ),
            (
                "Platform",
                "Google Arts & Culture",
                "Ministry of Tourism of Jalisco",
                "action:2021-09-03",
            ),
            ("Programme or plan", "PILARES", "Government of Mexico City", "action:2021-01-06"),
            (
                "Programme or plan",
                "State Programme for the Prevention, Attention, Punishment and Eradication of"
                " Violence against Women (Coahuila)",
                "Government of Coahuila",
                "action:2021-09-02",
            ),
            (
                "Project",
                "Digital investment window (Yucatán)",
                "Government of Yucatán",
                "action:2021-01-08",
            ),
        ],
    ),
    "partly-concluded-actions": Answer(
        "2021-01",
        ("action", "title", "participant"),
        # In the facts each of the sixteen has something in `inferred` or `uncertain`; where that
        # is about a participant, the participant stands in the row.
        [
            told("01-01", "Government of the United States"),
            told("01-01", "Municipal government of Tijuana"),
            told("01-02", CAMEXA),
            told("01-03", "Embassy of China in Mexico"),
            told("01-04", "Government of Puebla"),
            told("01-05", "Government of Zacatecas"),
            told("01-05", "Microsoft"),
            told("01-06", None),
            told("01-07", "Mercado Libre"),
            told("01-08", None),
            told("09-01", "Municipal government of Hermosillo"),
            told("09-02", "Government of Coahuila"),
            told("09-02", "United Nations"),
            told("09-03", "Google"),
            told("09-04", None),
            told("09-05", "Municipal government of León"),
            told("09-06", "LoJack"),
            told("09-06", COMMISSION),
            told("09-07", "Municipal government of Tapachula"),
            told("09-08", STATE_DEPARTMENT),
        ],
    ),
    "states-and-the-oecd": Answer(
        "2021-01",
        ("state", "actor", "action", "title"),
        [
            ("Puebla", "Government of Puebla", *told("01-04")),
            ("Yucatán", "Government of Yucatán", *told("01-08")),
        ],
    ),
    "states-without-an-action": Answer(
        "2021-09",
        ("code", "state"),
        # The other fourteen: BCN (Tijuana), JAL, PUE, ZAC, CMX, GRO, YUC in January; SON
        # (Hermosillo), COA, JAL, HID, GUA (León), MOR, CHP (Tapachula), TAB in September.
        [
            ("MX-AGU", "Aguascalientes"),
            ("MX-BCS", "Baja California Sur"),
            ("MX-CAM", "Campeche"),
            ("MX-CHH", "Chihuahua"),
            ("MX-COL", "Colima"),
            ("MX-DUR", "Durango"),
            ("MX-MEX", "State of Mexico"),
            ("MX-MIC", "Michoacán"),
            ("MX-NAY", "Nayarit"),
            ("MX-NLE", "Nuevo León"),
            ("MX-OAX", "Oaxaca"),
            ("MX-QUE", "Querétaro"),
            ("MX-ROO", "Quintana Roo"),
            ("MX-SIN", "Sinaloa"),
            ("MX-SLP", "San Luis Potosí"),
            ("MX-TAM", "Tamaulipas"),
            ("MX-TLA", "Tlaxcala"),
            ("MX-VER", "Veracruz"),
        ],
    ),
    "themes-by-counterpart-country": Answer(
        "2021-09",
        ("country", "theme", "actions"),
        [
            ("Argentina", "Trade and investment", "1"),
            ("China", "Protocol and general relations", "1"),
            ("Germany", "Trade and investment", "1"),
            ("Israel", "Industry and supply chains", "1"),
            ("Israel", "Science, technology and innovation", "1"),
            ("Israel", "Trade and investment", "1"),
            # Microsoft, Google, LoJack; the embassy, LoJack, the State Department; Tijuana, Google.
            ("United States", "Science, technology and innovation", "3"),
            ("United States", "Security and justice", "3"),
            ("United States", "Tourism", "2"),
            ("United States", "Border and transborder affairs", "1"),
            ("United States", "Culture and heritage", "1"),
            ("United States", "Education", "1"),
            ("United States", "Health", "1"),
        ],
    ),
    "un-bodies-and-their-partners": Answer(
        "2021-01",
        ("body", "partner", "action", "title"),
        [
            ("UNICEF Mexico", "Municipal government of Tapachula", *told("09-07")),
            ("United Nations", "Government of Coahuila", *told("09-02")),
            ("United Nations", "Municipal government of Hermosillo", *told("09-01")),
            (UNESCO, "Government of Mexico City", *told("01-06")),
        ],
    ),
    "which-bulletin-says-so": Answer(
        "2021-09",
        ("action", "title", "bulletin", "page"),
        [
            (action, title, *(JANUARY if "2021-01" in action else SEPTEMBER))
            for action, title in TITLES.items()
        ],
    ),
    "who-represented-whom": Answer(
        "2021-01",
        ("action", "person", "post", "actor"),
        [
            (
                "action:2021-01-03",
                "Zhu Qingqiao",
                "Ambassador of China to Mexico",
                "Embassy of China in Mexico",
            ),
            (
                "action:2021-01-03",
                "Enrique Alfaro Ramírez",
                "Governor of Jalisco",
                "Government of Jalisco",
            ),
            (
                "action:2021-09-06",
                "José Antonio Ortiz",
                "State Commissioner for Public Security",
                COMMISSION,
            ),
            (
                "action:2021-09-07",
                "Rosa Urbina",
                "Municipal President of Tapachula",
                "Municipal government of Tapachula",
            ),
            (
                "action:2021-09-07",
                "Fernando Carrera",
                "Representative of UNICEF in Mexico",
                "UNICEF Mexico",
            ),
            (
                "action:2021-09-08",
                "Carlos Manuel Merino",
                "Governor of Tabasco",
                "Government of Tabasco",
            ),
            (
                "action:2021-09-08",
                "Heide Fulton",
                "Assistant Secretary for Western Hemisphere Programs, US Department of State",
                STATE_DEPARTMENT,
            ),
        ],
    ),
}

every_answer = pytest.mark.parametrize("name", sorted(ANSWERS))


@every_answer
def test_a_question_is_answered_as_worked_out_by_hand(name: str, two_bulletins: Store) -> None:
    answer = ANSWERS[name]
    assert rows(two_bulletins, text_of(name), answer.columns) == answer.rows


@every_answer
def test_the_answer_is_another_without_a_bulletin_it_rests_on(
    name: str, two_bulletins: Store, without: dict[str, Store]
) -> None:
    answer = ANSWERS[name]
    prefixes = resources.prefixes(two_bulletins)
    poorer = rows(without[answer.rests_on], text_of(name), answer.columns, prefixes=prefixes)
    assert poorer != answer.rows


def test_the_actions_of_a_state_include_those_of_its_municipalities(two_bulletins: Store) -> None:
    assert everything_done_by("mx-son", two_bulletins) == [
        told("09-01", "Municipal government of Hermosillo", "United Nations")
    ]


def test_the_actions_of_a_state_include_those_with_a_partner_that_is_not_named(
    two_bulletins: Store,
) -> None:
    assert everything_done_by("mx-gua", two_bulletins) == [
        told("09-05", "Municipal government of León", "Eight Israeli companies, not named")
    ]


@pytest.fixture(scope="module")
def two_bulletins(dataset: Dataset) -> Store:
    """A store of the real files with two bulletins only, and what is derived from them."""
    return made_of(dataset, MONTHS)


@pytest.fixture(scope="module")
def without(dataset: Dataset) -> dict[str, Store]:
    """For each of the two bulletins, a store that has the other one only."""
    return {month: made_of(dataset, MONTHS - {month}) for month in MONTHS}


def made_of(dataset: Dataset, months: frozenset[str]) -> Store:
    def is_kept(source: Source) -> bool:
        if source.kind is Kind.BULLETIN:
            return source.graph in {graph("bulletin", month) for month in months}
        return source.kind is not Kind.RELATIONS

    known = read(tuple(source for source in dataset.described if is_kept(source)))
    written = ((source.graph, text) for source, text in known.texts.items())
    derived = b"".join(derive(dataset, known))
    return EmbeddedStore.of_triples((*written, (DERIVED, derived)))


def everything_done_by(state: str, store: Store) -> list[Row]:
    text = text_of("everything-jalisco-did", state=NamedNode(thing(f"place/{state}")))
    return rows(store, text, ANSWERS["everything-jalisco-did"].columns)
