"""What the words of a text tell: counting, a service, a condition, an act.

Each function returns where the words stand; nothing found is no answer. The definitions are those of
Rob Hutchinson, Outcomes Focussed Practice, April 2007, after Mark Friedman. Words stand in the
council's glossary; here is only the grammar.
"""

import re

from outcomes.model.wording import Glossary, Span, quantities
from outcomes.wording.language import find, match, plain, within

PEOPLE = (
    "people|children|adults|residents|families|households|parents|carers|babies|pupils|tenants|"
    "neighbours|communities|businesses|women|men|girls|boys|citizens|teenagers|workers|visitors|"
    "homes|streets|roads|rivers|parks|jobs|schools|towns|villages|places"
)
EVERYBODY = "everyone|everybody|nobody|no[ -]one|anyone|(?:every|each|no) (?:\\w+ )?\\w+"
VERBS = (
    "are|is|have|has|(?:can|cannot|do not|does not)(?: \\w+)?|live|feel|get|enjoy|stay|grow up|achieve|"
    "know|trust|thrive|flourish|belong|experience|find|arrive|leave|make|choose|learn|give|breathe|eat|sleep|need|want|use|"
    "look|take|gain|succeed|meet|keep|earn|travel|help|look after|go|remain|become|reach|start|work|own|"
    "suit|pay|flourishes|thrives|pays|suits|feels|gives|comes|brings|lasts|belongs|lives|depends|enjoys"
)
"""What people do or are where an outcome holds."""
NOT_A_VERB = (
    r"(?!who\b|that\b|which\b|whose\b|where\b|when\b|with|in\b|on\b|at\b|by\b|for\b|from\b|to\b|of\b|as\b|"
    r"and\b|or\b|per\b|off\b|out\b|up\b|not\b|under|over|aged|able|unable|ready|free|born\b|known\b|"
    r"seen\b|given\b|held\b|lent\b|built\b|sold\b|lost\b|"
    r"\w*(?:s|ed|ing|al|ic|ous|able|ible|ful|ive|ance|ence|ment|ion|ity|ship|th)\b)[a-z]+"
)
"""The word after a subject in the plural, if it can be a verb."""
EVERYBODY_ASKED = (
    r"\bof (?:all )?(?:\S+ )?(?:residents|adults|people|households) who "
    r"(?!receiv|attend|were\b|are\b|complet|stopped\b|left\b)"
)
PLACES = (
    "place|places|town|county|city|village|streets?|communit(?:y|ies)|neighbourhoods?|home|area"
)
HEAD = (
    r"^[^,:;.()]*?(?=$|[,:;.(]|\s(?:of|for|to|in|on|at|by|with|between|across|under|through|about|from|"
    r"who|that|which|the|our|their)\b)"
)
"""A text up to its first preposition or stop: what it is, before of what and for whom."""
WISHES = "be|stay|enjoy|achieve|live|feel|have|grow up|make|belong|thrive|flourish"


def measured(text: str, glossary: Glossary) -> list[Span]:
    """Return where a text speaks of counting or measuring, or begins as if its % sign were lost."""
    plainly = [
        *(span for span in quantities(text) if not within(span, target_dates(text))),
        *find(text, glossary.measured),
        *match(
            text,
            r"^(?:the |total )?numbers?\b|\bnumber who\b",
            r"\brates$|\b(?<!first-)rate$",
            r"^(?:mean |travel )?time (?:to|from|between|until|taken|spent)\b",
        ),
    ]
    return plainly or lost_sign(text)


def target_dates(text: str) -> list[Span]:
    """Return where a text says by when, as in 'by the end of 2030': a target's date, and no count."""
    return match(
        text, r"\bby (?:the (?:end|start) of )?(?:[a-z]+ )?20\d\d(?:[/-]\d\d(?:\d\d)?)?\b\s*"
    )


def lost_sign(text: str) -> list[Span]:
    """Return where a text starts with 'of', as it does when a % or # sign was lost in copying."""
    return match(text, r"^\s*of\b")


def stated(text: str, glossary: Glossary) -> list[Span]:
    """Return where a text states how people or a place are: the verb of its main clause, or a quality."""
    done = _done(text, glossary)
    if (
        done
        and text[: done[0][0]].count(" ") < 4
        and not match(text, r"\b(?:are|is|been|have|has)\b")
    ):
        return []
    subject = rf"^(?:[\w'{{}}-]+ ){{0,4}}?(?:(?:{PEOPLE})|{EVERYBODY})"
    return (
        _after(text, rf"{subject}(?: \w+ly)? (?P<it>{NOT_A_VERB})")
        or _after(text, rf"^(?:{EVERYBODY}) (?P<it>\w+s)\b")
        or _main_verb(text)
        or _after(text, r"^we (?P<it>\w+)")
        or match(
            text, r"\b(?:you|we) (?:can|are|have)\b", rf"^(?:{WISHES})\b|\bfor (?:all|everyone)$"
        )
        or _after(
            text, rf"^(?:an? |the )?(?:\w+ )?(?P<it>(?:{PLACES}) (?:where|in which|that|with))\b"
        )
        or _after(text, r"^a (?P<it>number of)\b")
        or _qualities(text, glossary)
    )


