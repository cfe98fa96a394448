#include "rehearsal/redaction.hpp"

#include "base/form.hpp"

namespace chatelaine::rehearsal {

void Redaction::keep_out(std::string_view secret) {
  if (secret.empty()) return;
  secrets_.emplace_back(secret);
  const std::string encoded = percent_encode(secret);
  if (encoded != secret) secrets_.emplace_back(encoded);
}

std::string Redaction::apply(std::string text) const {
  constexpr std::string_view kInstead = "[redacted]";
  for (const SecretBytes& secret : secrets_) {
    const std::string_view hidden = secret.reveal();
    for (std::size_t at = text.find(hidden); at != std::string::npos; at = text.find(hidden, at + kInstead.size()))
      text.replace(at, hidden.size(), kInstead);
  }
  return text;
}

StepReport Redaction::apply(StepReport report) const {
  for (Remark& remark : report.remarks) {
    remark.seen = apply(std::move(remark.seen));
    remark.change = apply(std::move(remark.change));
  }
  return report;
}

}  // namespace chatelaine::rehearsal
