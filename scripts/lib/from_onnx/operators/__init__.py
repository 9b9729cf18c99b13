# SPDX-License-Identifier: MIT
"""What each operator of ONNX becomes."""
from . import elementwise, images, order, rows

OPERATORS = {**elementwise.OPERATORS, **rows.OPERATORS, **images.OPERATORS, **order.OPERATORS}
