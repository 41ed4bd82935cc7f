"""Those who ask what anybody may ask: example queries, look-ups and pages; and what is right."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from tests.bench import answers
from tests.bench.wire import Reply

from diplolocal import examples, federation, formats
from diplolocal.store import Query, Store, Wanted

PAGES = (
    "/",
    "/sparql",
    "/doc/action/2021-01-03",
    "/doc/place/mx-jal",
    "/doc/region/occidente",
    "/quality",
)
_DL = "https://w3id.org/diplolocal/def#"
_JALISCO = "https://w3id.org/diplolocal/id/place/mx-jal"
_OURS = {
    "count": f"SELECT (COUNT(*) AS ?n) WHERE {{ ?action a <{_DL}Action> }}",
    "look-up": f"SELECT ?property ?value WHERE {{ <{_JALISCO}> ?property ?value }}",
    "graph": f"CONSTRUCT WHERE {{ <{_JALISCO}> ?property ?value }}",
}


@dataclass(frozen=True, slots=True)
class Visit:
    """Something to ask, and whether the answer is right; a page is answered, come what may."""

    name: str
    request: Callable[[int], bytes]
    is_right: Callable[[int, Reply], bool]
    is_page: bool = False


def queries(store: Store) -> list[Visit]:
    """The example queries and some of ours, each as itself and as something never asked before;
    what is right is what a store in this process says.
    """
    read = examples.read(store).items()
    texts = {slug: each.text for slug, each in read if not federation.calls(Query(each.text))}
    found = [_query(name, text, store) for name, text in sorted((texts | _OURS).items())]
    return [visit for each in found for visit in each]


def page(path: str, before: bytes) -> Visit:
    """A page that is never quite the same address, so that it is made each time."""

    def is_right(number: int, reply: Reply) -> bool:
        return reply.status == 200 and reply.body.replace(*_as_first(number)) == before

    return Visit(path, lambda number: page_request(path, number), is_right, is_page=True)


def page_request(path: str, number: int) -> bytes:
    """The page as a browser asks for it."""
    return get(f"{path}?visit={number:06}", "text/html")


def get(address: str, accept: str) -> bytes:
    """A GET whose connection ends with it."""
    lines = ("Host: diplolocal.test", f"Accept: {accept}", "Accept-Language: en")
    return "\r\n".join((f"GET {address} HTTP/1.1", *lines, "Connection: close", "\r\n")).encode()


def _as_first(number: int) -> tuple[bytes, bytes]:
    """What a page says of its own address, and how the first visit's said it."""
    return f"visit={number:06}".encode(), b"visit=000000"


def _query(name: str, text: str, store: Store) -> tuple[Visit, Visit]:
    wanted = Wanted(results=formats.JSON.media_type, graph=formats.NTRIPLES.media_type)
    answer = store.answer(Query(text), wanted)
    right = answers.rows(answer.media_type, answer.body)
    seen: set[bytes] = set()

    def is_right(number: int, reply: Reply) -> bool:
        if reply.status == 200 and reply.body not in seen and _said(reply) == right:
            seen.add(reply.body)
        return reply.status == 200 and reply.body in seen

    def asked(text: str) -> bytes:
        return get(f"/sparql?{urlencode({'query': text})}", answers.ACCEPT)

    return (
        Visit(f"{name}, again", lambda number: asked(text), is_right),
        Visit(f"{name}, anew", lambda number: asked(f"{text}\n# {number}"), is_right),
    )


def _said(reply: Reply) -> Counter[str]:
    return answers.rows(reply.media_type, reply.body)
