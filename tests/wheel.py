"""Does an installed diplolocal serve from an empty folder? `.ci/run` asks, with both."""

import subprocess
import sys
from pathlib import Path

import httpx2


def main(command: str, folder: Path) -> None:
    """Serve; raise AssertionError where the home page, a document, the editor of the query page or
    a count is wrong.
    """
    server = subprocess.Popen(
        [command, "serve", "--port", "0", "--lang", "en"],
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        said = server.stdout.readline()
        address = next(word for word in said.split() if word.startswith("http://")).rstrip("/")
        home = httpx2.get(address, headers={"Accept": "text/html", "Accept-Language": "en"})
        assert "Mexican local diplomacy as linked data" in home.text
        turtle = httpx2.get(f"{address}/doc/place/mx-jal.ttl")
        assert '"Jalisco"@es' in turtle.text
        asking = httpx2.get(f"{address}/sparql", headers={"Accept": "text/html"})
        for name in ("editor/yasqe.min.js", "editor/yasqe.min.css", "query.js", "query.css"):
            assert f"/static/{name}" in asking.text, name
            assert httpx2.get(f"{address}/static/{name}").status_code == 200, name
        query = "SELECT (COUNT(*) AS ?n) { ?a a <https://w3id.org/diplolocal/def#Action> }"
        count = httpx2.get(f"{address}/sparql", params={"query": query, "format": "csv"})
        assert count.text.split() == ["n", "128"], count.text
        sys.stdout.write(f"{said}served from an empty folder: 128 actions\n")
    finally:
        server.terminate()
        server.wait(10)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
