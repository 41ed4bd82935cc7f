"""The one style: how Turtle is written, that nothing is lost by it, and that our files are so."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    parse,
)
from tests.conftest import REPOSITORY, Run

from diplolocal.dataset import turtle_files
from diplolocal.errors import FilesLeft, NotStyled, SourceError
from diplolocal.turtle import Style, format_files, house, written
from diplolocal.wording import Language, say

FILE = Path("data/some.ttl")
STYLE = house(REPOSITORY)
FILES = turtle_files(REPOSITORY)
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
PREFIXES = """@prefix dl: <https://w3id.org/diplolocal/def#> .
@prefix place: <https://w3id.org/diplolocal/id/place/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
DL, PLACE, SKOS = PREFIXES.splitlines(keepends=True)


def name_of(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


every_file = pytest.mark.parametrize("path", FILES, ids=name_of)


# Our files.


@every_file
def test_a_file_of_ours_is_written_in_the_style(path: Path) -> None:
    text = path.read_bytes().decode()
    assert written(path, text, STYLE) == text


def test_every_turtle_file_is_looked_at_the_examples_of_shapes_too() -> None:
    assert {name_of(path).split("/")[0] for path in FILES} == {"ontology", "data", "shapes"}
    assert REPOSITORY / "shapes/examples/person/valid-name.ttl" in FILES
    assert len(FILES) == sum(
        len(list((REPOSITORY / room).rglob("*.ttl"))) for room in ("ontology", "data", "shapes")
    )


# How it is written.


def test_a_block_says_its_class_then_its_names_then_what_pages_show_then_notes() -> None:
    text = """
        @prefix dl: <https://w3id.org/diplolocal/def#> .
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        @prefix place: <https://w3id.org/diplolocal/id/place/> .
        @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
        place:mx-jal skos:note "Una nota."@es, "A note."@en; dl:isoCode "MX-JAL" ;
            dl:partOf place:mx;
            skos:altLabel 'Xalisco'@es ; skos:prefLabel "Jalisco"@es , "Jalisco"@en;
            rdf:type dl:FederalEntity."""
    assert styled(text) == (
        f"""{DL}{PLACE}{SKOS}
place:mx-jal
    a dl:FederalEntity ;
    skos:prefLabel "Jalisco"@en ,
        "Jalisco"@es ;
    skos:altLabel "Xalisco"@es ;
    dl:partOf place:mx ;
    dl:isoCode "MX-JAL" ;
    skos:note "A note."@en ,
        "Una nota."@es .
"""
    )


def test_what_a_statement_rests_on_stands_after_what_it_says() -> None:
    names = ["confidence", "hasParticipation", "date", "reportedIn", "region", "unnamedActor"]
    text = DL + "dl:x " + ";".join(f"dl:{name} 1" for name in names) + "."
    assert re.findall(r"^    dl:(\w+)", styled(text), re.MULTILINE) == [
        "date",
        "region",
        "hasParticipation",
        "unnamedActor",
        "reportedIn",
        "confidence",
    ]


def test_properties_that_nobody_placed_are_in_alphabetical_order_before_the_notes() -> None:
    text = f"{DL}{SKOS}dl:x skos:note 1 ; dl:zebra 1 ; <urn:b> 1 ; dl:ant 1 ; dl:isoCode 1 ."
    assert re.findall(r"^    (\S+)", styled(text), re.MULTILINE) == [
        "dl:isoCode",
        "dl:ant",
        "dl:zebra",
        "<urn:b>",
        "skos:note",
    ]


def test_blocks_of_one_subject_become_one_and_are_sorted_ours_first() -> None:
    text = (
        f"{PREFIXES}skos:Concept a dl:B . place:mx a dl:B . dl:A a dl:B . place:mx dl:isoCode 1 ."
    )
    assert styled(text) == (
        f"""{PREFIXES}
dl:A
    a dl:B .

place:mx
    a dl:B ;
    dl:isoCode 1 .

skos:Concept
    a dl:B .
"""
    )


def test_a_bulletin_is_followed_by_each_action_and_those_who_took_part() -> None:
    things = [
        "unnamed/2021-01-02-1",
        "participation/2021-01-02-10",
        "participation/2021-01-02-2",
        "action/2021-01-10",
        "action/2021-01-02",
        "bulletin/2021-01",
        "action/2020-12-11",
    ]
    base = "https://w3id.org/diplolocal/id/"
    text = "".join(f"<{base}{thing}> <urn:p> 1 .\n" for thing in things)
    assert re.findall(r"^[a-z]+:[\d-]+", styled(text), re.MULTILINE) == [
        "action:2020-12-11",
        "bulletin:2021-01",
        "action:2021-01-02",
        "participation:2021-01-02-2",
        "participation:2021-01-02-10",
        "unnamed:2021-01-02-1",
        "action:2021-01-10",
    ]


def test_objects_are_sorted_names_by_name_and_texts_by_language_and_text() -> None:
    text = f"""{DL}{PLACE}dl:x dl:p "zorro", "b"@fr, "b"@es, "a"@es, "Z"@en, "á"@en, "b"@en,
        place:mx-10, place:mx-9, "ant", <urn:z>, dl:y ."""
    assert re.findall(r"^ +(?:dl:p )?(\S+) [,.]$", styled(text), re.MULTILINE) == [
        "<urn:z>",
        "dl:y",
        "place:mx-9",
        "place:mx-10",
        '"ant"',
        '"zorro"',
        '"á"@en',
        '"b"@en',
        '"Z"@en',
        '"a"@es',
        '"b"@es',
        '"b"@fr',
    ]


def test_authors_keep_their_order() -> None:
    text = (
        "@prefix d: <http://purl.org/dc/terms/> . <urn:s> d:creator <urn:z> , <urn:a> , <urn:m> ."
    )
    assert re.findall("<urn:([zam])>", styled(text)) == ["z", "a", "m"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("8", "8"),
        (f'"8"^^<{XSD}integer>', "8"),
        ("-1.50", "-1.50"),
        ("1e6", "1e6"),
        (f'"true"^^<{XSD}boolean>', "true"),
        (f'"1"^^<{XSD}boolean>', '"1"^^xsd:boolean'),
        (f'"eight"^^<{XSD}integer>', '"eight"^^xsd:integer'),
        (f'"1."^^<{XSD}decimal>', '"1."^^xsd:decimal'),
        (f'"a"^^<{XSD}string>', '"a"'),
        (f'"2021"^^<{XSD}gYear>', '"2021"^^xsd:gYear'),
        ("'''a \"b\" \\\\ c'''", r'"a \"b\" \\ c"'),
        ('"\\t\\r\\u0000\\u2028"', r'"\t\r\u0000\u2028"'),
        ('"«ñ» – 地 🎉"', '"«ñ» – 地 🎉"'),
        ('"x"@ES-mx', '"x"@es-mx'),
        ("( )", "()"),
        ("( 1 ( 2 ) ( ) )", "( 1 ( 2 ) () )"),
    ],
)
def test_a_value_is_written_plainly(given: str, expected: str) -> None:
    assert f"    <urn:p> {expected} .\n" in styled(f"<urn:s> <urn:p> {given} .")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("<https://w3id.org/diplolocal/id/place/mx-jal>", "place:mx-jal"),
        ("<https://w3id.org/diplolocal/id/place/mx.jal>", "place:mx.jal"),
        (r"pl:mx\-jal", "place:mx-jal"),
        ("pl:josé", "place:josé"),
        ("pl:14039", "place:14039"),
        (r"pl:a\,b", "<https://w3id.org/diplolocal/id/place/a,b>"),
        ("pl:%41", "<https://w3id.org/diplolocal/id/place/%41>"),
        ("pl:a:b", "<https://w3id.org/diplolocal/id/place/a:b>"),
        ("<https://w3id.org/diplolocal/id/place/a.>", "<https://w3id.org/diplolocal/id/place/a.>"),
        ("pl:", "<https://w3id.org/diplolocal/id/place/>"),
        ("<https://w3id.org/diplolocal/vocab/theme>", "vocab:theme"),
        ("<https://w3id.org/diplolocal/vocab/theme/energy>", "theme:energy"),
        ("<mx>", "<http://base.example/x/mx>"),
        ("ex:a", "ex:a"),
        ("skos:a", "<http://not.skos/a>"),
        (f"<{RDF}type>", "rdf:type"),
    ],
)
def test_a_name_is_shortened_as_the_house_does_where_that_needs_no_escapes(
    given: str, expected: str
) -> None:
    text = f"""@base <http://base.example/x/> . @prefix ex: <http://example.org/> .
        @prefix pl: <https://w3id.org/diplolocal/id/place/> . @prefix skos: <http://not.skos/> .
        <urn:s> <urn:p> {given} ."""
    found = styled(text)
    assert f"    <urn:p> {expected} .\n" in found
    prefix = expected.split(":")[0]
    declared = re.findall(r"^@prefix (\w+): ", found, re.MULTILINE)
    assert declared == ([] if prefix.startswith("<") else [prefix])


