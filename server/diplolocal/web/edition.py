"""The data set as this site serves it: its files, its record, and the same for search engines."""

from diplolocal import catalog, iris, schema_org
from diplolocal.catalog import Download, Edition
from diplolocal.not_found import ResourceNotFound
from diplolocal.web.parts import Parts

_DUMPS = "/dumps/"


def edition(parts: Parts) -> Edition:
    """What the record of the data set depends on besides the data."""
    has_feeds = parts.history is not None
    return Edition(parts.public_url, downloads(parts), parts.release, feeds=has_feeds)


def downloads(parts: Parts) -> tuple[Download, ...]:
    """The files to take away, as the record of the data set names them."""
    return tuple(
        Download(
            name=dump.name,
            address=parts.public_url + _DUMPS + dump.name,
            title=dump.title,
            media_type=dump.format.media_type,
            label=dump.format.label,
            compressed=dump.compressed,
            bytes=dump.bytes,
            sha256=dump.sha256,
        )
        for dump in parts.dumps
        if dump.bulletin is None
    )


def markup(parts: Parts) -> str | None:
    """The data set in the words of schema.org, safe within `<script>`; None where the data say
    nothing of themselves.
    """
    try:
        record = catalog.record(parts.store, edition(parts))
    except ResourceNotFound:
        return None
    return schema_org.script(schema_org.dataset(record), iris.DATASET)
