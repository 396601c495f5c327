#!/usr/bin/env python3
"""Prints docs/unsafe.md: every unsafe block and impl of src/, with the proof that stands above it.

    ci/unsafe.py > docs/unsafe.md
    ci/unsafe.py --check            # fails if docs/unsafe.md differs, or if a proof is missing

Unit tests and the contracts of `unsafe fn` are left out: who calls such a function proves that its
contract holds, and that proof is listed.
"""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UNIT_TESTS = re.compile(r"^#\[cfg\(test\)\]\n(?:#.*\n)*(?:pub\([^)]*\) )?mod \w+ {", re.M)
UNSAFE = re.compile(r"\bunsafe (?:{|impl\b)")
DEFINED = re.compile(r"\bfn (\w+)|\bmacro_rules! (\w+)|\bconst (\w+):|^(?:unsafe )?impl\b(.*?) {")
COMMENT = re.compile(r"^\s*// ?(.*)")

HEAD = """# Unsafe code

Every unsafe block of the library, {count} in {files} files, with its proof: what the operation
requires, and why that holds there. A proof relies on the contract of its function or on the
invariant of a type, which stand in their documentation.

Made by `ci/unsafe.py > docs/unsafe.md` of the comments in the code; `.ci/run` compares the two.
"""


def proofs(text):
    """Yields the function around each unsafe block, and the proof."""
    place, proof, is_open = "", [], False
    for line in text.splitlines():
        comment = COMMENT.match(line)
        if comment:
            said = comment[1]
            if said.startswith("SAFETY:"):
                proof, is_open = [said.removeprefix("SAFETY:").strip()], True
            elif is_open and not line.lstrip().startswith("///"):
                proof.append(said.strip())
            continue
        defined = DEFINED.search(line)
        if defined:
            place = next(name for name in defined.groups() if name).strip()
        if UNSAFE.search(line) and proof:
            yield place, " ".join(proof)
            proof, is_open = [], False
        elif UNSAFE.search(line):
            yield place, None
        elif is_open and line.rstrip().endswith((";", "}")):
            proof, is_open = [], False


def page():
    count, missing, rooms = 0, [], []
    for file in sorted((ROOT / "src").rglob("*.rs")):
        if file.name == "tests.rs":
            continue
        text = file.read_text()
        tests = UNIT_TESTS.search(text)
        found = list(proofs(text[: tests.start()] if tests else text))
        if found:
            name = file.relative_to(ROOT)
            rooms.append((name, found))
            missing += [f"{name}: {place}" for place, proof in found if proof is None]
            count += len(found)
    lines = [HEAD.format(count=count, files=len(rooms))]
    for name, found in rooms:
        lines += [f"## `{name}`", ""]
        lines += [f"- `{place}`: {proof}" for place, proof in found]
        lines += [""]
    return "\n".join(lines), missing


made, missing = page()
if missing:
    sys.exit("no proof above an unsafe block:\n" + "\n".join(missing))
if sys.argv[1:] == ["--check"]:
    if (ROOT / "docs/unsafe.md").read_text() != made:
        sys.exit("docs/unsafe.md differs from the code: ci/unsafe.py > docs/unsafe.md")
elif sys.argv[1:]:
    sys.exit(__doc__)
else:
    print(made, end="")
