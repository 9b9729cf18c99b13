#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compiles every ```cpp block of a document, as far as the compiler's front end goes.

A block that includes something stands as it is. Any other is preceded by the umbrella header and
`namespace fg = fusegrad;`, and, when its first line is `// fragment`, wrapped in a function; those of a document are one
source, each in a namespace of its own, and are compiled one by one only where that source does not compile. A block that says
`// prints: ...` is a program: it is run, and what it prints is compared (see ../expected_output.py).

usage: snippets.py [--programs] DOCUMENT PRECOMPILED COMPILER [FLAG...]

PRECOMPILED is the folder of precompiled headers (see ../precompiled.py). With --programs, only what is run is compiled.
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
INCLUDE = re.compile(r"^\s*#\s*include\b", re.M)
# What has no place in a namespace.
OUTERMOST = re.compile(r"^\s*namespace fusegrad|BOOST_HANA|^\s*#|^\s*template <> struct (std|fusegrad)|\bint main\b", re.M)


def blocks(document: Path):
    """The line on which each block starts, and its text."""
    content = document.read_text(encoding="utf-8")
    for block in re.finditer(r"^[ \t]*```cpp[ \t]*\n(.*?)^[ \t]*```", content, re.M | re.S):
        yield content.count("\n", 0, block.start(1)) + 1, block.group(1)


def located(document: Path, line: int, block: str) -> str:
    text = f'#line {line} "{document}"\n{block}'
    if block.lstrip().startswith("// fragment") and not INCLUDE.search(block):
        return f"[[maybe_unused]] static void fragment() {{\n{text}\n}}\n"
    return text


def program(document: Path, line: int, block: str) -> str:
    return ("" if INCLUDE.search(block) else PREAMBLE) + located(document, line, block)


def together(document: Path, found: list[tuple[int, str]]) -> str:
    return PREAMBLE + "".join(f"namespace block_on_line_{line} {{\n{located(document, line, block)}\n}}\n" for line, block in found)


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


def compile_one(document: Path, line: int, block: str, folder: Path, compiler: list[str]) -> str:
    source = program(document, line, block)
    return failure(source, [*compiler, *precompiled.flags(folder, compiler[0], source)])


def compile_all(document: Path, found: list[tuple[int, str]], folder: Path, compiler: list[str]) -> list[str]:
    """What is wrong with the blocks of a document, each with its line."""
    alone = [each for each in found if any(regex.search(each[1]) for regex in (INCLUDE, OUTERMOST, expected_output.PRINTS))]
    others = [each for each in found if each not in alone]
    source = together(document, others)
    in_one = failure(source, [*compiler, *precompiled.flags(folder, compiler[0], source)]) if len(others) > 1 else ""
    if len(others) == 1 or in_one:
        alone += others
    wrong = [(line, compile_one(document, line, block, folder, compiler)) for line, block in alone]
    faults = [f"{document}:{line}: {what}" for line, what in wrong if what]
    if in_one and not faults:
        faults.append(f"{document}: the blocks compile one by one, but not in namespaces of one source\n{in_one}")
    return faults


def main() -> int:
    arguments = sys.argv[1:]
    only_programs = arguments[:1] == ["--programs"]
    arguments = arguments[only_programs:]
    if len(arguments) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    document, folder, compiler = Path(arguments[0]), Path(arguments[1]), arguments[2:]
    found = [(line, block) for line, block in blocks(document) if not only_programs or expected_output.PRINTS.search(block)]
    faults = compile_all(document, found, folder, compiler)
    print("\n".join(faults) or f"{document}: {len(found)} blocks compile, and print what they say")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
