"""A Store over somebody's SPARQL endpoint."""

import ast
import json
import re
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from xml.etree import ElementTree

from pyoxigraph import RdfFormat, parse
from SPARQLWrapper import POST, SELECT, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, SPARQLWrapperException

from diplolocal import __version__, federation, formats
from diplolocal.errors import NotAcceptable, QuerySyntaxError, StoreUnavailable
from diplolocal.store import Answer, Query, Wanted
from diplolocal.wording import message


class RemoteStore:
    """A SPARQL 1.1 endpoint whose default graph is the union of its named graphs."""

    def __init__(self, endpoint: str, *, seconds: int) -> None:
        """`seconds`: how long an answer may take."""
        self._endpoint = endpoint
        self._seconds = seconds

    def answer(self, query: Query, wanted: Wanted) -> Answer:
        """See `Store.answer`. An answer that is not whole is an error: some engines break off after
        a 200.
        """
        federation.refuse(query)
        accepted = [media_type for media_type in (wanted.results, wanted.graph) if media_type]
        wrapper = SPARQLWrapper(self._endpoint, agent=f"diplolocal/{__version__}")
        wrapper.setOnlyConneg(True)
        wrapper.setMethod(POST)
        wrapper.setTimeout(self._seconds)
        wrapper.addCustomHttpHeader("Accept", ", ".join(accepted))
        for graph in query.default_graphs:
            wrapper.addParameter("default-graph-uri", graph)
        for graph in query.named_graphs:
            wrapper.addParameter("named-graph-uri", graph)
        # Not setQuery: it guesses the kind of query to choose an Accept header, and an update would
        # be sent as one. The endpoint is told by the header above and sees for itself.
        wrapper.queryString, wrapper.queryType = query.text, SELECT
        try:
            response = wrapper.query().response
            body = response.read()
            media_type = (response.headers.get("Content-Type") or "").split(";")[0].strip().lower()
        except QueryBadFormed as error:
            raise _syntax_error(error) from error
        except HTTPError as error:
            error.close()
            if error.code == 406:
                raise _not_acceptable(wanted) from error
            raise self._unavailable(f"HTTP {error.code}") from error
        except URLError as error:
            raise self._unavailable(str(error.reason)) from error
        except (SPARQLWrapperException, HTTPException, OSError, ValueError) as error:
            raise self._unavailable(_detail(error)) from error
        if media_type not in accepted:
            if media_type in _kinds():
                raise _not_acceptable(wanted)
            raise self._unavailable(f"Content-Type {media_type or '?'}")
        try:
            _read_whole(body, media_type)
        except (SyntaxError, ValueError) as error:
            raise self._unavailable(str(error)) from error
        return Answer(body, media_type)

    def close(self) -> None:
        """Nothing is held open: each question is a request of its own."""

    def _unavailable(self, reason: str) -> StoreUnavailable:
        return StoreUnavailable(
            message(
                "The SPARQL endpoint {endpoint} gave no usable answer: {reason}. Check its"
                " address and that it runs.",
                endpoint=self._endpoint,
                reason=reason,
            )
        )


def _kinds() -> frozenset[str]:
    return frozenset(fmt.media_type for fmt in (*formats.RESULTS, *formats.GRAPH))


def _not_acceptable(wanted: Wanted) -> NotAcceptable:
    offered = formats.RESULTS if wanted.results is None else formats.GRAPH
    return NotAcceptable([fmt.media_type for fmt in offered])


def _read_whole(body: bytes, media_type: str) -> None:
    """Raise SyntaxError or ValueError where the body breaks off; CSV and TSV have no mark of their
    end.
    """
    if media_type in (formats.JSON.media_type, formats.JSONLD.media_type):
        json.loads(body)
    elif media_type == formats.XML.media_type:
        ElementTree.fromstring(body)
    elif graph := formats.by_media_type(formats.GRAPH, media_type):
        if graph is formats.RDFXML:  # empty text is no document
            ElementTree.fromstring(body)
        for _quad in parse(body, format=RdfFormat.from_media_type(graph.media_type)):
            pass


def _syntax_error(error: QueryBadFormed) -> QuerySyntaxError:
    """What the endpoint says of the query: as text, or in a problem document (RFC 9457)."""
    said = _said(error)
    try:
        problem = json.loads(said)
    except ValueError:
        return QuerySyntaxError(_detail(error))
    reason = str(problem.get("detail", said)) if isinstance(problem, dict) else said
    return QuerySyntaxError(reason[:300])


def _said(error: Exception) -> str:
    """The text of the answer that SPARQLWrapper has put, as bytes in Python's notation, at the end
    of its own.
    """
    found = re.search(r"Response:\s*(b?['\"].*['\"])\s*$", str(error), re.DOTALL)
    if not found:
        return str(error)
    answer = ast.literal_eval(found[1])
    return answer.decode(errors="replace") if isinstance(answer, bytes) else str(answer)


def _detail(error: Exception) -> str:
    """What the endpoint itself said, in one line without markup."""
    return " ".join(re.sub(r"<[^>]*>", " ", _said(error)).split())[:300]