def test_a_list_too_long_for_a_line_has_an_item_on_each() -> None:
    items = [f"dl:someQuiteLongName{number}" for number in range(6)]
    text = f"{DL}dl:x dl:p ( {' '.join(items)} ) , ( 1 2 ) ."
    assert styled(text) == (
        f"{DL}\ndl:x\n    dl:p ( 1 2 ) ,\n        (\n"
        + "".join(f"            {item}\n" for item in items)
        + "        ) .\n"
    )


# Comments.


def test_comments_stay_with_what_they_are_said_of() -> None:
    text = f"""# What this file is.
# And more.
{DL.strip()} # the ontology
# before a prefix
{PLACE}
# on Mexico
place:mx a dl:Country . # it is big

  # above Jalisco
place:mx-jal # its name
    # within
    a dl:FederalEntity ; # a state
    dl:isoCode "# no comment" , '''# nor
# this''' , <http://example.org/#nor-that>
    . # the end of Jalisco

# on its own, so of what follows

# on Germany
place:de a dl:Country .
# the end of the file

# the very end"""
    assert styled(text) == (
        f"""# What this file is.
# And more.
# the ontology
# before a prefix
{DL}{PLACE}
# on its own, so of what follows
# on Germany
place:de
    a dl:Country .

# on Mexico
# it is big
place:mx
    a dl:Country .

# above Jalisco
# its name
# within
# a state
# the end of Jalisco
place:mx-jal
    a dl:FederalEntity ;
    dl:isoCode <http://example.org/#nor-that> ,
        "# no comment" ,
        \"\"\"# nor
# this\"\"\" .

# the end of the file

# the very end
"""
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("", ""),
        ("\n \t\n", ""),
        ("# only this", "# only this\n"),
        ("\n\n#a\n\n\n#b  \n\n", "#a\n\n#b\n"),
        ("# top\n@prefix ex: <urn:> .\n# end", "# top\n\n# end\n"),
        ("# top\n<urn:s> <urn:p> 1 .", "# top\n\n<urn:s>\n    <urn:p> 1 .\n"),
        ("# top\n\n# of s\n<urn:s> <urn:p> 1.", "# top\n\n# of s\n<urn:s>\n    <urn:p> 1 .\n"),
        (
            "# top\n<urn:b> <urn:p> 1 . <urn:a> <urn:p> 1 .",
            "# top\n\n<urn:a>\n    <urn:p> 1 .\n\n<urn:b>\n    <urn:p> 1 .\n",
        ),
        ("<urn:s> <urn:p> 1 . # of s", "# of s\n\n<urn:s>\n    <urn:p> 1 .\n"),
        (
            "PREFIX ex: <urn:> # why\nex:s ex:p 1 .",
            "# why\n@prefix ex: <urn:> .\n\nex:s\n    ex:p 1 .\n",
        ),
    ],
)
def test_a_comment_is_kept_in_the_barest_of_files(given: str, expected: str) -> None:
    found = styled(given)
    assert found == expected
    assert styled(found) == found


