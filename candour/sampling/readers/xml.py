"""Reads XML as a stream; damage, entities and other tricks are one sentence."""

import io
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml import ElementTree as SafeTree

from candour.sampling.readers.found import NotUsable
from candour.sampling.readers.opening import Xml

_DEEPEST = 60


def local(element: Element) -> str:
    """Give an element's name without its namespace."""
    return str(element.tag).rsplit("}", 1)[-1]


def stream(document: Xml) -> Iterator[tuple[Element, Element]]:
    """Give each element with the one around it, once it is complete."""
    stack: list[Element] = []
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
            yield element, stack[-1] if stack else element
    except DefusedXmlException:
        raise NotUsable("This XML file has declarations that no census has. Nothing of it was read.") from None
    except (ParseError, ValueError, LookupError, RecursionError):
        raise NotUsable("This XML file is damaged and cannot be read.") from None
