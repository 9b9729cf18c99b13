// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <fusegrad/base/diagnostics.hpp>
#include <fusegrad/base/fixed_string.hpp>

// What can be wrong with a traced function, in words. Public headers include this one first: the shorter the chain of
// includes, the earlier the words stand in what the compiler prints.
namespace fusegrad::expr::inline FUSEGRAD_ABI {

template <class Got, class Needs> struct wrong_number_of_arguments {
  static_assert(fits<Got, Needs>, "fusegrad: the function is called with the wrong number of arguments.");
};
template <class Function> struct takes_no_number_of_arguments {
  static_assert(fits<Function>, "fusegrad: a traced function is called with numbers, at most 60 of them, and this one "
                                "takes something else: give more of them as an array, and leave their types to auto.");
};
template <class Function> struct changes_itself {
  static_assert(fits<Function>, "fusegrad: a traced function is called where it is const: leave out `mutable`, or make "
                                "its operator() const.");
};
template <class Arguments> struct is_a_value_already {
  static_assert(fits<Arguments>, "fusegrad: this is a value, not a function that makes one: leave out the ().");
};
template <class Function> struct not_an_empty_function {
  static_assert(fits<Function>,
                "fusegrad: a traced function must be a lambda without captures or an empty function object: numbers "
                "that change at run time are arguments, parameter<\"name\">(...) or setting<\"name\">(...).");
};
template <class Function> struct named_number_starts_at_two_numbers {
  static_assert(fits<Function>,
                "fusegrad: a function names a parameter, state or setting more than once, with different "
                "initial values: it is one number, write the same one each time.");
};
template <class Result> struct result_is_no_traced_value {
  static_assert(fits<Result>, "fusegrad: a traced function must return a traced value, values(...) or updated(...).");
};
template <class B> struct branch_on_a_traced_value {
  static_assert(
      fits<B>,
      "fusegrad: a traced value has no truth value while the function is traced: write select(condition, a, b) "
      "instead of if, ?:, && or ||.");
};
template <class Number> struct traced_value_used_as_a_number {
  static_assert(
      fits<Number>,
      "fusegrad: a traced value is not a number: write exp(x), not std::exp(x), and auto, not double, and use "
      "the operations of the expression language only; see docs/expressions.md.");
};
template <class Argument, class Arity> struct no_such_argument {
  static_assert(fits<Argument, Arity>,
                "fusegrad: the derivative is asked for with respect to an argument that the function does not have.");
};
template <class Results> struct gradient_needs_one_result {
  static_assert(fits<Results>,
                "fusegrad: gradient and hessian need a function with one result; take jacobian of one with several.");
};
template <class Function> struct arrays_need_their_header {
  static_assert(fits<Function>,
                "fusegrad: for arrays as arguments of a function, #include <fusegrad/expr/arrays.hpp>.");
};
template <class... Arguments> struct array_of_unknown_size {
  static_assert(fits<Arguments...>,
                "fusegrad: an argument of a function is a number or an array of numbers of a fixed size: "
                "std::array<double, 3>, std::span<const double, 3>, std::array<std::array<double, 3>, 2>.");
};
template <class Argument> struct derivative_by_an_array {
  static_assert(fits<Argument>,
                "fusegrad: derivative<I> is by one number; by an array take gradient<I> or jacobian<I>.");
};
template <class Function> struct no_arrays_here {
  static_assert(
      fits<Function>,
      "fusegrad: this function takes numbers only, as jvp and vjp do; with arrays take gradient or jacobian.");
};
template <class Results> struct no_results {
  static_assert(fits<Results>, "fusegrad: values() needs at least one result.");
};
template <class Results> struct result_depends_on_nothing {
  static_assert(fits<Results>, "fusegrad: one of the results has to depend on an argument of the function.");
};

} // namespace fusegrad::expr::inline FUSEGRAD_ABI
