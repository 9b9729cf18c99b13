#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Shows that every rule of structure.py can fail: a wrong file in a small house must be found."""
import sys
import tempfile
from pathlib import Path

import structure

LICENCE = "// SPDX-License-Identifier: MIT\n"
HEADER = LICENCE + "#pragma once\n"
CONFIGURED = HEADER + "#include <fusegrad/base/config.hpp>\n"
ABI = "namespace fusegrad::math::inline FUSEGRAD_ABI {\n} // namespace fusegrad::math::inline FUSEGRAD_ABI\n"
SOUND = {
    "include/fusegrad/base/config.hpp": HEADER,
    "include/fusegrad/fusegrad.hpp": HEADER + "#include <fusegrad/io/file.hpp>\n",
    "include/fusegrad/base/hana.hpp": CONFIGURED + "#include <boost/hana/tuple.hpp>\n",
    "include/fusegrad/math/vector.hpp": HEADER + "#include <fusegrad/base/hana.hpp>\n" + ABI.replace("{\n", "{\nFUSEGRAD_INLINE int f();\n"),
    "include/fusegrad/model/inference.hpp": CONFIGURED + "inline namespace FUSEGRAD_ABI {\nFUSEGRAD_INLINE int f();\n} // namespace FUSEGRAD_ABI\n",
    "include/fusegrad/run/team.hpp": CONFIGURED + "#include <omp.h>\n#pragma omp parallel\n",
    "include/fusegrad/io/file.hpp": CONFIGURED,
    "tests/unit/math/vector.cpp": LICENCE + "#include <fusegrad/math/vector.hpp>\n",
    "scripts/test": "#!/usr/bin/env bash\n# SPDX-License-Identifier: MIT\n",
}
WRONG = [
    ("base may not include math", "include/fusegrad/base/a.hpp", HEADER + "#include <fusegrad/math/vector.hpp>\n"),
    ("base may not include io", "include/fusegrad/base/a.hpp", HEADER + "#  include \"fusegrad/io/file.hpp\"\n"),
    ("not in one of the folders", "include/fusegrad/misc/a.hpp", HEADER),
    ("not in one of the folders", "include/fusegrad/a.hpp", HEADER),
    ("touches Boost", "include/fusegrad/math/a.hpp", HEADER + "#include <boost/hana/map.hpp>\n"),
    ("OpenMP is touched in more than one", "src/a.cpp", LICENCE + "#pragma omp parallel\n"),
    ("src/a.cpp: touches OpenMP's runtime; only", "src/a.cpp", LICENCE + "#include <omp.h>\n"),
    ("lines, 400 are allowed", "include/fusegrad/math/a.hpp", HEADER + "\n" * 400),
    ("no #pragma once", "include/fusegrad/math/a.hpp", LICENCE),
    ("defines a macro", "include/fusegrad/math/a.hpp", HEADER + "#define A 1\n"),
    ("has to include <fusegrad/base/config.hpp>", "include/fusegrad/math/a.hpp", HEADER),
    ("includes in quotes", "include/fusegrad/math/a.hpp", HEADER + "#include \"vector.hpp\"\n"),
    ("121 columns, 120 are allowed", "src/a.cpp", LICENCE + "int " + "a" * 116 + ";\n"),
    ("2: FUSEGRAD_INLINE outside", "include/fusegrad/math/a.hpp", HEADER.replace("\n#", "\nFUSEGRAD_INLINE int f();\n#")),
    ("6: FUSEGRAD_INLINE outside", "include/fusegrad/math/a.hpp", CONFIGURED + ABI + "FUSEGRAD_INLINE int f();\n"),
    ("asks for the kind", "include/fusegrad/plan/a.hpp", CONFIGURED + "bool b = op.what == graph::kind::split;\n"),
    ("asks for the kind", "include/fusegrad/graph/a.hpp", CONFIGURED + "case kind::split: break;\n"),
    ("the first line is not", "src/a.cpp", "\n" + LICENCE),
    ("the first line is not", "scripts/demo", "#!/usr/bin/env bash\n"),
    ("there is no include/", "tests/unit/math/a.cpp", LICENCE),
    ("the first include is not", "tests/unit/math/vector.cpp", LICENCE + "#include <vector>\n"),
]


def house(folder: str, files: dict[str, str]) -> Path:
    root = Path(folder)
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, encoding="utf-8")
    return root


def main() -> int:
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        faults += [f"a sound house is refused: {found}" for found in structure.violations(house(folder, SOUND))]
    for expected, name, content in WRONG:
        with tempfile.TemporaryDirectory() as folder:
            found = structure.violations(house(folder, SOUND | {name: content}))
            if not any(expected in violation for violation in found):
                faults.append(f"{name}: expected '{expected}', found {found}")
    print("\n".join(faults) or f"{len(WRONG)} wrong houses are refused")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
