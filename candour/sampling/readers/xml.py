"""Reads XML as a stream; damage, entities and other tricks are one sentence."""

import io
from collections.abc import Collection, Iterator
from functools import lru_cache
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml import ElementTree as SafeTree

from candour.sampling.readers.found import NotUsable
from candour.sampling.readers.opening import Xml

_DEEPEST = 60


def local(element: Element) -> str:
    """Give an element's name without its namespace."""
    return _local(element.tag)


@lru_cache(maxsize=1024)
def _local(tag: object) -> str:
    return str(tag).rsplit("}", 1)[-1]


def stream(document: Xml, wanted: Collection[str]) -> Iterator[tuple[Element, Element]]:
    """Give each element of these names (in lower case) with the one around it, once it is complete."""
    stack: list[Element] = []
    known: dict[str, bool] = {}
    try:
        for event, element in SafeTree.iterparse(
            io.BytesIO(document.content), events=("start", "end"), forbid_dtd=True
        ):
            if event == "start":
                stack.append(element)
                if len(stack) > _DEEPEST:
                    raise ValueError
                continue
            stack.pop()
            tag = element.tag
            if (yes := known.get(tag)) is None:
                if len(known) > 10_000:
                    raise ValueError
                yes = known[tag] = _local(tag).casefold() in wanted
            if yes:
                yield element, stack[-1] if stack else element
    except DefusedXmlException:
        raise NotUsable("This XML file has declarations that no census has. Nothing of it was read.") from None
    except (ParseError, ValueError, LookupError, RecursionError):
        raise NotUsable("This XML file is damaged and cannot be read.") from None
