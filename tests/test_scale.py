"""Whether numbers get classes that can be told apart."""

import pytest

from diplolocal import scale
from diplolocal.wording import Language


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ([], ("0",)),
        ([0, 1], ("0", "1")),
        ([3, 5], ("0", "1", "2", "3", "4", "5")),
        ([24], ("0", "1", "2–4", "5–9", "10–19", "20 or more")),
        ([10], ("0", "1", "2–4", "5–9", "10")),
        ([1_200], ("0", "1–99", "100–199", "200–499", "500–999", "1,000 or more")),
    ],
)
def test_classes_cover_every_number_once(counts: list[int], words: tuple[str, ...]) -> None:
    begins = scale.starts(counts)
    assert scale.words(begins, max(counts, default=0), Language.EN) == words
    assert len(scale.places(begins)) == len(words)


def test_a_number_is_in_the_class_that_begins_at_or_below_it() -> None:
    begins = scale.starts([24])
    assert [scale.class_of(count, begins) for count in (0, 1, 2, 4, 5, 19, 20, 24)] == [
        *(0, 1, 2, 2, 3, 4, 5, 5)
    ]


def test_nought_has_a_colour_that_no_number_has() -> None:
    for most in range(1, 3_000):
        places = scale.places(scale.starts([most]))
        assert list(places) == sorted(set(places))
        assert places[0] == 0
