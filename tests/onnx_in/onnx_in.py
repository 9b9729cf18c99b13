# SPDX-License-Identifier: MIT
"""What scripts/model_from_onnx makes of models computes what onnxruntime does, and what it cannot take is named, all of it.

usage: onnx_in.py [--all] COMPILER [FLAG...] -- LIBRARY...

Some models of the onnx package's node tests, of PyTorch's exporter and of our own writer (tests/parity/travel.cpp, in FUSEGRAD_PARITY_PROGRAMS); --all: every
node test of the operators that are taken, and all nets. Exits with 77 where the package onnx is missing; without PyTorch its nets are left out.
"""
import collections
import contextlib
import io
import os
import re
import runpy
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

SKIPPED = 77
ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPT = ROOT / "scripts" / "model_from_onnx"
sys.path.insert(0, str(ROOT / "scripts" / "lib"))

# One of each kind: windows with padding of both sorts, the way back, normalisation, an order of channels, an expression, parts and sums.
# Each with the package's module that it is in.
PICKED = {"conv_with_autopad_same": "conv", "convtranspose_dilations": "convtranspose", "averagepool_2d_pads": "averagepool", "batchnorm_epsilon": "batch_normalization",
          "layer_normalization_3d_axis1_epsilon": "layernormalization", "gelu_tanh_1": "gelu", "concat_3d_axis_1": "concat", "softmax_axis_1": "softmax"}
PICKED_NETS = ("flattened",)
PICKED_OWN = ("image",)
# Of operators that are not taken.
OWN_LEFT_OUT = ("remainders",)

# A model of ours sees one sample: what reads several at once, or has no batch to see, is no network. Nor is what trains, or has no numbers.
NO_NETWORK = re.compile(r"begin with the batch|the batch\b|of a batch|the statistics|in training|sample to sample|"
                        r"expected sizes that are numbers|no numbers|picks nothing|several samples|expected one batch|does not run|is computed where a constant is expected")


class Verdicts:
    def __init__(self):
        self.failures, self.count = 0, 0

    def report(self, name, wrong):
        self.count += 1
        self.failures += bool(wrong)
        print(f"{'FAILED' if wrong else 'ok    '} {name}{': ' + wrong if wrong else ''}", flush=True)


class Group:
    """Tests of the onnx package: those on trial, those that are refused, by reason, and how many are no networks."""

    def __init__(self, name, trial, cases, tolerance):
        from from_onnx.source import Refused
        self.name, self.tested, self.refused, self.outside = name, [], collections.defaultdict(list), 0
        for case in cases:
            try:
                self.tested.append(trial.add(case.name, case.model, case.inputs, case.outputs, tolerance(case.name)).name)
            except Refused as reasons:
                if any(NO_NETWORK.search(line) for line in reasons.lines):
                    self.outside += 1
                else:
                    self.refused[reasons.lines[0].rpartition("): ")[2]].append(case.name)

    def tell(self, wrong):
        for reason, names in self.refused.items():
            print(f"refused: {reason}: {' '.join(names)}")
        passed, refused = sum(not wrong[name] for name in self.tested), sum(map(len, self.refused.values()))
        print(f"{self.name}: {passed} of {len(self.tested) + refused} passed, {refused} refused; {self.outside} more work across samples or in training")


def groups(trial, every):
    import cases
    from from_onnx.operators import OPERATORS
    modules = () if every else PICKED.values()
    picked = [case for case in cases.cases(OPERATORS, modules) if every or case.name.removeprefix("test_") in PICKED]
    missing = set(PICKED) - {case.name.removeprefix("test_") for case in picked}
    if missing:
        sys.exit(f"not among the node tests of this onnx package: {' '.join(sorted(missing))}")
    yield Group("node tests", trial, picked, cases.tolerance)
    if every:
        yield Group("layers of PyTorch in the package", trial, cases.converted(OPERATORS), lambda _: 1e-4)


def add_nets(trial, every):
    try:
        import exported
    except ModuleNotFoundError:
        print("skipped: nets of PyTorch, which is not installed")
        return
    for name, net, *shapes in exported.nets():
        for opset in (17, 20) if every else (17,):
            if every or name in PICKED_NETS:
                trial.add(f"torch_{name}_{opset}", exported.export(net, shapes, opset))


