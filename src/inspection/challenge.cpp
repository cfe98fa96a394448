#include "inspection/challenge.hpp"

#include <optional>

#include "base/ascii.hpp"
#include "net/grammar.hpp"

namespace chatelaine::inspection {
namespace {

bool is_alphanumeric(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
bool is_token_character(char c) { return net::is_token({&c, 1}); }

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  [[nodiscard]] bool is_at(char c) const { return !text_.empty() && text_.front() == c; }
  void skip_any(std::string_view characters) {
    const std::size_t next = text_.find_first_not_of(characters);
    text_.remove_prefix(next == std::string_view::npos ? text_.size() : next);
  }
  std::string_view take_token() { return take(count_while(is_token_character)); }

  /// After a scheme: RFC 9110 §11.2, a token68, which stands alone.
  void skip_token68() {
    const std::string_view before = text_;
    skip_any(" \t");
    const auto is_68 = [](char c) {
      return is_alphanumeric(c) || std::string_view("-._~+/").find(c) != std::string_view::npos;
    };
    const bool is_there = !take(count_while(is_68)).empty();
    skip_any("=");
    skip_any(" \t");
    const bool is_alone = text_.empty() || text_.front() == ',';
    if (!is_there || !is_alone) text_ = before;
  }

  /// A token or a quoted-string; nothing where neither is there, or the quotes stay open.
  std::optional<std::string> take_value() {
    if (!is_at('"')) {
      const std::string_view token = take_token();
      return token.empty() ? std::nullopt : std::optional(std::string(token));
    }
    std::string value;
    for (std::size_t i = 1; i < text_.size(); ++i) {
      if (text_[i] == '"') {
        text_.remove_prefix(i + 1);
        return value;
      }
      if (text_[i] == '\\') ++i;
      if (i == text_.size()) break;
      value += text_[i];
    }
    return std::nullopt;
  }

 private:
  template <class Belongs>
  [[nodiscard]] std::size_t count_while(Belongs belongs) const {
    std::size_t count = 0;
    while (count < text_.size() && belongs(text_[count])) ++count;
    return count;
  }
  std::string_view take(std::size_t count) {
    const std::string_view taken = text_.substr(0, count);
    text_.remove_prefix(count);
    return taken;
  }

  std::string_view text_;
};

}  // namespace

std::vector<Challenge> parse_challenges(std::string_view header) {
  std::vector<Challenge> challenges;
  Reader reader(header);
  while (true) {
    reader.skip_any(" \t,");
    const std::string_view word = reader.take_token();
    if (word.empty()) return challenges;
    reader.skip_any(" \t");
    if (!reader.is_at('=')) {
      challenges.push_back({to_lower(word), {}});
      reader.skip_token68();
      continue;
    }
    if (challenges.empty()) return challenges;
    reader.skip_any("=");
    reader.skip_any(" \t");
    auto value = reader.take_value();
    if (!value) return challenges;
    challenges.back().parameters.try_emplace(to_lower(word), *std::move(value));
  }
}

}  // namespace chatelaine::inspection
