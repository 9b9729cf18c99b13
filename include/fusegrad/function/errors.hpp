// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/diagnostics.hpp>

// What can be wrong with a function of rows or of steps, in words. Public headers include this one first: the shorter
// the chain of includes, the earlier the words stand in what the compiler prints.
namespace fusegrad::functions::inline FUSEGRAD_ABI {

template <class Number> struct column_of_no_numbers {
  static_assert(fits<Number>, "fusegrad: a column holds float or double.");
};
template <class... Numbers> struct columns_of_different_numbers {
  static_assert(fits<Numbers...>, "fusegrad: the columns of one call are all of float or all of double.");
};
template <class Number> struct gradient_of_another_number {
  static_assert(fits<Number>,
                "fusegrad: a gradient is written into numbers of the same type as its column, which can be "
                "written to.");
};
template <class First> struct rows_are_no_columns {
  static_assert(fits<First>, "fusegrad: a function of rows is called with its rows first: columns(x, y), then with the "
                             "shared arguments.");
};
template <class Argument> struct not_a_shared_argument {
  static_assert(fits<Argument>, "fusegrad: a shared argument is a number, a std::array or a std::span of fixed size; "
                                "what has a length known at run time is a column.");
};
template <class Function> struct function_takes_other_arguments {
  static_assert(
      fits<Function>,
      "fusegrad: the function does not take these arguments: first one for each column (row_major<N> gives an "
      "array), then one for each shared argument.");
};
template <class Results> struct reduction_of_several_results {
  static_assert(fits<Results>, "fusegrad: only sum_over and map_over take a function with several results; "
                               "log_sum_exp_over, max_over and min_over take one with one.");
};
template <class Results> struct gradient_by_rows_of_several_results {
  static_assert(fits<Results>,
                "fusegrad: derivatives by rows are those of one result; map_over gives those of several.");
};
template <class Got, class Needs> struct step_gives_another_state {
  static_assert(fits<Got, Needs>, "fusegrad: a step gives the next state: as many numbers as the state has.");
};
template <class Steps> struct steps_are_no_count {
  static_assert(fits<Steps>,
                "fusegrad: iterate takes the step, then how many there are: a whole number, or the columns "
                "with what each step is given.");
};
template <class State> struct state_is_no_number {
  static_assert(fits<State>, "fusegrad: a state is a float or double, or a std::array of them.");
};
template <class Results> struct loss_of_several_results {
  static_assert(fits<Results>,
                "fusegrad: a gradient is that of one number: the loss of the last state has one result.");
};
template <class Part> struct not_a_part {
  static_assert(fits<Part>, "fusegrad: compose takes a traced function, then reductions with their rows: "
                            "sum_over(f).over(columns(x, y)).");
};
template <class Inner> struct no_diagonal_of_log_sum_exp {
  static_assert(fits<Inner>,
                "fusegrad: the diagonal of the Hessian is that of a sum over rows of a sum, a largest or a "
                "smallest; a log_sum_exp couples its rows.");
};

} // namespace fusegrad::functions::inline FUSEGRAD_ABI