def add_own(trial, folder, every):
    program = Path(os.environ.get("FUSEGRAD_PARITY_PROGRAMS", ""), "travel")
    if not program.is_file():
        print("skipped: models of our own, which tests/parity/travel.cpp writes")
        return
    (folder / "own").mkdir()
    subprocess.run([program, folder / "own"], check=True)
    for file in sorted((folder / "own").glob("*.onnx")):
        if (every and file.stem not in OWN_LEFT_OUT) or file.stem in PICKED_OWN:
            trial.add(f"own_{file.stem}", file)


def add_edges(trial):
    import edges
    import numpy as np
    from from_onnx import source
    random = np.random.default_rng(7)
    for name, model, reach in edges.taken():
        x = random.uniform(-reach, reach, (edges.BATCH, *(d.dim_value for d in model.graph.input[0].type.tensor_type.shape.dim[1:]))).astype(np.float32)
        trial.add(f"edge_{name}", model, [x], [source.evaluate(model, {"x": x})["y"]])


def check_edges(verdicts, folder):
    import edges
    import numpy as np
    import onnx
    from from_onnx import files, source
    for name, model, words in edges.refused():
        try:
            files.import_model(model, "edge")
            verdicts.report(f"{name} is refused", "it was taken")
        except source.Refused as refused:
            verdicts.report(f"{name} is refused", "" if any(words in line for line in refused.lines) else str(refused))
        except Exception as error:
            verdicts.report(f"{name} is refused", f"{type(error).__name__}: {error}")
    for kind, is_coarse in (("FLOAT16", True), ("BFLOAT16", True), ("FLOAT", False)):
        found = files.import_model(edges.rounded(getattr(onnx.TensorProto, kind)), "edge").source.is_coarse
        verdicts.report(f"numbers of {kind} are {'coarse' if is_coarse else 'exact'}", "" if found == is_coarse else "they are not")
    verdicts.report("integers of 16 bits are exact", "" if not source.has_16_bits(np.int16(1)) and not source.has_16_bits(np.uint16(1)) else "they are not")
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        files.import_model(edges.that_names_its_batch(), "edge")
    verdicts.report("what could not be looked at is said", "" if "runs with 3 samples alone" in said.getvalue() else said.getvalue() or "nothing was said")
    text = files.header(files.import_model(edges.with_a_bad_name(), "edge"), "a\nb.onnx")
    verdicts.report("no name ends the comment that it is in", "" if "int evil" in text and "\nint evil" not in text and "\nb.onnx" not in text else text)
    onnx.save(edges.with_a_bad_name(), folder / "short.onnx")
    for words, said in (("a word of C++", command(folder / "short.onnx")), ("a name that the files use", command(folder / "short.onnx", "--name", "fg")),
                        ("a function of C", command(folder / "short.onnx", "--name", "log")), ("what is reserved", command(folder / "short.onnx", "--name", "a__b")),
                        ("a letter beyond ASCII", command(folder / "short.onnx", "--name", "a\u00b2"))):
        verdicts.report(f"{words} is no name", "" if said.returncode == 1 and "give one by --name" in said.stderr and not (folder / "short.hpp").exists() else said.stderr or "it was taken")
    if Path("/dev/zero").exists():
        said = command_by_itself("/dev/zero")
        verdicts.report("a device is no file", "" if said.returncode == 1 and "is a device" in said.stderr else said.stderr or "it was taken")
    (folder / "a_file").write_text("")
    said = command(folder / "short.onnx", "--name", "net", "--output", folder / "a_file")
    verdicts.report("a folder that is a file is refused in words", "" if said.returncode == 1 and "a_file" in said.stderr and "Traceback" not in said.stderr else said.stderr or "it was taken")


def command(*arguments):
    """What scripts/model_from_onnx does, in this process: to start one that reads the packages takes half a second."""
    said, wrong, code = io.StringIO(), io.StringIO(), 0
    before = sys.argv, list(sys.path)
    sys.argv = [str(SCRIPT), *map(str, arguments)]
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(wrong):
        try:
            runpy.run_path(str(SCRIPT), run_name="__main__")
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
            print(end.code if isinstance(end.code, str) else "", file=wrong, end="")
        except Exception:
            code = 1
            traceback.print_exc()
    sys.argv, sys.path[:] = before
    return subprocess.CompletedProcess([SCRIPT, *arguments], code, said.getvalue(), wrong.getvalue())