def test_a_comment_after_a_statement_is_of_that_one_and_not_of_the_next() -> None:
    text = '<urn:b> <urn:p> "x"@en.<urn:a> <urn:p> 1.5. # a\n<urn:c> <urn:p> <urn:o>.#c'
    assert styled(text) == (
        "# a\n\n<urn:a>\n    <urn:p> 1.5 .\n\n"
        '<urn:b>\n    <urn:p> "x"@en .\n\n'
        "#c\n<urn:c>\n    <urn:p> <urn:o> .\n"
    )


# What comes in.


def test_a_byte_order_mark_carriage_returns_and_tabs_are_gone() -> None:
    text = f"\ufeff{DL}\n#\ton x\ndl:x\n\ta dl:Y .\n".replace("\n", "\r\n")
    assert styled(text) == f"{DL}\n#   on x\ndl:x\n    a dl:Y .\n"


def test_a_carriage_return_within_a_text_stays_in_it() -> None:
    assert '"""a\\r\nb"""' in styled('<urn:s> <urn:p> """a\r\nb""" .\r\n')


def test_a_text_of_several_lines_keeps_them_so_that_a_query_can_be_read() -> None:
    query = """PREFIX dl: <urn:dl>\nASK {\n  ?a dl:b "c"\n}"""
    assert styled(f"<urn:s> <urn:p> '''{query}''' .") == (f'<urn:s>\n    <urn:p> """{query}""" .\n')


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ('a\n"b" c', 'a\n"b" c'),
        ('"a"\n"b"', '"a"\n"b\\"'),
        ('a\n""b"""', 'a\n\\""b\\"\\"\\"'),
        ("a\n\tb\x00\\", r"a\n\tb\u0000\\".replace(r"\n", "\n")),
    ],
)
def test_quotes_and_what_is_hidden_in_a_text_of_several_lines_are_escaped(
    given: str, expected: str
) -> None:
    quoted = str(Literal(given))
    assert styled(f"<urn:s> <urn:p> {quoted} .") == f'<urn:s>\n    <urn:p> """{expected}""" .\n'


