#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes one program of several: the name by which it is called says as which of them it runs.

The headers that each reads, and what it makes of their templates, cost a compiler more than the program itself. Each is in a namespace of its own, below
everything that any of them includes; what falls off the end of its main function returns 0 there.

usage: programs_together.py OUTPUT SOURCE...

A source is named by its stem, or by its folder where it is a main.cpp.
"""
import re
import sys
from pathlib import Path

INCLUDE = re.compile(r'^#include (<[^>]+>|"[^"]+")', re.M)
# What has no place in a namespace.
OUTERMOST = re.compile(r"^\s*namespace fusegrad|BOOST_HANA|^\s*#(?!include )|^\s*template <> struct (std|fusegrad)", re.M)
# The last function, its body indented.
MAIN = re.compile(r"^int main\((?P<parameters>[^)]*)\) \{\n(?P<body>(?:[ \t].*\n|\n)*)\}\s*\Z", re.M)


def fits(source: str) -> bool:
    """Whether a program can be one of several."""
    return MAIN.search(source) is not None and OUTERMOST.search(source) is None


def space_of(name: str) -> str:
    return "program_" + re.sub(r"\W", "_", name)


def includes(path: Path, source: str) -> list[str]:
    beside = {name: path.parent.resolve() / name[1:-1] for name in INCLUDE.findall(source) if name[0] == '"'}
    return [f'#include "{beside[name]}"' if name in beside and beside[name].exists() else f"#include {name}" for name in INCLUDE.findall(source)]


def in_namespace(name: str, path: Path, source: str) -> str:
    found = MAIN.search(source)
    body = f"int as_a_program({found['parameters']}) {{\n{found['body']}  return 0;\n}}\n"
    return f'namespace {space_of(name)} {{\n#line 1 "{path}"\n{INCLUDE.sub("", source[: found.start()])}{body}}}\n'


def choice(name: str, source: str) -> str:
    arguments = "count, arguments" if MAIN.search(source)["parameters"].strip() else ""
    return f'  if (name == "{name}") return {space_of(name)}::as_a_program({arguments});\n'


def together(programs: list[tuple[str, Path, str]]) -> str:
    above = dict.fromkeys(line for _, path, source in programs for line in includes(path, source))
    return "".join([*(f"{line}\n" for line in [*above, "#include <string_view>"]), *(in_namespace(*program) for program in programs),
                    "int main([[maybe_unused]] int count, char** arguments) {\n"
                    "  const std::string_view called = arguments[0], name = called.substr(called.rfind('/') + 1);\n",
                    *(choice(name, source) for name, _, source in programs), "  return 2;\n}\n"])


def main() -> int:
    if len(sys.argv) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    sources = [Path(name) for name in sys.argv[2:]]
    programs = [(path.parent.name if path.stem == "main" else path.stem, path, path.read_text(encoding="utf-8")) for path in sources]
    misfits = [str(path) for _, path, source in programs if not fits(source)]
    if misfits:
        print(f"these cannot be one of several programs: {', '.join(misfits)}", file=sys.stderr)
        return 1
    text = together(programs)
    output = Path(sys.argv[1])
    if not output.exists() or output.read_text(encoding="utf-8") != text:
        output.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
