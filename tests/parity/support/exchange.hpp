// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

/// How a parity program and its script talk: files of named rows of numbers, one a line, "name count number ...", with
/// enough digits that every double comes through exactly.
namespace parity {

/// The rows of the file that is a program's first argument; those it writes go to the second.
class exchange {
public:
  exchange(int count, char** arguments) {
    if (count != 3) throw std::invalid_argument("usage: PROGRAM INPUT OUTPUT");
    std::ifstream in(arguments[1]);
    std::string name, number;
    std::size_t size = 0;
    while (in >> name >> size) {
      std::vector<double>& row = rows_[name];
      for (std::size_t i = 0; i < size && in >> number; ++i) row.push_back(std::strtod(number.c_str(), nullptr));
      if (row.size() != size) throw std::runtime_error("row \"" + name + "\" ends too soon");
    }
    if (!in.eof()) throw std::runtime_error(std::string(arguments[1]) + ": not a file of named rows");
    out_.open(arguments[2]);
    if (!out_) throw std::runtime_error(std::string(arguments[2]) + ": cannot be written");
  }

  template <class T> std::vector<T> numbers(const std::string& name) const {
    const auto found = rows_.find(name);
    if (found == rows_.end()) throw std::out_of_range("there is no row \"" + name + "\"");
    std::vector<T> row;
    for (const double x : found->second) row.push_back(static_cast<T>(x));
    return row;
  }

  template <class Row> void write(const std::string& name, const Row& row) {
    out_ << name << ' ' << row.size();
    char digits[32];
    for (const auto x : row) {
      std::snprintf(digits, sizeof digits, " %.17g", static_cast<double>(x));
      out_ << digits;
    }
    out_ << '\n';
  }

private:
  std::map<std::string, std::vector<double>> rows_;
  std::ofstream out_;
};

/// What the rows of a number type are called.
template <class T> std::string prefix() { return sizeof(T) == sizeof(float) ? "float." : "double."; }

} // namespace parity
