"""diplolocal: the linked-data knowledge graph of Mexican local diplomacy."""

__version__ = "0.1.0"
