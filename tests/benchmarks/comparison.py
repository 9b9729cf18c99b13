# SPDX-License-Identifier: MIT
"""The driver of the comparison, run for two cases: what agrees is timed, what differs is an error, and what is written is well formed.

usage: comparison.py DRIVER WORKER REFERENCE FOLDER"""
import json
import os
import re
import shlex
import subprocess
import sys
import types
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

DRIVER, WORKER, REFERENCE, FOLDER = sys.argv[1:]
sys.path.insert(1, str(Path(DRIVER).parent))
import environment  # noqa: E402  they lie beside the driver
import verdicts  # noqa: E402

TWIN = Path(__file__).with_name("twin.py")
VOID = {"meta", "input", "br", "link", "img"}


class Balanced(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attributes):
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attributes:
            assert name not in ("src", "href"), f"the page needs {value}"

    def handle_startendtag(self, tag, attributes):
        pass

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-1:]}"
        self.open.pop()


def twin(*more: str) -> str:
    return shlex.join([sys.executable, "-B", str(TWIN), REFERENCE, *more])


def run(name: str, *peers: str, ours: str = shlex.quote(WORKER)):
    output = Path(FOLDER, name)
    command = [sys.executable, "-B", DRIVER, "--build", FOLDER, "--output", str(output), "--fusegrad", f"fusegrad={ours}",
               "--reference", f"reference={shlex.quote(REFERENCE)}", "--cases", "A,C", "--threads", "1", "--rounds", "3", "--seconds", "0.002",
               "--systems", "none"]
    for peer in peers:
        command += ["--peer", peer]
    done = subprocess.run(command, capture_output=True, text=True)
    records = json.loads((output / "results.json").read_text()) if (output / "results.json").exists() else []
    return done, records, output


def check_page(file: Path):
    page = file.read_text()
    parser = Balanced()
    parser.feed(page)
    assert not parser.open, f"never closed: {parser.open}"
    plots = re.findall(r"<svg.*?</svg>", page, re.S)
    assert plots, "the page has no plot"
    for plot in plots:
        ElementTree.fromstring(plot)
        assert "nan" not in plot and "inf" not in plot, "a plot has a number that is none"


def timed(records, system):
    return {(r["case"], r["phase"], r["batch"]) for r in records if r["kind"] == "time" and r["system"] == system}


def honest():
    done, records, output = run("honest", f"twin={twin()}")
    assert done.returncode == 0, done.stderr
    cells = {("A", p, b) for p in ("train", "infer") for b in (1, 32, 256)}
    every_cell = cells | {("C", p, 64) for p in ("train", "infer")}
    assert timed(records, "fusegrad") == every_cell, timed(records, "fusegrad")
    assert timed(records, "twin") == cells, timed(records, "twin")
    assert len([r for r in records if r["kind"] == "agreement"]) == len(every_cell)
    assert any(r["kind"] == "skipped" and r["system"] == "twin" and r["reason"] == "it times A alone" for r in records)
    for r in records:
        if r["kind"] == "time":
            missing = {"case", "phase", "threads", "batch", "system", "version", "median_us", "spread", "min_us", "max_us", "flops", "gflops", "ratio"} - set(r)
            assert not missing, missing
            assert r["median_us"] > 0 and r["flops"] > 0 and r["percent_of_peak"] > 0
            assert r["min_us"] == min(r["rounds_us"]) and len(r["rounds_us"]) == 3
    assert {r["verdict"] for r in records if r["kind"] == "time" and r["system"] == "twin"} <= {"ahead", "level", "behind", "undecided"}
    # The twin says it takes 1.5 us: no case of 256 samples is as fast, and no inference of one sample as slow.
    verdict = {(r["phase"], r["batch"]): r["verdict"] for r in records if r["kind"] == "time" and r["system"] == "twin"}
    assert verdict["infer", 1] == "ahead" and verdict["train", 256] == "behind", verdict
    assert {r["system"] for r in records if r["kind"] == "startup"} == {"fusegrad", "twin"}
    assert records[0]["kind"] == "machine" and records[0]["cpu"]
    check_page(output / "benchmarks.html")
    assert "| A 2-16-16-1 | train | 32 | 1 |" in (output / "benchmarks.md").read_text()


def a_liar_is_found():
    done, records, output = run("liar", f"twin={twin()}", f"liar={twin('--wrong', 'A')}")
    assert done.returncode == 0, f"a peer's mistake is none of the run: status {done.returncode}\n{done.stderr}"
    assert re.search(r"MISMATCH: case A, batch 32, 1 thread\(s\): liar and fusegrad differ in the gradient of the weights of layer 0 by \d", done.stderr), done.stderr
    assert timed(records, "liar") == {("A", "infer", b) for b in (1, 32, 256)}, timed(records, "liar")
    assert timed(records, "twin"), "one that agrees is timed all the same"
    check_page(output / "benchmarks.html")
    assert "liar, gradient of the weights of layer 0" in (output / "benchmarks.html").read_text()


