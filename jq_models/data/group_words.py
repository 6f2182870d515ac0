"""Words for the values of grouping variables, where surveys in this field use the same few."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from jq_models.spec import LANGUAGES, Text

_CONTRACT = (
    (("permanent", "vast", "vast contract", "vast dienstverband"), Text(en="Permanent", nl="Vast")),
    (("flex", "flexible", "flexibel"), Text(en="Flexible", nl="Flexibel")),
    (("temporary", "tijdelijk", "tijdelijk contract"), Text(en="Temporary", nl="Tijdelijk")),
    (("agency", "uitzend", "uitzendkracht", "uitzendcontract"), Text(en="Agency", nl="Uitzend")),
)
_LANGUAGE = (
    (("nl", "dutch", "nederlands"), Text(en="Dutch", nl="Nederlands")),
    (("en", "english", "engels"), Text(en="English", nl="Engels")),
    (("de", "german", "duits"), Text(en="German", nl="Duits")),
    (("fr", "french", "frans"), Text(en="French", nl="Frans")),
)
_DAYS = tuple(
    ((str(day),), Text(en=f"{day} day{'s' * (day != 1)}", nl=f"{day} dag{'en' * (day != 1)}"))
    for day in range(8)
)
_CHANNEL = (
    (("voice", "phone", "telephone", "telefoon", "bellen"), Text(en="Telephone", nl="Telefoon")),
    (("text", "chat and mail", "chat en mail", "schriftelijk"), Text(en="Chat and mail", nl="Chat en mail")),
    (("both", "beide"), Text(en="Both", nl="Beide")),
)
_EVENING = (
    (("never", "nooit"), Text(en="Never", nl="Nooit")),
    (("sometimes", "soms"), Text(en="Sometimes", nl="Soms")),
    (("often", "vaak"), Text(en="Often", nl="Vaak")),
)
_HOURS = (
    (("part", "part-time", "parttime", "deeltijd"), Text(en="Part-time", nl="Deeltijd")),
    (("full", "full-time", "fulltime", "voltijd"), Text(en="Full-time", nl="Voltijd")),
)
_SERVED = (
    (("one", "een", "één"), Text(en="One language", nl="Eén taal")),
    (("several", "meer", "meerdere"), Text(en="Several languages", nl="Meer talen")),
)
_KNOWN = {
    "contract": _CONTRACT,
    "language": _LANGUAGE,
    "home_days": _DAYS,
    "channel": _CHANNEL,
    "evening": _EVENING,
    "hours": _HOURS,
    "served": _SERVED,
}


def group_words(name: str, values: Iterable[str], *, given: Mapping[str, str]) -> dict[str, Text]:
    """Return the words of a grouping variable's values, in the values' order.

    Parameters
    ----------
    name : str
        Of the grouping variable.
    values : iterable of str
    given : mapping of str to str
        Words the file itself brings, as SPSS files do.

    Returns
    -------
    dict of str to Text
        The value itself where no word is known; every value itself where two would get one word.
    """
    known = {word: text for words, text in _KNOWN.get(name, ()) for word in words}
    ordered = sorted(values, key=lambda value: (len(value) if value.isdecimal() else 0, value.casefold()))
    words = {}
    for value in ordered:
        shown = given.get(value, value)
        words[value] = known.get(shown.casefold(), Text(en=shown, nl=shown))
    for language in LANGUAGES:
        if len({text[language] for text in words.values()}) < len(words):
            return {value: Text(en=value, nl=value) for value in ordered}
    return words
