# SPDX-License-Identifier: MIT
"""The driver of the comparison, run for two cases: what agrees is timed, what differs is an error, and what is written is well formed.

usage: comparison.py DRIVER WORKER REFERENCE FOLDER"""
import json
import re
import shlex
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

DRIVER, WORKER, REFERENCE, FOLDER = sys.argv[1:]
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


def run(name: str, *peers: str):
    output = Path(FOLDER, name)
    command = [sys.executable, "-B", DRIVER, "--build", FOLDER, "--output", str(output), "--fusegrad", f"fusegrad={shlex.quote(WORKER)}",
               "--reference", f"reference={shlex.quote(REFERENCE)}", "--cases", "A,C", "--threads", "1", "--rounds", "2", "--seconds", "0.002"]
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
    assert {r["system"] for r in records if r["kind"] == "startup"} == {"fusegrad", "twin"}
    assert records[0]["kind"] == "machine" and records[0]["cpu"]
    check_page(output / "benchmarks.html")
    assert "| A 2-16-16-1 | train | 32 | 1 |" in (output / "benchmarks.md").read_text()


def a_liar_is_found():
    done, records, output = run("liar", f"twin={twin()}", f"liar={twin('--wrong', 'A')}")
    assert done.returncode == 1, f"status {done.returncode}\n{done.stderr}"
    assert re.search(r"MISMATCH: case A, batch 32, 1 thread\(s\): liar and fusegrad differ in the gradient of the weights of layer 0 by \d", done.stderr), done.stderr
    assert timed(records, "liar") == {("A", "infer", b) for b in (1, 32, 256)}, timed(records, "liar")
    assert timed(records, "twin"), "one that agrees is timed all the same"
    check_page(output / "benchmarks.html")
    assert "liar, gradient of the weights of layer 0" in (output / "benchmarks.html").read_text()


def one_that_dies_is_left_out():
    done, records, _ = run("dead", "dead=false")
    assert done.returncode == 0, done.stderr
    assert any(r["kind"] == "skipped" and r["system"] == "dead" and r["case"] == "all" for r in records)
    assert timed(records, "fusegrad")


for check in (honest, a_liar_is_found, one_that_dies_is_left_out):
    check()
    print(check.__name__, "passed")
