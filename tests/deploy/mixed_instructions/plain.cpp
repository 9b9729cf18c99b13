// SPDX-License-Identifier: MIT
#include "trained.hpp"

struct plain_unit;
trained train_plain() { return train<plain_unit>(); }
