// SPDX-License-Identifier: MIT
#pragma once

/// \file The whole library. `layers.hpp` and `training.hpp` are smaller; each header below them stands for itself.

#include <fusegrad/expr/errors.hpp>
#include <fusegrad/expr/traced.hpp>
#include <fusegrad/layer/errors.hpp>
#include <fusegrad/layer/operation_errors.hpp>
#include <fusegrad/model/errors.hpp>
#include <fusegrad/train/errors.hpp>

#include <fusegrad/layer/behind_model.hpp>

#include <fusegrad/physics.hpp>
#include <fusegrad/training.hpp>

#include <fusegrad/data/augmentation.hpp>
#include <fusegrad/data/csv.hpp>
#include <fusegrad/data/dataset.hpp>
#include <fusegrad/data/digits.hpp>
#include <fusegrad/data/idx.hpp>
#include <fusegrad/data/image.hpp>
#include <fusegrad/data/image_folder.hpp>
#include <fusegrad/data/mnist.hpp>
#include <fusegrad/data/normalisation.hpp>
#include <fusegrad/data/npy.hpp>
#include <fusegrad/data/scale.hpp>
#include <fusegrad/data/split.hpp>
#include <fusegrad/data/summary.hpp>
#include <fusegrad/data/table.hpp>
#include <fusegrad/data/table_stream.hpp>
#include <fusegrad/expr/transform.hpp>
#include <fusegrad/inspect/health.hpp>
#include <fusegrad/inspect/health_page.hpp>
#include <fusegrad/inspect/report.hpp>
#include <fusegrad/inspect/summary.hpp>
#include <fusegrad/inspect/version.hpp>
#include <fusegrad/io/checkpoint.hpp>
#include <fusegrad/io/save.hpp>
#include <fusegrad/model/dropout_passes.hpp>
