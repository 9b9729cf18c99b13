#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that every header and every source stands alone: that it includes what it uses, its own folder's and the standard library's.

Each is a submodule of one of Clang's modules, in which a file sees what it includes and nothing else, and all of them are parsed once. To compile
each by itself takes fifty times as long: what is below it is parsed again for each.

usage: alone.py INCLUDE_FOLDER SOURCE_FOLDER CLANG [FLAG...]

SOURCE_FOLDER may be empty.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

# Read before all others. Clang refuses the qualified name of a template of which it has met, out of sight, a specialisation that it may or may not name.
FIRST = {"fusegrad/train/evaluate_together.hpp"}  # sample_checks, of which train/physics.hpp has another for equations
INCLUDE = re.compile(r"^\s*#\s*include <([^>]+)>", re.M)
# What others of the standard library need in sight.
ALWAYS = {"compare"}
# Meant to be read again and again, or by one header of ours only.
AS_TEXT = re.compile(r"^(cassert|assert\.h|omp\.h|boost/.*|nlohmann/.*|png\.h|zlib\.h)$")
UNNAMED = re.compile(r"\bnamespace \{")


def search_paths(compiler: list[str]) -> list[Path]:
    told = subprocess.run([*compiler, "-x", "c++", "-E", "-v", os.devnull], text=True, capture_output=True, check=True).stderr
    listed = told.split("#include <...> search starts here:\n")[1].split("End of search list.")[0]
    return [Path(line.strip()) for line in listed.splitlines()]


def find(name: str, paths: list[Path]) -> Path | None:
    return next((found for path in paths if (found := path / name).exists()), None)


def module_map(name: str, kinds: dict[Path, str], attribute: str = "") -> str:
    lines = [f'  module m{number} {{ {kind} "{header}" export * }}' for number, (header, kind) in enumerate(kinds.items())]
    return "\n".join([f"module {name} {attribute} {{", *lines, "}", ""])


def module_flags(folder: Path, name: str, *others: str) -> list[str]:
    maps = [f"-fmodule-map-file={folder / other}.modulemap" for other in (name, *others)]
    built = [f"-fmodule-file={folder / other}.pcm" for other in others]
    # Constants of Hana's are in each submodule that reads it: that says nothing of our headers.
    flags = ["-fmodules", "-fno-implicit-module-maps", "-Xclang", "-fmodules-local-submodule-visibility", "-Wno-modules-ambiguous-internal-linkage"]
    return [*flags, f"-fmodule-name={name}", *maps, *built]


def complaints(command: list[str], source: str = "") -> str:
    """What the compiler says where it refuses."""
    result = subprocess.run(command, input=source, text=True, capture_output=True)
    return result.stderr if result.returncode else ""


def build_module(compiler: list[str], folder: Path, name: str) -> str:
    emit = ["-x", "c++", "-Xclang", "-emit-module", "-c", str(folder / f"{name}.modulemap"), "-o", str(folder / f"{name}.pcm")]
    return complaints([*compiler, *module_flags(folder, name), *emit])


def read_as_module(compiler: list[str], folder: Path, name: str, headers: list[Path], *others: str) -> str:
    """A unit of the module that includes all of it: to write the module down would take forty times as long."""
    source = "".join(f'#include "{header}"\n' for header in headers)
    return complaints([*compiler, *module_flags(folder, name, *others), "-fsyntax-only", "-x", "c++", "-"], source)


def alone(compiler: list[str], header: Path) -> str:
    told = complaints([*compiler, "-fsyntax-only", "-x", "c++", "-"], f'#include "{header}"\n')
    return f"{header} does not stand alone:\n{told}" if told else ""


def copied(sources: Path, folder: Path) -> list[Path]:
    """Copies of a library's sources and of its own headers, each under its old name in messages, whose unnamed namespaces have names: Clang has one such
    namespace in all submodules, and does not look into it from another. What warns of our headers' users is no concern of a source."""
    if sources == Path():
        return []
    shutil.copytree(sources, folder)
    files = sorted(file for file in folder.rglob("*.?pp") if not file.is_relative_to(folder / "kernels"))
    for number, file in enumerate(files):
        text = UNNAMED.sub(f"inline namespace of_file_{number} {{", file.read_text(encoding="utf-8"))
        once = "#pragma once\n" if file.suffix == ".hpp" else ""
        begin = f'{once}#pragma clang diagnostic ignored "-Weverything"\n#line 1 "{sources / file.relative_to(folder)}"\n'
        file.write_text(begin + text.replace("#pragma once", "", 1), encoding="utf-8")
    return files


def with_flags(compiler: list[str], include: Path) -> list[str]:
    return [*compiler, "-std=c++20", "-I", str(include), "-fdiagnostics-color=never", "-ferror-limit=0"]


def faults(include: Path, sources: Path, compiler: list[str]) -> list[str]:
    compiler = with_flags(compiler, include)
    paths = search_paths(compiler)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        headers = sorted(include.rglob("*.hpp"), key=lambda header: (str(header.relative_to(include)) not in FIRST, header))
        headers += copied(sources, folder / "sources")
        foreign = {name for header in headers for name in INCLUDE.findall(header.read_text(encoding="utf-8")) if not find(name, [include])}
        if "png.h" in foreign and find("png.h", paths):
            compiler.append("-DFUSEGRAD_HAS_PNG")
        # Other systems' headers are not there.
        standard = {found.resolve(): "header" for name in sorted(foreign | ALWAYS) if not AS_TEXT.match(name) and (found := find(name, paths))}
        (folder / "standard.modulemap").write_text(module_map("standard", standard, "[system]"), encoding="utf-8")
        (folder / "ours.modulemap").write_text(module_map("ours", {header: "header" for header in headers}), encoding="utf-8")
        if told := build_module(compiler, folder, "standard"):
            print("alone.py: this standard library does not fit into a module, so each file is compiled by itself:", told.splitlines()[0], file=sys.stderr)
            return [told for header in headers if (told := alone(compiler, header))]
        said = read_as_module(compiler, folder, "ours", headers, "standard")
    return [said] if said else []


def main() -> int:
    include, sources, compiler = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]
    found = faults(include.resolve(), sources.resolve() if sys.argv[2] else sources, compiler)
    print("\n".join(found), end="")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
