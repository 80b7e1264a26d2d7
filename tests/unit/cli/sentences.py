"""What the code can say, read from its source: the keys that translations must have.

An f-string becomes a sentence with numbered holes, as msptool/cli/speech.py describes.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

PACKAGE = Path(__file__).resolve().parents[3] / "msptool"
N = TypeVar("N", bound=ast.AST)
_CODE = re.compile(r"[a-z]+\.[a-z]+(-[a-z]+)*")


@dataclass(frozen=True)
class Sentence:
    """A message or a hint of an error code."""

    code: str
    text: str
    where: str


def of_errors() -> Iterator[Sentence]:
    """Yield every message and hint that is raised with a literal code."""
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        yield from _of_tables(path, tree)
        for function, call in _nodes(tree, ast.Call):
            if len(call.args) < 2 or not isinstance(call.func, ast.Name | ast.Attribute):
                continue
            hints = [word.value for word in call.keywords if word.arg == "hint"]
            for code in _texts(call.args[0], function):
                if not _CODE.fullmatch(code):
                    continue
                where = f"{path.relative_to(PACKAGE.parent)}:{call.lineno}"
                for node in (call.args[1], *hints):
                    for text in _texts(node, function):
                        if _says_something(text):
                            yield Sentence(code, text, where)


def _of_tables(path: Path, tree: ast.AST) -> Iterator[Sentence]:
    """Yield what stands ready to be raised, as a tuple of code, message and hint."""
    for function, node in _nodes(tree, ast.Tuple):
        first, *rest = node.elts or [ast.Constant(0)]
        for code in _texts(first, function) if len(rest) == 2 else ():
            if _CODE.fullmatch(code):
                where = f"{path.relative_to(PACKAGE.parent)}:{node.lineno}"
                texts = [text for part in rest for text in _texts(part, function)]
                yield from (Sentence(code, text, where) for text in texts if _says_something(text))


def of_words(*names: str) -> Iterator[tuple[str, str]]:
    """Yield the first argument of every call of these functions in the command line's code."""
    for path in sorted((PACKAGE / "cli").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for _, call in _nodes(tree, ast.Call):
            if isinstance(call.func, ast.Name | ast.Attribute) and _name(call.func) in names:
                for text in _texts(call.args[0], tree) if call.args else ():
                    yield text, f"{path.name}:{call.lineno}"


def literals() -> set[str]:
    """Return every string that stands in the package's code as it is, translations apart."""
    return {
        node.value
        for path in PACKAGE.rglob("*.py")
        if "russian" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def _name(node: ast.Name | ast.Attribute) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr


def _says_something(text: str) -> bool:
    """Whether a sentence has words of its own; a lone command or path is the same everywhere."""
    bare = re.sub(r"\{\d\}", "", text)
    return bool(re.search(r"[a-z]{2}", bare)) and not re.fullmatch(r"msptool [a-z -]+", text)


def _nodes(tree: ast.AST, kind: type[N]) -> Iterator[tuple[ast.AST, N]]:
    """Yield each node of a kind once, with the innermost function round it."""
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    owner = {id(node): function for function in functions for node in ast.walk(function)}
    for node in ast.walk(tree):
        if isinstance(node, kind):
            yield owner.get(id(node), tree), node


def _texts(node: ast.expr, function: ast.AST) -> Iterator[str]:
    """Yield the sentences that an expression can be; none where only a run can tell."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield _with_holes(node)
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body, function)
        yield from _texts(node.orelse, function)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _texts(value, function)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if isinstance(node.func.value, ast.JoinedStr):
            yield _with_holes(node.func.value)
    elif isinstance(node, ast.Name):
        for value in _assigned(node.id, function):
            yield from _texts(value, function)


def _assigned(name: str, function: ast.AST) -> Iterator[ast.expr]:
    """Yield what is assigned to a name, but for what takes its own old value along."""
    for node in ast.walk(function):
        if not isinstance(node, ast.Assign) or isinstance(node.value, ast.Name | ast.BoolOp):
            continue
        to = {target.id for target in node.targets if isinstance(target, ast.Name)}
        takes = {inner.id for inner in ast.walk(node.value) if isinstance(inner, ast.Name)}
        if name in to and (isinstance(node.value, ast.JoinedStr) or name not in takes):
            yield node.value


def _with_holes(node: ast.JoinedStr) -> str:
    parts, hole = [], 0
    for part in node.values:
        if isinstance(part, ast.Constant):
            parts.append(str(part.value))
        else:
            parts.append(f"{{{hole}}}")
            hole += 1
    return "".join(parts)
