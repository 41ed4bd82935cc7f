"""The page about a release: what it is, and how many of what it added, changed or took away."""

from collections import defaultdict
from collections.abc import Mapping

from fastapi.responses import Response

from diplolocal import iris, resources
from diplolocal.chronicle import Chapter, Deed
from diplolocal.resources import names_of
from diplolocal.store import plain
from diplolocal.web.chapters import chapter_of, chapters_of, counts_of, tally_of
from diplolocal.web.feeds import headings, unreleased
from diplolocal.web.responses import Visit, page

_DCTERMS = "http://purl.org/dc/terms/"


def release_page(visit: Visit, iri: str, headers: Mapping[str, str]) -> Response:
    """The page about a release. Raises ResourceNotFound where there is none of this number."""
    description = resources.describe(visit.parts.store, iri)
    chapter = _chapter(visit, iri)
    deeds = [deed for deed in Deed if chapter and deed in counts_of(visit, chapter)]
    rows: dict[str | None, dict[Deed, int]] = defaultdict(dict)
    for each in tally_of(visit, chapter) if chapter else ():
        rows[each.kind][each.deed] = each.count
    names = names_of(visit.parts.store, [kind for kind in rows if kind])
    chapters = chapters_of(visit) if visit.parts.history else ()
    place = chapters.index(chapter) if chapter else 0
    return page(
        visit,
        "release.html",
        headers=headers,
        description=description,
        about=description.values(_DCTERMS + "description"),
        issued=plain(description.values(_DCTERMS + "issued")[0]),
        before=chapters[place - 1].release if place else None,
        after=chapters[place + 1].release if place + 1 < len(chapters) else None,
        changed=bool(unreleased(visit)),
        chapter=chapter,
        deeds=deeds,
        headings=headings(visit.language),
        rows=sorted(rows.items(), key=lambda row: (-sum(row[1].values()), row[0] or "")),
        totals=counts_of(visit, chapter) if chapter else {},
        names=names,
        path=visit.base + iris.path_of(iri),
    )


def _chapter(visit: Visit, iri: str) -> Chapter | None:
    """What the release changed; None where an endpoint answers, which keeps no history."""
    if visit.parts.history is None:
        return None
    return chapter_of(visit, iris.key_of(iri))
