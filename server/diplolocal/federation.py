"""Which queries would make this server ask another one: they are refused.

`SERVICE <http://…>` makes the *server* fetch an address that a stranger chose, SILENT included.
"""

from diplolocal.errors import QueryRefused
from diplolocal.store import Query, keywords
from diplolocal.wording import message


def refuse(query: Query) -> None:
    """Raise QueryRefused for a query with a SERVICE clause (SPARQL 1.1 Federated Query §2)."""
    if "SERVICE" in keywords(query.text):
        raise QueryRefused(
            message(
                "SERVICE is not answered here: this server asks no other. Ask the other endpoint"
                " yourself,"
                " or let it ask this one."
            )
        )
