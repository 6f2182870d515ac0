"""What the columns beside the questions are: known by the words of their names, in both languages."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from jq_models.spec import Text

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[^\W\d_])(?=\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupKind:
    """A grouping variable that surveys of employees have: its words, and what to call it."""

    name: str
    words: str  # alternatives of a regular expression, matched with whole words
    label: Text


def _kind(name: str, words: str, *, en: str, nl: str) -> GroupKind:
    return GroupKind(name=name, words=words, label=Text(en=en, nl=nl))


GROUP_KINDS = (
    _kind(
        "organisation",
        "organi[sz]atie|organi[sz]ation|bedrijf|company|werkgever|employer|org",
        en="Organisation",
        nl="Organisatie",
    ),
    _kind("team", "team|teams|teamnaam|teamname|squad", en="Team", nl="Team"),
    _kind("department", "afdeling|department|dept|business unit", en="Department", nl="Afdeling"),
    _kind(
        "location",
        "vestiging|locatie|location|site|standplaats|kantoor|office",
        en="Location",
        nl="Vestiging",
    ),
    _kind(
        "contract",
        "contract|contractvorm|contract type|dienstverband|contractsoort|type contract|employment type",
        en="Contract",
        nl="Contract",
    ),
    _kind(
        "home_days",
        "home days|homedays|thuiswerkdagen|(aantal )?thuiswerkdagen per week|dagen thuis|thuis|thuiswerken|"
        "thuiswerk|days at home|(work|working) from home|from home|home",
        en="Days a week at home",
        nl="Thuiswerkdagen per week",
    ),
    _kind(
        "language",
        "language|taal|(user|start|q|survey)[ ]?language|starttaal",
        en="Language of the questionnaire",
        nl="Taal van de vragenlijst",
    ),
    _kind("wave", "wave|meting|golf|meetronde|ronde", en="Wave", nl="Meting"),
    _kind("role", "functie|functiegroep|rol|role|job role|job title", en="Role", nl="Functie"),
    _kind("sector", "sector|branche|industry", en="Sector", nl="Sector"),
    _kind("country", "country|land", en="Country", nl="Land"),
    _kind(
        "agency",
        "uitzendbureau|staffing agency|agency|bureau",
        en="Staffing agency",
        nl="Uitzendbureau",
    ),
    _kind(
        "channel",
        "contactkanaal|contactkanalen|kanaal|kanalen|contact channels?|main channel|channels",
        en="Channel",
        nl="Kanaal",
    ),
    _kind(
        "served",
        "languages served|served|customer languages?|klanttaal|klanttalen|talen klanten",
        en="Languages spoken with customers",
        nl="Talen met klanten",
    ),
    _kind(
        "evening",
        "avond|avonden|avondwerk|avonddienst|avond en weekend|evenings?|evening work|evening and weekend|"
        "weekend",
        en="Evening and weekend work",
        nl="Avond- en weekendwerk",
    ),
    _kind(
        "hours",
        "deeltijd|parttime|part time|arbeidsduur|contract hours|contracturen|uren per week|hours per week|"
        "hours a week",
        en="Hours a week",
        nl="Uren per week",
    ),
    _kind("tenure", "diensttijd|dienstjaren|tenure|years of service", en="Tenure", nl="Diensttijd"),
)

# What tells one person from another, or should not be asked: never a group, never in a report.
_PERSONAL = (
    "naam|name|voornaam|achternaam|roepnaam|surname|lastname|firstname|email|e mail|mail|mailadres|telefoon|"
    "telefoonnummer|phone|mobile|mobiel|ip|ipaddr|ipaddress|ip adres|latitude|longitude|postcode|zip|adres|"
    "address|woonplaats|geboortedatum|geboorte|geboortejaar|birth|birthday|leeftijd|leeftijdscategorie|age|"
    "geslacht|gender|sex|bsn|personeelsnummer|personeelsnr|medewerkernummer|employee (id|number|no)|"
    "nationaliteit|nationality|external (data )?reference|reference|user ?name|login|leidinggevende|manager|"
    "supervisor|teamleider|teamleader|team leader|nickname|token|custom data"
)
_DATES = (
    "date|datum|time|tijd|timestamp|tijdstempel|datestamp|submitdate|startdate|enddate|begintijd|datumtijd"
)
_IDS = (
    "id|identifier|nr|nummer|number|response id|respondent|responseid|respondentid|guid|uuid|case|record|row"
)
_TECHNICAL = (
    "status|progress|voortgang|finished|voltooid|duration|distribution channel|user language|start language|"
    "seed|last ?page|collector|interview ?time|ref ?url|browser|recaptcha|version|consent|quota|"
    "group ?time.*|.*timing.*|first click|last click|page submit|click count|nps group|points|score|punten|"
    "totaal|total|feedback|language"
)
_COMMON = frozenset(re.findall(r"[a-z]{2,}", f"{_PERSONAL} {_DATES} {_IDS} {_TECHNICAL} first last start"))
_COMMON |= {"e"}  # as in e-mail
_NAME_OF = frozenset({
    "wat", "what", "is", "naam", "name", "van", "je", "jouw", "uw", "het", "de", "of", "your", "the", "my",
    "mijn", "nr", "nummer", "code", "id",
})  # fmt: skip
_ASKS = (
    r"(in |at |bij |voor |for |to )?(welke?|which|what|wat)( is| voor| soort| type| kind| of| je| jouw| uw|"
)
_ASKS += r" your| the| het| de| a)*"
_COVARIATES = {
    "recommend": r"recommend\w*|aanbevel\w*|aanbeveel\w*|aanrad\w*|aanraadt?|e?nps",
    "customer_contact": r"customer contact|klantcontact|contact (met|with) (\w+ )?(klanten|customers)",
}
_ABOUT = "group|groep|reden|reason|why|waarom|toelichting"  # beside the number itself
_HOW_MANY = r"(op )?(hoeveel|how many|aantal|number of)( \w+){0,2} (dag|dagen|days)( \w+){0,5}"
_NUMBER = re.compile(r"^\s*\(?\d{1,3}[.):]\s+(?=\D)")  # before a question: "60. How many days ..."


def words_of(header: str) -> str:
    """Return a header's words in lower case: ``"UserLanguage"`` and ``"user_language"`` are the same."""
    plain = unicodedata.normalize("NFKD", _CAMEL.sub(" ", header))
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(letters.casefold().split())


