# SPDX-License-Identifier: MIT
"""Imports models, compiles many of them in one program, runs it, and compares with what onnxruntime or ONNX itself made of the same inputs."""
import re
import subprocess
import time
from pathlib import Path

import numpy as np

from from_onnx import files

HERE = Path(__file__).resolve().parent


class Trial:
    """`compiler` is a command up to the source and the libraries; `together` how many models share a program. Files that become the same words are compiled
    once, and run with the weights of each."""

    def __init__(self, folder, compiler, libraries, together=24):
        self.folder, self.compiler, self.libraries, self.together = folder, compiler, libraries, together
        self.models, self.runs, self.tolerance, self.same = {}, {}, {}, {}
        self.seconds = 0.0

    def add(self, name, model, inputs=None, outputs=None, tolerance=1e-5):
        """Throws Refused. Inputs and outputs are those of the import's own run where none are given."""
        imported = files.import_model(model, re.sub(r"\W", "_", name))
        if inputs is not None:
            self.runs[imported.name] = {**dict(zip(imported.source.inputs, inputs)), **dict(zip(imported.source.outputs, outputs))}
        self.models[imported.name], self.tolerance[imported.name] = imported, tolerance
        self.same.setdefault(re.sub(r"///.*", "", imported.text), []).append(imported.name)
        return imported

    def run(self) -> dict[str, str]:
        """What is wrong with each model; an empty text where nothing is."""
        alike = list(self.same.values())
        verdicts = {}
        for start in range(0, len(alike), self.together):
            some = self.run_some(alike[start:start + self.together])
            for name, wrong in some.items():
                if wrong:
                    print(f"FAILED {name}: {wrong}", flush=True)
            verdicts.update(some)
        return verdicts

    def run_some(self, alike) -> dict[str, str]:
        """Of several groups of models that are the same words."""
        names = [name for group in alike for name in group]
        for name in names:
            files.write(self.models[name], self.folder, f"{name}.onnx")
            self.models[name].source.runs.update(self.runs.get(name, {}))
            (self.folder / f"{name}.in").write_bytes(self.models[name].rows_in().astype("<f4").tobytes())
        ran = self.compile_and_run(alike)
        if ran is None and len(alike) > 1:
            return {name: verdict for group in alike for name, verdict in self.run_some([group]).items()}
        return {name: self.verdict(name, ran) for name in names}

    def compile_and_run(self, alike):
        """What the program said, or None if it did not compile."""
        program = self.folder / f"{alike[0][0]}_and_others"
        lines = [f'#include "{group[0]}.hpp"' for group in alike] + ['#include "run_model.hpp"', "int main(int, char** arguments) {"]
        lines += [f'  onnx_in::run_model({group[0]}::model, arguments[1], "{name}");' for group in alike for name in group] + ["}"]
        source = program.with_suffix(".cpp")
        source.write_text("\n".join(lines) + "\n")
        started = time.perf_counter()
        command = [*self.compiler, f"-I{HERE}", str(source), *self.libraries, "-o", str(program)]
        made = subprocess.run(command, capture_output=True, text=True)
        self.seconds += time.perf_counter() - started
        if made.returncode == 0:
            return subprocess.run([program, str(self.folder)], capture_output=True, text=True).stdout
        return next((line for line in made.stderr.splitlines() if "error" in line), made.stderr[:500]) if len(alike) == 1 else None

    def verdict(self, name, said) -> str:
        file = self.folder / f"{name}.out"
        if not file.exists():
            return next((line for line in said.splitlines() if line.startswith(name)), said or "it made nothing")
        wanted = self.models[name].rows_out()
        made = np.frombuffer(file.read_bytes(), dtype="<f4").reshape(wanted.shape)
        distance = np.abs(made - wanted) / np.maximum(1, np.abs(wanted))
        worst = float(np.nanmax(distance, initial=0))
        if not np.array_equal(np.isnan(made), np.isnan(wanted)):
            return "it has NaN elsewhere"
        return "" if worst <= self.tolerance[name] else f"an output is off by {worst:.2e}"
