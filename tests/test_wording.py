"""Whether the right language is chosen, and sentences, numbers and dates are said as people say
them.
"""

import pytest

from diplolocal.wording import (
    Dated,
    Language,
    Message,
    in_words,
    message,
    negotiate,
    number,
    say,
    speaker,
)

ES, EN = Language.ES, Language.EN


@pytest.mark.parametrize(
    ("preferred", "chosen"),
    [
        (["es"], ES),
        (["en"], EN),
        (["es-MX"], ES),
        (["es-419"], ES),
        (["en-GB"], EN),
        (["es_MX.UTF-8"], ES),
        (["en_US.UTF-8"], EN),
        (["es_ES@euro"], ES),
        (["en", "es"], EN),
        (["es-MX", "en"], ES),
        (["fr", "en-GB", "es"], EN),
        (["fr"], ES),
        (["fr-CA", "de"], ES),
        (["C"], ES),
        (["C.UTF-8"], ES),
        (["*"], ES),
        ([""], ES),
        ([], ES),
    ],
)
def test_the_first_language_we_speak_is_chosen_else_spanish(
    preferred: list[str], chosen: Language
) -> None:
    assert negotiate(preferred) is chosen


@pytest.mark.parametrize(
    ("preferred", "chosen"), [("EN", EN), ("ES", ES), ("En-gb", EN), ("ES-mx", ES)]
)
def test_a_language_is_chosen_whatever_the_case_of_its_letters(
    preferred: str, chosen: Language
) -> None:
    # RFC 5646 §2.1.1: tags are to be treated as case insensitive.
    assert negotiate([preferred]) is chosen


@pytest.mark.parametrize(
    ("edtf", "spanish", "english"),
    [
        ("2021", "2021", "2021"),
        ("2021-01", "enero de 2021", "January 2021"),
        ("2021-09", "septiembre de 2021", "September 2021"),
        ("2021-01-14", "14 de enero de 2021", "14 January 2021"),
        ("2020-02-29", "29 de febrero de 2020", "29 February 2020"),
        (
            "2021-01-14/2021-01-20",
            "14 de enero de 2021 – 20 de enero de 2021",
            "14 January 2021 – 20 January 2021",
        ),
        ("2020/2021-01", "2020 – enero de 2021", "2020 – January 2021"),
        ("2021-01/..", "enero de 2021 – …", "January 2021 – …"),
        ("../2021-01", "… – enero de 2021", "… – January 2021"),
        ("2021-01/", "enero de 2021 – …", "January 2021 – …"),
        ("2021-01~", "enero de 2021, fecha aproximada", "about January 2021"),
        ("2021?", "2021, fecha incierta", "2021, uncertain"),
        (
            "2021-01-14%",
            "14 de enero de 2021, fecha aproximada e incierta",
            "about 14 January 2021, uncertain",
        ),
        (
            "2021-01~/2021-02?",
            "enero de 2021, fecha aproximada – febrero de 2021, fecha incierta",
            "about January 2021 – February 2021, uncertain",
        ),
    ],
)
def test_a_date_is_said_in_words(edtf: str, spanish: str, english: str) -> None:
    assert (in_words(edtf, ES), in_words(edtf, EN)) == (spanish, english)


@pytest.mark.parametrize(
    "written",
    [
        "2021-13",
        "2021-02-30",
        "2021-00-14",
        "0000-01",
        "2021-01-14T10:00:00Z",
        "2021-01-14Z",
        "-0044-03-15",
        "about 1950",
        "",
    ],
)
@pytest.mark.parametrize("language", Language)
def test_what_is_no_date_is_shown_as_it_is_written(written: str, language: Language) -> None:
    assert in_words(written, language) == written


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0"), (16, "16"), (2478, "2,478"), (1_000_000, "1,000,000"), (-3, "-3")]
)
@pytest.mark.parametrize("language", Language)
def test_a_number_is_grouped_as_in_mexico_and_britain(
    count: int, said: str, language: Language
) -> None:
    assert number(count, language) == said


def test_a_sentence_is_said_in_the_language_with_its_values() -> None:
    rows = message("Rows: {count}", count=3)
    assert (say(rows, ES), say(rows, EN)) == ("Filas: 3", "Rows: 3")


def test_a_message_within_a_message_is_said_in_the_same_language() -> None:
    inner = message("The parameter {name} is missing.", name="query")
    outer = message("{where}: {reason}", where="data/x.ttl:3", reason=inner)
    assert say(outer, ES) == "data/x.ttl:3: Falta el parámetro query."
    assert say(outer, EN) == "data/x.ttl:3: The parameter query is missing."


def test_braces_in_a_value_are_said_as_they_are() -> None:
    broken = message("The query cannot be read: {reason}", reason="expected { or {name}")
    assert say(broken, ES) == "No se puede leer la consulta: expected { or {name}"
    assert say(broken, EN) == "The query cannot be read: expected { or {name}"


def test_a_message_holds_its_sentence_and_its_values() -> None:
    assert message("Rows: {count}", count=3) == Message("Rows: {count}", {"count": 3})
    assert message("Done") == Message("Done")


def test_a_sentence_without_a_translation_is_said_in_english() -> None:
    unknown = message("Never said, {name}", name="not once")
    assert say(unknown, ES) == say(unknown, EN) == "Never said, not once"


def test_a_template_is_given_sentences_with_their_braces_left_alone() -> None:
    assert speaker(ES)("Rows: {count}") == "Filas: {count}"
    assert speaker(EN)("Rows: {count}") == "Rows: {count}"


def test_a_date_among_the_values_of_a_message_is_said_in_words() -> None:
    sentence = message("about {date}", date=Dated("2021-04"))
    assert (say(sentence, EN), say(sentence, ES)) == (
        "about April 2021",
        "abril de 2021, fecha aproximada",
    )
