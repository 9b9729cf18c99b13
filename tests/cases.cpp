// SPDX-License-Identifier: MIT
#include "cases.hpp"

#include <string>

#include <boost/core/demangle.hpp>

namespace fusegrad::test {

boost::unit_test::test_case* new_case(const char* name, const char* file, std::size_t line, void (*run)()) {
  const auto logged = [entry = '"' + std::string(name) + "\" test entry", file, line, run] {
    boost::unit_test::unit_test_log.set_checkpoint(file, line, entry);
    run();
  };
  return boost::unit_test::make_test_case(logged, name, file, line);
}

void typed_cases::add(const std::type_info& type, void (*run)()) {
  const std::string name = std::string(name_) + '<' + boost::core::demangle(type.name()) + '>';
  made_.push_back(new_case(name.c_str(), file_, line_, run));
}

boost::unit_test::test_unit* typed_cases::next() const {
  if (made_.empty()) return nullptr;
  boost::unit_test::test_unit* const first = made_.front();
  made_.pop_front();
  return first;
}

void pass(const char* file, std::size_t line) { boost::unit_test::unit_test_log.set_checkpoint(file, line); }

} // namespace fusegrad::test
