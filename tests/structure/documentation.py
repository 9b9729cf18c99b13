#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that docs/errors.md has one entry for each error in the headers, and none for an error that is gone; and that every file that a
document links to is there.

An error is a class template that asserts on itself: `struct name { static_assert(fits<...>, "fusegrad: ...");`.

usage: documentation.py REPOSITORY
"""
import re
import sys
from pathlib import Path

ERROR = re.compile(r"struct (\w+)(?: : \w+)? \{\s*static_assert\(\s*fits<")
ASSERTION = re.compile(r"static_assert\(\s*fits<")
WORDS = re.compile(r"static_assert\(\s*fits<[^\"]*\"fusegrad: ")
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
ENTRY = re.compile(r"^### `(\w+)`$", re.M)


def dead_links(root: Path) -> list[str]:
    documents = sorted(root.glob("*.md")) + sorted(root.glob("docs/**/*.md")) + sorted(root.glob("*/**/README.md"))
    # Code is no text: a lambda looks like a link.
    texts = {document: re.sub(r"```.*?```|`[^`\n]*`", "", document.read_text(encoding="utf-8"), flags=re.S)
             for document in documents if "build" not in document.relative_to(root).parts}
    return [f"{document.relative_to(root)}: links to {link}, which is not there" for document, text in texts.items()
            for link in LINK.findall(text) if not (document.parent / link).exists()]


def faults(root: Path) -> list[str]:
    found, defined = dead_links(root), {}
    for header in sorted((root / "include").rglob("*.hpp")):
        content, name = header.read_text(encoding="utf-8"), header.relative_to(root)
        for error in ERROR.findall(content):
            defined[error] = name
        count = len(ASSERTION.findall(content))
        if count != len(ERROR.findall(content)):
            found.append(f"{name}: static_assert(fits<...>) outside of a class template that is named for the error")
        if count != len(WORDS.findall(content)):
            found.append(f"{name}: a message that does not start with 'fusegrad: '")
    entries = ENTRY.findall((root / "docs/errors.md").read_text(encoding="utf-8"))
    found += [f"docs/errors.md: no entry for {error} ({where})" for error, where in defined.items() if error not in entries]
    found += [f"docs/errors.md: no header has the error {entry}" for entry in entries if entry not in defined]
    found += [f"docs/errors.md: {entry} has two entries" for entry in set(entries) if entries.count(entry) > 1]
    return found if defined else [*found, "include: no error was found; the pattern is out of date"]


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    found = faults(Path(sys.argv[1]))
    print("\n".join(found) or "docs/errors.md has an entry for each error, and every link leads somewhere")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
