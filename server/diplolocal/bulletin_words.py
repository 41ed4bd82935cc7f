"""What every form of the bulletin says beside what the graph says: headings, and the sentences that
compare the month with others. PDF, e-mail, text and feeds take them from here.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from diplolocal import citation
from diplolocal.bulletin import Action, Bulletin, Participant, Side
from diplolocal.bulletin_figures import By, Count, Figures
from diplolocal.citation import Edition
from diplolocal.store import Store
from diplolocal.wording import Dated, Language, Message, in_words, message, number, say

Link = Callable[[str], str]
"""Where a thing is read: its address on a site, or else its IRI."""

_WORDS: Mapping[str, Message] = {
    "remark": message("What the editors say"),
    "highlights": message("What the editors single out"),
    "contents": message("Contents"),
    "figures": message("The month in figures"),
    "about": message("About this bulletin"),
    "none": message("Of this region the graph records no action in this bulletin."),
    "no-region": message("Without a region"),
    "concluded": message("Concluded, not read:"),
    "read": message("How it was read:"),
    "mexican": message("For Mexico"),
    "counterpart": message("Counterparts"),
    "other": message("Also taking part"),
    "instrument": message("Instrument"),
    "place": message("Place"),
    "themes": message("Themes"),
    "status": message("Status"),
    "original": message("The bulletin as it was published:"),
    "cite": message("To cite the bulletin:"),
    "cite-record": message("To cite this record of it:"),
    "licence": message(
        "The texts here are told in our own words from what the bulletin says. Data and texts:"
        " CC BY 4.0, https://creativecommons.org/licenses/by/4.0/"
    ),
    "overlap": message(
        "An action may have several counterparts and themes, and counts once under each. Countries,"
        " themes and families that neither month has are left out."
    ),
}
_BY: Mapping[By, Message] = {
    By.REGION: message("By region"),
    By.COUNTRY: message("By country of the counterpart"),
    By.THEME: message("By theme"),
    By.ACTION_TYPE: message("By family of action types"),
}

_THINGS: Mapping[By, Message] = {
    By.REGION: message("Region"),
    By.COUNTRY: message("Country"),
    By.THEME: message("Theme"),
    By.ACTION_TYPE: message("Family"),
}


def words(language: Language) -> Mapping[str, str]:
    """The headings by name."""
    return {name: say(each, language) for name, each in _WORDS.items()}


def heading(by: By, language: Language) -> str:
    """What a table of figures is headed."""
    return say(_BY[by], language)


def thing(by: By, language: Language) -> str:
    """What a row of such a table is."""
    return say(_THINGS[by], language)


def credit(bulletin: Bulletin, language: Language) -> str:
    """Who compiled the bulletin, as it says itself; empty where it does not."""
    authors = [str(each) for each in bulletin.authors]
    organisations = [str(each) for each in bulletin.compilers]
    if not authors:
        authors, organisations = organisations, []
    if not authors:
        return ""
    by = _listed(authors, language)
    if organisations:
        by = f"{by} ({', '.join(organisations)})"
    return say(message("Compiled by {authors}.", authors=by), language)


def record(store: Store, bulletin: Bulletin, edition: Edition) -> str:
    """How this record of the bulletin is cited; how the bulletin itself is, it says itself."""
    cited = citation.work(store, bulletin.iri, edition)
    return citation.text(replace(cited, itself=None), bulletin.language)


def columns(figures: Figures, language: Language) -> tuple[str, ...]:
    """What the columns of a table of figures are headed: this month, the one before if there is
    one, and the mean of the year.
    """
    year = figures.issue.month[:4]
    found = [in_words(figures.issue.month, language)]
    if figures.before:
        found.append(in_words(figures.before.month, language))
    return (*found, say(message("Mean of {year}", year=year), language))


def cells(figures: Figures, count: Count, language: Language) -> tuple[str, ...]:
    """A row of such a table."""
    mean = number(round(count.mean, 1), language)
    before = () if figures.before is None else (number(count.before or 0, language),)
    return (number(count.here, language), *before, mean)


def numbers(figures: Figures, language: Language) -> Iterator[tuple[str, str]]:
    """The three numbers of the month that say most, and what each of them is."""
    year, total = figures.issue.month[:4], cells(figures, figures.total, language)
    here = message("actions in {month}", month=Dated(figures.issue.month))
    mean = message(
        "on average in the {count} bulletins of {year}",
        count=number(len(figures.year), language),
        year=year,
    )
    yield total[0], say(here, language)
    if figures.before:
        yield total[1], say(message("in {month}", month=Dated(figures.before.month)), language)
    yield total[-1], say(mean, language)


def compared(figures: Figures, language: Language) -> str:
    """The month against the one before it in the graph and against the mean of its year."""
    return " ".join(say(sentence, language) for sentence in _comparison(figures, language))


def remarks(figures: Figures, language: Language) -> tuple[str, ...]:
    """How the bulletins were read that are compared, each with its months."""
    found = []
    for note, months in figures.notes.items():
        dated = _listed([in_words(month, language) for month in months], language)
        found.append(f"{dated[:1].upper()}{dated[1:]}: {note}")
    return tuple(found)


def taking_part(participant: Participant) -> str:
    """Somebody who takes part, with role, people and post, in a line."""
    role = f" ({str(participant.role).lower()})" if participant.role else ""
    people = ", ".join(str(person) for person in participant.people)
    details = ", ".join(filter(None, (people, str(participant.post or ""))))
    return f"{participant.called}{role}{f': {details}' if details else ''}"


def details(action: Action, language: Language) -> Iterator[tuple[str, str]]:
    """What else there is to say of an action, in lines with a heading."""
    called = words(language)
    for side in Side:
        if some := action.of(side):
            yield called[side], "; ".join(taking_part(each) for each in some)
    for name, things in (
        ("instrument", action.instruments),
        ("place", action.places),
        ("themes", action.themes),
        ("status", (action.status,) if action.status else ()),
    ):
        if things:
            yield called[name], "; ".join(str(each) for each in things)


def file_name(bulletin: Bulletin, suffix: str) -> str:
    """What a saved file is called."""
    return f"diplolocal-{bulletin.month}-{bulletin.language}.{suffix}"


def short(iri: str) -> str:
    """An IRI as people read it on paper."""
    return iri.removeprefix("https://")


def _comparison(figures: Figures, language: Language) -> Iterator[Message]:
    total, year = figures.total, figures.issue.month[:4]
    yield message("Actions recorded: {count}.", count=number(total.here, language))
    if figures.before:
        yield message(
            "In the bulletin before it in the graph, {month}: {count}.",
            month=Dated(figures.before.month),
            count=number(total.before or 0, language),
        )
    else:
        yield message("It is the first bulletin in the graph.")
    if figures.missing:
        yield message(
            "Not in the graph yet, which does not mean that nothing happened: {months}.",
            months=_listed([in_words(each, language) for each in figures.missing], language),
        )
    yield message(
        "Mean of the bulletins of {year} that are in the graph ({bulletins}, this one included):"
        " {mean}.",
        year=year,
        bulletins=number(len(figures.year), language),
        mean=number(round(total.mean, 1), language),
    )
    yield message("Counted is what this graph records; a bulletin may tell of more.")


def _listed(texts: list[str], language: Language) -> str:
    """A, B and C."""
    if len(texts) < 2:
        return "".join(texts)
    several = message("{some} and {last}", some=", ".join(texts[:-1]), last=texts[-1])
    return say(several, language)
