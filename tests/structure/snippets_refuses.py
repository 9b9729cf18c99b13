#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Shows that snippets.py can fail: of blocks that are compiled together, the one at fault is named, and of documents the one that has it.

usage: snippets_refuses.py COMPILER
"""
import subprocess
import sys
import tempfile
from pathlib import Path

SOUND = "int f();"
UMBRELLA = "#include <fusegrad/fusegrad.hpp>\n"


def saying(words: str, printed: str) -> str:
    return f'{UMBRELLA}#include <cstdio>\nint main() {{\n  std::puts("{printed}");\n}}\n// prints: {words}'


LEAVES_A_FILE = f"""{UMBRELLA}#include <cstdio>
int main() {{
  std::puts(std::fopen("left", "r") ? "found" : "empty");
  std::fclose(std::fopen("left", "w"));
}}
// prints: empty"""

CASES = [
    ("all are sound", [SOUND, "// fragment\nint x = 2;\n(void)x;", SOUND], [], []),
    ("one is at fault", [SOUND, "int g() { return nothing; }", SOUND], ["a.md:5: ", "nothing"], ["a.md:2: ", "a.md:8: "]),
    ("a fragment is at fault", [SOUND, "// fragment\nnothing();", SOUND], ["a.md:5: ", "nothing"], ["a.md:2: ", "a.md:9: "]),
    ("only one, and at fault", ["int g() { return nothing; }"], ["a.md:2: "], []),
    ("only together", [SOUND, "int g();\nint h() { return ::g(); }"], ["compile one by one, but not in namespaces of one source"], []),
    ("prints something else", [SOUND, '#include <cstdio>\n// prints: 2\nint main() { std::puts("3"); }', SOUND], ["a.md:5: "], ["does not compile"]),
    ("two programs", [saying("1", "1"), SOUND, saying("2", "2")], [], []),
    ("the second prints something else", [saying("1", "1"), SOUND, saying("2", "3")], ["a.md:13: "], ["does not compile", "a.md:2: "]),
    ("the first ends with an error", [saying("1", "1").replace(";\n}", ";\n  return 3;\n}"), saying("2", "2")], ["a.md:2: it ended with 3"], ["a.md:11: "]),
    ("takes what another includes", [f"{UMBRELLA}#include <cstdio>\nint a() {{ return std::puts(\"\"); }}", f"{UMBRELLA}int b() {{ return std::puts(\"\"); }}"],
     ["a.md:7: ", "puts"], ["a.md:2: "]),
    ("each includes what the other does not", [f"{UMBRELLA}#include <cstdio>\nint a() {{ return std::puts(\"\"); }}\nstd::stack<int> s;",
                                               f"{UMBRELLA}#include <stack>\nstd::stack<int> b;"], ["a.md:2: ", "stack"], ["a.md:9: "]),
    ("includes itself and forgets the alias", [SOUND, f"{UMBRELLA}constexpr auto a = fg::relu;"], ["a.md:5: ", "fg"], ["a.md:2: "]),
    ("the alias is another's", ["constexpr auto a = fg::relu;", f"{UMBRELLA}namespace fg = fusegrad;\nconstexpr auto a = fg::relu;", SOUND], [], []),
    ("each program has a folder of its own", [LEAVES_A_FILE, LEAVES_A_FILE], [], []),
    ("includes nothing", [SOUND, '#include <cstdio>\n// fragment\nfg::x();'], ["a.md:5: ", "does not compile"], ["a.md:2: "]),
]


# Documents a.md, b.md and so on, with what is asked about them, what is to be said, and what not.
SEVERAL = [
    ("all are sound", [[SOUND], [SOUND, saying("1", "1")], [saying("2", "2")]], [], [], []),
    ("the second has a fault", [[SOUND, SOUND], [SOUND, "int g() { return nothing; }"], [SOUND]], [], ["b.md:5: ", "nothing"], ["a.md:", "c.md:", "b.md:2:"]),
    ("a program of the second prints something else", [[saying("1", "1")], [saying("2", "3")]], [], ["b.md:2: "], ["does not compile", "a.md:"]),
    ("one takes what another brings", [[f"{UMBRELLA}#include <stack>\nstd::stack<int> a;"], [f"{UMBRELLA}std::stack<int> b;"]], [], ["b.md:2: ", "stack"], ["a.md:"]),
    ("a program of those asked for is at fault", [[SOUND], [saying("2", "3")]], ["--programs"], ["b.md:2: "], ["does not compile"]),
    ("programs are not asked for", [[SOUND], [saying("2", "3")]], ["--rest"], [], []),
    ("of the rest one is at fault", [[SOUND, "int g() { return nothing; }"], [saying("2", "2")]], ["--rest"], ["a.md:5: "], ["b.md:"]),
    ("only programs are asked for", [[SOUND, "int g() { return nothing; }"], [saying("2", "2")]], ["--programs"], [], []),
]


def run(written: list[list[str]], asked: list[str], compiler: str) -> tuple[bool, str]:
    with tempfile.TemporaryDirectory() as folder:
        umbrella = Path(folder, "include/fusegrad/fusegrad.hpp")
        umbrella.parent.mkdir(parents=True)
        umbrella.write_text("#pragma once\nnamespace fusegrad {\ninline constexpr int relu = 0;\n}\n")
        documents = [f"{letter}.md" for letter, _ in zip("abc", written)]
        for document, blocks in zip(documents, written):
            Path(folder, document).write_text("".join(f"```cpp\n{block}\n```\n" for block in blocks))
        command = [sys.executable, "-B", str(Path(__file__).with_name("snippets.py")), *asked, folder, compiler, "-I", "include", "--", *documents]
        result = subprocess.run(command, cwd=folder, text=True, capture_output=True)
    return result.returncode == 0, result.stdout + result.stderr


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    failed = 0
    cases = [(name, [blocks], [], expected, unexpected) for name, blocks, expected, unexpected in CASES] + SEVERAL
    for name, written, asked, expected, unexpected in cases:
        passed, said = run(written, asked, sys.argv[1])
        wrong = passed != (not expected) or not all(words in said for words in expected)
        if wrong or any(words in said for words in unexpected):
            failed += 1
            print(f"{name}: {said}")
    print(f"{len(cases) - failed} of {len(cases)} are judged as they should be")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
