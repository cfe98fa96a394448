#include "inspection/finding.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "relying_party/provider_text.hpp"

namespace chatelaine::inspection {

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::ok:
      return "ok";
    case Verdict::warning:
      return "warning";
    case Verdict::fault:
      return "fault";
    case Verdict::skipped:
      return "skipped";
  }
  return "";
}

namespace {

/// Cut between characters; a sentence of ours that quotes nothing is shorter.
std::string make_line(std::string text) {
  constexpr std::size_t kMostBytes = 600;
  if (text.size() > kMostBytes) {
    std::size_t end = kMostBytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    text.resize(end);
    text += "…";
  }
  std::ranges::replace_if(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  return text;
}

int badness_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::skipped:
      return 0;
    case Verdict::ok:
      return 1;
    case Verdict::warning:
      return 2;
    case Verdict::fault:
      return 3;
  }
  return 0;
}

}  // namespace

Verdict worst_of(Importance importance) {
  switch (importance) {
    case Importance::alone:
      return Verdict::fault;
    case Importance::one_role_of_several:
      return Verdict::warning;
  }
  return Verdict::fault;
}

Finding blame(Verdict verdict, Check check, std::string seen, std::string change) {
  if (change.empty()) change = describe(check).change;
  return {check, verdict, make_line(std::move(seen)), make_line(std::move(change))};
}

Finding find_good(Check check, std::string seen) { return {check, Verdict::ok, make_line(std::move(seen)), {}}; }
Finding skip(Check check, std::string why) { return {check, Verdict::skipped, make_line(std::move(why)), {}}; }
Finding find_fault(Check check, std::string seen, std::string change) {
  return blame(Verdict::fault, check, std::move(seen), std::move(change));
}
Finding find_warning(Check check, std::string seen, std::string change) {
  return blame(Verdict::warning, check, std::move(seen), std::move(change));
}

Finding keep_worst(Finding one, Finding other) {
  return badness_of(other.verdict) > badness_of(one.verdict) ? std::move(other) : std::move(one);
}

void append(Findings& findings, Findings more) {
  findings.insert(findings.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

std::string quote(std::string_view text) { return '"' + relying_party::quote_provider_text(text) + '"'; }

}  // namespace chatelaine::inspection
