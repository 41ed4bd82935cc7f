"""The status of a store for programs.

The keys of the object are stable; IRIs are whole, and a `label` has the text by language.

version        of the build; null where somebody's endpoint was asked
classes        class, label, things
months         month, bulletin, actions, regions (region, actions); null but for the month where it
               is not in the graph yet, which does not mean that nothing happened
regions        region, label, entities, actionsInBulletins, actionsElsewhere
entities       entity, label, region, actionsInBulletins, actionsElsewhere, twinnings, agreements,
               memberships
links          target, class, label, predicate, method, links
linkedClasses  class, label, things, withWikidata, withoutWikidata
questions      type, label, questions (question, label, description, about, candidates)
differences    before (the version compared with; null if there is none), classes (class, label,
               new, gone, changed: the IRIs); only where versions were compared
"""

import json

from diplolocal.changes import Changes
from diplolocal.resources import Names
from diplolocal.status import Month, Question, RegionCount, Status
from diplolocal.wording import Said

_Object = dict[str, object]


def as_json(found: Status, *, version: str | None, changes: Changes | None = None) -> str:
    """The status as a JSON text, with the differences where versions were compared."""
    document: _Object = {
        "version": version,
        "classes": [
            {"class": each.iri, "label": _label(found.names, each.iri), "things": each.things}
            for each in found.classes
        ],
        "months": [_month(each, found.regions) for each in found.months],
        **_coverage(found),
        **_links(found),
        "questions": [
            {
                "type": kind,
                "label": _label(found.names, kind),
                "questions": [_question(each) for each in some],
            }
            for kind, some in found.by_type
        ],
    }
    if changes is not None:
        document["differences"] = _differences(changes)
    return json.dumps(document, ensure_ascii=False, indent=2)


def _month(month: Month, regions: tuple[RegionCount, ...]) -> _Object:
    if month.bulletin is None:
        return {"month": month.month, "bulletin": None, "actions": None, "regions": None}
    return {
        "month": month.month,
        "bulletin": month.bulletin,
        "actions": month.total,
        "regions": [
            {"region": region.iri, "actions": month.actions.get(region.iri, 0)}
            for region in regions
        ],
    }


def _coverage(found: Status) -> _Object:
    return {
        "regions": [
            {
                "region": each.iri,
                "label": _label(found.names, each.iri),
                "entities": each.entities,
                "actionsInBulletins": each.in_bulletins,
                "actionsElsewhere": each.elsewhere,
            }
            for each in found.regions
        ],
        "entities": [
            {
                "entity": each.iri,
                "label": _label(found.names, each.iri),
                "region": each.region,
                "actionsInBulletins": each.in_bulletins,
                "actionsElsewhere": each.elsewhere,
                "twinnings": each.twinnings,
                "agreements": each.agreements,
                "memberships": each.memberships,
            }
            for each in found.entities
        ],
    }


def _links(found: Status) -> _Object:
    return {
        "links": [
            {
                "target": each.target,
                "class": each.cls,
                "label": _label(found.names, each.cls),
                "predicate": each.property,
                "method": each.method,
                "links": each.links,
            }
            for each in found.links
        ],
        "linkedClasses": [
            {
                "class": each.iri,
                "label": _label(found.names, each.iri),
                "things": each.things,
                "withWikidata": each.with_item,
                "withoutWikidata": each.without_item,
            }
            for each in found.linked
        ],
    }


def _question(question: Question) -> _Object:
    return {
        "question": question.iri,
        "label": _texts(question.label),
        "description": _texts(question.description),
        "about": question.about,
        "candidates": question.candidates,
    }


def _differences(changes: Changes) -> _Object:
    return {
        "before": changes.before,
        "classes": [
            {
                "class": each.iri,
                "label": _label(changes.names, each.iri),
                "new": each.new,
                "gone": each.gone,
                "changed": each.changed,
            }
            for each in changes.classes
        ],
    }


def _label(names: Names, iri: str) -> dict[str, str]:
    return _texts(names.get(iri, {}))


def _texts(said: Said) -> dict[str, str]:
    return dict(sorted(said.items()))
