// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/io/safetensors.hpp>
#include <fusegrad/train/checkpoint.hpp>

#include <string>

// A run of training as the tensors and words of a safetensors file.
namespace fusegrad::io {

/// The bytes of a checkpoint.
std::string format_run(const train::training_view& training, const train::fit_view* fit);

/// Fills the places of a run from a file, and tells whether it was written by a fit. Throws file_error, naming `path`
/// and what does not fit.
bool read_run(const tensor_file& file, const std::string& path, const train::training_view& training,
              const train::fit_view* fit);

} // namespace fusegrad::io
