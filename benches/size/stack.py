#!/usr/bin/env python3
"""Deepest stack use of each exported function in bytes: its own frame, those below it, and return addresses.

    stack.py [-v] OBJECT [OBJDUMP]        # -v: the way to the deepest of each

OBJECT was compiled with -Zemit-stack-sizes. Frames are read from there, and calls from the disassembly; a function
that jumps to another at its end has left its frame before. Of other libraries there are only memcpy and its kin and
what a compiler's own library divides with: leaves, which count with their return address. One line for each
function, `BYTES NAME`. What has no bound to be read (a call through a pointer, a function that calls itself, a frame
of variable size, instructions that take more of the stack than that) is `? NAME: why`, and so is whatever calls it.
"""
import re
import subprocess
import sys

LEAF = re.compile(r"mem(cpy|move|set|cmp)$|bcmp$|__aeabi_\w+$|__(u?div|u?mod)\w+$|__multi3$|__gnu_thumb1_case_\w+$")
CALLBACK = re.compile(r"7verdict5facts.*(holds|find)")
EXPORTED = re.compile(r"(__)?ancil_")
WHEN = r"(?:eq|ne|cs|hs|cc|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le|al)?"
CALL = {"x86": r"call\w*", "arm": rf"blx?{WHEN}"}
JUMP = {"x86": r"j\w+", "arm": rf"b{WHEN}(?:\.[nw])?|bx{WHEN}|cbn?z"}
# What LLVM makes of a `match`: an address that was added up shortly before. One that is a pointer would be loaded.
TABLE = {"x86": r"\tadd\w*\s+%\w+,{}$", "arm": None}
SHORTLY = 8
# What moves the stack pointer by a number, and by registers of so many bytes each.
NUMBER = {
    "x86": r"(?P<op>add|sub)q?\t\$(?P<by>0x\w+),%rsp$",
    "arm": r"(?P<op>add|sub|str)\S*\t(sp, (sp, )?|.*\[sp, )#-?(?P<by>\d+)(\]!)?(\t|$)",
}
REGISTERS = {
    "x86": [(r"push\S*\t(?P<names>.+)", 8)],
    "arm": [(r"(push\S*\t|stm[fd][db]\S*\tsp!, ){(?P<names>.+)}", 4), (r"vpush\S*\t{(?P<names>d.+)}", 8)],
}
# What moves it at all, and what only ever moves it up.
MOVES = {"x86": r".*,%rsp$", "arm": r"(?!st|cm|ts)\S+\tsp\b|.*(sp!|\[sp, #-?\d+\]!|\[sp\], #)"}
UP = {"x86": r"pop", "arm": r"v?pop|ld[mr]"}


class Function:
    def __init__(self):
        self.frame = None
        self.below = 0  # bytes used below the stack pointer: x86-64's red zone
        self.taken = 0  # by all its instructions: as much as the frame, if they stand in the prologue alone
        self.calls, self.jumps, self.unknown = set(), set(), None


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def plain(symbol):
    """A function's name, from that of its section or of a place in it."""
    return re.sub(r"[-+]0x[0-9a-f]+$", "", re.sub(r"^\.text\.(unlikely\.|hot\.)?", "", symbol))


def functions(path, objdump):
    text = output(objdump, "-f", path)
    machine = "x86" if "x86-64" in text else "arm" if "littlearm" in text else None
    if machine is None:
        sys.exit(f"stack.py: a machine that this does not know:\n{text}")
    found, current, before = {}, None, []
    lines = [line for line in output(objdump, "-dr", "--no-show-raw-insn", path).splitlines() if line.strip()]
    for i, line in enumerate(lines):
        if start := re.match(r"[0-9a-f]+ <(.+)>:$", line):
            name, before = plain(start[1]), []
            current = found.setdefault(name, Function())
            continue
        instruction = re.match(r"\s+[0-9a-f]+:\t(\S+)\s*(.*)$", line)
        if not instruction or current is None:
            continue
        take(machine, current, "\t".join(instruction.groups()))
        step(machine, current, name, instruction[1], instruction[2], before, lines[i + 1 : i + 2])
        before = before[1 - SHORTLY :] + [line]
    text = output("llvm-readobj", "--stack-sizes", path)
    for names, size in re.findall(r"Functions: \[(.+?)\]\s+Size: 0x([0-9A-Fa-f]+)", text):
        names = names.split(", ")  # one piece of code may have several
        known = next((found[name] for name in names if name in found), None)
        if known is None:
            sys.exit(f"stack.py: no code of {names}")
        known.frame = int(size, 16)
        if known.taken != known.frame:
            known.unknown = known.unknown or f"takes {known.taken} bytes, its frame is of {known.frame}"
        found.update((name, known) for name in names)
    return machine, found


