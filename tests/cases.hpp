// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <list>
#include <tuple>
#include <typeinfo>

#include <boost/test/unit_test.hpp>

/// Test cases of Boost.Test that cost compilers less. Its own macros put five streams of characters into each case, the
/// making of a name into each type of one, and a string into each question. Here these are calls (cases.cpp), and what
/// is logged is the same as with Boost 1.74. A test that is compiled without this header has Boost's own.
namespace fusegrad::test {

boost::unit_test::test_case* new_case(const char* name, const char* file, std::size_t line, void (*run)());

/// A test case for each of some types, `name<type>`.
class typed_cases : public boost::unit_test::test_unit_generator {
public:
  typed_cases(const char* name, const char* file, std::size_t line) : name_{name}, file_{file}, line_{line} {}
  void add(const std::type_info& type, void (*run)());
  boost::unit_test::test_unit* next() const override;

private:
  const char *name_, *file_;
  std::size_t line_;
  mutable std::list<boost::unit_test::test_unit*> made_;
};

/// Makes the fixture, and runs.
template <class Case> void run_case() {
  Case made;
  if constexpr (requires { made.setup(); }) made.setup();
  made.test_method();
  if constexpr (requires { made.teardown(); }) made.teardown();
}

template <template <class> class Case, class... Types>
typed_cases cases_of(typed_cases cases, const std::tuple<Types...>*) {
  (cases.add(typeid(Types), &run_case<Case<Types>>), ...);
  return cases;
}

/// Those behind the name of a case, if there are any.
inline auto& decorators() { return boost::unit_test::decorator::collector_t::instance(); }
inline auto& decorators(boost::unit_test::decorator::collector_t& given) { return given; }

/// Logs where a test is, should an exception end it.
void pass(const char* file, std::size_t line);

/// Asks a question, and reports the answer: all of it once for each type of a question, not in each place that asks
/// one.
template <class Question>
[[gnu::noinline]] void report(const Question& question, const char* words, const char* file, std::size_t line,
                              boost::test_tools::tt_detail::tool_level level) {
  using namespace boost::test_tools::tt_detail;
  report_assertion(question.evaluate(), boost::unit_test::lazy_ostream::instance() << words, file, line, level,
                   CHECK_BUILT_ASSERTION, 0);
}

} // namespace fusegrad::test

#undef BOOST_TEST_PASSPOINT
#define BOOST_TEST_PASSPOINT() ::fusegrad::test::pass(__FILE__, static_cast<std::size_t>(__LINE__))

#undef BOOST_TEST_TOOL_ET_IMPL
#define BOOST_TEST_TOOL_ET_IMPL(question, level)                                                                       \
  do {                                                                                                                 \
    BOOST_TEST_PASSPOINT();                                                                                            \
    ::fusegrad::test::report(BOOST_TEST_BUILD_ASSERTION(question), BOOST_STRINGIZE(question), __FILE__,                \
                             static_cast<std::size_t>(__LINE__), ::boost::test_tools::tt_detail::level);               \
  } while (::boost::test_tools::tt_detail::dummy_cond())

#undef BOOST_AUTO_TEST_CASE
#define BOOST_AUTO_TEST_CASE(name, ...)                                                                                \
  struct name : BOOST_AUTO_TEST_CASE_FIXTURE {                                                                         \
    void test_method();                                                                                                \
  };                                                                                                                   \
  BOOST_AUTO_TU_REGISTRAR(name)                                                                                        \
  (::fusegrad::test::new_case(#name, __FILE__, static_cast<std::size_t>(__LINE__), &::fusegrad::test::run_case<name>), \
   ::fusegrad::test::decorators(__VA_ARGS__));                                                                         \
  void name::test_method()

#undef BOOST_AUTO_TEST_CASE_TEMPLATE
#define BOOST_AUTO_TEST_CASE_TEMPLATE(name, type, types)                                                               \
  template <class type> struct name : BOOST_AUTO_TEST_CASE_FIXTURE {                                                   \
    void test_method();                                                                                                \
  };                                                                                                                   \
  BOOST_AUTO_TU_REGISTRAR(name)                                                                                        \
  (::fusegrad::test::cases_of<name>({#name, __FILE__, static_cast<std::size_t>(__LINE__)},                             \
                                    static_cast<const types*>(nullptr)),                                               \
   ::fusegrad::test::decorators());                                                                                    \
  template <class type> void name<type>::test_method()
