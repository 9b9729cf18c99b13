#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compiles every ```cpp block of a document, as far as the compiler's front end goes.

A block that includes something stands as it is. Any other is preceded by the umbrella header and
`namespace fg = fusegrad;`, and, when its first line is `// fragment`, wrapped in a function. A block that says
`// prints: ...` is a program: it is run, and what it prints is compared (see ../expected_output.py).

Those of a document that begin with the umbrella header are as few sources as can be, programs that are run apart from the rest, each block in a namespace
of its own; they are compiled one by one only where such a source does not compile. What a block includes besides stands right before it, and none is behind
a block that brings what it does not ask for itself: each chain of such includes is a source.

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
import programs_together

UMBRELLA = "fusegrad/fusegrad.hpp"
ALIAS = "namespace fg = fusegrad;\n"
PREAMBLE = f"#include <{UMBRELLA}>\n"
INCLUDE = re.compile(r"^\s*#\s*include\b", re.M)
INCLUDED = re.compile(r"^#include <([^>]+)>.*$", re.M)
# What has no place in a namespace.
OUTERMOST = re.compile(r"^\s*namespace fusegrad|BOOST_HANA|^\s*#|^\s*template <> struct (std|fusegrad)", re.M)


def blocks(document: Path):
    """The line on which each block starts, and its text."""
    content = document.read_text(encoding="utf-8")
    for block in re.finditer(r"^[ \t]*```cpp[ \t]*\n(.*?)^[ \t]*```", content, re.M | re.S):
        yield content.count("\n", 0, block.start(1)) + 1, block.group(1)


def located(document: Path, line: int, block: str, text: str | None = None) -> str:
    """A block, or what it has become, with its place, and wrapped where it asks for that."""
    text = f'#line {line} "{document}"\n{block if text is None else text}'
    if block.lstrip().startswith("// fragment") and not INCLUDE.search(block):
        return f"[[maybe_unused]] static void fragment() {{\n{text}\n}}\n"
    return text


def program(document: Path, line: int, block: str) -> str:
    return ("" if INCLUDE.search(block) else PREAMBLE + ALIAS) + located(document, line, block)


def read_by_umbrella(folder: Path, compiler: str) -> str:
    """The names of all headers that the umbrella header reads, where it is precompiled."""
    listed = folder / Path(compiler).name / f"{UMBRELLA}.d"
    return listed.read_text(encoding="utf-8") if listed.exists() else ""


def brought(block: str, read: str) -> list[str] | None:
    """What a block includes besides the umbrella header and what that reads; None if it cannot be one of several."""
    included = INCLUDED.findall(block)
    if included[:1] not in ([], [UMBRELLA]) or OUTERMOST.search(INCLUDED.sub("", block)):
        return None
    if "int main" in block and not programs_together.MAIN.search(expected_output.PRINTS.sub("", block)):
        return None
    return sorted(name for name in included[1:] if not re.search(rf"/{re.escape(name)}(?!\S)", read))


def sources(found: list[tuple[int, str]], read: str) -> list[list[tuple[int, str]]]:
    """Blocks that may be one source: what one brings, those behind it bring, too."""
    joined: list[list[tuple[int, str]]] = []
    for block in sorted(found, key=lambda block: (len(brought(block[1], read)), brought(block[1], read))):
        fitting = [some for some in joined if set(brought(some[-1][1], read)) <= set(brought(block[1], read))]
        (fitting[-1] if fitting else joined.append([]) or joined[-1]).append(block)
    return joined


def in_namespace(document: Path, line: int, block: str) -> str:
    """A block in a namespace of its own, behind what it includes; its main function is called `run` there."""
    above = "".join(f"#include <{name}>\n" for name in INCLUDED.findall(block))
    text = INCLUDED.sub("", expected_output.PRINTS.sub("", block))
    if main := programs_together.MAIN.search(text):
        text = f"{text[: main.start()]}int run() {{\n{main['body']}  return 0;\n}}\n"
    alias = "" if INCLUDE.search(block) else ALIAS
    return f"{above}namespace block_on_line_{line} {{\n{alias}{located(document, line, block, text)}\n}}\n"


