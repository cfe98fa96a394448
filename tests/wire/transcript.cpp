#include "transcript.hpp"

#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

namespace chatelaine::wire {
namespace {

Exchange parse_exchange(const std::string& text) {
  Exchange exchange;
  std::istringstream lines(text);
  std::string line;
  bool in_answer = false;
  while (std::getline(lines, line)) {
    if (exchange.request.empty() && !in_answer && (line.starts_with('#') || line.starts_with('@'))) {
      exchange.preamble += line + "\n";
      if (line.starts_with("@wait ")) exchange.wait_seconds = std::stol(line.substr(6));
    } else if (!in_answer && line == "---") {
      in_answer = true;
    } else {
      (in_answer ? exchange.expected : exchange.request) += line + "\n";
    }
  }
  return exchange;
}

}  // namespace

std::vector<Exchange> read_transcript(const std::filesystem::path& file) {
  std::ifstream stream(file);
  if (!stream) throw std::runtime_error("cannot read " + file.string());
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  constexpr std::string_view kBetween = "\n===\n";
  std::vector<Exchange> exchanges;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find(kBetween, begin), text.size());
    exchanges.push_back(parse_exchange(text.substr(begin, end - begin)));
    begin = end + kBetween.size();
  }
  return exchanges;
}

void write_transcript(const std::filesystem::path& file, const std::vector<Exchange>& exchanges) {
  std::ofstream stream(file);
  bool is_first = true;
  for (const auto& exchange : exchanges) {
    stream << (is_first ? "" : "===\n") << exchange.preamble << exchange.request << "---\n" << exchange.expected;
    is_first = false;
  }
  if (!stream.flush()) throw std::runtime_error("cannot write " + file.string());
}

}  // namespace chatelaine::wire
