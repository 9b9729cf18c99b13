// SPDX-License-Identifier: MIT
#include "result_page.hpp"

#include "function_shapes.hpp"

#include <fusegrad/base/text.hpp>

namespace study {

namespace {

using fusegrad::inspect::cell;
using fusegrad::inspect::tone;

tone tone_of(verdict v) { return v == verdict::supported ? tone::good : v == verdict::not_supported ? tone::bad : tone::mixed; }

void introduce(page& to) {
  to.paragraph("Between the layers of a neural network stands an activation function: without one, any number of layers would be no more than a single linear map. "
               "Which function stands there decides how strongly a signal and its gradient pass through many layers, whether units fall silent, and how fast a network learns.");
  to.paragraph("Much is said about activations, often from memory. Here twelve claims are put to the test: each is trained and measured on this machine, with several random starts. "
               "The verdict is worked out from the numbers by the criterion that stands beside it, and may come out differently elsewhere. Numbers are medians over the starts; in brackets, or as "
               "bands and error bars, stand the quartiles: half of the runs lie between them. Where a verdict is \"depends\", the sentences below it say on what.");
}

std::vector<std::vector<cell>> overview(const std::vector<examined>& all) {
  std::vector<std::vector<cell>> rows;
  for (const examined& e : all)
    rows.push_back({cell(std::to_string(e.result.number)), cell(e.result.claim, id_of(e.result.number)), cell(in_words(e.result.decision), id_of(e.result.number), tone_of(e.result.decision))});
  return rows;
}

page section_of(const examined& e) {
  page part;
  part.badge(in_words(e.result.decision), tone_of(e.result.decision));
  part.paragraph(e.result.because);
  if (!e.result.criterion.empty()) part.note("Criterion. " + e.result.criterion);
  part.append(e.result.details);
  return part.note("Examined in " + fusegrad::base::duration(e.seconds) + ".");
}

} // namespace

page page_of(const std::vector<examined>& all, const std::vector<std::pair<std::string, std::string>>& facts) {
  page whole, about, verdicts;
  introduce(whole);
  whole.section("verdicts", "Verdicts", verdicts.table("", {"", "claim", "verdict"}, overview(all)));
  whole.fold("What the functions look like", page{}.add(function_shapes()));
  for (const examined& e : all) whole.section(id_of(e.result.number), std::to_string(e.result.number) + ". " + e.result.claim, section_of(e));
  whole.section("how", "How this page was made", about.facts(facts));
  return whole;
}

} // namespace study