def together(document: Path, found: list[tuple[int, str]]) -> str:
    return PREAMBLE + "".join(in_namespace(document, line, block) for line, block in found)


def chosen(found: list[tuple[int, str]]) -> str:
    """A main function that runs the program on the line of its argument."""
    cases = "".join(f"  case {line}: return block_on_line_{line}::run();\n" for line, _ in found)
    return f"#include <cstdlib>\nint main(int, char** arguments) {{\n  switch (std::atoi(arguments[1])) {{\n{cases}  }}\n  return 2;\n}}\n"


def compiled(source: str, compiler: list[str], output: list[str]) -> str:
    """What the compiler says where it refuses."""
    result = subprocess.run([*compiler, "-std=c++20", *output, "-x", "c++", "-"], input=source, text=True, capture_output=True)
    return result.stderr or "the compiler said nothing" if result.returncode else ""


def what_running_shows(block: str, command: list[str]) -> str:
    """What is wrong with a program, which finds an empty folder, or nothing."""
    with tempfile.TemporaryDirectory() as folder:
        ran = subprocess.run(command, text=True, stdout=subprocess.PIPE, cwd=folder)
    return "\n".join(expected_output.faults(block, ran.stdout) + ([f"it ended with {ran.returncode}"] if ran.returncode != 0 else []))


def is_run(block: str) -> bool:
    return expected_output.PRINTS.search(block) is not None


def compile_one(document: Path, line: int, block: str, compiler: list[str]) -> str:
    """What is wrong with a block by itself, or nothing."""
    source = program(document, line, block)
    with tempfile.TemporaryDirectory() as scratch:
        if said := compiled(source, compiler, ["-o", f"{scratch}/program"] if is_run(block) else ["-fsyntax-only"]):
            return f"this block does not compile\n{said}"
        return what_running_shows(block, [f"{scratch}/program"]) if is_run(block) else ""


def compile_together(document: Path, found: list[tuple[int, str]], compiler: list[str]) -> tuple[list[tuple[int, str]], str]:
    """What is wrong with each of several blocks that are one source, with its line; and what the compiler says where it refuses all of them."""
    runs = is_run(found[0][1])
    source = together(document, found) + (chosen(found) if runs else "")
    with tempfile.TemporaryDirectory() as scratch:
        if said := compiled(source, compiler, ["-o", f"{scratch}/program"] if runs else ["-fsyntax-only"]):
            return [], said
        return [(line, what_running_shows(block, [f"{scratch}/program", str(line)])) for line, block in found if runs], ""


def compile_all(document: Path, found: list[tuple[int, str]], folder: Path, compiler: list[str]) -> list[str]:
    """What is wrong with the blocks of a document, each with its line."""
    read = read_by_umbrella(folder, compiler[0])
    joinable = [block for block in found if brought(block[1], read) is not None]
    several = [some for runs in (False, True) for some in sources([block for block in joinable if is_run(block[1]) == runs], read) if len(some) > 1]
    alone = [block for block in found if not any(block in some for some in several)]
    wrong, faults = [], []
    for some in several:
        of_each, refused = compile_together(document, some, [*compiler, *precompiled.flags(folder, compiler[0], PREAMBLE)])
        if refused:
            of_each = [(line, compile_one_of(document, line, block, folder, compiler)) for line, block in some]
            if not any(what for _, what in of_each):
                faults.append(f"{document}: the blocks compile one by one, but not in namespaces of one source\n{refused}")
        wrong += of_each
    wrong += [(line, compile_one_of(document, line, block, folder, compiler)) for line, block in alone]
    return [f"{document}:{line}: {what}" for line, what in sorted(wrong) if what] + faults


def compile_one_of(document: Path, line: int, block: str, folder: Path, compiler: list[str]) -> str:
    header = precompiled.flags(folder, compiler[0], program(document, line, block))
    return compile_one(document, line, block, [*compiler, *header])


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
