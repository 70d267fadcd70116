"""The order of the package's parts: a module imports only from lower layers, and only the command prints."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

import generator

PACKAGE = Path(generator.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))

# Lowest first; each part has its own rank. "" is the package itself, the public interface.
PARTS = (
    "patterns", "progress", "characters", "go_yaml", "merge", "tables", "language", "wide", "catalogue",
    "secrets", "errors", "paths", "io", "locations", "texts", "components", "upstream", "kube", "model",
    "helm", "load", "chart_files", "publish", "render", "check", "certs", "graph", "importer", "init",
    "diff", "install", "doctor", "gitops", "", "cli", "__main__",
)  # fmt: skip
COMMAND = PARTS.index("cli")

# The only parts that may import each library. Only generator.io starts other programs
# (kubectl and git); pyhelm3 starts Helm.
DOORS = {
    "click": ("cli",),
    "rich": ("cli.progress",),
    "helm_python": ("helm",),
    "pyhelm3": ("helm.process",),
    "asyncio": ("helm.process",),
    "subprocess": ("io",),
    "jinja2": ("texts",),
    "cryptography": ("certs",),
}


def part_of(name: str) -> str:
    """Return the part that a dotted module name belongs to: `generator.load.layers` -> `load`."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else ""


def rank(part: str) -> int:
    """Return the layer of a part, 0 the lowest."""
    return PARTS.index(part)


def name_of(path: Path) -> str:
    """Return the dotted name of a module of the package."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(tree: ast.AST) -> Iterator[str]:
    """Yield the dotted name of every module that is imported, at the top or inside a function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            module = node.module or ""
            # `from generator import locations` imports a part, not the interface; __version__ is no part.
            if module == "generator":
                yield from (f"generator.{alias.name}" for alias in node.names if alias.name != "__version__")
            else:
                yield module


def wrong_imports(name: str, tree: ast.AST) -> list[str]:
    """Return the imports of `name` that break the order of the layers or bypass the allowed parts."""
    own = part_of(name)
    wrong = []
    for target in imports(tree):
        library = target.split(".")[0]
        if library == "generator":
            part = part_of(target)
            if rank(part) > rank(own):
                wrong.append(f"{name} imports {target}, which is not in a lower layer")
        elif library in DOORS and not {own, name.removeprefix("generator.")} & {*DOORS[library]}:
            wrong.append(f"{name} imports {library}, which only {' and '.join(DOORS[library])} may")
    return wrong


def hidden_imports(tree: ast.Module) -> list[str]:
    """Return the imports inside functions, classes and conditions, with their lines."""
    top = {id(node) for node in tree.body}
    return [
        f"{node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom) and id(node) not in top
    ]


def aliases(tree: ast.Module) -> Iterator[str]:
    """Yield the names that a module gives to a type of dotted paths."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.value) == "tuple[str | int, ...]":
            yield ast.unparse(node.targets[0])


def prints(tree: ast.AST) -> list[str]:
    """Return the code that prints, or uses a standard stream or the exit code, with its line."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call | ast.Attribute):
            text = ast.unparse(node.func if isinstance(node, ast.Call) else node)
            if text in ("print", "exit", "sys.stdout", "sys.stderr", "sys.exit"):
                found.append(f"{node.lineno}: {text}")
    return found


@cache
def trees() -> dict[str, ast.Module]:
    """Return every module of the package, by its name."""
    return {name_of(path): ast.parse(path.read_text("utf-8")) for path in MODULES}


def of_modules(
    check: Callable[[ast.Module], list[str]], wanted: Callable[[str], bool] = bool
) -> dict[str, list[str]]:
    """Return what a check finds in the modules with a wanted name."""
    found = {name: check(tree) for name, tree in trees().items() if wanted(name)}
    assert len(found) > 300
    return {name: problems for name, problems in found.items() if problems}


def test_modules_import_only_from_lower_layers() -> None:
    assert [one for name, tree in trees().items() for one in wrong_imports(name, tree)] == []


def test_the_type_of_a_path_is_defined_once() -> None:
    assert [name for name, tree in trees().items() for _ in aliases(tree)] == ["generator.paths"]


def is_eager(name: str) -> bool:
    """Return whether a module imports what it needs at its top."""
    return part_of(name) not in LAZY and name not in LAZY_MODULES


# These load their functions on first use, and the command imports a subcommand when it runs.
LAZY = ("", "cli")
LAZY_MODULES = ("generator.check",)


def test_imports_are_at_the_top_of_modules() -> None:
    assert of_modules(hidden_imports, is_eager) == {}


