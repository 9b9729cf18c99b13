# SPDX-License-Identifier: MIT
"""The variables that a worker sees. Some machines choose kernels or threads for a library (OPENBLAS_CORETYPE makes LibTorch several times
slower than it is): a comparison is of what each library chooses itself, so such settings are left out, for all systems alike, and told."""

import os

STEERING = (
    "OPENBLAS_",
    "GOTO_",
    "GOTOBLAS_",
    "BLIS_",
    "ATLAS_",
    "MKL_",
    "NVPL_",
    "ARMPL_",
    "DNNL_",
    "ONEDNN_",
    "ATEN_",
    "TORCH_",
    "TORCHINDUCTOR_",
    "PYTORCH_",
    "XLA_",
    "JAX_",
    "TF_CPP_",
    "TF_ENABLE_",
    "TF_NUM_",
    "TF_XLA_",
    "ORT_",
    "NPY_",
    "EIGEN_",
    "OMP_",
    "GOMP_",
    "KMP_",
    "GLIBC_TUNABLES",
)
# These say where something lies, not what is computed.
HARMLESS = ("_DIR", "_HOME", "_PATH")
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def steers(name: str) -> bool:
    return name.startswith(STEERING) and not name.endswith(HARMLESS)


def left_out() -> dict[str, str]:
    """What this machine sets and workers do not see; the number of threads is set anew, and no setting of the machine's."""
    return {name: value for name, value in sorted(os.environ.items()) if steers(name) and name not in THREADS}


def of_worker(threads: int) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not steers(name)} | {
        name: str(threads) for name in THREADS
    }
