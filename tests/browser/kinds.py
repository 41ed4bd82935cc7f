"""One page of each kind that the site has, by the template that writes it."""

KINDS = {
    "about.html": ("/about",),
    "accessibility.html": ("/accessibility",),
    "browse-state.html": ("/browse/mx-jal",),
    "browse.html": ("/browse",),
    "bulletin.html": ("/bulletins/2021-09",),
    "changes-page.html": ("/changes/1.0.0/1",),
    "changes.html": ("/changes",),
    "cite.html": ("/cite",),
    "compare.html": ("/compare?state=mx-jal&state=mx-nle",),
    "concept.html": ("/vocab/theme/culture", "/vocab/action-type/agreement-signed"),
    "credits.html": ("/credits",),
    "dataset.html": ("/dataset",),
    "dumps.html": ("/dumps",),
    "graph.html": ("/graph/bulletin/2021-09",),
    "graphs.html": ("/graphs",),
    "home.html": ("/",),
    "limits.html": ("/limits",),
    "list.html": ("/bulletins", "/actions?state=mx-jal"),
    "ontology.html": ("/def",),
    "picture.html": (
        "/pictures/actions-by-state",
        "/pictures/actions-by-month?state=mx-jal",
        "/pictures/network",
    ),
    "pictures.html": ("/pictures",),
    "problem.html": ("/doc/nothing", "/search?colour=red"),
    "quality.html": ("/quality",),
    "queries.html": ("/queries",),
    "query.html": ("/queries/states-and-the-oecd",),
    "related.html": (),
    "release.html": ("/dataset/1.0.0",),
    "report.html": ("/report?about=https%3A%2F%2Fw3id.org%2Fdiplolocal%2Fid%2Fplace%2Fmx-jal",),
    "resource.html": (
        "/doc/action/2021-09-03",
        "/doc/place/mx-jal",
        "/doc/place/mx-14039",
        "/doc/place/es",
        "/doc/organisation/un-habitat",
        "/doc/region/occidente",
        "/doc/bulletin/2021-09",
        "/doc/organisation/un?version=1.0.0",
    ),
    "scheme.html": ("/vocab/theme",),
    "search.html": (
        "/search",
        "/search?text=clima",
        "/search?kind=actions&state=mx-jal&view=table",
        "/search?kind=actions&view=map",
        "/search?kind=actions&view=timeline",
        "/search?text=zzzzzz",
    ),
    "service.html": ("/service",),
    "shapes.html": ("/shapes",),
    "sparql.html": ("/sparql", "/sparql?query=SELECT+*+%7B%3Fs+%3Fp+%3Fo%7D+LIMIT+5"),
    "tombstone.html": (),
}
"""Template → addresses. Those without one are only there where a list is long, or where something
was withdrawn, as nothing has been so far.
"""

PAGES = tuple(address for addresses in KINDS.values() for address in addresses)

PIECES = {
    "answer.html",
    "base.html",
    "bulletin-content.html",
    "bulletin.email.html",
    "bulletin.entry.html",
    "citing.html",
    "figure.html",
    "parts.html",
    "portrait.html",
    "tallied.html",
    "terms.html",
}
"""Templates that are no pages of their own."""
