# SPDX-License-Identifier: MIT
"""scripts/bench from its first line to its last, for one small case, where most peers are unusable, each in another way; the page must name
each with its reason, and must show those that are there. Nothing is installed, and the network is not needed.

usage: whole.py ROOT WORKER REFERENCE FOLDER [PYTHON]"""

import html
import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

ROOT, WORKER, REFERENCE, FOLDER = map(Path, sys.argv[1:5])
# One that may have PyTorch.
PYTHON = sys.argv[5] if len(sys.argv) > 5 and sys.argv[5] else sys.executable
TWIN = shlex.join([sys.executable, "-B", str(Path(__file__).with_name("twin.py")), str(REFERENCE)])

NO_PACKAGE = 'message(FATAL_ERROR "this package needs what nobody installs")'
NO_HEADER = "#error this library is not for this compiler\n"
NO_MODULE = 'raise ImportError("this module is for another machine")\n'


def write(file: Path, text: str):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def unusable() -> dict[str, str]:
    """Breaks four peers for whoever runs in the environment that is returned."""
    broken, modules = FOLDER / "broken", FOLDER / "modules"
    write(broken / "lib/cmake/dlib/dlibConfig.cmake", NO_PACKAGE)
    write(broken / "include/eigen3/Eigen/Dense", NO_HEADER)
    write(
        broken / "lib/cmake/Eigen3/Eigen3ConfigVersion.cmake",
        "set(PACKAGE_VERSION 3.4)\nset(PACKAGE_VERSION_COMPATIBLE TRUE)\n",
    )
    write(
        broken / "lib/cmake/Eigen3/Eigen3Config.cmake",
        f"add_library(Eigen3::Eigen INTERFACE IMPORTED)\n"
        f'target_include_directories(Eigen3::Eigen INTERFACE "{broken}/include/eigen3")\n',
    )
    for module in ("jax", "onnxruntime"):
        write(modules / f"{module}.py", NO_MODULE)
    return {"CMAKE_PREFIX_PATH": str(broken), "PYTHONPATH": str(modules), "OPENBLAS_CORETYPE": "Prescott"}


def bench() -> tuple[subprocess.CompletedProcess, list[dict], str]:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    systems = "eigen,dlib,jax,onnxruntime,pytorch"
    peers = {"twin": TWIN, "liar": f"{TWIN} --wrong A", "dying": f"{TWIN} --dies"}
    command = [
        str(ROOT / "scripts/bench"),
        "--no-install",
        "--build",
        str(FOLDER / "build"),
        "--programs",
        shlex.quote(str(WORKER)),
        shlex.quote(str(REFERENCE)),
        "--cases",
        "A",
        "--threads",
        "1",
        "--rounds",
        "3",
        "--seconds",
        "0.005",
        "--systems",
        systems,
        "--jobs",
        "1",
    ]
    for name, its in peers.items():
        command += ["--peer", f"{name}={its}"]
    done = subprocess.run(
        command, capture_output=True, text=True, env=os.environ | unusable() | {"FUSEGRAD_PYTHON": PYTHON}
    )
    assert done.returncode == 0, f"status {done.returncode}\n{done.stdout}\n{done.stderr}"
    return (
        done,
        json.loads((FOLDER / "build/results.json").read_text()),
        html.unescape((FOLDER / "build/benchmarks.html").read_text()),
    )


def misspelt_options_are_refused_first():
    for options, words in (
        (["--systems", "eigne"], "--systems: there is no eigne; there are libtorch"),
        (["--cases", "A,Z"], "--cases: there is no Z; there are width depth A B"),
        (["--threads", "1,0"], "--threads: 1,0 is no positive number"),
        (["--rounds", "x"], "--rounds: x is no positive number"),
        (["--seconds", "0.0"], "--seconds: 0.0 is no positive number"),
        (["--swift"], "unknown argument: --swift"),
        (["--quick", "--all"], "--quick or --all, not both"),
        (["--images", "--all"], "--all is not for --images"),
    ):
        build = FOLDER / "never"
        done = subprocess.run(
            [str(ROOT / "scripts/bench"), "--no-install", "--build", str(build), *options], capture_output=True, text=True
        )
        assert done.returncode == 1 and done.stderr.startswith(words), f"{options}: {done.returncode}, {done.stderr}"
        assert not build.exists(), f"{options}: something was done before they were refused"


def main():
    misspelt_options_are_refused_first()
    done, records, page = bench()
    reasons = {
        "dlib": "it cannot be configured: this package needs what nobody installs",
        "eigen": "it cannot be built: Dense:1:2: error: #error this library is not for this compiler",
        "jax": "it cannot be imported: ImportError: this module is for another machine",
        "onnxruntime": "it cannot be imported: ImportError: this module is for another machine",
        "dying": "it died 3 times; it ended with SIGABRT at 'time A train 32 0.0050'; twin: out of luck",
    }
    for peer, reason in reasons.items():
        line = f"{peer} is left out: {reason}"
        assert line in done.stderr.splitlines() and line in done.stdout.splitlines(), (
            f"{line!r} is not said:\n{done.stderr}\n{done.stdout}"
        )
        assert f"<li>{peer}: {reason} (all)</li>" in page, f"the page does not say why {peer} is left out"
        assert not any(r["kind"] == "time" and r["system"] == peer for r in records)
    there = {r["system"] for r in records if r["kind"] == "time"}
    assert {"fusegrad", "twin", "liar"} <= there, there
    assert ("pytorch" in there) != any(
        line.startswith("pytorch is left out: it cannot be imported: ") for line in done.stderr.splitlines()
    ), there
    cells = {(r["phase"], r["batch"]) for r in records if r["kind"] == "time" and r["system"] == "twin"}
    assert cells == {(p, b) for p in ("train", "infer") for b in (1, 32, 256)}, cells
    assert not any(r["kind"] == "time" and r["system"] == "liar" and r["phase"] == "train" for r in records), (
        "who computes something else is not timed"
    )
    for words in (
        "A train, batch 32, 1 thread(s): liar, gradient of the weights of layer 0",
        "OPENBLAS_CORETYPE=Prescott",
        "Kernels of twin</dt><dd>plain loops",
        "smallest</th><th>median</th><th>spread",
        "threads: 1",
    ):
        assert words in page, f"the page does not say {words!r}"
    for words in ("smallest", "beside twin, fusegrad is "):
        assert words in done.stdout, f"the terminal does not show {words!r}:\n{done.stdout}"
    print("left out:", ", ".join(reasons), "; there:", ", ".join(sorted(there)))


if __name__ == "__main__":
    main()
