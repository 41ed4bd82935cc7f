"""A picture of how things hang together: what points at a thing is above it, nothing overlaps, and
the same things make the same picture.
"""

from itertools import combinations

from diplolocal.diagram import Arrow, Placed, draw

LABELS = {
    name: name
    for name in ("action", "actor", "place", "region", "took part", "at", "in", "based in", "whole")
}
ARROWS = [
    Arrow("action", "actor", ("took part",)),
    Arrow("action", "place", ("at",)),
    Arrow("action", "region", ("in",)),
    Arrow("actor", "place", ("based in", "whole")),
    Arrow("place", "region", ("in",)),
]


def test_what_points_at_a_thing_stands_above_it() -> None:
    rows = {each.keys[0]: each.y for each in draw(LABELS, ARROWS).things}
    assert sorted(rows, key=rows.__getitem__) == ["action", "actor", "place", "region"]
    assert len(set(rows.values())) == 4


def test_every_arrow_has_a_way_and_its_names_one_below_the_other() -> None:
    picture = draw(LABELS, ARROWS)
    assert len(picture.paths) == 5
    assert sorted(each.keys for each in picture.names) == [
        ("at",),
        ("based in", "whole"),
        ("in",),
        ("in",),
        ("took part",),
    ]
    heights = {each.keys: each.height for each in picture.names}
    assert heights["based in", "whole"] == 2 * heights["at",]


def test_nothing_overlaps_and_all_is_within_the_picture() -> None:
    picture = draw(LABELS, ARROWS)
    everything = (*picture.things, *picture.names)
    assert [pair for pair in combinations(everything, 2) if _overlap(*pair)] == []
    for each in everything:
        assert each.x - each.width / 2 >= 0
        assert each.x + each.width / 2 <= picture.width
        assert each.y - each.height / 2 >= 0
        assert each.y + each.height / 2 <= picture.height


def test_the_same_things_make_the_same_picture() -> None:
    assert draw(LABELS, ARROWS) == draw(LABELS, ARROWS)


def test_what_goes_in_a_circle_is_drawn_without_the_arrow_that_closes_it() -> None:
    circle = [Arrow("action", "actor", ("at",)), Arrow("actor", "action", ("in",))]
    picture = draw(LABELS, [*circle, Arrow("action", "action", ("whole",))])
    assert {each.keys for each in picture.things} == {("action",), ("actor",)}
    assert len(picture.paths) <= 1


def _overlap(one: Placed, other: Placed) -> bool:
    return (
        abs(one.x - other.x) < (one.width + other.width) / 2
        and abs(one.y - other.y) < (one.height + other.height) / 2
    )