def take(machine, function, instruction):
    """What one instruction takes of the stack."""
    for form, size in REGISTERS[machine]:
        if match := re.match(form, instruction):
            for names in match["names"].split(","):  # d8-d9 are two
                first, last = re.findall(r"\d+", names) if "-" in names and machine == "arm" else (0, 0)
                function.taken += size * (int(last) - int(first) + 1)
            return
    if match := re.match(NUMBER[machine], instruction):
        by = int(match["by"], 0)
        by = by - (1 << 64) if by >> 63 else by
        function.taken += max(0, -by if match["op"] == "add" else by)
    elif re.match(MOVES[machine], instruction) and not re.match(UP[machine], instruction):
        function.unknown = f"moves its stack by {instruction}"


def step(machine, function, name, mnemonic, operands, before, following):
    """One instruction."""
    if machine == "x86":
        mnemonic = operands.split()[0] if mnemonic in ("notrack", "bnd") else mnemonic
        for below in re.findall(r"-0x([0-9a-f]+)\(%rsp[,)]", operands):
            function.below = max(function.below, int(below, 16))
    if machine == "arm" and re.match(r"(ldr|mov)", mnemonic) and re.match(r"pc, (?!\[(sp|pc)|lr)", operands):
        function.unknown = "through a pointer"
    call, jump = re.fullmatch(CALL[machine], mnemonic), re.fullmatch(JUMP[machine], mnemonic)
    if not call and not jump:
        return
    to = None
    relocation = re.match(r"\s+[0-9a-f]+: (R_\S+)\s+(\S+)", following[0]) if following else None
    if relocation:
        to = plain(relocation[2])
    elif direct := re.search(r"<([^>]+)>", operands):
        to = plain(direct[1])
    if to == name and jump:
        return  # within
    if to is not None:
        (function.calls if call else function.jumps).add(to)
    elif machine == "arm" and operands == "lr":
        return
    elif CALLBACK.search(name):
        return  # of Rust callers only
    elif call or not is_table(machine, operands, before):
        function.unknown = "through a pointer"


def is_table(machine, operands, before):
    register = re.escape(operands.split()[-1].lstrip("*"))
    if TABLE[machine] is None:
        return False
    for line in reversed(before):
        if re.search(TABLE[machine].format(register), line):
            return True
        if re.search(rf",{register}$", line):
            return False  # it comes from elsewhere
    return False


class Depths:
    def __init__(self, found, word):
        self.found, self.word, self.known, self.active = found, word, {}, []

    def of(self, name):
        """Bytes that a call of this function takes, the way to the deepest, and why they are not known."""
        if name not in self.found:
            return (self.word, (name,), None) if LEAF.match(name) else (0, (name,), f"{name} is not here")
        if name in self.known:
            return self.known[name]
        if name in self.active:
            return 0, (name,), f"{name} calls itself"
        self.active.append(name)
        function = self.found[name]
        unknown = function.unknown or ("a frame of variable size" if function.frame is None else None)
        own = self.word + (function.frame or 0)
        # With a red zone the size told is without what is used of it.
        deepest = (own + function.below, (name,))
        for names, above in ((function.calls, own), (function.jumps, 0)):
            for to in sorted(names):
                size, way, why = self.of(to)
                unknown = unknown or why
                deepest = max(deepest, (above + size, (name if above else f"({name})",) + way))
        self.active.pop()
        self.known[name] = (*deepest, unknown)
        return self.known[name]


def main():
    verbose = "-v" in sys.argv
    path, *objdump = [argument for argument in sys.argv[1:] if argument != "-v"]
    machine, found = functions(path, (objdump or ["objdump"])[0])
    # An ARM keeps its return address in a register until a function saves it in its frame.
    depths = Depths(found, 8 if machine == "x86" else 0)
    rows = [(*depths.of(name), name) for name in found if EXPORTED.match(name)]
    if not rows:
        sys.exit("stack.py: no exported function")
    for size, way, unknown, name in sorted(rows, key=lambda row: (row[2] is None, -row[0], row[3])):
        print(f"? {name}: {unknown}, at least {size}" if unknown else f"{size} {name}")
        if verbose:
            for function in way:  # in brackets: its frame is gone
                own = found.get(function, Function())
                print(f"        {own.frame or 0}{f' + {own.below}' if own.below else ''} {function}")


main()
