#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes src/data/digits_table.inc from the digits.csv.gz that comes with scikit-learn.

Usage: scripts/make_digits_table.py [path to digits.csv.gz] > src/data/digits_table.inc

Without a path the file is looked for in an installed scikit-learn (Debian: python3-sklearn).
"""
import gzip
import hashlib
import importlib.util
import pathlib
import sys

CONTENTS_SHA256 = "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8"
CODE = "0123456789abcdefg"

HEAD = """\
// SPDX-License-Identifier: CC-BY-4.0
// Written by scripts/make_digits_table.py; attribution in LICENSE-digits, encoding in digits_table.hpp.
"""


def installed_file() -> pathlib.Path:
    package = importlib.util.find_spec("sklearn")
    if package is None or package.origin is None:
        sys.exit("expected a path to digits.csv.gz or an installed scikit-learn, found neither")
    return pathlib.Path(package.origin).parent / "datasets" / "data" / "digits.csv.gz"


def main() -> None:
    path = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else installed_file()
    contents = gzip.decompress(path.read_bytes())
    found = hashlib.sha256(contents).hexdigest()
    if found != CONTENTS_SHA256:
        sys.exit(f"{path}: expected contents with SHA-256 {CONTENTS_SHA256}, found {found}")
    sys.stdout.write(HEAD)
    for line in contents.decode("ascii").split():
        *pixels, label = (int(float(number)) for number in line.split(","))
        sys.stdout.write(f'"{"".join(CODE[pixel] for pixel in pixels)}{label}",\n')


if __name__ == "__main__":
    main()
