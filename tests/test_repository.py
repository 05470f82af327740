"""Rules about the repository itself that no linter knows."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# what .gitignore leaves out
IGNORED = {".git", ".venv", "var", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"}
APPS = ("accounts", "questions", "exams")
# an app may import itself and those on its right
MAY_IMPORT = {
    "exams": {"exams", "questions", "accounts"},
    "questions": {"questions", "accounts"},
    "accounts": {"accounts"},
    "config": {"config"},
}
EDGES = {"views", "admin", "forms", "urls", "management"}
PURE = {
    "questions": {"content", "marking", "allocation", "audit", "audit_bank", "cues"},
    "exams": {"drawing", "scoring", "pictures"},
}
PURE_MAY_USE = {"exams.pictures": {"django.utils.html", "django.utils.safestring"}}


def files(*suffixes: str) -> Iterator[Path]:
    """All files of the repository with these suffixes, relative to its root."""
    folders = [ROOT]
    while folders:
        for entry in sorted(folders.pop().iterdir()):
            if entry.name in IGNORED:
                continue
            if entry.is_dir():
                folders.append(entry)
            elif not suffixes or entry.suffix in suffixes:
                yield entry.relative_to(ROOT)


PYTHON = sorted(files(".py"))
CODE = [path for path in PYTHON if path.parts[0] in MAY_IMPORT]
OWN = [path for path in PYTHON if "migrations" not in path.parts]
TEMPLATES = sorted(path for path in files(".html") if path.parts[0] != "tests")
TEXTS = sorted(path for path in files() if path.suffix not in {".png", ".woff2", ".ico", ".webp", ".jpg", ".gz"})


def text(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def module_of(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> Iterator[str]:
    """Full names of all that a module imports, inside functions too; `from a import b` gives "a.b"."""
    package = path.parent.parts
    for node in ast.walk(ast.parse(text(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            start = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{start}.{alias.name}" for alias in node.names)


# ---- imports ----


@pytest.mark.parametrize("path", CODE, ids=str)
def test_imports_run_one_way(path: Path) -> None:
    if module_of(path) == "config.urls":  # puts the apps together
        return
    allowed = MAY_IMPORT[path.parts[0]]
    ours = {name for name in imports(path) if name.split(".")[0] in {*MAY_IMPORT, "tests"}}
    assert {name for name in ours if name.split(".")[0] not in allowed} == set()


@pytest.mark.parametrize("path", [path for path in CODE if path.parts[0] in APPS], ids=str)
def test_the_edges_of_an_app_are_imported_by_edges_only(path: Path) -> None:
    if is_edge(path):
        return
    names = [name.split(".") for name in imports(path)]
    assert [name for name in names if name[0] in APPS and len(name) > 1 and name[1] in EDGES] == []


def is_edge(path: Path) -> bool:
    return Path(path.parts[1]).stem in EDGES


@pytest.mark.parametrize("path", [path for path in CODE if path.stem in PURE.get(path.parts[0], ())], ids=str)
def test_pure_modules_know_nothing_of_django(path: Path) -> None:
    allowed = PURE_MAY_USE.get(module_of(path), set())
    of_django = {name.rpartition(".")[0] for name in imports(path) if name.split(".")[0] == "django"}
    assert of_django - allowed == set()
    for name in imports(path):
        app, _, rest = name.partition(".")
        assert app not in APPS or rest.split(".")[0] in PURE[app], f"{name} is not pure"


def test_the_pure_modules_are_there() -> None:
    """A renamed module must not slip out of the test above."""
    missing = [
        f"{app}/{name}" for app, names in PURE.items() for name in names if not (ROOT / app / f"{name}.py").is_file()
    ]
    assert missing == []


# ---- size and words ----


@pytest.mark.parametrize("path", OWN, ids=str)
def test_modules_are_short(path: Path) -> None:
    assert len(text(path).splitlines()) <= 500


@pytest.mark.parametrize("path", OWN, ids=str)
def test_silenced_checks_have_a_reason_on_their_line(path: Path) -> None:
    assert [line for line in text(path).splitlines() if is_silent(line)] == []


SILENCER = re.compile(r"#\s*(?:noqa|type:\s*ignore)(?::\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*|\[[\w, -]+\])?")


def is_silent(line: str) -> bool:
    """True where a check is silenced without at least two words of reason."""
    found = SILENCER.search(line)
    return found is not None and len(line[found.end() :].strip(" #-").split()) < 2


@pytest.mark.parametrize(
    ("line", "silent"),
    [
        ("x = 1", False),
        ("x = 1  # noqa", True),
        ("x = 1  # noqa: S603", True),
        ("x = 1  # noqa: E402, F403 - the environment comes first", False),
        ("x = 1  # noqa: S603 - our own program", False),
        ("x = 1  # type: ignore", True),
        ("x = 1  # type: ignore[misc]", True),
        ("x = 1  # type: ignore[misc] # allauth has no types", False),
        ("x = 1  # type: ignore[attr-defined, misc]  # noqa", True),
    ],
)
def test_what_counts_as_a_reason(line: str, silent: bool) -> None:
    assert is_silent(line) is silent


# put together here, so that this file does not hold what it looks for
LEFT_OVER = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|X" r"XX)\b")
MACHINE_PATH = re.compile(r"(?<![\w./-])/(?:work|root|home/\w+|Users/\w+|tm" r"p)/")


@pytest.mark.parametrize("path", TEXTS, ids=str)
def test_nothing_is_left_to_do_and_no_machine_is_named(path: Path) -> None:
    content = text(path)
    assert LEFT_OVER.findall(content) == []
    if path.parts[0] != "fixtures":  # scripts in questions use such paths
        assert MACHINE_PATH.findall(content) == []


# ---- locks ----


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_locked_package_has_a_version_and_a_hash_and_no_address(name: str) -> None:
    content = text(Path(name))
    assert "://" not in content
    assert not re.search(r"^\s*-(?!-hash)", content, re.MULTILINE), "an option such as --index-url"
    entries = content.replace("\\\n", " ").strip().splitlines()
    wrong = [
        entry[:40]
        for entry in entries
        if not re.match(r"^[\w.-]+(?:\[[\w,-]+\])?==\S+ .*--hash=sha256:[0-9a-f]{64}", entry)
    ]
    assert wrong == []
    assert len(entries) >= 20


def test_the_development_lock_holds_the_run_time_lock() -> None:
    """`make run` after `make test` installs nothing, and tests run on what is deployed."""
    packages = re.compile(r"^[\w.-]+==[^\s;]+", re.MULTILINE)
    assert set(packages.findall(text(Path("requirements.txt")))) <= set(
        packages.findall(text(Path("requirements-dev.txt")))
    )


# ---- templates ----

INLINE = {
    "a script without src": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*\btype=\"application/json\")", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "an address of JavaScript": re.compile(r"javascript:", re.IGNORECASE),
}


def inline(content: str) -> list[str]:
    """What the Content-Security-Policy would refuse to run."""
    return [what for what, pattern in INLINE.items() if pattern.search(content)]


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_templates_have_nothing_inline(path: Path) -> None:
    assert inline(text(path)) == []


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ('<script src="app.js" defer></script>', []),
        ("<script>go()</script>", ["a script without src"]),
        ('<p class="on time" data-on="x" data-style="y">style = on</p>', []),
        ('<p style="color: red">', ["a style attribute"]),
        ("<style>p {}</style>", ["a style element"]),
        ('<button onclick="go()">', ["a handler"]),
        ('<a\n  href="javascript:go()">', ["an address of JavaScript"]),
        ('<svg><text font-size="9">9</text></svg>', []),
    ],
)
def test_what_counts_as_inline(content: str, found: list[str]) -> None:
    assert inline(content) == found
