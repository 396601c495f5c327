#!/usr/bin/env python3
"""Prints the deepest stack use of each exported function in bytes.

    stack.py [-v] OBJECT [OBJDUMP]        # -v: with the deepest path of calls

The stack use is the function's own frame, the frames of what it calls, and return addresses. OBJECT
must have been compiled with -Zemit-stack-sizes, which is where the sizes of frames are read. Calls
are read from the disassembly. A function that ends with a jump to another one has left its frame by
then. Functions of other libraries (memcpy and its kin, and the divisions of a compiler's own
library) are leaves, and count with their return address.

Prints one line for each function, `BYTES NAME`, or `? NAME: why` if there is no upper bound:
because of a call through a pointer, recursion, a frame of variable size, instructions that move
the stack pointer by more than the frame, or a call of such a function.
"""
import re
import subprocess
import sys

LEAF = re.compile(
    r"mem(cpy|move|set|cmp)$|bcmp$|__aeabi_\w+$|__(u?div|u?mod)\w+$|__multi3$"
    r"|__gnu_thumb1_case_\w+$"
)
EXPORTED = re.compile(r"(__)?ancil_")
WHEN = r"(?:eq|ne|cs|hs|cc|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le|al)?"
CALL = {"x86": r"call\w*", "arm": rf"blx?{WHEN}"}
JUMP = {"x86": r"j\w+", "arm": rf"b{WHEN}(?:\.[nw])?|bx{WHEN}|cbn?z"}
# The jump table that LLVM makes of a `match` adds up the address shortly before. A pointer would be
# loaded instead.
TABLE = {"x86": r"\tadd\w*\s+%\w+,{}$", "arm": None}
SHORTLY = 8
# Instructions that move the stack pointer by a number, and those that store registers, of so many
# bytes each.
NUMBER = {
    "x86": r"(?P<op>add|sub)q?\t\$(?P<by>0x\w+),%rsp$",
    "arm": r"(?P<op>add|sub|str)\S*\t(sp, (sp, )?|.*\[sp, )#-?(?P<by>\d+)(\]!)?(\t|$)",
}
REGISTERS = {
    "x86": [(r"push\S*\t(?P<names>.+)", 8)],
    "arm": [
        (r"(push\S*\t|stm[fd][db]\S*\tsp!, ){(?P<names>.+)}", 4),
        (r"vpush\S*\t{(?P<names>d.+)}", 8),
    ],
}
# All instructions that move the stack pointer, and those that only move it up.
MOVES = {"x86": r".*,%rsp$", "arm": r"(?!st|cm|ts)\S+\tsp\b|.*(sp!|\[sp, #-?\d+\]!|\[sp\], #)"}
UP = {"x86": r"pop", "arm": r"v?pop|ld[mr]"}


class Function:
    def __init__(self):
        self.frame = None
        self.below = 0  # bytes used below the stack pointer: x86-64's red zone
        # By all its instructions. Equals the frame if only the prologue moves the stack pointer.
        self.taken = 0
        self.calls, self.jumps, self.unknown = set(), set(), None
        # What each register of x86-64 is set to: functions, or None for all else.
        self.sources, self.called_registers = {}, set()

    def call_registers(self):
        """Resolves the calls through registers that only ever hold one function's address, such as
        that of memcpy before a loop."""
        for register in self.called_registers:
            sources = self.sources.get(register, {None})
            if len(sources) == 1 and None not in sources:
                self.calls |= sources
            else:
                self.unknown = "through a pointer"


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def plain(symbol):
    """Returns a function's name from that of its section, or of an address in it."""
    return re.sub(r"[-+]0x[0-9a-f]+$", "", re.sub(r"^\.text\.(unlikely\.|hot\.)?", "", symbol))


def functions(path, objdump):
    """Returns the machine and the functions of an object, by name."""
    text = output(objdump, "-f", path)
    machine = "x86" if "x86-64" in text else "arm" if "littlearm" in text else None
    if machine is None:
        sys.exit(f"stack.py: expected x86-64 or 32-bit ARM, found:\n{text}")
    found, current, before = {}, None, []
    lines = output(objdump, "-dr", "--no-show-raw-insn", path).splitlines()
    lines = [line for line in lines if line.strip()]
    for i, line in enumerate(lines):
        if start := re.match(r"[0-9a-f]+ <(.+)>:$", line):
            name, before = plain(start[1]), []
            current = found.setdefault(name, Function())
            continue
        instruction = re.match(r"\s+[0-9a-f]+:\t(\S+)\s*(.*)$", line)
        if not instruction or current is None:
            continue
        take(machine, current, "\t".join(instruction.groups()))
        follow(machine, current, name, *instruction.groups(), before, lines[i + 1 : i + 2])
        before = before[1 - SHORTLY :] + [line]
    for function in found.values():
        function.call_registers()
    text = output("llvm-readobj", "--stack-sizes", path)
    for names, size in re.findall(r"Functions: \[(.+?)\]\s+Size: 0x([0-9A-Fa-f]+)", text):
        names = names.split(", ")  # identical functions share their code
        known = next((found[name] for name in names if name in found), None)
        if known is None:
            sys.exit(f"stack.py: no code of {names}")
        known.frame = int(size, 16)
        if known.taken != known.frame:
            why = f"takes {known.taken} bytes, its frame is of {known.frame}"
            known.unknown = known.unknown or why
        found.update((name, known) for name in names)
    return machine, found


