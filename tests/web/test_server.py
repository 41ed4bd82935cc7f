"""Listening and answering: real sockets on the loopback."""

import socket
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import httpx2
import pytest
from tests.conftest import Page

from diplolocal.errors import AddressTaken
from diplolocal.web import server
from diplolocal.wording import Language, say


def test_a_free_port_is_found_where_none_is_named() -> None:
    with server.listen("127.0.0.1", 0) as listening:
        address, port = listening.getsockname()
    assert address == "127.0.0.1"
    assert port > 0


def test_an_address_of_the_sixth_version_is_listened_on_too() -> None:
    with server.listen("::1", 0) as listening:
        assert listening.family == socket.AF_INET6
        assert listening.getsockname()[0] == "::1"


def test_a_busy_port_is_told_with_another_to_try() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(AddressTaken) as caught:
            server.listen("127.0.0.1", port)
    assert (caught.value.host, caught.value.port) == ("127.0.0.1", port)
    other_port = port + 1 if port < 65535 else 8000
    assert str(caught.value) == (
        f"Cannot listen on 127.0.0.1, port {port}: Address already in use. Choose another one, for"
        f" instance `--port {other_port}`."
    )
    spanish = say(caught.value.sentence, Language.ES)
    assert (spanish != str(caught.value), f"--port {other_port}" in spanish) == (True, True)


def test_a_host_that_is_not_ours_is_told() -> None:
    with pytest.raises(AddressTaken, match=r"Cannot listen on 192\.0\.2\.1, port 0: "):
        server.listen("192.0.2.1", 0)


def test_a_port_is_free_again_at_once() -> None:
    with server.listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
    with server.listen("127.0.0.1", port) as second:
        assert second.getsockname()[1] == port


def test_a_real_server_answers_many_at_once(site: str) -> None:
    def title(number: int) -> str:
        language = ("es", "en")[number % 2]
        answer = httpx2.get(
            f"{site}/doc/place/mx-jal",
            headers={"accept": "text/html", "accept-language": language},
        )
        return f"{answer.status_code} {Page(answer.text).texts('title')[0]} {language}"

    with ThreadPoolExecutor(8) as people:
        found = list(people.map(title, range(40)))
    assert set(found) == {"200 Jalisco – diplolocal es", "200 Jalisco – diplolocal en"}


def test_a_real_server_says_nothing_of_what_it_is_made_of(site: str) -> None:
    assert "server" not in httpx2.get(f"{site}/doc/none").headers


def test_what_is_no_http_does_not_stop_the_server(site: str) -> None:
    address = urlsplit(site)
    assert address.hostname is not None
    with socket.create_connection((address.hostname, address.port or 0), timeout=10) as stranger:
        stranger.sendall(b"\x16\x03\x01 this is no HTTP\r\n\r\n")
        answer = stranger.recv(1000)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert httpx2.get(f"{site}/sparql", params={"query": "ASK {}"}).json()["boolean"] is True


@pytest.mark.parametrize(
    "query",
    [
        f"ASK {{ FILTER({'(' * 120_000}1{')' * 120_000}) }}",
        f"ASK {{ FILTER({'!' * 240_000}1) }}",
        f"SELECT * {{ {'{' * 120_000}{'}' * 120_000} }}",
    ],
    ids=["brackets", "negations", "groups"],
)
def test_a_query_of_any_depth_leaves_the_site_standing(site: str, query: str) -> None:
    direct = {"Content-Type": "application/sparql-query"}
    answer = httpx2.post(f"{site}/sparql", content=query, headers=direct, timeout=60)
    assert answer.status_code in (200, 400)
    assert httpx2.post(f"{site}/sparql", data={"query": "ASK {}"}).json()["boolean"] is True