def command_by_itself(*arguments):
    return subprocess.run([sys.executable, "-B", SCRIPT, *arguments], capture_output=True, text=True, timeout=60)


def check_refusals(verdicts, folder):
    """All that is not taken is said at once, and nothing is written."""
    import numpy as np
    import onnx
    from onnx import TensorProto, helper, numpy_helper
    weight = numpy_helper.from_array(np.ones((1, 3, 3), dtype=np.float32), "w")
    nodes = [helper.make_node("GRU", ["x", "w", "r"], ["y"], "remembers", hidden_size=1), helper.make_node("Relu", ["x"], ["relu"], "fine"),
             helper.make_node("Softmax", ["relu"], ["shares"], "over_samples", axis=0), helper.make_node("TopK", ["shares", "k"], ["top", "places"], "best"),
             helper.make_node("ReduceSum", ["y", "axes"], ["sum"], "total"), helper.make_node("Transpose", ["relu"], ["turned"], "turns", perm=[1, 0, 2])]
    initial = [weight, numpy_helper.from_array(np.ones((1, 3, 1), dtype=np.float32), "r"), numpy_helper.from_array(np.array([1]), "k"),
               numpy_helper.from_array(np.array([1, 2, 3]), "axes")]
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in ("top", "sum", "turned")]
    graph = helper.make_graph(nodes, "refused", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [3, 3, 3])], outputs, initial)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)]), folder / "refused.onnx")
    said = command_by_itself(folder / "refused.onnx", "--output", folder / "refused")
    lines = [line.strip() for line in said.stderr.splitlines()]
    for name, op, why in (("remembers", "GRU", "nothing here"), ("over_samples", "Softmax", "along the batch"), ("best", "TopK", "nothing here"), ("turns", "Transpose", "moves the batch")):
        named = any(line.startswith(f"{name} ({op}): ") and why in line for line in lines)
        verdicts.report(f"{op} is refused by name", "" if named else said.stderr)
    verdicts.report("what is taken is not named", "" if not any(line.startswith("fine") for line in lines) else said.stderr)
    verdicts.report("nothing is written", "" if said.returncode == 1 and not (folder / "refused").exists() else f"exit code {said.returncode}")
    (folder / "text.onnx").write_text("no model")
    for words, file in (("no model", folder / "text.onnx"), ("no file", folder / "missing.onnx")):
        said = command(file)
        fits = said.returncode == 1 and file.name in said.stderr and "Traceback" not in said.stderr
        verdicts.report(f"{words} is refused in words", "" if fits else said.stderr or "it was taken")
    bare = subprocess.run([sys.executable, "-S", "-E", "-B", SCRIPT, "x.onnx"], capture_output=True, text=True)
    fits = bare.returncode == 1 and "is not installed" in bare.stderr
    verdicts.report("a Python without the package is told so", "" if fits else bare.stderr)


def main():
    arguments = sys.argv[1:]
    every = "--all" in arguments
    while arguments[:1] == ["--all"]:
        arguments.pop(0)
    if "--" not in arguments:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        import onnx  # noqa: F401
    except ModuleNotFoundError as missing:
        print(f"skipped: {missing.name} is not installed for {sys.executable}")
        return SKIPPED
    with contextlib.suppress(ModuleNotFoundError):
        import torch.onnx  # noqa: F401
    # Not before: packages that came without their compiled modules keep them for the next. What is ours leaves nothing in the source tree.
    sys.dont_write_bytecode = True
    from trial import Trial
    at = arguments.index("--")
    verdicts = Verdicts()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        trial = Trial(folder, arguments[:at], arguments[at + 1:])
        found = list(groups(trial, every))
        add_nets(trial, every)
        add_own(trial, folder, every)
        add_edges(trial)
        wrong = trial.run()
        for model, words in wrong.items():
            verdicts.report(model, words)
        check_refusals(verdicts, folder)
        check_edges(verdicts, folder)
    for group in found:
        group.tell(wrong)
    print(f"{verdicts.count - verdicts.failures} of {verdicts.count} as expected, {trial.seconds:.0f} s of the compiler")
    return 1 if verdicts.failures or not found[0].tested else 0


if __name__ == "__main__":
    sys.exit(main())
