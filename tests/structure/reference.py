#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that docs/reference.md lists every name that the headers declare for users, with what its comment says first; or writes it.

Public is what `fusegrad` and the namespaces below it that users write declare; all else is a matter of the library. A name without a
comment is a fault.

usage: reference.py REPOSITORY [--write]
"""
import re
import sys
from collections import defaultdict
from pathlib import Path

PUBLIC = ["fusegrad", "fusegrad::data", "fusegrad::init", "fusegrad::inspect", "fusegrad::io", "fusegrad::schedule"]
SPACE = re.compile(r"^(?:inline )?namespace ?([\w: ]*?) ?\{")
END_OF_SPACE = re.compile(r"^\} // namespace")
DECLARATIONS = [
    re.compile(r"(?:class|struct|enum class) (?:\[\[\w+\]\] )?(\w+)\b(?!\s*<)(?!;)"),
    re.compile(r"concept (\w+)"),
    re.compile(r"using (\w+) ="),
    re.compile(r"inline constexpr [\w:<>, ]+?[ &](\w+)\b(?: =|\{|;)"),
    re.compile(r"(?:\[\[[\w, ]+\]\] )?(?:(?:constexpr|inline|consteval) )*[\w:<>,&* ]+[ &*](\w+)\("),
]
BROUGHT = re.compile(r"using (?:\w+::)+(\w+);")  # from elsewhere: listed where it has a comment
ERROR = re.compile(r"struct (\w+) \{\s*static_assert\(\s*fits<")
NO_NAMES = {"if", "for", "while", "switch", "return", "static_assert", "requires", "operator", "sizeof", "decltype", "noexcept"}
PAGE = "docs/reference.md"
HEAD = """# Every name

What the headers declare for users, with the first words of its comment; the header says the rest. Written by `tests/structure/reference.py . --write`.
"""


def without_template_head(line: str) -> str:
    """What a line declares, behind `template <...>` on the same line."""
    if not line.startswith("template <"):
        return line
    depth = 0
    for place, character in enumerate(line):
        depth += {"<": 1, ">": -1}.get(character, 0)
        if character == ">" and depth == 0:
            return line[place + 1 :].strip()
    return ""


def first_sentence(comment: list[str]) -> str:
    text = " ".join(comment)
    end = re.search(r"[.:] (?=[A-Z`])|\.$", text)
    return (text[: end.start()] if end else text).replace("|", "\\|").strip()


def declared(header: Path) -> list[tuple[str, str, str]]:
    """Namespace, name and first sentence of what a header declares for users; of overloads the first."""
    spaces: list[str] = []
    comment: list[str] = []
    is_used = False
    found: dict[tuple[str, str], str] = {}
    content = header.read_text(encoding="utf-8")
    errors = set(ERROR.findall(content))
    for line in content.splitlines():
        if opened := SPACE.match(line):
            spaces.append("::".join(part for part in opened.group(1).split("::") if not part.startswith("inline ") and part != "FUSEGRAD_ABI"))
            comment = []
        elif END_OF_SPACE.match(line):
            spaces.pop()
        elif line.startswith("///"):  # also of what stands directly below what it is about
            comment = [*([] if is_used else comment), line[3:].strip()]
            is_used = False
        elif not line:
            comment = []
        elif (here := "::".join(space for space in spaces if space)) in PUBLIC and line[0] not in " }#/":
            words = without_template_head(line)
            declarations = [*DECLARATIONS, BROUGHT] if comment else DECLARATIONS
            name = next((m.group(1) for d in declarations if (m := d.match(words))), None)
            if name is None or name in NO_NAMES or name in errors:
                continue
            if comment or (here, name) not in found:
                found.setdefault((here, name), "")
                found[here, name] = found[here, name] or first_sentence(comment)
            is_used = True
    return [(here, name, words) for (here, name), words in found.items()]


def collect(root: Path) -> tuple[dict[str, dict[str, tuple[str, str]]], list[str]]:
    names: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for header in sorted((root / "include").rglob("*.hpp")):
        for here, name, words in declared(header):
            known = names[here].get(name)
            if known is None or (not known[1] and words):
                names[here][name] = (str(header.relative_to(root / "include")), words)
    silent = [f"include/{header}: {here}::{name} has no comment" for here in names for name, (header, words) in names[here].items() if not words]
    return names, silent


def page(names: dict[str, dict[str, tuple[str, str]]]) -> str:
    text = HEAD
    for here in PUBLIC:
        if not names.get(here):
            continue
        text += f"\n## `{here}`\n\n| name | | header |\n|-|-|-|\n"
        for name in sorted(names[here], key=str.lower):
            header, words = names[here][name]
            text += f"| `{name}` | {words} | `{header.removeprefix('fusegrad/')}` |\n"
    return text


def main() -> int:
    if len(sys.argv) not in (2, 3) or sys.argv[2:] not in ([], ["--write"]):
        print(__doc__, file=sys.stderr)
        return 2
    root = Path(sys.argv[1])
    names, silent = collect(root)
    wanted, where = page(names), root / PAGE
    if sys.argv[2:]:
        where.write_text(wanted, encoding="utf-8")
    elif not where.exists() or where.read_text(encoding="utf-8") != wanted:
        silent.append(f"{PAGE} is not what the headers say: run tests/structure/reference.py . --write")
    print("\n".join(silent) or f"{PAGE} lists {sum(len(n) for n in names.values())} names")
    return 1 if silent else 0


if __name__ == "__main__":
    sys.exit(main())
