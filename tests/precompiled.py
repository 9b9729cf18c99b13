# SPDX-License-Identifier: MIT
"""Precompiled headers for tests that only run a compiler's front end; precompiled.cmake makes them."""
import re
from pathlib import Path

INCLUDE = re.compile(r"^\s*#\s*include <(fusegrad/[^>]+)>", re.M)


def flags(folder: Path, compiler: str, source: str) -> list[str]:
    """Flags that bring the first header of ours that the source includes, where the folder has it, and nothing else of ours."""
    first = INCLUDE.search(source)
    header = folder / Path(compiler).name / first[1] if first else None
    return ["-include", str(header)] if header and header.exists() else []