def group_kind(header: str) -> tuple[GroupKind, bool] | None:
    """Return the one grouping variable that a header or question names, and whether it says no more.

    Short names count when they hold the variable's word; questions only when they ask for it ("In which
    team do you work?"), so that a question *about* the team is none.
    """
    text = words_of(_NUMBER.sub("", header))
    exact = [kind for kind in GROUP_KINDS if re.fullmatch(rf"({kind.words})( (\d+|naam|name|code))?", text)]
    if len(exact) == 1:
        return exact[0], True
    if is_personal(header):
        return None
    short = len(text.split()) <= 3
    found = [
        kind
        for kind in GROUP_KINDS
        if (short and re.search(rf"\b({kind.words})\b", text))
        or _only(kind, set(text.split()) - _NAME_OF)
        or re.search(rf"\b{_ASKS}( \w+)? ({kind.words})\b", text)
        or (kind.name == "home_days" and re.match(rf"{_HOW_MANY} ({kind.words})\b", text))
    ]
    return (found[0], False) if len(found) == 1 else None


def is_personal(header: str) -> bool:
    """Say whether a name holds a word for what tells persons apart; "Name of your team" does not."""
    text = words_of(header)
    if not _has(_PERSONAL, text):
        return False
    others = set(text.split()) - _NAME_OF
    return not any(_only(kind, others) for kind in GROUP_KINDS)


def kind_of_name(header: str) -> str:
    """Return "personal", "date", "technical" or "identifier" when a header says so, else an empty text."""
    text = words_of(header)
    if is_personal(header):
        return "personal"
    if len(text.split()) > 4:
        return ""
    kinds = {"date": _DATES, "technical": _TECHNICAL, "identifier": _IDS}
    return next((kind for kind, words in kinds.items() if _has(words, text)), "")


def is_common(header: str) -> bool:
    """Say whether a header holds nothing but words of names, dates and the like: "Voornaam", "E-mail"."""
    text = words_of(header)
    return bool(text) and all(word in _COMMON for word in text.split())


def is_covariate(name: str, header: str) -> bool:
    """Say whether a header or question asks for a covariate of the study file."""
    text = words_of(header)
    if _has(_ABOUT, text):
        return False
    return _has(_COVARIATES[name], text) or (name == "customer_contact" and text == "contact")


def _only(kind: GroupKind, words: set[str]) -> bool:
    return bool(words) and all(re.fullmatch(kind.words, word) for word in words)


def _has(words: str, text: str) -> bool:
    return re.search(rf"\b({words})\b", text) is not None
