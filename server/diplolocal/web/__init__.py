"""The site: pages, documents and the SPARQL endpoint over HTTP."""
