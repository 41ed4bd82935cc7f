"""The bulletin as plain text."""

import pytest

from diplolocal import bulletin, bulletin_text, iris
from diplolocal.embedded import EmbeddedStore
from diplolocal.wording import LANGUAGES, Language


def written(store: EmbeddedStore, month: str, language: Language) -> str:
    found = bulletin.read(store, month, language)
    return bulletin_text.written(found, record="The record.", link=lambda iri: f"<{iri}>")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_action_is_told_once_in_lines_that_mail_can_carry(
    store: EmbeddedStore, language: Language
) -> None:
    text = written(store, "2021-09", language)
    found = bulletin.read(store, "2021-09", language)
    plainly = " ".join(text.split())
    for action in found.actions:
        assert text.count(f"<{action.iri}>\n") == 1
        assert plainly.count(str(action.description)) == 1
    long = [line for line in text.splitlines() if len(line) > bulletin_text.WIDTH]
    assert long == []
    assert str(found.remark) in plainly
    assert "The record." in text


def test_a_region_without_actions_says_so(store: EmbeddedStore) -> None:
    lines = written(store, "2022-02", Language.EN).splitlines()
    place = lines.index("NORTHEAST")
    sentence = "Of this region the graph records no action in this bulletin."
    assert lines[place + 2] == sentence
    assert lines.count(sentence) == 7


def test_figures_stand_below_the_months_that_they_are_of(store: EmbeddedStore) -> None:
    lines = written(store, "2021-09", Language.EN).splitlines()
    place = lines.index("By country of the counterpart")
    heads, *rows = (line.split() for line in lines[place + 1 : place + 5])
    assert heads == ["September", "2021", "July", "2021", "Mean", "of", "2021"]
    assert rows == [
        ["United", "States", "4", "0", "1"],
        ["Israel", "1", "0", "0.1"],
        ["Morocco", "0", "1", "0.1"],
    ]


def test_a_bulletin_of_which_little_is_known_has_no_empty_headings(small: EmbeddedStore) -> None:
    text = written(small, "2021-04", Language.EN)
    assert text.startswith("BULLETIN OF APRIL\n")
    assert "What the editors" not in text
    assert "None" not in text
    assert iris.NAMESPACE not in text
