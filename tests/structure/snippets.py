#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compiles every ```cpp block of documents, as far as the compiler's front end goes.

A block that includes something stands as it is. Any other is preceded by the umbrella header and
`namespace fg = fusegrad;`, and, when its first line is `// fragment`, wrapped in a function. A block that says
`// prints: ...` is a program: it is run, and what it prints is compared (see ../expected_output.py).

Those that begin with the umbrella header are as few sources as can be, programs that are run apart from the rest, each block in a namespace
of its own; they are compiled one by one only where such a source does not compile. What a block includes besides stands right before it, and none is behind
a block that brings what it does not ask for itself: each chain of such includes is a source.

usage: snippets.py [--programs | --rest] PRECOMPILED COMPILER [FLAG...] -- DOCUMENT...

PRECOMPILED is the folder of precompiled headers (see ../precompiled.py). With --programs, only what is run is compiled, with --rest all else.
"""
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

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


class Block(NamedTuple):
    """A block, its document, and the line on which it starts there."""
    document: Path
    line: int
    text: str

    @property
    def is_run(self) -> bool:
        return expected_output.PRINTS.search(self.text) is not None

    @property
    def space(self) -> str:
        return f"block_of_{re.sub('[^a-z0-9]', '_', '/'.join(self.document.parts[-2:]).lower())}_on_line_{self.line}"


def blocks(document: Path):
    content = document.read_text(encoding="utf-8")
    for block in re.finditer(r"^[ \t]*```cpp[ \t]*\n(.*?)^[ \t]*```", content, re.M | re.S):
        yield Block(document, content.count("\n", 0, block.start(1)) + 1, block.group(1))


def located(block: Block, text: str | None = None) -> str:
    """A block, or what it has become, with its place, and wrapped where it asks for that."""
    text = f'#line {block.line} "{block.document}"\n{block.text if text is None else text}'
    if block.text.lstrip().startswith("// fragment") and not INCLUDE.search(block.text):
        return f"[[maybe_unused]] static void fragment() {{\n{text}\n}}\n"
    return text


def program(block: Block) -> str:
    return ("" if INCLUDE.search(block.text) else PREAMBLE + ALIAS) + located(block)


def read_by_umbrella(folder: Path, compiler: str) -> str:
    """The names of all headers that the umbrella header reads, where it is precompiled."""
    listed = folder / Path(compiler).name / f"{UMBRELLA}.d"
    return listed.read_text(encoding="utf-8") if listed.exists() else ""


def brought(block: Block, read: str) -> list[str] | None:
    """What a block includes besides the umbrella header and what that reads; None if it cannot be one of several."""
    included = INCLUDED.findall(block.text)
    if included[:1] not in ([], [UMBRELLA]) or OUTERMOST.search(INCLUDED.sub("", block.text)):
        return None
    if "int main" in block.text and not programs_together.MAIN.search(expected_output.PRINTS.sub("", block.text)):
        return None
    return sorted(name for name in included[1:] if not re.search(rf"/{re.escape(name)}(?!\S)", read))


def sources(found: list[Block], read: str) -> list[list[Block]]:
    """Blocks that may be one source: what one brings, those behind it bring, too."""
    joined: list[list[Block]] = []
    for block in sorted(found, key=lambda block: (len(brought(block, read)), brought(block, read))):
        fitting = [some for some in joined if set(brought(some[-1], read)) <= set(brought(block, read))]
        (fitting[-1] if fitting else joined.append([]) or joined[-1]).append(block)
    return joined


def in_namespace(block: Block) -> str:
    """A block in a namespace of its own, behind what it includes; its main function is called `run` there."""
    above = "".join(f"#include <{name}>\n" for name in INCLUDED.findall(block.text))
    text = INCLUDED.sub("", expected_output.PRINTS.sub("", block.text))
    if main := programs_together.MAIN.search(text):
        text = f"{text[: main.start()]}int run() {{\n{main['body']}  return 0;\n}}\n"
    alias = "" if INCLUDE.search(block.text) else ALIAS
    return f"{above}namespace {block.space} {{\n{alias}{located(block, text)}\n}}\n"


def together(found: list[Block]) -> str:
    return PREAMBLE + "".join(map(in_namespace, found))


def chosen(found: list[Block]) -> str:
    """A main function that runs the program whose number among them is its argument."""
    cases = "".join(f"  case {number}: return {block.space}::run();\n" for number, block in enumerate(found, 1))
    return f"#include <cstdlib>\nint main(int, char** arguments) {{\n  switch (std::atoi(arguments[1])) {{\n{cases}  }}\n  return 2;\n}}\n"


def compiled(source: str, compiler: list[str], output: list[str]) -> str:
    """What the compiler says where it refuses."""
    result = subprocess.run([*compiler, "-std=c++20", *output, "-x", "c++", "-"], input=source, text=True, capture_output=True)
    return result.stderr or "the compiler said nothing" if result.returncode else ""


def what_running_shows(block: Block, command: list[str]) -> str:
    """What is wrong with a program, which finds an empty folder, or nothing."""
    with tempfile.TemporaryDirectory() as folder:
        ran = subprocess.run(command, text=True, stdout=subprocess.PIPE, cwd=folder)
    return "\n".join(expected_output.faults(block.text, ran.stdout) + ([f"it ended with {ran.returncode}"] if ran.returncode != 0 else []))


def compile_one(block: Block, folder: Path, compiler: list[str]) -> str:
    """What is wrong with a block by itself, or nothing."""
    source = program(block)
    command = [*compiler, *precompiled.flags(folder, compiler[0], source)]
    with tempfile.TemporaryDirectory() as scratch:
        if said := compiled(source, command, ["-o", f"{scratch}/program"] if block.is_run else ["-fsyntax-only"]):
            return f"this block does not compile\n{said}"
        return what_running_shows(block, [f"{scratch}/program"]) if block.is_run else ""


def compile_together(found: list[Block], compiler: list[str]) -> tuple[list[tuple[Block, str]], str]:
    """What is wrong with each of several blocks that are one source; and what the compiler says where it refuses all of them."""
    runs = found[0].is_run
    source = together(found) + (chosen(found) if runs else "")
    with tempfile.TemporaryDirectory() as scratch:
        if said := compiled(source, compiler, ["-o", f"{scratch}/program"] if runs else ["-fsyntax-only"]):
            return [], said
        return [(block, what_running_shows(block, [f"{scratch}/program", str(number)])) for number, block in enumerate(found, 1) if runs], ""


def compile_all(found: list[Block], folder: Path, compiler: list[str]) -> list[str]:
    """What is wrong with the blocks of documents, each with its place."""
    read = read_by_umbrella(folder, compiler[0])
    joinable = [block for block in found if brought(block, read) is not None]
    several = [some for runs in (False, True) for some in sources([block for block in joinable if block.is_run == runs], read) if len(some) > 1]
    alone = [block for block in found if not any(block in some for some in several)]
    wrong, faults = [], []
    for some in several:
        of_each, refused = compile_together(some, [*compiler, *precompiled.flags(folder, compiler[0], PREAMBLE)])
        if refused:
            of_each = [(block, compile_one(block, folder, compiler)) for block in some]
            if not any(what for _, what in of_each):
                names = " ".join(dict.fromkeys(str(block.document) for block in some))
                faults.append(f"{names}: the blocks compile one by one, but not in namespaces of one source\n{refused}")
        wrong += of_each
    wrong += [(block, compile_one(block, folder, compiler)) for block in alone]
    return [f"{block.document}:{block.line}: {what}" for block, what in sorted(wrong) if what] + faults


def main() -> int:
    arguments = sys.argv[1:]
    asked = arguments.pop(0) if arguments[:1] in (["--programs"], ["--rest"]) else ""
    if "--" not in arguments[2:-1]:
        print(__doc__, file=sys.stderr)
        return 2
    border = arguments.index("--")
    folder, compiler, documents = Path(arguments[0]), arguments[1:border], list(map(Path, arguments[border + 1 :]))
    found = [block for document in documents for block in blocks(document) if not asked or block.is_run == (asked == "--programs")]
    faults = compile_all(found, folder, compiler)
    print("\n".join(faults) or f"{' '.join(map(str, documents))}: {len(found)} blocks compile, and print what they say")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
