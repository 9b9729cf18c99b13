// SPDX-License-Identifier: MIT
#pragma once

#include <cctype>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// What tests of pages ask of their text.
namespace markup {

inline std::size_t count(std::string_view text, std::string_view part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) ++n;
  return n;
}

inline bool has(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

/// The values of an attribute, in the order of the text: attribute("<a x=\"1\">", "x") is {"1"}.
inline std::vector<std::string> attribute(std::string_view text, std::string_view name) {
  std::vector<std::string> values;
  const std::string begin = ' ' + std::string(name) + "=\"";
  for (std::size_t at = text.find(begin); at != text.npos; at = text.find(begin, at)) {
    at += begin.size();
    values.emplace_back(text.substr(at, text.find('"', at) - at));
  }
  return values;
}

/// What is wrong with the tags; empty if every tag is closed in order, attributes are quoted and no two of a tag agree,
/// ids are unique, and every link within the page leads somewhere.
inline std::string fault(std::string_view html) {
  static const std::set<std::string> never_closed{"meta", "br", "link", "!doctype"};
  std::vector<std::string> open;
  std::set<std::string> ids;
  for (std::size_t at = html.find_first_of("<&"); at != html.npos; at = html.find_first_of("<&", at)) {
    if (html[at] == '&') {
      const std::size_t end = html.find_first_of("; <", at);
      if (end == html.npos || html[end] != ';') return "an ampersand that is none at " + std::to_string(at);
      at = end;
      continue;
    }
    const std::size_t end = html.find('>', at);
    if (end == html.npos) return "a tag without an end";
    std::string_view tag = html.substr(at + 1, end - at - 1);
    at = end + 1;
    if (tag.find('<') != tag.npos) return "a tag within a tag: " + std::string(tag);
    if (tag.starts_with('/')) {
      if (open.empty() || open.back() != tag.substr(1))
        return "</" + std::string(tag.substr(1)) + "> closes " + (open.empty() ? "nothing" : open.back());
      open.pop_back();
      continue;
    }
    const bool is_closed = tag.ends_with('/');
    if (is_closed) tag.remove_suffix(1);
    const std::string name(tag.substr(0, tag.find(' ')));
    std::string_view rest = tag.substr(name.size());
    std::set<std::string> names;
    while (!rest.empty() && name != "!doctype") {
      const std::size_t equals = rest.find("=\"");
      const std::size_t quote = equals == rest.npos ? rest.npos : rest.find('"', equals + 2);
      if (rest.front() != ' ' || quote == rest.npos) return "attributes of <" + std::string(tag) + ">";
      const std::string attribute_name(rest.substr(1, equals - 1));
      if (!names.insert(attribute_name).second) return "two attributes " + attribute_name;
      if (attribute_name == "id" && !ids.insert(std::string(rest.substr(equals + 2, quote - equals - 2))).second)
        return "two ids " + std::string(rest.substr(equals + 2, quote - equals - 2));
      rest = rest.substr(quote + 1);
    }
    if (name == "style") at = html.find("</style>", at);
    if (!is_closed && !never_closed.contains(name)) open.push_back(name);
  }
  for (const std::string& to : attribute(html, "href"))
    if (!to.starts_with('#') || !ids.contains(to.substr(1))) return "a link to nowhere: " + to;
  return open.empty() ? "" : "<" + open.back() + "> stays open";
}

} // namespace markup