def test_only_the_command_prints() -> None:
    assert of_modules(prints, lambda name: rank(part_of(name)) < COMMAND) == {}


@pytest.mark.parametrize(
    ("name", "source", "refused"),
    [
        ("generator.load.layers", "from generator.model import rules", False),
        ("generator.load.layers", "from generator.load import setflags", False),
        ("generator.model.rules", "def f():\n    from generator.load import layers", True),
        ("generator.model.rules", "import generator.load", True),
        ("generator.errors", "from generator import locations", True),
        ("generator.render.site", "from generator.io.write import write", False),
        ("generator.render.site", "from generator.cli import main", True),
        ("generator.render.site", "from generator.check import report", True),
        ("generator.install.plan", "from generator.diff import report", False),
        ("generator.diff.report", "from generator.install import plan", True),
        ("generator.render.site", "import generator", True),
        ("generator.cli.render", "import generator", False),
        ("generator.__main__", "from generator.cli import main", False),
        ("generator.render.site", "import click", True),
        ("generator.cli", "from click import echo", False),
        ("generator.render.site", "import helm_python", True),
        ("generator.helm.process", "from pyhelm3.command import Command", False),
        ("generator.helm.binary", "from pyhelm3.command import Command", True),
    ],
)
def test_the_check_finds_wrong_imports(name: str, source: str, refused: bool) -> None:
    assert bool(wrong_imports(name, ast.parse(source))) is refused


@pytest.mark.parametrize(
    "source", ["def f():\n    import io", "if TYPE_CHECKING:\n    import io", "class A:\n    from x import y"]
)
def test_the_check_finds_hidden_imports(source: str) -> None:
    assert hidden_imports(ast.parse(source))


@pytest.mark.parametrize("source", ["print(1)", "import sys\nsys.stderr.write('')", "sys.exit(2)", "exit(1)"])
def test_the_check_finds_printing(source: str) -> None:
    assert prints(ast.parse(source))


# --- sizes and names -------------------------------------------------------------------------

MOST_LINES_OF_A_MODULE, MOST_LINES_OF_A_FUNCTION = 300, 60
# ruff's own count leaves out comprehensions and the parts of a condition.
MOST_COMPLEX = 15


def long_functions(tree: ast.Module) -> list[str]:
    """Return the functions that are too long, with their number of lines."""
    return [
        f"{node.name}: {lines} lines"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > MOST_LINES_OF_A_FUNCTION
    ]


def complexity(function: ast.AST) -> int:
    """Count the ways through a function: branches, loops, comprehensions, and parts of conditions."""
    number, nodes = 1, list(ast.iter_child_nodes(function))
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if isinstance(node, ast.If | ast.IfExp | ast.For | ast.While | ast.ExceptHandler | ast.Assert):
            number += 1
        elif isinstance(node, ast.BoolOp):
            number += len(node.values) - 1
        elif isinstance(node, ast.comprehension):
            number += 1 + len(node.ifs)
        nodes += ast.iter_child_nodes(node)
    return number


def complex_functions(tree: ast.Module) -> list[str]:
    """Return the functions that are too complex, with their complexity."""
    return [
        f"{node.name}: {found}"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (found := complexity(node)) > MOST_COMPLEX
    ]


def repeated_classes(modules: dict[str, ast.Module]) -> dict[str, list[str]]:
    """Return the names that several classes have, each with its modules."""
    homes: dict[str, list[str]] = {}
    for name, tree in modules.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                homes.setdefault(node.name, []).append(name)
    return {name: found for name, found in homes.items() if len(found) > 1}


def test_modules_and_functions_are_short_and_simple() -> None:
    lines = {name_of(path): path.read_text("utf-8").count("\n") for path in MODULES}
    assert {name: count for name, count in lines.items() if count > MOST_LINES_OF_A_MODULE} == {}
    assert of_modules(long_functions) == {}
    assert of_modules(complex_functions) == {}


def test_class_names_are_unique() -> None:
    assert repeated_classes(trees()) == {}


def test_the_checks_count_lines_branches_and_classes() -> None:
    body = "\n".join("    pass" for _ in range(MOST_LINES_OF_A_FUNCTION))
    assert long_functions(ast.parse(f"def f():\n{body}")) == ["f: 61 lines"]
    assert complexity(ast.parse("def f(a):\n    return [b for b in a if b and a] or a").body[0]) == 5
    twice = {name: ast.parse("class A:\n    pass") for name in ("one", "two")}
    assert repeated_classes(twice) == {"A": ["one", "two"]}
