# SPDX-License-Identifier: MIT
"""The cookbook's run beside PyTorch: its Python prints what its C++, which tests/structure runs, says that it prints."""
import contextlib
import io
import os
import re
from pathlib import Path

from support.exchange import Comparison


def main():
    document = (Path(os.environ["FUSEGRAD_SOURCE_DIR"]) / "docs" / "cookbook.md").read_text()
    section = document[document.index("## A run side by side with PyTorch"):]
    ours, theirs = (re.search(f"```{language}\n(.*?)```", section, re.S).group(1) for language in ("cpp", "python"))
    said = re.findall(r"// prints: (.+)", ours)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(theirs, {})
    lines = printed.getvalue().splitlines()
    comparison = Comparison()
    comparison.report("lines", "five in both", len(said) == len(lines) == 5)
    for wanted, line in zip(said, lines):
        (step, loss), (of_step, of_loss) = wanted.split(), line.split()
        comparison.report(f"step {step}", f"{loss} and {of_loss}", step == of_step and abs(float(loss) - float(of_loss)) < 2e-5)
    comparison.close()


main()