def one_that_dies_is_left_out():
    done, records, output = run("dead", "dead=false", f"dying={twin('--dies')}")
    assert done.returncode == 0, done.stderr
    assert any(r["kind"] == "skipped" and r["system"] == "dead" and r["case"] == "all" for r in records)
    assert timed(records, "fusegrad") and not timed(records, "dying")
    reasons = [r["reason"] for r in records if r["kind"] == "skipped" and r["system"] == "dying" and r["case"] == "all"]
    assert reasons == ["it died 3 times; it ended with SIGABRT at 'time A train 32 0.0020'; twin: out of luck"], reasons
    page = (output / "benchmarks.html").read_text()
    assert "dead: it ended with status 1 at &#x27;start&#x27;" in page and "dying: it died 3 times; it ended with SIGABRT" in page


def our_own_failure_ends_in_status_one():
    done, records, _ = run("ours", ours=twin("--wrong", "A"))
    assert done.returncode == 1, f"status {done.returncode}\n{done.stderr}"
    assert "MISMATCH: case A, batch 32, 1 thread(s): reference and fusegrad differ" in done.stderr, done.stderr
    assert ("A", "train", 32) not in timed(records, "fusegrad")
    done, records, _ = run("ours_dies", ours=twin("--dies"))
    assert done.returncode == 1 and "fusegrad itself failed:" in done.stderr, f"status {done.returncode}\n{done.stderr}"


def steering_variables_are_kept_from_workers():
    """What the machine sets is told, and the workers do not see it."""
    os.environ["OPENBLAS_CORETYPE"], os.environ["TORCHINDUCTOR_CACHE_DIR"] = "Prescott", FOLDER
    seen = environment.of_worker(3)
    assert "OPENBLAS_CORETYPE" not in seen and seen["TORCHINDUCTOR_CACHE_DIR"] == FOLDER and seen["OMP_NUM_THREADS"] == "3" and seen["PATH"]
    assert environment.left_out()["OPENBLAS_CORETYPE"] == "Prescott"
    _, records, output = run("environment", f"twin={twin('--needs-no', 'OPENBLAS_CORETYPE')}")
    del os.environ["OPENBLAS_CORETYPE"], os.environ["TORCHINDUCTOR_CACHE_DIR"]
    assert timed(records, "twin") and records[0]["left_out_of_environment"]["OPENBLAS_CORETYPE"] == "Prescott"
    assert "OPENBLAS_CORETYPE=Prescott" in (output / "benchmarks.html").read_text()


def several_steps_in_a_call_are_all_counted():
    """A peer whose call does eight steps took eight times as long as it does where less than eight fitted into the time."""
    sys.path.insert(1, str(Path(DRIVER).parents[1] / "peers"))
    sys.modules.setdefault("numpy", types.ModuleType("numpy"))  # of which this uses nothing
    import common

    class Eight(common.Session):
        steps, now = 8, 0.0

        def repeat(self, count):
            self.now += -(-count // 8) * 8 * 1e-3

    session = Eight()
    common.time = types.SimpleNamespace(perf_counter=lambda: session.now)
    for seconds in (0.002, 0.1, 0.3, 2):
        took, iterations = common.measure(session, seconds)
        assert abs(took - 1000) < 1 and iterations % 8 == 0, (seconds, took, iterations)


def rounds_must_agree():
    for ratios, expected in (([3, 2, 1.5], "ahead"), ([0.5, 0.6, 0.9], "behind"), ([1.01, 0.99, 1], "level"), ([3, 2, 0.9], "undecided"),
                             ([1.05, 1.05, 1.01], "undecided"), ([3, 3], "undecided"), ([1.5, 1.5, 0.8, 1.5, 1.5], "ahead"),
                             ([1.5, 1.5, 0.8, 1.5, 0.9], "undecided"), ([1.5, 1.5, 1.5, 0.8], "undecided"), ([1.03] * 8 + [0.9] * 2, "ahead")):
        assert verdicts.of_rounds(ratios) == expected, (ratios, verdicts.of_rounds(ratios))


for check in (rounds_must_agree, several_steps_in_a_call_are_all_counted, honest, a_liar_is_found, one_that_dies_is_left_out, our_own_failure_ends_in_status_one,
              steering_variables_are_kept_from_workers):
    check()
    print(check.__name__, "passed")
