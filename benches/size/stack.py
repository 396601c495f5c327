#!/usr/bin/env python3
"""Deepest stack use of each exported function, in bytes: its own frame and those below it.

    stack.py [-v] OBJECT [OBJDUMP]        # -v: the way to the deepest

OBJECT was compiled with -Zemit-stack-sizes. Calls are read from the relocations and direct branches of the
disassembly; mem* are counted as leaves of no size. A function that calls itself, or through a pointer, is marked.
"""
import re, subprocess, sys

def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout

def frames(path):
    """The size of every function's own frame."""
    text = output("llvm-readobj", "--stack-sizes", path)
    return {name: int(size, 16) for name, size in re.findall(r"Functions: \[(\S+?)\]\s+Size: 0x([0-9A-Fa-f]+)", text)}

def calls(path, objdump):
    """Whom each function calls or jumps to, and whether it does so through a pointer."""
    called, through_pointer, current = {}, set(), None
    for line in output(objdump, "-dr", "--no-show-raw-insn", path).splitlines():
        if start := re.match(r"[0-9a-f]+ <(.+)>:$", line):
            current = start[1]
            called.setdefault(current, set())
        elif target := re.search(r"R_\S*(?:PLT|PC32|CALL|JUMP|REL24|26|PC24)\S*\s+([\w.$]+?)(?:[-+]0x[0-9a-f]+)?$", line):
            called[current].add(re.sub(r"^\.text\.", "", target[1]))
        elif target := re.search(r"\t(?:call|jmp|bl|b|jal)\w*\s+\S*\s*<([^+>]+)(?:\+0x[0-9a-f]+)?>", line):
            called[current].add(target[1])
        elif re.search(r"\tcall\s+\*(?!.*\(%rip\))|\tblx\s+r\d", line):
            through_pointer.add(current)
    return called, through_pointer

def main():
    verbose = "-v" in sys.argv
    path, *objdump = [argument for argument in sys.argv[1:] if argument != "-v"]
    objdump = (objdump or ["objdump"])[0]
    own, (called, through_pointer) = frames(path), calls(path, objdump)
    word = 8 if "elf64" in output(objdump, "-f", path) else 4

    def depth(name, above=()):
        """Bytes below a call of this function, and the path to the deepest."""
        if name in above or name not in own:
            return 0, ()
        below = max((depth(to, above + (name,)) for to in called.get(name, ()) if to != name), default=(0, ()))
        return own[name] + word + below[0], (name,) + below[1]

    rows = sorted(((*depth(name), name) for name in own if re.match(r"(__)?ancil_", name)), reverse=True)
    for size, way, name in rows:
        marks = " (through a pointer)" if through_pointer & set(way) else ""
        print(f"{size:5}  {name}{marks}")
    if verbose:
        print(" -> ".join(rows[0][1]))

main()
