# SPDX-License-Identifier: MIT
"""What save_onnx writes passes the checker and computes in onnxruntime what inference does; skipped where either package is missing."""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import torch

from support import tensors
from support.exchange import Comparison

SKIPPED = 77
TOLERANCE = 1e-5


def main():
    try:
        import onnx
        import onnxruntime
    except ModuleNotFoundError as missing:
        print(f"skipped: {missing.name} is not installed for {sys.executable}")
        sys.exit(SKIPPED)
    onnxruntime.set_default_logger_severity(3)
    comparison = Comparison()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run([Path(os.environ.get("FUSEGRAD_PARITY_PROGRAMS", ""), "travel"), folder], check=True)
        results = tensors.read(folder / "results.safetensors")
        for file in sorted(folder.glob("*.onnx")):
            model = onnx.load(file)
            onnx.checker.check_model(model, full_check=True)
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
            rows, given, at = results[f"{file.stem}.inputs"], {}, 0
            for put in session.get_inputs():
                shape = put.shape[1:]
                size = int(torch.tensor(shape).prod())
                given[put.name] = rows[:, at:at + size].reshape(-1, *shape).numpy()
                at += size
            made = [torch.from_numpy(output).reshape(len(rows), -1) for output in session.run(None, given)]
            comparison.check(file.stem, torch.cat(made, 1).reshape(-1).double(), results[f"{file.stem}.outputs"], TOLERANCE)
            operators = sorted({node.op_type for node in model.graph.node})
            print("       " + " ".join(operators))
    comparison.close()


main()
