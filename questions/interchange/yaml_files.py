"""Our own YAML files: read against their JSON Schema, with the line of whatever is wrong."""

import datetime
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator


class FileError(ValueError):
    """A file cannot be taken; the message names file, line and reason."""

    def __init__(self, file: Path, line: int, reason: str) -> None:
        super().__init__(f"{file.name}, line {line}: {reason}")


class _Loader(yaml.SafeLoader):
    """Dates stay text, and only true and false are booleans: a key `on` is a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """YAML takes the last of two equal keys; here the second is a slip that somebody should hear of."""
        seen: set[str] = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key.value} stands here twice", key.start_mark)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


_OURS = {"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool"}
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _OURS]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), ["t", "f"])


@dataclass(frozen=True)
class Document:
    """A file's data, and the lines that its parts stand on."""

    file: Path
    data: Any
    root: yaml.Node

    def error(self, path: tuple[str | int, ...], reason: str) -> FileError:
        """An error about the part at `path`, a tuple of keys and places."""
        return FileError(self.file, _line(self.root, path), reason)

    def date(self, path: tuple[str | int, ...], text: str) -> datetime.date:
        """A date of the file; raises `FileError`."""
        try:
            found = datetime.date.fromisoformat(text)
        except ValueError:
            found = None
        # one form for each day, so that what is stored compares equal with what the file says
        if found is None or found.isoformat() != text:
            raise self.error(path, f"{text!r} is not a date like 2026-11-20")
        return found


def read(file: Path, schema: Path) -> Document:
    """Read a file and check its form; raises `FileError`."""
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise FileError(file, 1, f"the file cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise FileError(file, line, "this is not UTF-8") from None
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
        data = loader.construct_document(root) if root else None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise FileError(
            file, mark.line + 1 if mark else 1, f"this is not YAML: {getattr(error, 'problem', error)}"
        ) from None
    if root is None:
        raise FileError(file, 1, "the file is empty")
    document = Document(file, data, root)
    for flaw in Draft202012Validator(json.loads(schema.read_text(encoding="utf-8"))).iter_errors(data):
        raise document.error(tuple(flaw.absolute_path), flaw.message)
    return document


def _line(node: yaml.Node, path: tuple[str | int, ...]) -> int:
    line = node.start_mark.line
    for part in path:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == str(part)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line
        else:
            break
    return int(line) + 1
