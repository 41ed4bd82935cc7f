"""The comments of a Turtle text and where they stand; an engine that reads Turtle drops them.

They are found by the tokens of the grammar (Turtle 1.1 §6.5) in a text that is known to be Turtle.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pyoxigraph import NamedNode, RdfFormat, parse

_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n\r]*)
    |"{3}(?:[^"\\]|\\.|"(?!""))*"{3} |'{3}(?:[^'\\]|\\.|'(?!''))*'{3}
    |"(?:[^"\\]|\\.)*" |'(?:[^'\\]|\\.)*'
    |<[^<>\s]*>
    |@[A-Za-z]+(?:-+[A-Za-z0-9]+)*
    |\.\d[\deE+-]*
    |(?:\\.|[^\s\\<>"'\#;,.()[\]{}^~|])(?:\\.|[^\s\\<>"'\#;,.()[\]{}^~|]|\.+(?=[^\s@<>"'\#;,.()[\]{}^~|]))*
    |(?P<mark>\S)""",
    re.VERBOSE | re.DOTALL,
)
_DIRECTIVES = {"@prefix": 0, "@base": 0, "@version": 0, "prefix": 3, "base": 2, "version": 2}
"""With how many tokens each is whole; 0: with its full stop."""
_NEW_LINE = re.compile(r"\r\n?|\n")


@dataclass(slots=True)
class Comments:
    """The comments of a file by where they stand; at the top and the end in paragraphs."""

    top: list[list[str]] = field(default_factory=list)
    of: dict[NamedNode, list[str]] = field(default_factory=dict)
    end: list[list[str]] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        """All of them, sorted."""
        return sorted(line for group in (*self.top, *self.of.values(), *self.end) for line in group)


@dataclass(slots=True)
class _Statement:
    """A statement or directive: its tokens, the paragraphs of comments above, those within."""

    tokens: list[str] = field(default_factory=list)
    above: list[list[str]] = field(default_factory=list)
    inside: list[str] = field(default_factory=list)
    is_adjacent: bool = True

    @property
    def lines(self) -> list[str]:
        """All its comments."""
        return [line for group in (*self.above, self.inside) for line in group]

    @property
    def is_directive(self) -> bool:
        return bool(self.tokens) and self.tokens[0].lower() in _DIRECTIVES

    @property
    def is_whole_directive(self) -> bool:
        """Whether this is SPARQL's way to say it, which has no full stop (Turtle 1.1 §6.5)."""
        return len(self.tokens) == _DIRECTIVES.get(self.tokens[0].lower())


def comments(text: str) -> Comments:
    """The comments of a text. At the top stand those before and among the prefixes;
    one above a statement, within it or at its end belongs to the block of its subject.
    """
    found = Comments()
    directives: list[str] = []
    blocks = 0
    for each in _statements(text):
        if each.is_directive:
            if not directives:
                found.top.extend(each.above)
                each.above.clear()
            found.top = _joined(found.top, each.lines)
            directives.extend(each.tokens)
        elif not each.tokens:
            (found.end if blocks else found.top).extend(each.above)
        else:
            if not blocks:
                above = each.above
                # What stands free of the first block, or opens the file, is on the file.
                own = each.is_adjacent and (directives or len(above) > 1)
                found.top.extend(above[:-1] if own else above)
                each.above = above[-1:] if own else []
            blocks += 1
            if lines := each.lines:
                if subject := _subject(directives, each.tokens[0]):
                    found.of.setdefault(subject, []).extend(lines)
                else:
                    found.top = _joined(found.top, lines)
    return found


def _statements(text: str) -> list[_Statement]:
    """The statements and directives of a text; the last has no tokens, only comments."""
    found: list[_Statement] = []
    current = _Statement()
    depth = end = 0
    for token in _TOKEN.finditer(text):
        lines, end = len(_NEW_LINE.findall(text, end, token.start())), token.end()
        if not token["comment"]:
            if not current.tokens:
                current.is_adjacent = lines < 2
            current.tokens.append(token[0])
            depth += (token["mark"] in ("(", "[", "{")) - (token["mark"] in (")", "]", "}"))
            if (token["mark"] == "." and not depth) or current.is_whole_directive:
                found.append(current)
                current = _Statement()
            continue
        line = token[0].expandtabs(4).rstrip()
        if current.tokens:
            current.inside.append(line)
        elif found and not lines and not current.above:
            found[-1].inside.append(line)
        elif current.above and lines < 2:
            current.above[-1].append(line)
        else:
            current.above.append([line])
    return [*found, current]


def _joined(paragraphs: list[list[str]], lines: list[str]) -> list[list[str]]:
    """The paragraphs with more lines at the end of the last."""
    last = paragraphs[-1] if paragraphs else []
    return [*paragraphs[:-1], [*last, *lines]] if lines else paragraphs


def _subject(directives: Sequence[str], token: str) -> NamedNode | None:
    """The subject that a token is, after these directives; none where it cannot be told."""
    begin = " ".join((*directives, "()" if token == "(" else token))
    try:
        (quad,) = parse(f"{begin} <x:x> <x:x> .".encode(), format=RdfFormat.TURTLE)
    except SyntaxError:
        return None
    return quad.subject if isinstance(quad.subject, NamedNode) else None
