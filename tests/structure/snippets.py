#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compiles every ```cpp block of a document, as far as the compiler's front end goes.

A block that includes something stands as it is. Any other is preceded by the umbrella header and
`namespace fg = fusegrad;`, and, when its first line is `// fragment`, wrapped in a function. A block that says `// prints: ...` is a
program: it is run, and what it prints is compared (see ../expected_output.py).

usage: snippets.py DOCUMENT PRECOMPILED COMPILER [FLAG...]

PRECOMPILED is the folder of precompiled headers (see ../precompiled.py).
"""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parent.parent))
import expected_output
import precompiled

PREAMBLE = "#include <fusegrad/fusegrad.hpp>\nnamespace fg = fusegrad;\n"


def blocks(document: Path):
    """The line on which each block starts, and its text."""
    content = document.read_text(encoding="utf-8")
    for block in re.finditer(r"^[ \t]*```cpp[ \t]*\n(.*?)^[ \t]*```", content, re.M | re.S):
        yield content.count("\n", 0, block.start(1)) + 1, block.group(1)


def program(document: Path, line: int, block: str) -> str:
    located = f'#line {line} "{document}"\n{block}'
    if re.search(r"^\s*#\s*include\b", block, re.M):
        return located
    if block.lstrip().startswith("// fragment"):
        return f"{PREAMBLE}[[maybe_unused]] static void fragment() {{\n{located}\n}}\n"
    return PREAMBLE + located


def failure(source: str, compiler: list[str]) -> str:
    """What is wrong with a block, or nothing."""
    is_run = expected_output.PRINTS.search(source) is not None
    with tempfile.TemporaryDirectory() as folder:
        output = ["-o", f"{folder}/program"] if is_run else ["-fsyntax-only"]
        result = subprocess.run([*compiler, "-std=c++20", *output, "-x", "c++", "-"], input=source, text=True, capture_output=True)
        if result.returncode != 0:
            return f"this block does not compile\n{result.stderr}"
        if not is_run:
            return ""
        ran = subprocess.run([f"{folder}/program"], text=True, stdout=subprocess.PIPE, cwd=folder)
    faults = expected_output.faults(source, ran.stdout) + ([f"it ended with {ran.returncode}"] if ran.returncode != 0 else [])
    return "\n".join(faults)


def main() -> int:
    if len(sys.argv) < 4:
        print(__doc__, file=sys.stderr)
        return 2
    document, folder, compiler = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]
    failed = compiled = 0
    for line, block in blocks(document):
        source = program(document, line, block)
        wrong = failure(source, [*compiler, *precompiled.flags(folder, compiler[0], source)])
        compiled += 1
        if wrong:
            failed += 1
            print(f"{document}:{line}: {wrong}")
    print(f"{document}: {compiled - failed} of {compiled} blocks compile, and print what they say")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
