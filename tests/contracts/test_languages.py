"""Whether each kind of page is whole in its language: nothing of our own is said in the other one,
what is quoted in another language says so, and each page names the same page in each language.
"""

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient
from tests.browser.kinds import PAGES
from tests.conftest import SITE
from tests.conftest import Page as Elements
from tests.contracts.test_wording import translations

from diplolocal.wording import LANGUAGES, Language

BROWSER = {"accept": "text/html"}
LONG = 15
"""How many letters a piece of a sentence has that would not be met by chance."""
UNSPOKEN = ("script", "style", "pre", "code", "svg")
"""Elements whose words are not ours or are those of the picture beside them."""
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}

Pages = Mapping[tuple[Language, str], str]


@pytest.fixture(scope="module")
def pages(client: TestClient) -> Pages:
    """Each kind of page in each language."""
    return {
        (language, address): client.get(f"/{language}{address}", headers=BROWSER).text
        for language in LANGUAGES
        for address in PAGES
    }


def test_no_page_says_a_sentence_of_ours_in_the_other_language(pages: Pages) -> None:
    foreign = {
        Language.ES: set(pieces(english for english, _ in pairs())),
        Language.EN: set(pieces(spanish for _, spanish in pairs())),
    }
    own = {Language.ES: foreign[Language.EN], Language.EN: foreign[Language.ES]}
    found = {}
    for (language, address), html in pages.items():
        text = words_in(html, language)
        assert sum(piece in text for piece in own[language]) >= 10, address
        if met := {piece for piece in foreign[language] - own[language] if piece in text}:
            found[f"/{language}{address}"] = met
    assert found == {}


def test_a_sentence_in_the_other_language_would_be_noticed() -> None:
    html = '<html lang="es"><main><p>Busque <b>Skip to the content</b></p></main></html>'
    assert "Skip to the content" in words_in(html, Language.ES)
    marked = html.replace("<b>", '<b lang="en">')
    assert words_in(marked, Language.ES) == "Busque"


def test_each_page_says_which_language_it_is_in(client: TestClient, pages: Pages) -> None:
    wrong = [
        f"/{language}{address}"
        for (language, address), html in pages.items()
        if f'<html lang="{language}">' not in html
    ]
    assert wrong == []
    for language in LANGUAGES:
        head = client.get(f"/{language}/about", headers=BROWSER).headers
        assert head["content-language"] == language


def test_each_page_leads_to_itself_in_each_language(client: TestClient, pages: Pages) -> None:
    for (_, address), html in pages.items():
        alternates = {
            has["hreflang"]: has["href"]
            for name, has, _ in Elements(html).elements
            if name == "link" and has.get("rel") == "alternate" and "hreflang" in has
        }
        if not alternates:  # a page that is not there is nowhere else either
            assert client.get(address, headers=BROWSER).status_code >= 400, address
            continue
        assert alternates.keys() == {*LANGUAGES, "x-default"}, address
        for tongue in LANGUAGES:
            there = alternates[tongue]
            assert there.startswith(f"{SITE}/{tongue}"), address
            if (tongue, there.removeprefix(f"{SITE}/{tongue}")) not in pages:
                answer = client.get(there, headers=BROWSER)
                assert (answer.status_code, answer.headers["content-language"]) == (200, tongue)


def pairs() -> Iterator[tuple[str, str]]:
    """Each sentence that differs between the languages: English, Spanish."""
    for english, spanish in translations().items():
        if english != spanish:
            yield english, spanish


def pieces(sentences: Iterator[str]) -> Iterator[str]:
    """What stands in sentences whatever values they are given, where it is long enough."""
    for sentence in sentences:
        for piece in re.split(r"\{[^}]*\}", sentence):
            plain = " ".join(piece.split())
            if len(plain) >= LONG:
                yield plain


def words_in(html: str, language: Language) -> str:
    """The text of a page that is not marked as being in another language."""
    found = Words(language)
    found.feed(html)
    found.close()
    return " ".join("".join(found.words).split())


class Words(HTMLParser):
    """Collects text, but for what is in another language and what is no text."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self.words: list[str] = []
        self._language = language
        self._open: list[bool] = [True]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        tongue = dict(attrs).get("lang") or self._language
        heard = self._open[-1] and tag not in UNSPOKEN and tongue == self._language
        self._open.append(heard)
        self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()
        self.words.append(" ")

    def handle_data(self, data: str) -> None:
        if self._open[-1]:
            self.words.append(data)
