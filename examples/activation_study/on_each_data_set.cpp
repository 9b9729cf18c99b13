// SPDX-License-Identifier: MIT
#include "on_each_data_set.hpp"

#include "wording.hpp"

#include <algorithm>

namespace study {

namespace {

constexpr std::size_t findings_in_a_sentence = 3;

claim_result examined_on(const image_set& images, double done, const settings& asked,
                         claim_result (*examine)(const settings&)) {
  settings half = asked;
  half.images = &images;
  half.progress = [&](double share) {
    if (asked.progress) asked.progress(done + share / 2);
  };
  return examine(half);
}

std::string in_a_sentence(const claim_result& on_digits, const claim_result& on_mnist) {
  std::string text = on_digits.decision == on_mnist.decision
                         ? "MNIST, reduced to 8 x 8 pixels, comes to the same verdict"
                         : "MNIST, reduced to 8 x 8 pixels, comes to another verdict (" + in_words(on_mnist.decision) +
                               "; the digits: " + in_words(on_digits.decision) + ")";
  for (std::size_t i = 0; i < std::min(findings_in_a_sentence, on_mnist.findings.size()); ++i)
    text += (i == 0 ? ": " : "; ") + on_mnist.findings[i].what + ": " + on_mnist.findings[i].value;
  return text + ".";
}

void compare(page& to, const claim_result& on_digits, const claim_result& on_mnist) {
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < on_digits.findings.size(); ++i) {
    const auto& [what, value] = on_digits.findings[i];
    rows.push_back({what, value, on_mnist.findings[i].value});
  }
  rows.push_back({"verdict", in_words(on_digits.decision), in_words(on_mnist.decision)});
  to.table("The digits and MNIST beside each other", {"", "digits", "MNIST, 8 x 8"}, rows);
}

} // namespace

claim_result on_each_data_set(const settings& asked, claim_result (*examine)(const settings&)) {
  if (asked.mnist == nullptr) return examine(asked);
  claim_result result = examined_on(*asked.images, 0, asked, examine);
  const claim_result on_mnist = examined_on(*asked.mnist, 0.5, asked, examine);
  page details;
  compare(details, result, on_mnist);
  details.paragraph("MNIST was reduced to 8 x 8 pixels, so that the same nets take it: " +
                    fusegrad::base::grouped(asked.mnist->train.size()) + " images to train on and " +
                    fusegrad::base::grouped(asked.mnist->test.size()) +
                    " to test, as many as there are digits, drawn by lot; a frame of two pixels makes 32 x 32 of 28 x "
                    "28, and fields of 4 x 4 become "
                    "their mean. All else is as with the digits, to which what follows belongs.");
  details.append(result.details).fold("The same on MNIST", page{}.paragraph(on_mnist.because).append(on_mnist.details));
  result.details = std::move(details);
  result.because += "\n" + in_a_sentence(result, on_mnist);
  result.criterion += " Applied to the digits and to MNIST; where the two come to different verdicts, it depends.";
  if (on_mnist.decision != result.decision) result.decision = verdict::depends;
  return result;
}

} // namespace study
