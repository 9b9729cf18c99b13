# SPDX-License-Identifier: MIT
"""Times training steps as the workers of the large comparison do; imported before the system that is measured, as common.py asks."""
import json
import sys
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(1, str(Path(__file__).resolve().parent.parent / "peers"))
from common import measure, threads  # noqa: E402,F401  threads is for the workers


def report(nets) -> None:
    seconds = float(sys.argv[sys.argv.index("--seconds") + 1])
    print(json.dumps({name: measure(SimpleNamespace(repeat=repeat, steps=1), seconds)[0] for name, repeat in nets}))
