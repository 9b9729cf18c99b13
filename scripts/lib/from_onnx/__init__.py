# SPDX-License-Identifier: MIT
"""From a file of ONNX to a model in this library's words, its weights, and a test of both; scripts/model_from_onnx is its command."""
