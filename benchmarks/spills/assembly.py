# SPDX-License-Identifier: MIT
"""Finds, in the assembly of GCC or Clang, the innermost loops that add products up, and what they move to and from the stack."""

import re
from collections import namedtuple

Function = namedtuple("Function", "name lines calls")
Loop = namedtuple("Loop", "label instructions accumulators spills")

LABEL = re.compile(r"^([.\w$]+):")
CALL = re.compile(r"^\s+(?:callq?|jmp|bl|b)\s+([\w$]+)")
JUMP = re.compile(r"^\s+(?:j\w+|b|b\.?\w+|cbn?z|tbn?z)\s+(?:.*,\s*)?(\.\w+)\s*$")


class X86:
    """AT&T syntax: the destination comes last."""

    register = re.compile(r"%[xyz]mm(\d+)")
    stack = re.compile(r"(?<![\w%])-?(?:0x[0-9a-f]+|\d+)?\(%(?:rsp|rbp)\)")
    product_added = re.compile(r"vfn?m(?:add|sub)\d+p[sd]$")
    sum_of_two = re.compile(r"v?addp[sd]$")
    load = re.compile(r"v?mov\w+$")

    @classmethod
    def keeps_frame(cls, lines):
        return any(re.match(r"\s+movq?\s+%rsp,\s*%rbp", line) for line in lines)

    @classmethod
    def destination(cls, operands):
        found = cls.register.search(operands.split(",")[-1])
        return found.group(1) if found else None

    @classmethod
    def adds_to(cls, operation, operands):
        """The register that this instruction adds to itself, or None."""
        to = cls.destination(operands)
        if to is None:
            return None
        if cls.product_added.match(operation):
            return to if "231" in operation else None
        if not cls.sum_of_two.match(operation):
            return None
        sources = cls.register.findall(operands.rsplit(",", 1)[0])
        return to if operation.startswith("add") or to in sources else None

    @classmethod
    def on_stack(cls, operands, frame):
        found = cls.stack.search(operands)
        return bool(found and cls.register.search(operands) and (frame or "%rbp" not in found.group()))


class Arm64:
    """The destination comes first."""

    register = re.compile(r"\b[vq](\d+)\b")
    stack = re.compile(r"\[(?:sp|x29)(?:,\s*#?-?\d+)?\]")
    load = re.compile(r"ld[pru]+$")

    @classmethod
    def keeps_frame(cls, lines):
        return True

    @classmethod
    def destination(cls, operands):
        found = cls.register.match(operands)
        return found.group(1) if found else None

    @classmethod
    def adds_to(cls, operation, operands):
        return cls.destination(operands) if operation in ("fmla", "fmls") else None

    @classmethod
    def on_stack(cls, operands, frame):
        return bool(cls.stack.search(operands) and cls.register.search(operands))


def functions(text):
    """All functions of a file, with whom they call."""
    current, found = None, []
    for line in text.splitlines():
        label = LABEL.match(line)
        if label and not label.group(1).startswith("."):
            current = Function(label.group(1), [], set())
            found.append(current)
        elif current is not None:
            current.lines.append(line)
            call = CALL.match(line)
            if call:
                current.calls.add(call.group(1))
    return found


def innermost_loops(lines):
    """Stretches from a label to a jump back to it that hold no other such stretch."""
    at, ranges = {}, []
    for i, line in enumerate(lines):
        label = LABEL.match(line)
        if label:
            at[label.group(1)] = i
        jump = JUMP.match(line)
        if jump and jump.group(1) in at:
            ranges.append((at[jump.group(1)], i))
    # Several jumps back to one label are one loop.
    last = {}
    for begin, end in ranges:
        last[begin] = max(end, last.get(begin, 0))
    for begin, end in last.items():
        if not any(begin < other and last[other] <= end for other in last):
            yield begin, end


def instructions_of(lines):
    for line in lines:
        line = line.split("#")[0].split("//")[0] if not re.search(r"\[.*#", line) else line
        parts = line.strip().split(None, 1)
        if len(parts) == 2 and not parts[0].startswith(".") and not parts[0].endswith(":"):
            yield parts[0], parts[1].strip()


def summing_loops(function, isa):
    """The innermost loops of a function that add to the same registers, or to the same places on the stack, in every round."""
    frame = isa.keeps_frame(function.lines)
    for begin, end in innermost_loops(function.lines):
        body = list(instructions_of(function.lines[begin : end + 1]))
        sums, written = set(), set()
        for operation, operands in body:
            to = isa.destination(operands)
            added = isa.adds_to(operation, operands)
            if added is not None:
                sums.add(added)
            # A sum that lives on the stack is still one.
            elif to is not None and not (isa.load.match(operation) and isa.on_stack(operands, frame)):
                written.add(to)
        sums -= written
        if sums:
            spills = [f"{operation} {operands}" for operation, operands in body if isa.on_stack(operands, frame)]
            yield Loop(LABEL.match(function.lines[begin]).group(1), len(body), len(sums), spills)


def loops_of_kernels(text, kernels, isa):
    """Pairs of a kernel and a loop: of the functions of these names, and of all that they call."""
    by_name = {f.name: f for f in functions(text)}
    for kernel in kernels:
        seen, todo = set(), [kernel]
        while todo:
            name = todo.pop()
            if name in seen or name not in by_name:
                continue
            seen.add(name)
            todo += by_name[name].calls
            for loop in summing_loops(by_name[name], isa):
                yield kernel, loop
