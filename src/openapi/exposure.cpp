#include "openapi/exposure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "base/ascii.hpp"
#include "openapi/operation_reader.hpp"

namespace chatelaine::openapi {
namespace {

bool is_letter_or_digit(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

const std::vector<std::string>& names_of(const ScopeOpening& opening) {
  static const std::vector<std::string> kNone;
  return opening.operations ? *opening.operations : kNone;
}

Operation* find_to_change(Description& description, std::string_view name) {
  const Operation* found = find_named_operation(description, name);
  return found == nullptr ? nullptr
                          : &description.operations[static_cast<std::size_t>(found - description.operations.data())];
}

/// Letters and digits of a tag or segment, lower case, the rest made one underscore each: part of a scope's name
/// (RFC 6749 §3.3 allows more, but not blanks and quotes).
std::string make_slug(std::string_view text) {
  std::string slug;
  for (const char c : to_lower(text)) {
    if (is_letter_or_digit(c)) {
      slug += c;
    } else if (!slug.empty() && slug.back() != '_') {
      slug += '_';
    }
  }
  while (slug.ends_with('_')) slug.pop_back();
  return slug;
}

/// `v1`, `v2.1`, `api`: what paths begin with before they say what they are about.
bool is_telling(std::string_view segment) {
  if (segment.empty() || segment.front() == '{') return false;
  const std::string text = to_lower(segment);
  if (text == "api" || text == "rest") return false;
  const bool is_version = text.front() == 'v' && text.size() > 1 && std::ranges::all_of(text.substr(1), [](char c) {
                            return c == '.' || (c >= '0' && c <= '9');
                          });
  return !is_version;
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](unsigned char c) { return c < 0x80; });
}

/// The first segment that says what the path is about; empty where none does.
std::string_view find_telling_segment(std::string_view path) {
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::string_view segment = path.substr(0, path.find('/'));
    if (is_telling(segment) && !make_slug(segment).empty()) return segment;
    path.remove_prefix(segment.size());
  }
  return {};
}

/// What an operation is about: in its author's words ("Todo lists"; empty: nothing says), and as part of a name.
struct Subject {
  std::string words;
  std::string slug;
};
Subject find_subject(const Operation& operation) {
  const std::string_view segment = find_telling_segment(operation.path);
  Subject subject{std::string(segment), make_slug(segment)};
  const auto tag = std::ranges::find_if(operation.tags,
                                        [](const auto& text) { return !make_slug(text).empty() || !is_ascii(text); });
  if (tag != operation.tags.end()) {
    subject.words = *tag;
    // Of a tag in another script a scope's name can hold next to nothing; paths mostly say it in Latin letters.
    if (is_ascii(*tag)) subject.slug = make_slug(*tag);
  }
  if (subject.slug.empty()) subject.slug = "api";
  return subject;
}

/// Gives each subject a name of its own: of "C" and "C++" the later one becomes `c_2`.
class SubjectNames {
 public:
  const std::string& name(const Subject& subject) {
    const auto [known, is_new] = names_.try_emplace({subject.words, subject.slug});
    if (!is_new) return known->second;
    std::string name = subject.slug;
    for (int number = 2; !taken_.insert(name).second; ++number) name = fmt::format("{}_{}", subject.slug, number);
    return known->second = std::move(name);
  }

 private:
  std::map<std::pair<std::string, std::string>, std::string> names_;
  std::set<std::string> taken_;
};

/// What stands behind the dot of a proposed scope, and what its sentence begins with.
struct EffectWords {
  std::string_view suffix;
  std::string_view verb;
};
EffectWords words_of(Effect effect) {
  switch (effect) {
    case Effect::read:
      return {"read", "Read"};
    case Effect::change:
      return {"write", "Add and change"};
    case Effect::remove:
      return {"delete", "Delete"};
  }
  return {"write", "Add and change"};
}

/// "Todo lists" in the middle of a sentence; "API keys" stays.
std::string begin_small(std::string text) {
  const bool is_abbreviation = text.size() > 1 && std::isupper(static_cast<unsigned char>(text[1])) != 0;
  if (!is_abbreviation) text.replace(0, 1, to_lower(text.substr(0, 1)));
  return text;
}

std::string in_words(std::string_view text) {
  std::string words;
  for (const char c : text) words += c == '_' || c == '-' ? ' ' : c;
  return words;
}

