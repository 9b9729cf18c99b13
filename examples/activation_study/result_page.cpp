// SPDX-License-Identifier: MIT
#include "result_page.hpp"

#include "function_shapes.hpp"

#include <fusegrad/base/text.hpp>
#include <sstream>

namespace study {

namespace {

using fusegrad::inspect::cell;
using fusegrad::inspect::tone;

tone tone_of(verdict v) {
  return v == verdict::supported ? tone::good : v == verdict::not_supported ? tone::bad : tone::mixed;
}

void introduce(page& to) {
  to.paragraph("Between the layers of a neural network stands an activation function: without one, any number of "
               "layers would be no more than a single linear map. "
               "Which function stands there decides how strongly a signal and its gradient pass through many layers, "
               "whether units fall silent, and how fast a network learns.");
  to.paragraph(
      "Much is said about activations, often from memory. Here twelve claims are put to the test: each is trained and "
      "measured on this machine, with several seeds, which decide the first weights and the order of the samples. "
      "The verdict is worked out from the numbers by the criterion that stands beside it, and may come out differently "
      "elsewhere. Numbers are medians over the seeds; in brackets, or as "
      "bands and error bars, stand the quartiles: half of the runs lie between them. Where a verdict is \"depends\", "
      "the sentences below it say on what.");
}

page glossary() {
  return page{}.table(
      "", {"word", "meaning"},
      std::vector<std::vector<std::string>>{
          {"64 | dense 32 | f | dense 10", "a net: 64 inputs, a matrix product with 32 outputs (units), the activation "
                                           "f, a matrix product with 10 outputs, one for each class"},
          {"hidden", "of units and layers: between the inputs and the last matrix product"},
          {"start", "how the first weights are drawn: normal numbers of a certain deviation, biases zero"},
          {"Glorot", "deviation sqrt(2 / (inputs + outputs of the layer)), whatever the activation is"},
          {"He", "deviation sqrt(2 / inputs)"},
          {"own gain, variance-preserving",
           "deviation gain / sqrt(inputs), where the library works the gain out from the formula of the activation, so "
           "that the signal keeps its mean square from layer to layer"},
          {"own gain, gradient", "the same for the gradient on its way back: gain / sqrt(outputs)"},
          {"loss, cross-entropy", "the mean of -log(probability that the net gives to the right class): 2.30 for "
                                  "guessing one of ten, 0 for certainty"},
          {"step, epoch",
           "one update of the weights from 32 images; as many steps as it takes to see all of them once"},
          {"plain descent, momentum, Adam", "update rules: along the gradient; along a mean of the last gradients; the "
                                            "same divided by the size of each weight's gradients"},
          {"silent, dead", "a unit whose sum before the activation is not positive for any training image; with ReLU "
                           "it puts out zero for all of them and gets no gradient"},
          {"saturated", "an output where the slope of the activation is below a hundredth of its largest"},
          {"diverged", "the loss is no longer a finite number"},
      });
}

std::vector<std::vector<cell>> overview(const std::vector<examined>& all) {
  std::vector<std::vector<cell>> rows;
  for (const examined& e : all)
    rows.push_back({cell(std::to_string(e.result.number)), cell(e.result.claim, id_of(e.result.number)),
                    cell(in_words(e.result.decision), id_of(e.result.number), tone_of(e.result.decision))});
  return rows;
}

page section_of(const examined& e) {
  page part;
  part.badge(in_words(e.result.decision), tone_of(e.result.decision));
  std::istringstream because(e.result.because);
  for (std::string paragraph; std::getline(because, paragraph);) part.paragraph(paragraph);
  if (!e.result.criterion.empty()) part.note("Criterion. " + e.result.criterion);
  part.append(e.result.details);
  return part.note("Examined in " + fusegrad::base::duration(e.seconds) + ".");
}

} // namespace

page page_of(const std::vector<examined>& all, const std::vector<std::pair<std::string, std::string>>& facts) {
  page whole, about, verdicts;
  introduce(whole);
  whole.section("verdicts", "Verdicts", verdicts.table("", {"", "claim", "verdict"}, overview(all)));
  whole.fold("Words used below", glossary());
  whole.fold("What the functions look like", page{}.add(function_shapes()));
  for (const examined& e : all)
    whole.section(id_of(e.result.number), std::to_string(e.result.number) + ". " + e.result.claim, section_of(e));
  whole.section("how", "How this page was made", about.facts(facts));
  return whole;
}

} // namespace study
