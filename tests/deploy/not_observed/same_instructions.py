# SPDX-License-Identifier: MIT
"""A step that nobody observes has the same instructions whether or not the program can observe: same_instructions.py OBJDUMP PLAIN.o OBSERVED.o"""
import re
import subprocess
import sys

# Where constants lie differs; what they are called by the compiler, too.
CONSTANT = re.compile(r"\.(rodata|LCPI|LC|L\.str)[\w.$]*([+-]0x[0-9a-f]+)?")
LOCAL = re.compile(r"\.(text|data|bss|gcc_except_table)[\w.$]*([+-]0x[0-9a-f]+)?")


def functions(objdump: str, file: str) -> dict[str, list[str]]:
    """The instructions of each function, without addresses."""
    text = subprocess.run([objdump, "-dr", "--no-show-raw-insn", file], check=True, capture_output=True, text=True).stdout
    found, current = {}, []
    for line in text.splitlines():
        if head := re.fullmatch(r"[0-9a-f]+ <(.+)>:", line):
            current = found.setdefault(head[1], [])
        elif instruction := re.match(r"\s*[0-9a-f]+:\s+(.*)", line):
            # A target within a function is its name and a distance; the absolute address before it says no more.
            words = re.sub(r"\b[0-9a-f]+ (<[^>]+>)", r"\1", instruction[1])
            words = CONSTANT.sub(".constant", re.sub(r"\s+", " ", words))
            current.append(LOCAL.sub(r".\1", words).strip())
    return found


def main():
    objdump, plain_file, observed_file = sys.argv[1:]
    plain, observed = functions(objdump, plain_file), functions(objdump, observed_file)
    step = [name for name in plain if "plain_step" in name]
    assert step, f"{plain_file} has no step: {sorted(plain)}"
    assert any("observed_step" in name for name in observed) and not any("observed_step" in name for name in plain)
    differing = [name for name in plain if plain[name] != observed.get(name)]
    for name in differing:
        print(f"{name}\n  {len(plain[name])} instructions without, {len(observed.get(name, []))} with a health log in the program")
        for a, b in zip(plain[name], observed.get(name, [])):
            if a != b:
                print(f"  first difference: {a} | {b}")
                break
    count = sum(map(len, plain.values()))
    assert len(plain) > 5 and count > 1000, f"{count} instructions in {len(plain)} functions are no training step"
    print(f"{len(plain)} functions, {count} instructions, {len(differing)} functions differ; observing adds {len(set(observed) - set(plain))} functions")
    sys.exit(1 if differing else 0)


main()