@pytest.mark.parametrize(
    "text",
    [
        "<urn:s> <urn:p> [ <urn:q> 1 ] .",
        "[] <urn:p> 1 .",
        "<urn:s> <urn:p> _:b .",
        "( 1 ) <urn:p> 1 .",
        f"<urn:s> <urn:p> _:l . <urn:t> <urn:p> _:l . _:l <{RDF}first> 1 ; <{RDF}rest> () .",
        f"<urn:s> <urn:p> _:l . _:l <{RDF}first> 1 ; <{RDF}rest> _:l .",
        f"<urn:s> <urn:p> _:l . _:l <{RDF}first> 1 , 2 ; <{RDF}rest> () .",
        "<urn:s> <urn:p> <<( <urn:a> <urn:b> <urn:c> )>> .",
    ],
)
def test_what_has_no_name_and_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(SourceError, match=r"A blank node with the property .* an IRI of its own"):
        styled(text)


# Nothing is lost, whatever comes.


@every_file
def test_a_shuffled_file_of_ours_comes_back_as_it_is(path: Path) -> None:
    text = path.read_bytes().decode()
    # A text of several lines is put aside: in it a blank or a line break says something.
    aside = re.findall(r'""".*?"""', text, re.DOTALL)
    plain = re.sub(r'""".*?"""', "@@", text, flags=re.DOTALL)
    for number in range(len(aside)):
        plain = plain.replace("@@", f"@{number}@", 1)
    top, *blocks = plain.rstrip("\n").split("\n\n")
    Random(path.name).shuffle(blocks)
    shuffled = "\n\n".join([top, *blocks]).replace("    ", "\t").replace("\n", "\r\n")
    for number, lines in enumerate(aside):
        shuffled = shuffled.replace(f"@{number}@", lines)
    assert written(path, shuffled, STYLE) == text


