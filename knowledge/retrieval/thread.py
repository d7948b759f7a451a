"""What a message in a thread is about: its products, and how much of it was said before.

"same for a 13 yr old?" means nothing alone; "storage temp?" after a talk on dosing does. Whether a message leans on
the thread is a matter of degree, and history is weighed by it instead of being glued on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.names import Mention, ProductNames
from knowledge.retrieval.concepts import concepts
from knowledge.retrieval.query import Query

_OPENERS = re.compile(
    r"^\W*(?:and|also|but|so|or|then|same|ok(?:ay)?|now|what about|how about|what if|which|why|perfect|great|thanks"
    r"|got it|et|mais|alors|aussi|und|aber|oder|auch|dann|那|那麼|還有|另外|所以|如果)(?!\w)",
    re.IGNORECASE,
)
_POINTERS = re.compile(
    r"(?<!\w)(?:it|its|that|this|these|those|they|them|their|she|he|her|his|him|one|ones|same|there|instead|either"
    r"|cela|ça|ceux|celle|elle|il|es|das|dies|diese|dafür|damit|dabei)(?!\w)|這個|那個|這樣|它|他|她",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"(?:\b(?:vs\.?|versus|v|against|than|over|off|from|instead of|compared (?:to|with)|unlike|replac\w+|gegen|statt"
    r"|contre|plutôt que|au lieu de|als|von|mit|avec|with|plus|on top of|added to|add(?:ing)? to)\s+(?:the\s+|an?\s+)?"
    r"|對上|相較|比|跟|和|從)$",
    re.IGNORECASE,
)
_SHORT = 4
_REMEMBERED = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """A message read in its thread.

    `products` are the register names to look in (empty: unknown); `asides` were named only beside them (a comparator,
    a co-medication). `given` says that the conversation was known to be about them. `leaning`, 0..1, says how much the
    message needs `context`, the earlier messages.
    """

    text: str
    context: str
    leaning: float
    products: frozenset[str]
    asides: frozenset[str]
    given: bool = False


def read(query: Query, names: ProductNames) -> Reading:
    """Read a query against the names of the products in scope."""
    mentions = names.mentions(query.text)
    products, asides = _subject(query, mentions, names)
    context = "\n".join(message for message in query.history[-_REMEMBERED:] if message.strip())
    leaning = _leaning(query.text, bool(mentions)) if context else 0.0
    return Reading(query.text, context, leaning, products, asides, given=bool(query.products))


def _subject(query: Query, mentions: list[Mention], names: ProductNames) -> tuple[frozenset[str], frozenset[str]]:
    """The products asked about and those named beside them: what the conversation is about, unless the text differs."""
    central = _all(mention for mention in mentions if not _is_aside(query.text, mention))
    named = _all(mentions)
    if query.products:
        kept = query.products if not central or central & query.products else query.products | central
        return kept, named - kept
    if central:
        return central, named - central
    earlier = next((found for text in reversed(query.history) if (found := names.products_in(text))), frozenset())
    return earlier, named - earlier


def _is_aside(text: str, mention: Mention) -> bool:
    return bool(_ASIDE.search(text[: mention.start]))


def _all(mentions: Iterable[Mention]) -> frozenset[str]:
    return frozenset(product for mention in mentions for product in mention.products)


def _leaning(text: str, names_product: bool) -> float:
    """A sum of signs: how it opens, what it points at, how little it says, whether it names its own product."""
    score = 0.3 * bool(_OPENERS.search(text)) + 0.2 * bool(_POINTERS.search(text))
    score += 0.25 * (len(concepts(text)) <= _SHORT) + 0.25 * (not names_product)
    return min(1.0, score)
