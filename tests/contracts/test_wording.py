"""Whether all that people can read is said in Spanish as well as in English: the messages of the
code, the templates and the help of the command line, compared with `locale/es.po`.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
import typer
from babel.messages.pofile import read_po
from jinja2 import Environment
from jinja2.ext import babel_extract
from tests.conftest import Run

from diplolocal import cli
from diplolocal.wording import Language, Message, say, speaker

PACKAGE = Path(cli.__file__).parent
TEMPLATES = PACKAGE / "web" / "templates"
CATALOGUE = PACKAGE / "locale" / "es.po"

NAMES = {
    *("diplolocal", "SPARQL", "CSV", "TSV", "JSON", "XML", "IRI", "SHACL", "English", "Español"),
    *("Apache", "Atom", "BibTeX", "CC", "BY", "CSL", "RIS", "RSS"),
}
"""What templates hold that is the same in every language."""

COMMAND = typer.main.get_command(cli.app)
COMMANDS: Mapping[str, Any] = getattr(COMMAND, "commands", {})


def test_every_sentence_has_a_spanish_translation() -> None:
    assert {text for text in sentences() if not translations().get(text, "").strip()} == set()


def test_the_catalogue_holds_nothing_that_nobody_says() -> None:
    assert set(translations()) - sentences() == set()


def test_a_translation_names_the_same_values_as_its_sentence() -> None:
    different = {
        text: translated
        for text, translated in translations().items()
        if placeholders(text) != placeholders(translated)
    }
    assert different == {}


def test_a_translation_keeps_the_commands_between_backticks() -> None:
    different = {
        text: translated
        for text, translated in translations().items()
        if set(re.findall("`[^`]+`", text)) != set(re.findall("`[^`]+`", translated))
    }
    assert different == {}


def test_a_translation_ends_as_its_sentence_does() -> None:
    different = {
        text: translated
        for text, translated in translations().items()
        if ending(text) != ending(translated)
    }
    assert different == {}


def test_the_catalogue_is_in_spanish_and_sorted_with_every_sentence_once() -> None:
    with CATALOGUE.open("rb") as file:
        assert str(read_po(file).locale) == "es"
    written = CATALOGUE.read_text(encoding="utf-8")
    assert "#," not in written  # nothing fuzzy, nothing retired
    assert "#~" not in written
    entries = re.findall(r'^msgid ((?:"(?:[^"\\]|\\.)*"\s*)+)', written, re.MULTILINE)
    texts = [
        "".join(ast.literal_eval(line) for line in each.split("\n") if line) for each in entries
    ]
    assert texts == ["", *sorted(translations())]


def test_every_message_is_given_the_values_it_names() -> None:
    different = {text: given for text, given in messages() if placeholders(text) != set(given)}
    assert different == {}


@pytest.mark.parametrize("language", Language)
def test_every_message_is_said_with_its_values(language: Language) -> None:
    for text, given in messages():
        values = {name: f"<{name}>" for name in given}
        said = say(Message(text, values), language)
        assert set(re.findall("<[a-z_]+>", said)) == set(values.values()), said
        assert "{" not in said


def test_every_sentence_is_said_as_the_catalogue_has_it() -> None:
    spanish, english = speaker(Language.ES), speaker(Language.EN)
    assert {text: spanish(text) for text in sentences()} == dict(translations())
    assert {text: english(text) for text in sentences()} == {text: text for text in sentences()}


def test_templates_hold_no_words_of_one_language() -> None:
    bare = {
        path.name: words
        for path in sorted(TEMPLATES.glob("*.html"))
        if (words := words_of(path.read_text(encoding="utf-8")) - NAMES)
    }
    assert bare == {}


def test_every_part_of_the_command_line_has_a_help() -> None:
    nameless = [name for name, text in documented(COMMAND) if not text]
    assert nameless == []


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_the_help_is_all_in_the_language_of_the_locale(run: Run, name: str) -> None:
    ran = run(*name.split(), "--help", env={"LC_ALL": "es_MX.UTF-8"})
    assert untranslated(COMMANDS[name] if name else COMMAND, ran.out) == set()


def test_the_help_is_in_the_language_asked_for(run: Run) -> None:
    ran = run("validate", "--lang", "es", "--help")
    assert translations()["Language of what is said."] in ran.out


@cache
def translations() -> Mapping[str, str]:
    """The catalogue: English sentence → Spanish sentence."""
    with CATALOGUE.open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file) if entry.id}


@cache
def sentences() -> frozenset[str]:
    """Every English sentence that people can read."""
    return frozenset(
        [text for text, _ in messages()]
        + [text for path in TEMPLATES.rglob("*.*") for text in said_in_template(path)]
        + [text for _, text in documented(COMMAND)]
    )


@cache
def messages() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The text of every `message(…)` in the code, and the names of the values it is given."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name("message"), args=[ast.Constant(str(text))]):
                    found.append((text, tuple(str(keyword.arg) for keyword in node.keywords)))
                case ast.Call(func=ast.Name("message" | "Message"), lineno=line):
                    # Only wording.py itself makes a message of what it is given.
                    assert path.name == "wording.py", f"{path}:{line} is not a constant sentence"
    return tuple(found)


def said_in_template(path: Path) -> Iterator[str]:
    """Every `_('…')` of a template."""
    with path.open("rb") as file:
        for line, _, text, _ in babel_extract(file, ["_"], [], {"silent": "false"}):
            assert isinstance(text, str), f"{path}:{line} is not one constant sentence"
            yield text


def documented(command: Any) -> Iterator[tuple[str, str]]:
    """The name and the help of a command, of its parameters and of the commands below it."""
    yield command.name, command.help or ""
    for parameter in command.get_params(typer.Context(command)):  # --help among them
        yield f"{command.name} {parameter.name}", parameter.help or ""
    for below in getattr(command, "commands", {}).values():
        yield from documented(below)


def untranslated(command: Any, shown: str) -> set[str]:
    """The help of a command and of its parameters that does not stand there in Spanish."""
    plain = " ".join(shown.split())
    texts = [command.help, *(each.help for each in command.get_params(typer.Context(command)))]
    return {text for text in texts if " ".join(speaker(Language.ES)(text).split()) not in plain}


def placeholders(text: str) -> set[str]:
    """The names between braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def ending(text: str) -> str:
    """The full stop or colon at the end, where there is one."""
    return text[-1] if text[-1] in ".:" else ""


class Words(HTMLParser):
    """Collects the words of a page that a reader sees or hears."""

    def __init__(self) -> None:
        super().__init__()
        self.words: set[str] = set()

    def handle_data(self, data: str) -> None:
        # The second branch of an `if` inside a tag comes here as text, attributes and all.
        text = re.sub(r'[\w-]+="[^"]*"', "", data)
        self.words |= set(re.findall(r"[^\W\d_]{2,}", text))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("title", "alt", "aria-label", "placeholder") or (
                tag == "meta" and name == "content" and ("name", "description") in attrs
            ):
                self.handle_data(value or "")


def words_of(template: str) -> set[str]:
    """The words that stand in a template outside of all expressions."""
    parser = Words()
    parser.feed(" ".join(text for _, kind, text in Environment().lex(template) if kind == "data"))
    parser.close()
    return parser.words