@pytest.mark.parametrize("seed", range(200))
def test_any_graph_in_any_writing_says_the_same_and_is_then_in_the_style(seed: int) -> None:
    random = Random(seed)
    graph: list[Quad] = []
    text, comments = scribbled(random, graph)
    found = styled(text)
    assert canonical(parse(found.encode(), format=RdfFormat.TURTLE)) == canonical(graph)
    assert sorted(re.findall(r"# comment \d+ \S+", found)) == sorted(comments)
    assert styled(found) == found


# Files.


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three files: in the style, not in it, not Turtle."""
    (tmp_path / "good.ttl").write_text(f"{DL}\ndl:x\n    a dl:Y .\n")
    (tmp_path / "other.ttl").write_text(f"{DL}dl:x a dl:Y.")
    (tmp_path / "wrong.ttl").write_text(f"{DL}dl:x a dl:Y ,\n.")
    return tmp_path


def test_only_a_file_that_changes_is_written_and_its_mode_is_kept(folder: Path) -> None:
    good, other = folder / "good.ttl", folder / "other.ttl"
    other.chmod(0o640)
    os.utime(good, ns=(5, 5))
    changed: list[Path] = []
    format_files([good, other], STYLE, check=False, changed=changed.append)
    assert changed == [other]
    assert good.stat().st_mtime_ns == 5
    assert other.stat().st_mode & 0o777 == 0o640
    assert other.read_text() == good.read_text()
    format_files([good, other], STYLE, check=True, changed=changed.append)
    assert changed == [other]


def test_a_link_to_a_file_stays_a_link(folder: Path) -> None:
    link = folder / "link.ttl"
    link.symlink_to("other.ttl")
    format_files([link], STYLE, check=False, changed=lambda _: None)
    assert link.is_symlink()
    assert (folder / "other.ttl").read_text() == (folder / "good.ttl").read_text()


def test_a_check_writes_nothing_and_says_which_files_would_change(folder: Path) -> None:
    before = (folder / "other.ttl").read_text()
    changed: list[Path] = []
    with pytest.raises(NotStyled, match=r"the house: 1\. Run `diplolocal format`"):
        format_files(
            [folder / "good.ttl", folder / "other.ttl"], STYLE, check=True, changed=changed.append
        )
    assert changed == [folder / "other.ttl"]
    assert (folder / "other.ttl").read_text() == before


def test_a_file_that_is_no_turtle_is_left_and_the_others_are_formatted(folder: Path) -> None:
    before = (folder / "wrong.ttl").read_text()
    changed: list[Path] = []
    with pytest.raises(FilesLeft) as caught:
        format_files(sorted(folder.iterdir()), STYLE, check=False, changed=changed.append)
    assert [(error.path, error.line) for error in caught.value.errors] == [
        (folder / "wrong.ttl", 3)
    ]
    assert (folder / "wrong.ttl").read_text() == before
    assert changed == [folder / "other.ttl"]
    assert (folder / "other.ttl").read_text() == (folder / "good.ttl").read_text()
    assert sorted(path.name for path in folder.iterdir()) == ["good.ttl", "other.ttl", "wrong.ttl"]


def test_files_that_are_named_are_formatted_by_the_command(run: Run, folder: Path) -> None:
    told = run("format", "good.ttl", "other.ttl", "--root", REPOSITORY)
    assert (told.code, told.out, told.err) == (0, "other.ttl\n", "")
    assert (folder / "other.ttl").read_text() == (folder / "good.ttl").read_text()


def test_the_command_looks_at_the_whole_data_set_unless_files_are_named(
    run: Run, real_copy: Path
) -> None:
    spoilt = [
        real_copy / "data/reference/regions.ttl",
        real_copy / "shapes/examples/person/valid-name.ttl",
    ]
    kept = [path.read_bytes() for path in spoilt]
    for path in spoilt:
        path.write_text(path.read_text().replace("    ", "  "))
    for path in (real_copy / "data").rglob("*.ttl"):
        if path.stat().st_size > 60_000:
            path.unlink()  # each takes a second, three times
    named = "".join(f"{path}\n" for path in spoilt)
    told = run("format", "--root", real_copy, "--check")
    assert (told.code, told.out) == (1, named)
    assert told.err == (
        "Files not written in the style of the house: 2."
        " Run `diplolocal format` to write them so.\n"
    )
    told = run("format", "--root", real_copy)
    assert (told.code, told.out, told.err) == (0, named, "")
    assert [path.read_bytes() for path in spoilt] == kept
    told = run("format", "--root", real_copy, "--check")
    assert (told.code, told.out, told.err) == (0, "", "")


@pytest.mark.parametrize("options", [(), ("--check",)])
def test_the_command_says_where_a_file_is_no_turtle(
    run: Run, folder: Path, options: tuple[str, ...]
) -> None:
    told = run("format", "wrong.ttl", "missing.ttl", "--root", REPOSITORY, "--lang", "es", *options)
    assert (told.code, told.out) == (2, "")
    first, second, last = told.err.splitlines()
    assert first.startswith("wrong.ttl:3: Esto no es Turtle: ")
    assert second.startswith("missing.ttl: No se puede leer el archivo: ")
    assert last == (
        "Archivos que se dejaron como están: 2. Corrija lo señalado y vuelva a dar formato."
    )


def test_a_folder_that_may_not_be_written_is_said(run: Run, folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir()
    (folder / "other.ttl").rename(closed / "other.ttl")
    closed.chmod(0o555)
    told = run("format", "closed/other.ttl", "--root", REPOSITORY, unprivileged=True)
    closed.chmod(0o755)
    assert told.code == 2
    assert told.err.splitlines()[0] == (
        "closed/other.ttl: The file cannot be written: Permission denied"
    )
    assert [path.name for path in closed.iterdir()] == ["other.ttl"]


def test_an_ontology_that_cannot_be_read_is_named_since_the_style_is_in_it(
    run: Run, copy: Path
) -> None:
    (copy / "ontology/prefixes.ttl").write_text("oh\n")
    told = run("format", "--root", copy)
    assert (told.code, told.out) == (2, "")
    assert told.err.startswith(f"{copy}/ontology/prefixes.ttl:1: This is not Turtle: ")


def test_without_a_house_the_prefixes_are_those_of_the_file() -> None:
    text = "@prefix b: <urn:b:> . @prefix a: <urn:b:> . @prefix c: <urn:c:> . b:x b:p b:y ."
    assert written(FILE, text, Style()) == "@prefix a: <urn:b:> .\n\na:x\n    a:p a:y .\n"


def test_the_reason_is_said_in_spanish_too() -> None:
    with pytest.raises(SourceError) as caught:
        styled("[] a 1 .")
    assert say(caught.value.sentence, Language.ES).startswith(f"{FILE}: Un nodo en blanco con")


def styled(text: str) -> str:
    return written(FILE, text, STYLE)


def canonical(quads: Iterator[Quad] | list[Quad]) -> Dataset:
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def scribbled(random: Random, graph: list[Quad]) -> tuple[str, list[str]]:
    """A graph written as nobody would, with the comments that stand in it."""
    comments: list[str] = []

    def space() -> str:
        match random.randrange(8):
            case 0:
                marks = random.choice(["'\"", "<x>", ".;,", '"""', "ñ", "#", "\\"])
                comments.append(f"# comment {len(comments)} {marks}")
                return f" {comments[-1]}{random.choice([' ', '', chr(9)])}\n"
            case 1:
                return random.choice(["\n\n\n", "\r\n", "\t", "\r\n\r\n"])
        return random.choice([" ", "\n"])

    prefixes = {
        "place": "https://w3id.org/diplolocal/id/place/",
        "p": "https://w3id.org/diplolocal/id/place/",
        "dl": "https://w3id.org/diplolocal/def#",
        "ex": "http://example.org/",
        "": "http://example.org/#",
        "skos": "http://example.org/not-skos/",
    }

    def iri() -> tuple[NamedNode, str]:
        prefix = random.choice(sorted(prefixes))
        local = random.choice(
            ["mx-jal", "a,b", "é", "a.b", "a(b)", "1", "-x", "x-", "a:b", "%C3", "地", "_", "a'b"]
        )
        node = NamedNode(prefixes[prefix] + local)
        if random.random() < 0.4:
            return node, f"<{node.value}>"
        escaped = re.sub(r"[,()']|^-", r"\\\g<0>", local)
        return node, f"{prefix}:{escaped}"

    def literal() -> tuple[Literal, str]:
        kind = random.randrange(5)
        if kind == 0:
            lexical, datatype = random.choice(
                [("8", "integer"), ("-0.50", "decimal"), ("1E-3", "double"), ("false", "boolean")]
            )
            return Literal(lexical, datatype=NamedNode(XSD + datatype)), lexical
        parts = ['"', "'", "\\", "\n", "\t", "# no", "ñ", "🎉", "\u2028", "\u0001", " ", "a", "\r"]
        value = "".join(random.choices(parts, k=random.randrange(6)))
        escapes = {"\\": "\\\\", '"': '\\"', "'": "\\'", "\n": "\\n", "\r": "\\r"}
        quote = random.choice(['"', "'", '"""', "'''"])
        keep = "\n\r" if len(quote) == 3 else ""
        body = "".join(each if each in keep else escapes.get(each, each) for each in value)
        text = f"{quote}{body}{quote}"
        if kind == 1:
            tag = random.choice(["en", "es", "es-mx", "fr"])
            return Literal(value, language=tag), f"{text}@{tag}"
        if kind == 2:
            datatype = random.choice(["integer", "gYear", "string"])
            return Literal(value, datatype=NamedNode(XSD + datatype)), f"{text}^^<{XSD}{datatype}>"
        return Literal(value), text

    def some(depth: int = 0) -> tuple[NamedNode | Literal | BlankNode, str]:
        if depth < 3 and random.random() < 0.15:
            items = [some(depth + 1) for _ in range(random.randrange(4))]
            node: NamedNode | BlankNode = NamedNode(f"{RDF}nil")
            for item, _ in reversed(items):
                cell = BlankNode()
                graph.append(Quad(cell, NamedNode(f"{RDF}first"), item))
                graph.append(Quad(cell, NamedNode(f"{RDF}rest"), node))
                node = cell
            return node, "(" + space() + "".join(text + space() for _, text in items) + ")"
        return iri() if random.random() < 0.5 else literal()

    lines = [space()]
    for prefix, namespace in prefixes.items():
        word, stop = random.choice([("@prefix", "."), ("PREFIX", ""), ("prefix", "")])
        lines += [word, space(), f"{prefix}:", space(), f"<{namespace}>", space(), stop]
    for _ in range(random.randrange(6)):
        subject, begin = iri()
        lines.append(begin)
        for number in range(random.randrange(1, 5)):
            predicate, verb = iri()
            lines += [space(), ";" * bool(number), space(), verb]
            for another in range(random.randrange(1, 4)):
                value, text = some()
                graph.append(Quad(subject, predicate, value))
                lines += [space(), "," * bool(another), space(), text]
        lines += [space(), ".", space()]
    return "".join(lines), comments
