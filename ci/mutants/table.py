"""Prints what mutants.sh found, by room. Fails if too few mutants are caught, or if one that is
missed has no reason in survivors.txt.

The arguments are the folder with the lists, the goal in percent, and `part` if only a part of the
files was mutated.
"""
import re
import sys
from collections import Counter
from pathlib import Path

out, goal, part = Path(sys.argv[1]), int(sys.argv[2]), len(sys.argv) > 3


def mutants(name):
    return set((out / name).read_text().splitlines())


def room(mutant):
    """src/iov/cut.rs:26:17: ... is in the room iov."""
    return mutant.split("/")[1]


def survivors():
    """Returns the named survivors, each without a place, as often as it is named."""
    names, reason = [], True
    text = (Path(__file__).parent / "survivors.txt").read_text()
    for line in text.splitlines():
        if line.startswith("    "):
            reason = True
        elif line and not line.startswith("#"):
            if not reason:
                sys.exit(f"survivors.txt gives no reason for: {names[-1]}")
            names.append(line)
            reason = False
    return Counter(names)


found = {name: mutants(name) for name in ("all", "unviable", "caught", "timeout")}
found["caught"] -= found["timeout"]
found["missed"] = found["all"] - found["unviable"] - found["caught"] - found["timeout"]

print(f"\n{'room':<10}{'mutants':>9}{'unviable':>10}{'caught':>8}{'timed out':>11}{'missed':>8}")
for name in sorted({room(mutant) for mutant in found["all"]}) + ["all"]:
    all_, unviable, caught, timeout, missed = (
        sum(name in ("all", room(mutant)) for mutant in found[kind]) for kind in found
    )
    percent = 100 * (caught + timeout) / max(1, all_ - unviable)
    print(f"{name:<10}{all_:>9}{unviable:>10}{caught:>8}{timeout:>11}{missed:>8}{percent:>8.1f} %")

missed = Counter(re.sub(r"^([^:]+):\d+:\d+: ", r"\1: ", mutant) for mutant in found["missed"])
named = survivors()
for mutant in (missed - named).elements():
    print(f"missed, and not in survivors.txt: {mutant}")
if not part:
    for mutant in (named - missed).elements():
        print(f"in survivors.txt, but caught: {mutant}")
sys.exit(bool(missed - named) or (percent < goal and not part))