/// The first line, blanks at its ends taken off; control characters, which a page or a terminal could stumble over,
/// made blanks.
std::string take_line(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return {};
  text.remove_prefix(start);
  std::string line(text.substr(0, text.find_first_of("\r\n")));
  std::ranges::replace_if(line, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  while (line.ends_with(' ')) line.pop_back();
  return line;
}

ScopeOpening propose_scope(const Subject& subject, std::string_view name, Effect effect) {
  const EffectWords words = words_of(effect);
  const std::string about = subject.words.empty() ? "everything else" : begin_small(in_words(take_line(subject.words)));
  return {fmt::format("{}.{}", name, words.suffix), fmt::format("{} {}", words.verb, about),
          std::vector<std::string>()};
}

ScopeOpening& find_or_add(std::vector<ScopeOpening>& scopes, ScopeOpening scope) {
  const auto found = std::ranges::find(scopes, scope.name, &ScopeOpening::name);
  if (found != scopes.end()) return *found;
  return scopes.emplace_back(std::move(scope));
}

std::string find_declared(const Description& description, const std::string& scope) {
  const auto found = std::ranges::find(description.declared_scopes, scope, &DeclaredScope::name);
  return found == description.declared_scopes.end() ? std::string() : found->description;
}

/// `listTodos`, `list_todos` and `get /todos/{id}` as words.
std::string split_words(std::string_view id) {
  std::string words;
  for (const char c : id) {
    const bool is_capital = c >= 'A' && c <= 'Z';
    if (is_capital && !words.empty() && std::islower(static_cast<unsigned char>(words.back())) != 0) words += ' ';
    words += c == '_' || c == '-' || c == '.' ? ' ' : c;
  }
  return words.contains(' ') && !words.contains('/') ? to_lower(words) : words;
}

std::string take_sentence(std::string_view text) {
  const std::string line = take_line(text);
  return line.substr(0, line.find(". "));
}

std::string cut_stop(std::string line) {
  while (line.ends_with('.') || line.ends_with(' ')) line.pop_back();
  return line;
}

constexpr std::size_t kLongestLine = 100;

/// Cut between characters of UTF-8.
std::string shorten_line(std::string line) {
  if (line.size() <= kLongestLine) return line;
  std::size_t end = kLongestLine;
  while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) --end;
  line.resize(end);
  return line + "…";
}

}  // namespace

const Operation* find_named_operation(const Description& description, std::string_view name) {
  // No id holds a blank with a slash behind it (read_description).
  const std::size_t blank = name.find(" /");
  if (blank == std::string_view::npos) return description.find_operation(name);
  const std::string method = to_upper(name.substr(0, blank));
  const std::string_view path = name.substr(blank + 1);
  const auto found = std::ranges::find_if(description.operations, [&](const Operation& operation) {
    return operation.method == method && (operation.path == path || description.base_path + operation.path == path);
  });
  return found == description.operations.end() ? nullptr : &*found;
}

std::expected<void, UnknownOperation> open_operations(Description& description,
                                                      const std::vector<ScopeOpening>& openings) {
  bool is_by_hand = false;
  for (const ScopeOpening& opening : openings) {
    is_by_hand = is_by_hand || opening.operations.has_value();
    for (const std::string& name : names_of(opening)) {
      Operation* operation = find_to_change(description, name);
      if (operation == nullptr) return std::unexpected(UnknownOperation{opening.name, name});
      operation->demand = Demand::scopes;
      if (std::ranges::find(operation->scopes, opening.name) == operation->scopes.end())
        operation->scopes.push_back(opening.name);
    }
  }
  if (!is_by_hand) return {};
  for (Operation& operation : description.operations)
    if (operation.demand == Demand::unsaid) operation.demand = Demand::closed;
  return {};
}

std::expected<void, std::string> close_operations(Description& description, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    Operation* operation = find_to_change(description, name);
    if (operation == nullptr) return std::unexpected(name);
    operation->demand = Demand::closed;
    operation->scopes.clear();
  }
  return {};
}

std::vector<ScopeOpening> propose_scopes(const Description& description, const std::vector<ScopeOpening>& openings,
                                         const std::vector<std::string>& closed) {
  std::set<const Operation*> decided;
  const auto decide = [&](const std::string& name) { decided.insert(find_named_operation(description, name)); };
  for (const ScopeOpening& opening : openings) std::ranges::for_each(names_of(opening), decide);
  std::ranges::for_each(closed, decide);
  std::vector<ScopeOpening> scopes;
  SubjectNames names;
  for (const Operation& operation : description.operations) {
    // Also of what is opened already: names must come out as they did before.
    const Subject subject = find_subject(operation);
    const std::string& name = names.name(subject);
    for (const std::string& scope : operation.scopes)
      find_or_add(scopes, {scope, take_line(find_declared(description, scope)), std::vector<std::string>()});
    if (operation.demand != Demand::unsaid || decided.contains(&operation)) continue;
    find_or_add(scopes, propose_scope(subject, name, weigh_effect(operation))).operations->push_back(operation.id);
  }
  return scopes;
}

Effect weigh_effect(const Operation& operation) {
  const bool is_more = operation.effect == Effect::read && operation.is_consequential.value_or(false);
  return is_more ? Effect::change : operation.effect;
}

std::string describe_operation(const Operation& operation) {
  std::string line = cut_stop(take_line(operation.summary));
  if (line.empty()) line = cut_stop(take_sentence(operation.description));
  if (line.empty()) line = split_words(operation.id);
  if (line.empty()) line = operation.id;
  if (!line.empty()) line[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(line[0])));
  return shorten_line(std::move(line));
}

}  // namespace chatelaine::openapi
