#include "openapi/regular_expression.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/utf8.hpp"

namespace chatelaine::openapi {
namespace {

/// Of groups within groups.
constexpr int kDeepest = 50;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_hexadecimal(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_syntax(char c) { return std::string_view("^$\\.*+?()[]{}|/").contains(c); }

bool is_property(std::string_view name) {
  for (const std::string_view before : {"Script=", "sc=", "Script_Extensions=", "scx="}) {
    if (name.starts_with(before))
      return name.size() > before.size() &&
             std::ranges::all_of(name.substr(before.size()), [](char c) { return is_letter(c) || c == '_'; });
  }
  constexpr std::string_view kCategories =
      " C Cc Cf Cn Co Cs L LC Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl Zp Zs ";
  return !name.empty() && std::ranges::all_of(name, is_letter) && kCategories.contains(' ' + std::string(name) + ' ');
}

class Reader {
 public:
  explicit Reader(std::string_view pattern) : rest_(pattern) {}

  bool read() {
    return read_disjunction(0) && rest_.empty() && most_referred_ <= groups_ &&
           std::ranges::all_of(referred_, [this](const std::string& name) { return names_.contains(name); });
  }

 private:
  /// What an escape stands for; a set of characters has no code point.
  struct Escape {
    std::optional<char32_t> point;
  };

  bool take(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }

  std::optional<char32_t> take_character() {
    const auto point = rest_.empty() ? std::nullopt : decode_first(rest_);
    if (!point) return std::nullopt;
    rest_.remove_prefix(point->size);
    return point->value;
  }

  std::string_view take_while(bool (*fits)(char)) {
    const auto end = std::ranges::find_if_not(rest_, fits);
    const std::string_view taken = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(taken.size());
    return taken;
  }

  bool read_disjunction(int depth) {
    if (depth > kDeepest) return false;
    while (!rest_.empty() && rest_.front() != ')') {
      if (take("|")) continue;
      if (!read_term(depth)) return false;
    }
    return true;
  }

  bool read_term(int depth) {
    for (const std::string_view assertion : {"^", "$", "\\b", "\\B"}) {
      if (take(assertion)) return true;
    }
    for (const std::string_view around : {"(?=", "(?!", "(?<=", "(?<!"}) {
      if (take(around)) return read_disjunction(depth + 1) && take(")");
    }
    return read_atom(depth) && read_quantifier();
  }

  bool read_atom(int depth) {
    if (take("[")) return read_class();
    if (take("\\")) return read_atom_escape();
    if (take("(")) {
      if (take("?")) {
        if (!take(":") && !(take("<") && read_group_name())) return false;
      } else {
        ++groups_;
      }
      return read_disjunction(depth + 1) && take(")");
    }
    if (take(".")) return true;
    const bool is_plain = !rest_.empty() && (!is_syntax(rest_.front()) || rest_.front() == '/');
    return is_plain && take_character().has_value();
  }

  bool read_group_name() {
    ++groups_;
    const auto name = take_name();
    return name && names_.insert(*name).second;
  }

  std::optional<std::string> take_name() {
    const std::string_view name =
        take_while([](char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '$'; });
    if (name.empty() || is_digit(name.front()) || !take(">")) return std::nullopt;
    return std::string(name);
  }

  bool read_quantifier() {
    if (take("*") || take("+") || take("?")) return static_cast<void>(take("?")), true;
    if (!take("{")) return true;
    const std::string_view least = take_while(is_digit);
    if (least.empty()) return false;
    if (take(",")) {
      const std::string_view most = take_while(is_digit);
      if (!most.empty() && is_less(most, least)) return false;
    }
    if (!take("}")) return false;
    static_cast<void>(take("?"));
    return true;
  }

  static bool is_less(std::string_view a, std::string_view b) {
    a.remove_prefix(std::min(a.find_first_not_of('0'), a.size()));
    b.remove_prefix(std::min(b.find_first_not_of('0'), b.size()));
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  }

  bool read_atom_escape() {
    if (take("k<")) {
      const auto name = take_name();
      if (name) referred_.push_back(*name);
      return name.has_value();
    }
    if (!rest_.empty() && rest_.front() >= '1' && rest_.front() <= '9') {
      const std::string_view digits = take_while(is_digit);
      if (digits.size() > 3) return false;
      most_referred_ = std::max(most_referred_, std::stoi(std::string(digits)));
      return true;
    }
    return read_escape().has_value();
  }

  /// What an escape may be within a class and without.
  std::optional<Escape> read_escape() {
    if (rest_.empty()) return std::nullopt;
    const char c = rest_.front();
    if (static_cast<unsigned char>(c) >= 0x80) return std::nullopt;
    rest_.remove_prefix(1);
    if (std::string_view("dDsSwW").contains(c)) return Escape{};
    if (c == 'p' || c == 'P') {
      if (!take("{")) return std::nullopt;
      const std::string_view name = take_while([](char one) { return one != '}'; });
      return take("}") && is_property(name) ? std::optional(Escape{}) : std::nullopt;
    }
    constexpr std::string_view kControls = "fnrtv";
    if (const auto at = kControls.find(c); at != std::string_view::npos) return Escape{U"\f\n\r\t\v"[at]};
    if (c == '0') return rest_.empty() || !is_digit(rest_.front()) ? std::optional(Escape{0}) : std::nullopt;
    if (c == 'x') return take_digits(2);
    if (c == 'u') return take("{") ? take_braced() : take_digits(4);
    if (c == 'c') {
      if (rest_.empty() || !is_letter(rest_.front())) return std::nullopt;
      return Escape{take_character().value() % 32};
    }
    return is_syntax(c) ? std::optional(Escape{static_cast<char32_t>(c)}) : std::nullopt;
  }

  std::optional<Escape> take_digits(std::size_t count) {
    const std::string_view digits = rest_.substr(0, count);
    if (digits.size() < count || !std::ranges::all_of(digits, is_hexadecimal)) return std::nullopt;
    rest_.remove_prefix(count);
    return Escape{static_cast<char32_t>(std::stoul(std::string(digits), nullptr, 16))};
  }

  std::optional<Escape> take_braced() {
    std::string_view digits = take_while(is_hexadecimal);
    if (digits.empty() || !take("}")) return std::nullopt;
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size() - 1));
    if (digits.size() > 6) return std::nullopt;
    const auto point = static_cast<char32_t>(std::stoul(std::string(digits), nullptr, 16));
    return point <= 0x10ffff ? std::optional(Escape{point}) : std::nullopt;
  }

  bool read_class() {
    static_cast<void>(take("^"));
    while (!take("]")) {
      const auto first = read_class_atom();
      if (!first) return false;
      if (!rest_.starts_with('-') || rest_.starts_with("-]")) continue;
      rest_.remove_prefix(1);
      const auto last = read_class_atom();
      if (!last || !first->point || !last->point || *last->point < *first->point) return false;
    }
    return true;
  }

  std::optional<Escape> read_class_atom() {
    if (take("\\b")) return Escape{8};
    if (take("\\-")) return Escape{'-'};
    if (take("\\")) return read_escape();
    const auto point = take_character();
    return point ? std::optional(Escape{point}) : std::nullopt;
  }

  std::string_view rest_;
  int groups_ = 0;
  int most_referred_ = 0;
  std::set<std::string> names_;
  std::vector<std::string> referred_;
};

}  // namespace

bool is_regular_expression(std::string_view pattern) { return Reader(pattern).read(); }

}  // namespace chatelaine::openapi
