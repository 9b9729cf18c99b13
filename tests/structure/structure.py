#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks how the house is laid out: who includes whom, and what every file must look like.

usage: structure.py REPOSITORY
"""
import re
import sys
from pathlib import Path

# Bottom to top: a folder includes itself and those before it.
UMBRELLAS = {"fusegrad/functions.hpp", "fusegrad/fusegrad.hpp", "fusegrad/layers.hpp", "fusegrad/physics.hpp", "fusegrad/records.hpp", "fusegrad/training.hpp"}
FOLDERS = ["base", "math", "expr", "tensor", "kernel", "graph", "run", "function", "layer", "start", "plan", "model", "train", "inspect", "data", "io"]

# The only header that defines macros.
CONFIGURATION = "include/fusegrad/base/config.hpp"

# A foreign library is touched in one place. A fixed path where we know it, else any single file.
FOREIGN = {
    "Boost": (re.compile(r"^\s*#\s*include\s*[<\"]boost/", re.M), ("include/fusegrad/base/hana.hpp", "include/fusegrad/base/hana_names.hpp", "include/fusegrad/base/hana_struct.hpp")),
    "OpenMP": (re.compile(r"^\s*#\s*pragma\s+omp\b|\b_Pragma\s*\(\s*\"omp\b", re.M), None),
    "OpenMP's runtime": (re.compile(r"^\s*#\s*include\s*[<\"]omp\.h", re.M), ("include/fusegrad/run/runtime_threads.hpp", "include/fusegrad/run/team.hpp")),
    "zlib": (re.compile(r"^\s*#\s*include\s*[<\"]zlib\.h", re.M), None),
    "libpng": (re.compile(r"^\s*#\s*include\s*[<\"]png\.h[>\"]", re.M), None),
    "nlohmann-json": (re.compile(r"^\s*#\s*include\s*[<\"]nlohmann/", re.M), None),
}

# Unit tests that mirror no header, and why.
TESTS_WITHOUT_HEADER: dict[str, str] = {
    "base/checksum.cpp": "tests src/base/checksum.hpp",
    "base/file.cpp": "tests src/base/file.hpp",
    "base/number_text.cpp": "tests src/base/number_text.hpp",
    "expr/documentation.cpp": "compares docs/expressions.md with what the library prints",
    "layer/documentation.cpp": "compares docs/activations.md with what the library prints",
}

LONGEST_HEADER = 400
INCLUDE = re.compile(r"^\s*#\s*include\s*[<\"](fusegrad/[^>\"]+)[>\"]", re.M)
QUOTED_INCLUDE = re.compile(r"^\s*#\s*include\s*\"", re.M)
SOURCES = ("include", "src", "tests", "benchmarks", "examples", "cmake", "scripts", ".ci")
COMMENT = {".hpp": "//", ".cpp": "//", ".cmake": "#", ".py": "#", ".sh": "#", ".in": "#", ".txt": "#"}


def text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def files(root: Path, folder: str, *suffixes: str) -> list[Path]:
    found = (root / folder).rglob("*")
    return sorted(file for file in found if file.is_file() and file.suffix in suffixes)


def layering(root: Path):
    """A folder never includes one above it; the umbrellas, outside all folders, may include any."""
    include = root / "include"
    rank = {folder: position for position, folder in enumerate(FOLDERS)}
    for header in files(root, "include", ".hpp"):
        name = header.relative_to(include)
        if name.as_posix() in UMBRELLAS:
            continue
        if len(name.parts) < 3 or name.parts[1] not in rank:
            yield f"{header.relative_to(root)}: not in one of the folders {', '.join(FOLDERS)}"
            continue
        for target in INCLUDE.findall(text(header)):
            folder = Path(target).parts[1]
            if folder not in rank:
                yield f"{header.relative_to(root)}: includes <{target}>, which is in no folder of the list"
            elif rank[folder] > rank[name.parts[1]]:
                yield f"{header.relative_to(root)}: {name.parts[1]} may not include {folder} (<{target}>)"


def foreign_libraries(root: Path):
    """Only one place touches each foreign library."""
    ours = files(root, "include", ".hpp") + files(root, "src", ".cpp", ".hpp")
    for library, (pattern, only) in FOREIGN.items():
        users = [file.relative_to(root).as_posix() for file in ours if pattern.search(text(file))]
        if only:
            yield from (f"{user}: touches {library}; only {' and '.join(only)} may" for user in users if user not in only)
        elif len(users) > 1:
            yield f"{library} is touched in more than one file: {', '.join(users)}"


def headers(root: Path):
    """Headers are short, guarded, free of macros, and name ours in angle brackets."""
    for header in files(root, "include", ".hpp"):
        name, content = header.relative_to(root), text(header)
        lines = content.count("\n")
        if lines > LONGEST_HEADER:
            yield f"{name}: {lines} lines, {LONGEST_HEADER} are allowed"
        if not re.search(r"^#pragma once$", content, re.M):
            yield f"{name}: no #pragma once"
        if name.as_posix() != CONFIGURATION and re.search(r"^\s*#\s*define\b", content, re.M):
            yield f"{name}: defines a macro"
        if QUOTED_INCLUDE.search(content):
            yield f"{name}: includes in quotes; write #include <fusegrad/...>"


def configuration(root: Path):
    """Every header reaches base/config.hpp, which refuses what nothing can be compiled with."""
    for header in files(root, "include", ".hpp"):
        if header.name != "config.hpp" and not INCLUDE.search(text(header)):
            yield f"{header.relative_to(root)}: includes none of ours: it has to include <fusegrad/base/config.hpp>"


WIDEST_LINE = 120
# Tables that are read as such, text of pages and bytes of files.
MAY_BE_WIDER = re.compile(r'^\s*R?"|\\\d{3}')


def widths(root: Path):
    """No line of code is wider than the formatter's, but for what it is told to leave alone and for text."""
    for file in [f for folder in ("include", "src", "tests", "examples", "benchmarks") for f in files(root, folder, ".hpp", ".cpp")]:
        if file.is_relative_to(root / "tests/fail"):
            continue # what is expected of a compiler stands on one line
        is_formatted = True
        for number, line in enumerate(text(file).splitlines(), 1):
            if "clang-format o" in line:
                is_formatted = "clang-format on" in line
            if is_formatted and len(line) > WIDEST_LINE and not MAY_BE_WIDER.search(line):
                yield f"{file.relative_to(root)}:{number}: {len(line)} columns, {WIDEST_LINE} are allowed"


