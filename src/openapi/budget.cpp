#include "openapi/budget.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chatelaine::openapi {
namespace {

constexpr std::size_t kLongestQuote = 200;

[[noreturn]] void exceed(std::string_view place, std::string message, std::string expected) {
  throw Budget::Exceeded{{std::string(place), "too_large", std::move(message), std::move(expected)}};
}

}  // namespace

void Budget::take_operation() {
  if (++operations_ > kMostOperations) {
    exceed("/paths", "the document describes more operations than can be read",
           fmt::format("at most {} operations", kMostOperations));
  }
}

void Budget::check_members(std::size_t count, std::string_view place) {
  if (count > kMostMembers) {
    exceed(shorten(place), "this operation has more parameters or properties than can be read",
           fmt::format("at most {} parameters, and as many properties of its body", kMostMembers));
  }
}

void Budget::take_text(std::size_t size) {
  text_ += size + 1;
  if (text_ > kMostText) {
    exceed("", "the document says more than can be read once its shared parts are put in everywhere",
           fmt::format("at most {} bytes of names, descriptions and references", kMostText));
  }
}

void Budget::add_fault(Fault fault) {
  const auto is_same = [&fault](const Fault& told) { return told.path == fault.path && told.message == fault.message; };
  if (std::ranges::any_of(faults_, is_same)) return;
  if (faults_.size() == kMostFaults) {
    exceed("", fmt::format("the document has more than {} faults", kMostFaults), "a description without faults");
  }
  take_text(fault.path.size() + fault.message.size());
  faults_.push_back(std::move(fault));
}

void Budget::add_defect(Fault fault) {
  if (care_ == Care::whole) add_fault(std::move(fault));
}

std::string shorten(std::string_view text) {
  if (text.size() <= kLongestQuote) return std::string(text);
  // A character is whole, or not there: faults become JSON.
  std::size_t end = kLongestQuote;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return std::string(text.substr(0, end)) + "…";
}

}  // namespace chatelaine::openapi