def take(machine, function, instruction):
    """Adds what one instruction takes of the stack."""
    for form, size in REGISTERS[machine]:
        if match := re.match(form, instruction):
            for names in match["names"].split(","):
                first, last = 0, 0
                if "-" in names and machine == "arm":  # d8-d9 are two registers
                    first, last = re.findall(r"\d+", names)
                function.taken += size * (int(last) - int(first) + 1)
            return
    if match := re.match(NUMBER[machine], instruction):
        by = int(match["by"], 0)
        by = by - (1 << 64) if by >> 63 else by
        function.taken += max(0, -by if match["op"] == "add" else by)
    elif re.match(MOVES[machine], instruction) and not re.match(UP[machine], instruction):
        function.unknown = f"moves its stack by {instruction}"


def follow(machine, function, name, mnemonic, operands, before, following):
    """Records where one instruction calls or jumps to, and the red zone that it uses."""
    if machine == "x86":
        mnemonic = operands.split()[0] if mnemonic in ("notrack", "bnd") else mnemonic
        for below in re.findall(r"-0x([0-9a-f]+)\(%rsp[,)]", operands):
            function.below = max(function.below, int(below, 16))
    to_pc = re.match(r"(ldr|mov)", mnemonic) and re.match(r"pc, (?!\[(sp|pc)|lr)", operands)
    if machine == "arm" and to_pc:
        function.unknown = "through a pointer"
    relocation = re.match(r"\s+[0-9a-f]+: (R_\S+)\s+(\S+)", following[0]) if following else None
    call, jump = re.fullmatch(CALL[machine], mnemonic), re.fullmatch(JUMP[machine], mnemonic)
    if not call and not jump:
        set_to = re.search(r"%(\w+)$", operands.split("#")[0].strip())
        if machine == "x86" and set_to and not re.match(r"push|pop|cmp|test", mnemonic):
            is_function = mnemonic == "mov" and relocation and "GOTPCREL" in relocation[1]
            source = plain(relocation[2]) if is_function else None
            function.sources.setdefault(whole(set_to[1]), set()).add(source)
        return
    to = None
    if relocation:
        to = plain(relocation[2])
    elif direct := re.search(r"<([^>]+)>", operands):
        to = plain(direct[1])
    if to == name and jump:
        return  # a jump inside the function
    if to is not None:
        (function.calls if call else function.jumps).add(to)
    elif machine == "arm" and operands == "lr":
        return
    elif machine == "x86" and call and (register := re.search(r"\*%(\w+)$", operands)):
        function.called_registers.add(whole(register[1]))
    elif call or not is_table(machine, operands, before):
        function.unknown = "through a pointer"


def whole(register):
    """The register of 64 bits of which this is a part: rbx of bl, bx, ebx; r13 of r13d."""
    if part := re.match(r"(r\d+)", register):
        return part[1]
    if part := re.fullmatch(r"[er]?([abcd])[xl]", register):
        return f"r{part[1]}x"
    part = re.fullmatch(r"[er]?([sd]i|[sb]p)l?", register)
    return f"r{part[1]}" if part else register


def is_table(machine, operands, before):
    """Whether a jump to a register goes through a jump table."""
    register = re.escape(operands.split()[-1].lstrip("*"))
    if TABLE[machine] is None:
        return False
    for line in reversed(before):
        if re.search(TABLE[machine].format(register), line):
            return True
        if re.search(rf",{register}$", line):
            return False  # the register has another source
    return False


class Depths:
    """The stack use of functions, each computed once."""

    def __init__(self, found, word):
        self.found, self.word, self.known, self.active = found, word, {}, []

    def of(self, name):
        """Returns the bytes of a call, its deepest path, and why they are unknown or None."""
        if name not in self.found:
            if LEAF.match(name):
                return self.word, (name,), None
            return 0, (name,), f"{name} is not here"
        if name in self.known:
            return self.known[name]
        if name in self.active:
            return 0, (name,), f"{name} calls itself"
        self.active.append(name)
        function = self.found[name]
        unknown = function.unknown
        if function.frame is None:
            unknown = unknown or "a frame of variable size"
        own = self.word + (function.frame or 0)
        # The size of a frame does not include the red zone.
        deepest = (own + function.below, (name,))
        for names, above in ((function.calls, own), (function.jumps, 0)):
            for to in sorted(names):
                size, path, why = self.of(to)
                unknown = unknown or why
                here = name if above else f"({name})"
                deepest = max(deepest, (above + size, (here,) + path))
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
    rows.sort(key=lambda row: (row[2] is None, -row[0], row[3]))
    for size, path, unknown, name in rows:
        print(f"? {name}: {unknown}, at least {size}" if unknown else f"{size} {name}")
        if verbose:
            for function in path:  # in brackets: the function has left its frame
                own = found.get(function, Function())
                below = f" + {own.below}" if own.below else ""
                print(f"        {own.frame or 0}{below} {function}")


main()
