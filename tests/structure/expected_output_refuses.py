#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Shows that expected_output.py can fail: other numbers, other words, another order and silence are found."""
import sys
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parent.parent))
import expected_output

SOURCE = """// prints: loss 0.25 +- 0.01, accuracy 1.00
int main() {}
code(); // prints: weight -1e-3 +- 1e-4
"""
CASES = [
    (True, SOURCE, "noise\nloss 0.2501, accuracy 1.00\n\n   weight   -0.00105\n"),
    (False, SOURCE, "loss 0.261, accuracy 1.00\nweight -0.001\n"),
    (False, SOURCE, "loss 0.25, accuracy 0.99\nweight -0.001\n"),
    (False, SOURCE, "loss nan, accuracy 1.00\nweight -0.001\n"),
    (False, SOURCE, "loss 0.25, accuracy 1.000\nweight -0.001\n"),
    (False, SOURCE, "weight -0.001\nloss 0.25, accuracy 1.00\n"),
    (False, SOURCE, "loss 0.25, accuracy 1.00\nweight 0.001\n"),
    (False, SOURCE, "loss 0.25, accuracy 1.00\nthe weight -0.001\n"),
    (False, SOURCE, ""),
    (False, "int main() {}\n", "anything\n"),
]


def main() -> int:
    wrong = [output for right, source, output in CASES if right != (not expected_output.faults(source, output))]
    print("\n".join(f"judged wrongly: {output!r}" for output in wrong) or f"{len(CASES)} outputs are judged rightly")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
