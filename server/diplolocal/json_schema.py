"""A JSON Schema (2020-12) for each class, made of the shapes: what a document about an instance is,
as we serve it in JSON-LD.

Said are the keys, the values and how many there are; not what the shapes say of things that are
only named, nor how far a decimal may go, which is a string here.
"""

from collections.abc import Mapping, Sequence

from pyoxigraph import Literal

from diplolocal import iris
from diplolocal.classes import Described, Field
from diplolocal.constraints import PropertyShape
from diplolocal.jsonld import Words, word
from diplolocal.resources import PARTS
from diplolocal.store import plain
from diplolocal.wording import LANGUAGES, Said

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_STRING = _XSD + "string"
_VALUES: Mapping[str, Mapping[str, object]] = {
    _STRING: {"type": "string"},
    _XSD + "integer": {"type": "integer"},
    _XSD + "boolean": {"type": "boolean"},
    _XSD + "decimal": {"type": "string", "pattern": r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)$"},
    _XSD + "date": {"type": "string", "format": "date"},
    _XSD + "dateTime": {"type": "string", "format": "date-time"},
    _XSD + "gYear": {"type": "string", "pattern": "^-?[0-9]{4,}$"},
    _XSD + "gYearMonth": {"type": "string", "pattern": "^-?[0-9]{4,}-(0[1-9]|1[0-2])$"},
    _XSD + "anyURI": {"type": "string", "format": "uri-reference"},
}
"""How a literal is written, by its datatype; any other is a string."""

_TEXTS: Mapping[str, object] = {"type": "object", "additionalProperties": {"type": "string"}}
_THING: Mapping[str, object] = {
    "title": "A thing · Una cosa",
    "description": "Its IRI, or its IRI and its name. · Su IRI, o su IRI y su nombre.",
    "anyOf": [
        {"type": "string", "format": "iri"},
        {
            "type": "object",
            "properties": {
                "id": {"type": "string", "format": "iri"},
                "label": _TEXTS,
                "termLabel": _TEXTS,
            },
            "required": ["id"],
        },
    ],
}


def schema(described: Described, known: Mapping[str, Described], words: Words) -> dict[str, object]:
    """The JSON Schema of a class; `known` are all of them by name."""
    parts = {words.classes[field.classes[0]] for field in described.fields if field.iri in PARTS}
    keys = sorted({"@context", "id", *(each.key for each in words.properties.values())})
    return {
        "$schema": _DIALECT,
        "$id": iris.schema(described.name),
        **_object(described, words),
        "$defs": {
            **{name: _object(known[name], words) for name in sorted(parts)},
            "Thing": _THING,
            "Key": {
                "description": "A term of the context, or a name with a prefix."
                " · Un término del contexto, o un nombre con prefijo.",
                "anyOf": [{"enum": [*keys, "type"]}, {"pattern": ":"}],
            },
        },
    }


def _object(described: Described, words: Words) -> dict[str, object]:
    form = {"pattern": described.pattern} if described.pattern else {}
    return {
        **_titled(described.label, described.meaning),
        "type": "object",
        "properties": {
            "@context": {"description": "The context · El contexto"},
            "id": {"type": "string", "format": "iri", **form},
            "type": {
                "type": "array",
                "items": {"type": "string"},
                "contains": {"const": described.name},
                "uniqueItems": True,
            },
            **{field.word.key: _property(field, words) for field in described.fields},
        },
        "required": ["id", "type", *(each.word.key for each in described.fields if each.least)],
        "propertyNames": {"$ref": "#/$defs/Key"},
    }


def _property(field: Field, words: Words) -> dict[str, object]:
    """What stands under a key: a value, several, or texts by language."""
    if field.word.by_language:
        shown = _by_language(field)
    else:
        shown = _value(field, words)
        if field.word.many:
            most = {"maxItems": field.most} if field.most else {}
            least = max(field.least, 1)
            shown = {"type": "array", "items": shown, "minItems": least, **most}
    return {**_titled(field.label, field.meaning), **shown}


def _by_language(field: Field) -> dict[str, object]:
    least = max((each.min_length or 0 for each in field.asked), default=0)
    text: dict[str, object] = {"type": "string", **({"minLength": least} if least else {})}
    if field.word.many:
        text = {"type": "array", "items": text, "minItems": 1}
    languages = next((each.languages for each in field.asked if each.languages), ())
    if not languages:
        return {"type": "object", "additionalProperties": text}
    whole = max(each.min_count or 0 for each in field.asked) >= len(languages)
    return {
        "type": "object",
        "properties": dict.fromkeys(languages, text),
        "additionalProperties": False,
        **({"required": list(languages)} if whole else {}),
    }


def _value(field: Field, words: Words) -> dict[str, object]:
    """One value."""
    if field.iri in PARTS:
        part = words.classes[field.classes[0]]
        return {"anyOf": [{"type": "string", "format": "iri"}, {"$ref": f"#/$defs/{part}"}]}
    if field.word.kind in ("@id", "@vocab"):
        return _one_of(field.asked, words) or {"$ref": "#/$defs/Thing"}
    datatype = field.word.kind or next((each.datatype for each in field.asked if each.datatype), "")
    if not datatype and field.asked and field.ranges != (_STRING,):
        strings = any(each.pattern or each.languages for each in field.asked)
        return {"type": "string"} if strings else {}
    return {**_VALUES.get(datatype, _VALUES[_STRING]), **_bounds(field.asked, datatype)}


def _one_of(asked: Sequence[PropertyShape], words: Words) -> dict[str, object]:
    """What a value is, where the shapes name those that it may be."""
    values = {plain(value) for each in asked for value in each.values}
    values.update(plain(each.has_value) for each in asked if each.has_value)
    if not values:
        return {}
    short = sorted(word(words, value) for value in values)
    node = {"properties": {"id": {"type": "string"}}, "required": ["id"]}
    return {"anyOf": [{"enum": short}, {"type": "object", **node}]}


def _bounds(asked: Sequence[PropertyShape], datatype: str) -> dict[str, object]:
    found: dict[str, object] = {}
    for each in asked:
        if each.pattern:
            found["pattern"] = each.pattern
        if each.min_length:
            found["minLength"] = each.min_length
        if each.max_length:
            found["maxLength"] = each.max_length
        if datatype == _XSD + "integer":
            limits = {"minimum": each.min_inclusive, "maximum": each.max_inclusive}
            found |= {name: int(plain(limit)) for name, limit in limits.items() if limit}
        if values := [plain(value) for value in each.values if isinstance(value, Literal)]:
            found["enum"] = values
    return found


def _titled(label: Said, meaning: Said) -> dict[str, object]:
    """Title and description, in both languages."""
    texts = {"title": label, "description": meaning}
    return {name: _both(said) for name, said in texts.items() if said}


def _both(said: Said) -> str:
    return " · ".join(dict.fromkeys(said[language] for language in LANGUAGES if language in said))
