# SPDX-License-Identifier: MIT
"""Safetensors files without the package of that name, which not everybody has who has PyTorch."""
import json
import struct
from pathlib import Path

import torch

TYPES = {"F32": torch.float32, "F64": torch.float64, "I64": torch.int64}
NAMES = {number: name for name, number in TYPES.items()}


def read(path: Path) -> dict[str, torch.Tensor]:
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header, body = json.loads(data[8:8 + length]), bytearray(data[8 + length:])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        tensors[name] = torch.frombuffer(body[begin:end], dtype=TYPES[entry["dtype"]]).reshape(entry["shape"])
    return tensors


def write(path: Path, tensors: dict[str, torch.Tensor]):
    header, body = {}, b""
    for name, tensor in tensors.items():
        begin = len(body)
        body += tensor.detach().contiguous().numpy().tobytes()
        header[name] = {"dtype": NAMES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [begin, len(body)]}
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + body)
