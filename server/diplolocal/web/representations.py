"""In which format and profile a document is asked for, and the headers that say in which it is, and
where it is in the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from diplolocal import iris, resources, schema_org
from diplolocal.bad_requests import BadRequest
from diplolocal.formats import GRAPH, HTML, PAGE, Format
from diplolocal.versions import State
from diplolocal.web import mementos, negotiation
from diplolocal.web.negotiation import OWN, PROFILES, Profile
from diplolocal.web.responses import Visit
from diplolocal.web.signposts import signposts
from diplolocal.wording import message

_PROFILE = "_profile"
"""The parameter that asks for a profile (Content Negotiation by Profile, §6.2)."""

_DATA_FIRST = (*GRAPH, HTML)
_GRAPHS = iris.graph("")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: the document at which IRI, about what, in which format (None: in none that
    there is) and which profile; `suffix` is that of the address, with its dot.
    """

    iri: str
    topic: str
    format: Format | None
    profile: Profile
    suffix: str

    @property
    def path(self) -> str:
        """The path of the document, without a suffix."""
        return iris.uri_of(iris.path_of(iris.document_of(self.iri)))

    @property
    def is_graph(self) -> bool:
        """Whether the document is a named graph, whole; the ontology is the graph that defines
        it.
        """
        return self.topic == iris.ONTOLOGY or self.topic.startswith(_GRAPHS)

    @property
    def profiles(self) -> Sequence[Profile]:
        """The models that the document is there in; the first is the default."""
        return PROFILES if schema_org.has(self.topic) else (OWN,)

    @property
    def kind(self) -> Format:
        """The format, where there is one."""
        assert self.format is not None
        return self.format


def asked_for(visit: Visit, iri: str, fmt: Format | None) -> Asked:
    """What the address and, where its suffix names no format, the headers ask for.

    Raises BadRequest where the address cannot be read.
    """
    name, topic = one(visit, _PROFILE), _topic(visit, iri)
    if fmt:
        asked = Asked(iri, topic, fmt, OWN, f".{fmt.suffix}")
        return _in(asked, negotiation.profile(name))
    header = ", ".join(visit.request.headers.getlist("accept-profile"))
    # Whoever names a profile is no reader of pages, unless it says so.
    offered = _DATA_FIRST if negotiation.profile(name, accept_profile=header) else PAGE
    chosen = negotiation.choose(visit.accept, offered)
    asked = Asked(iri, topic, chosen, OWN, "")
    if chosen is None:
        return asked
    wanted = negotiation.profile(
        name, accept=visit.accept, media_type=chosen.media_type, accept_profile=header
    )
    return _in(asked, wanted)


def one(visit: Visit, name: str) -> str | None:
    """The value of a parameter. Raises BadRequest where there are several."""
    values = visit.request.query_params.getlist(name)
    if len(values) > 1:
        raise BadRequest(message("{name} is given more than once. Give it once.", name=name))
    return values[0] if values else None


def only(visit: Visit, known: Sequence[str]) -> None:
    """Raise BadRequest where the address has another parameter than these: for what would answer of
    something else than was meant, if it were passed over.
    """
    for name in visit.request.query_params:
        if name not in known:
            raise BadRequest(
                message(
                    "There is no parameter {name} at this address. There are: {known}.",
                    name=name,
                    known=", ".join(known),
                )
            )


def described(visit: Visit, asked: Asked, state: State | None = None) -> dict[str, str]:
    """The headers that say where the document is, in what it differs, and where the others are."""
    known = visit.parts.history is not None
    version = f"{mementos.VERSION}={state.release.version}" if state else ""
    links = _alternates(visit, asked, version)
    if state is None and asked.format:
        links.append(signposts(visit.parts, asked.iri, asked.format))
    if known:
        links.append(mementos.links(visit, asked.iri, state))
    vary = ["Accept", "Accept-Language"]
    vary += ["Accept-Profile"] * (len(asked.profiles) > 1) + ["Accept-Datetime"] * known
    headers = {"Vary": ", ".join(vary)}
    if asked.format:
        place = visit.base + asked.path
        headers["Content-Location"] = place + _address(asked.format, asked.profile, version)
    if asked.format and asked.format is not HTML:
        headers["Content-Profile"] = f"<{asked.profile.iri}>"
        links.append(f'<{asked.profile.iri}>; rel="profile"')
    return {**headers, "Link": ", ".join(links)}


def _topic(visit: Visit, iri: str) -> str:
    """What a document is about: the ontology, where its IRI is that of one of its versions."""
    if iri.startswith(iris.ONTOLOGY + "/") and iri in resources.versions(visit.parts.store):
        return iris.ONTOLOGY
    return iri


def _in(asked: Asked, profile: Profile | None) -> Asked:
    """The same in a profile, where it is there in that; a page has them all."""
    if profile is None or asked.format is HTML or profile not in asked.profiles:
        return asked
    return Asked(asked.iri, asked.topic, asked.format, profile, asked.suffix)


def _alternates(visit: Visit, asked: Asked, version: str) -> list[str]:
    """The same document in other formats and profiles (RFC 6906 §3)."""
    found = []
    for profile in asked.profiles:
        for fmt in PAGE if profile is OWN else GRAPH:
            if (fmt, profile) != (asked.format, asked.profile):
                place = visit.base + asked.path + _address(fmt, profile, version)
                link = f'<{place}>; rel="alternate"; type="{fmt.media_type}"'
                found.append(link if profile is OWN else f'{link}; profile="{profile.iri}"')
    return found


def _address(fmt: Format, profile: Profile, version: str) -> str:
    """What follows the path of a document in a format and profile."""
    token = f"{_PROFILE}={profile.token}" if profile is not OWN else ""
    query = "&".join(filter(None, (version, token)))
    return f".{fmt.suffix}" + (f"?{query}" if query else "")
