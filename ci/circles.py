#!/usr/bin/env python3
"""Fails if the imports of src/ form a circle between files, or lead up between rooms.

A room is a folder of src/, or a file directly in it. Imports are `use` declarations and paths that
begin with `crate::`, outside of unit tests. A name that a module re-exports (`pub use`) is followed
to the file that defines it, and the re-export itself is no import.
"""
import re
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

# The rooms from the top down, as ARCHITECTURE.md draws them. A room uses rooms below it.
FLOORS = """
guide
capi sys
verdict compat format datagram
limits mmsghdr uring zerocopy_sends exthdr
msghdr
table
payload
addr netlink wire
show iov
error
errno
arch zero_extended
"""

SRC = Path(__file__).resolve().parent.parent / "src"
UNIT_TESTS = re.compile(r"^#\[cfg\(test\)\]\n(?:#.*\n)*(?:pub\([^)]*\) )?mod ", re.M)
USE = re.compile(r"^(pub(?:\([^)]*\))? )?use ([^;]+);", re.M)


def module_of(file):
    parts = file.relative_to(SRC).with_suffix("").parts
    return parts[:-1] if parts[-1] in ("mod", "lib") else parts


def code(file):
    text = re.sub(r"//.*", "", file.read_text())
    tests = UNIT_TESTS.search(text)
    text = text[: tests.start()] if tests else text
    return re.sub(r"^ +(?=(pub |pub\(.*\) )?use )", "", text, flags=re.M)


def expand(tree):
    """The paths of a use tree: `a::{b, c::{d, e}}` is a::b, a::c::d, a::c::e."""
    brace = re.match(r"([^{]*)\{(.*)\}$", tree, re.S)
    if not brace:
        return [tree.split(" as ")[0].strip()]
    items, depth, item = [], 0, ""
    for character in brace[2] + ",":
        depth += {"{": 1, "}": -1}.get(character, 0)
        if character == "," and depth == 0:
            items.append(item.strip())
            item = ""
        else:
            item += character
    return [brace[1] + path for item in items if item for path in expand(item)]


FILES = {module_of(f): f for f in SRC.rglob("*.rs") if f.name != "tests.rs"}
CODE = {module: code(file) for module, file in FILES.items()}


def is_root(module):
    return not module or FILES[module].name == "mod.rs"


def absolute(module, path):
    """Splits a path into the module that it leads to and the rest; None for another crate's."""
    first, *rest = path.strip().split("::")
    if first == "crate":
        at = ()
    elif first in ("self", "super"):
        at = module if is_root(module) or first == "self" else module[:-1]
        at = at[:-1] if first == "super" and is_root(module) else at
        while rest and rest[0] == "super":
            at, rest = at[:-1], rest[1:]
    elif is_root(module) and module + (first,) in FILES:
        at, rest = module, [first, *rest]
    else:
        return None
    while rest and at + (rest[0],) in FILES:
        at, rest = at + (rest[0],), rest[1:]
    return at, rest


def uses(module, public):
    for visibility, tree in USE.findall(CODE[module]):
        if bool(visibility) == public:
            yield from expand(tree)


REEXPORTS = {}
for module in FILES:
    for path in uses(module, public=True):
        found = absolute(module, path)
        if found and found[1] and found[0] != module:
            REEXPORTS[module, found[1][0]] = found[0]


def defining(module, rest):
    while rest and (module, rest[0]) in REEXPORTS:
        module = REEXPORTS[module, rest[0]]
    return module


def imports(module):
    paths = [*uses(module, public=False), *re.findall(r"\bcrate(?:::\w+)+", CODE[module])]
    found = (absolute(module, path) for path in paths)
    return {defining(*f) for f in found if f} - {module, ()}


GRAPH = {module: imports(module) for module in FILES if module}
if len(GRAPH) < 50 or sum(map(len, GRAPH.values())) < 200:
    sys.exit("circles.py did not understand the imports of src/")

wrong = []
try:
    TopologicalSorter(GRAPH).prepare()
except CycleError as error:
    wrong.append("a circle: " + " <- ".join("::".join(module) for module in error.args[1]))
floor = {room: i for i, rooms in enumerate(FLOORS.split("\n")) for room in rooms.split()}
for module, imported in GRAPH.items():
    for other in imported:
        (room, below) = (module[0], other[0])
        if room not in floor:
            wrong.append(f"{room} stands on no floor of circles.py")
        elif room != below and floor[room] >= floor.get(below, 0):
            wrong.append(f"{'::'.join(module)} uses {'::'.join(other)}, which is not below it")
print(*wrong, sep="\n", end="\n" if wrong else "")
sys.exit(bool(wrong))
