// SPDX-License-Identifier: MIT
#include <fusegrad/train/history.hpp>

#include "says.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace {

using fusegrad::epoch_record;
using fusegrad::history;
using fusegrad::test::says;

epoch_record record(std::size_t epoch, double loss, double validation_loss = epoch_record::none) {
  epoch_record r;
  r.epoch = epoch;
  r.loss = loss;
  r.validation_loss = validation_loss;
  return r;
}

history of(std::vector<epoch_record> records) {
  history h;
  h.records = std::move(records);
  return h;
}

BOOST_AUTO_TEST_SUITE(train_history)

BOOST_AUTO_TEST_CASE(the_best_epoch_has_the_lowest_validation_loss) {
  BOOST_TEST(of({record(1, 3, 0.5), record(2, 2, 0.25), record(3, 1, 0.25), record(4, 0.5, 0.75)}).best_epoch() == 2u);
}

BOOST_AUTO_TEST_CASE(without_validation_the_loss_decides) {
  BOOST_TEST(of({record(1, 3), record(2, 1), record(3, 2)}).best_epoch() == 2u);
}

BOOST_AUTO_TEST_CASE(not_a_number_is_never_the_best) {
  BOOST_TEST(of({record(1, 1, 0.5), record(2, 0.1)}).best_epoch() == 1u);
  BOOST_TEST(of({record(1, epoch_record::none)}).best_epoch() == 0u);
  BOOST_TEST(history{}.best_epoch() == 0u);
}

BOOST_AUTO_TEST_CASE(absent_numbers_are_empty_fields) {
  epoch_record full = record(1, 0.1, 1e-7);
  full.accuracy = 0.9375;
  full.validation_accuracy = 1;
  full.learning_rate = 0.001;
  full.seconds = 2;
  full.samples_per_second = 12300;
  BOOST_TEST(of({full, record(2, 1.0 / 3)}).to_csv() ==
             "epoch,loss,accuracy,validation_loss,validation_accuracy,learning_rate,seconds,samples_per_second\n"
             "1,0.1,0.9375,1e-07,1,0.001,2,12300\n"
             "2,0.3333333333333333,,,,,,\n");
}

BOOST_AUTO_TEST_CASE(metrics_are_columns_behind_the_others) {
  epoch_record first = record(1, 2, 1), second = record(2, 1, 1);
  first.metrics = {{"AUC", 0.5}};
  second.metrics = {{"AUC", 0.75}, {"F1, \"micro\"", 0.25}};
  history h = of({first, second});
  const std::string csv = h.to_csv();
  BOOST_TEST(csv.find("per_second,validation_AUC,\"validation_F1, \"\"micro\"\"\"\n") != std::string::npos);
  BOOST_TEST(csv.find("1,2,,1,,,,,0.5,\n2,1,,1,,,,,0.75,0.25\n") != std::string::npos);
  BOOST_TEST(h.best_epoch() == 1u);
  h.better = fusegrad::highest("AUC");
  BOOST_TEST(h.best_epoch() == 2u);
  h.better = fusegrad::lowest("AUC");
  BOOST_TEST(h.best_epoch() == 1u);
}

BOOST_AUTO_TEST_CASE(a_file_holds_the_same) {
  const std::string path = "fusegrad_history_test.csv";
  const history h = of({record(1, 0.5), record(2, 0.25)});
  h.save_csv(path);
  std::ifstream file(path, std::ios::binary);
  std::stringstream content;
  content << file.rdbuf();
  std::remove(path.c_str());
  BOOST_TEST(content.str() == h.to_csv());
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_written_is_named) {
  const char* missing = "no such folder/history.csv";
  BOOST_CHECK_EXCEPTION(history{}.save_csv(missing), std::runtime_error, says(missing));
#if defined(__linux__)
  BOOST_CHECK_EXCEPTION(history{}.save_csv("/dev/full"), std::runtime_error,
                        says("/dev/full: cannot be written: No space"));
#endif
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
