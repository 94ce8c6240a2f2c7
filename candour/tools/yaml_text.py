"""YAML as tools are written in it: its plain part. “yes”, “no” and dates are words, and nothing refers to another."""

import re
from typing import Any

import yaml

from candour.tools.documents import Lined


class Reader(yaml.SafeLoader):
    """Reads data, and tells each set of parts its line."""

    yaml_implicit_resolvers: dict[str, Any] = {}

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark
            raise yaml.MarkedYAMLError(problem="no part may stand for another (* and &)", problem_mark=mark)
        return super().compose_node(parent, index)

    def parts(self, node: yaml.MappingNode) -> Lined:
        """The named parts, in the order written; a name that is given twice is a mistake."""
        found = Lined()
        found.line = node.start_mark.line + 1
        for name, value in node.value:
            if not isinstance(name, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(problem="a part needs a name of one word", problem_mark=name.start_mark)
            if name.value in found:
                raise yaml.MarkedYAMLError(problem=f"“{name.value}” stands twice", problem_mark=name.start_mark)
            found[name.value] = self.construct_object(value, deep=True)
        return found


for tag, pattern, first in (
    ("bool", "true|false|True|False", "tfTF"),
    ("int", "[-+]?(0|[1-9][0-9]{0,9})", "-+0123456789"),
    ("null", "~|null|", ["~", "n", ""]),
):
    Reader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), list(first))
Reader.add_constructor("tag:yaml.org,2002:map", Reader.parts)


class Writer(yaml.SafeDumper):
    """Writes long text folded, and lists set in, as the library is written."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:
        return super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def write(document: Any) -> str:
    """A document as YAML."""
    return yaml.dump(document, Dumper=Writer, sort_keys=False, allow_unicode=True, width=110)