OPENS_ABI = re.compile(r"\binline (?:namespace )?FUSEGRAD_ABI(?:::\w+)* \{")
CLOSES_ABI = re.compile(r"^\} // namespace .*\bFUSEGRAD_ABI(?:::\w+)*$")


def names_of_layouts(root: Path):
    """What a kernel is made of is in FUSEGRAD_ABI: unoptimised it stays a function, which a unit of another machine may not call."""
    for header in files(root, "include", ".hpp"):
        if header.relative_to(root).as_posix() == CONFIGURATION:
            continue # defines both
        is_open = False
        for number, line in enumerate(text(header).splitlines(), 1):
            is_open = (is_open or bool(OPENS_ABI.search(line))) and not CLOSES_ABI.search(line)
            if "FUSEGRAD_INLINE" in line and not is_open:
                yield f"{header.relative_to(root)}:{number}: FUSEGRAD_INLINE outside of a namespace FUSEGRAD_ABI"


KIND_ASKED = re.compile(r"[!=]=\s*(?:graph::)?kind::|case\s+(?:graph::)?kind::|(?:graph::)?kind::\w+\s*[!=]=")


def homes_of_operations(root: Path):
    """What depends on the kind of an operation stands in its two homes: nobody else asks for one."""
    for header in files(root, "include", ".hpp"):
        name = header.relative_to(root / "include/fusegrad")
        if name.parts[:2] in (("graph", "operations"), ("run", "bindings")):
            continue
        for number, line in enumerate(text(header).splitlines(), 1):
            if KIND_ASKED.search(line):
                yield f"{header.relative_to(root)}:{number}: asks for the kind of an operation; make it a fact in graph/operations or run/bindings"


def licence(root: Path):
    """The licence is the first line, after the shebang where there is one."""
    candidates = [root / "CMakeLists.txt"]
    for folder in SOURCES:
        candidates += [file for file in (root / folder).rglob("*") if file.is_file()]
    for file in candidates:
        if not file.is_file() or "__pycache__" in file.parts:
            continue
        script = not file.suffix and file.parent.name in ("scripts", ".ci")
        comment = "#" if script else COMMENT.get(file.suffix)
        if comment is None or (file.suffix == ".txt" and file.name != "CMakeLists.txt"):
            continue
        lines = text(file).splitlines()[:2] + ["", ""]
        first = lines[1] if lines[0].startswith("#!") else lines[0]
        if first != f"{comment} SPDX-License-Identifier: MIT":
            yield f"{file.relative_to(root)}: the first line is not '{comment} SPDX-License-Identifier: MIT'"


def mirrored_tests(root: Path):
    """tests/unit/<folder>/<name>.cpp tests include/fusegrad/<folder>/<name>.hpp and includes it first."""
    for test in files(root, "tests/unit", ".cpp"):
        name = test.relative_to(root / "tests/unit")
        if name.as_posix() in TESTS_WITHOUT_HEADER:
            continue
        header = f"fusegrad/{name.with_suffix('.hpp').as_posix()}"
        if not (root / "include" / header).is_file():
            yield f"{test.relative_to(root)}: there is no include/{header}"
            continue
        first = re.search(r"^\s*#\s*include\s*[<\"]([^>\"]+)", text(test), re.M)
        if not first or first.group(1) != header:
            yield f"{test.relative_to(root)}: the first include is not <{header}>"


RULES = (layering, foreign_libraries, headers, widths, configuration, names_of_layouts, homes_of_operations, licence, mirrored_tests)


def violations(root: Path) -> list[str]:
    return [violation for rule in RULES for violation in rule(root)]


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    found = violations(Path(sys.argv[1]))
    print("\n".join(found) or "the house is in order")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
