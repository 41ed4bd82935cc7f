"""What a thing is related to, nearest first, and where it stands in the picture."""

from itertools import pairwise

from diplolocal import iris, neighbours, portrait, resources
from diplolocal.embedded import EmbeddedStore
from diplolocal.neighbours import EACH, GROUPS, Group, Neighbour
from diplolocal.search import Index


def test_a_state_is_surrounded_by_whom_it_deals_with_first(
    store: EmbeddedStore, search: Index
) -> None:
    jalisco = iris.thing("place/mx-jal")
    description = resources.describe(store, jalisco)
    of = portrait.portrait_of(description.types)
    held = portrait.held(store, search, of, jalisco, most=10)
    around = neighbours.groups(description, held)
    assert around[0].title == {"es": "Países contraparte", "en": "Partner countries"}
    assert (around[0].total, len(around[0].shown)) == (7, EACH)
    assert around[0].shown[0] == Neighbour(iris.thing("place/us"), 8)
    assert [group.property for group in around if group.property] == [
        iris.ONTOLOGY + f"#{name}" for name in ("partOf", "inRegion", "boundary", "twinnedWith")
    ] or len(around) > GROUPS


def test_a_thing_that_points_at_little_is_surrounded_by_what_points_at_it(
    small: EmbeddedStore, small_search: Index
) -> None:
    un = iris.thing("organisation/un")
    description = resources.describe(small, un)
    of = portrait.portrait_of(description.types)
    around = neighbours.groups(description, portrait.held(small, small_search, of, un, most=10))
    [about] = [group for group in around if group.property == iris.ONTOLOGY + "#about"]
    assert about.incoming
    assert about.shown == (Neighbour(iris.thing("question/item-of-un")),)


def test_the_picture_has_room_for_its_groups_and_says_how_much_is_not_shown() -> None:
    few = tuple(Neighbour(f"urn:{number}") for number in range(3))
    around = [Group(None, f"urn:property-{number}", 10, few) for number in range(GROUPS + 2)]
    picture = neighbours.picture("A name that is rather long for a box", around)
    assert picture is not None
    assert (len(picture.groups), picture.shown, picture.total) == (GROUPS, 21, 90)
    assert len(picture.lines) == 3
    tops = [(placed.top, placed.bottom) for placed in picture.groups]
    assert tops == sorted(tops)
    assert all(bottom <= top for (_, bottom), (top, _) in pairwise(tops))
    assert tops[0][0] > 0
    assert tops[-1][1] < picture.height
    for placed in picture.groups:
        assert all(placed.top < y <= placed.bottom for _, y in placed.rows)


def test_there_is_no_picture_of_nothing() -> None:
    assert neighbours.picture("Nothing", []) is None