def _after(text: str, pattern: str) -> list[Span]:
    return [found.span("it") for found in re.finditer(pattern, plain(text), re.I)]


def _done(text: str, glossary: Glossary) -> list[Span]:
    return [span for span in find(text, glossary.done) if text[: span[0]].endswith(" ")]


def _main_verb(text: str) -> list[Span]:
    """Return the verbs of a text that has more of them than clauses such as 'who live'."""
    before = r"(?<!\band )(?<!\bor )(?<!\ba )(?<!\bthe )(?<!\bin )(?<!\bof )(?<!\bto )(?<!\bat )(?<!\bfor )"
    verbs = match(text, rf"(?<=[\w}}\"',] ){before}\b(?:{VERBS})\b(?!-)")
    clauses = match(text, r"\b(?:who|that|which|where|whose|they|you)\b")
    return verbs[len(clauses) :]


def _qualities(text: str, glossary: Glossary) -> list[Span]:
    head = match(text, r"\b(?:who|that|which)\b")
    return [span for span in find(text, glossary.qualities) if not head or span[0] < head[0][0]]


def group(text: str) -> list[Span]:
    """Return where a text marks out some people or things: 'who ...', 'living in ...', 'aged ...'."""
    return match(
        text, r"\b(?:who|that|whose)\b", r"(?<=\w )(?:aged|living|taking|using|\w+ed|lent|held)\b"
    )


def counted(text: str, glossary: Glossary) -> list[Span]:
    """Return where a text names what figures are usually of, though it says nothing of counting."""
    named = find(text, glossary.counted) or _done(text, glossary)
    return named or match(
        text,
        rf"^(?:[\w-]+ ){{0,3}}(?:{PEOPLE}) who\b",
        r"\b(?:meet|reach|at) the (?:\w+ ){1,2}(?:standard|level)\b",
        r"\bwith no\b|\bnot in\b|\beligible for\b|\bunable to\b|\bcannot\b|\bon low incomes?\b",
    )


def of_a_service(text: str, glossary: Glossary) -> list[Span]:
    """Return where a text speaks of a service's work or of the people it deals with.

    A share of all residents or adults who did something is about everyone, whatever they did.
    """
    customers = find(text, glossary.customers)
    our = match(text, r"\bour\b|\bthe council\b")
    if not customers and match(text, EVERYBODY_ASKED) and not our:
        return []
    return [
        *service_words(text, glossary),
        *_done(text, glossary),
        *match(
            text,
            r"\b(?:with|by|in) our (?!county|area|town|city|district|borough|village|communit|place)",
            r"\b(?:who use|using) (?:the|our)\b",
            r"\bwho (?:receive|use|attend)\b|\breceiving\b",
            r"\bwithin (?:\w+ ){0,2}(?:minutes?|hours?|days?|weeks?)\b",
        ),
    ]


def service_words(text: str, glossary: Glossary) -> list[Span]:
    """Return where a text has a word for what services have and do, or for their customers."""
    service = r"\b(?<!broadband )(?<!the )services?\b|\busers of\b|\bthe service\b"
    return [*find(text, glossary.customers), *find(text, glossary.services), *match(text, service)]


def acts(text: str, glossary: Glossary) -> list[Span]:
    """Return where a text begins with something to do, such as 'reduce' or 'to provide'."""
    starts = find(text, glossary.acts)
    return [
        span for span in starts if text[: span[0]].strip().casefold() in ("", "to", "we", "we will")
    ]


def set_up(text: str, glossary: Glossary) -> list[Span]:
    """Return where a text's own head is something that is set up, such as 'a joint board for ...'."""
    head = match(text, HEAD)
    ends = {span[1] for span in head}
    return [span for span in find(text, glossary.set_up) if span[1] in ends]


def better_off(text: str) -> list[Span]:
    """Return where a text says what became of the people a service dealt with."""
    used = (
        "receive|received|attend|attended|wait|waited|use|used|were|was|are|is|complete|completed"
    )
    return match(
        text,
        rf"\b(?:who|that) (?:\w+ly )?(?!(?:{used})\b)\w+",
        r"\boff (?:drugs|alcohol|benefits?|the streets?)\b|\bin (?:work|education|employment)\b",
    )
