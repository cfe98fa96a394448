#include "app/profiles/profile_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "app/config/nearest.hpp"
#include "app/config/toml.hpp"
#include "app/config/toml_values.hpp"
#include "app/profiles/profile_schema.hpp"
#include "base/contains.hpp"

namespace chatelaine::app {
namespace {

/// Walks a parsed profile along the schema and collects what is wrong.
class ProfileReader {
 public:
  explicit ProfileReader(std::filesystem::path file) : file_(std::move(file)) {
    draft_.profile.name = file_.stem().string();
    draft_.profile.grant_types = {oauth::GrantType::authorization_code, oauth::GrantType::refresh_token};
    if (!is_profile_name(draft_.profile.name))
      report(0, "", "must have a name of small letters, digits and \"-\", followed by .toml");
  }

  void read_top(const TomlTable& top) {
    TomlTable keys;
    for (const TomlMember& member : top) {
      const auto table = std::ranges::find(profile_tables(), member.name, &ProfileTable::name);
      if (table == profile_tables().end()) {
        keys.push_back(member);
        lines_.emplace(member.name, member.node.line);
      } else {
        given_tables_.insert(member.name);
        lines_.emplace(member.name, member.node.line);
        read_table(*table, member.node);
      }
    }
    read_keys("", keys, 0);
    for (const ProfileTable& table : profile_tables())
      if (!given_tables_.contains(table.name)) report_missing(table);
    check_facts();
  }

  /// What does not fit together, once each key does by itself.
  void check() {
    if (!faults_.empty()) return;
    for (const oauth::ProfileFault& fault : check_profile(draft_.profile))
      report(fault.redirect ? line_in_redirect(*fault.redirect, fault.key) : line_of(fault.key), fault.key,
             fault.message);
  }

  [[nodiscard]] std::vector<ConfigurationFault>& faults() { return faults_; }
  [[nodiscard]] ProfileFile finish() { return {std::move(draft_.profile), std::move(lines_)}; }

 private:
  void report(std::uint32_t line, std::string key, std::string message) {
    faults_.push_back({file_, line, std::move(key), std::move(message)});
  }

  void report_no_table(std::string_view table, const TomlNode& node) {
    report(node.line, std::string(table), fmt::format("must be a table, [{}], not {}", table, describe(node)));
  }

  [[nodiscard]] std::uint32_t line_of(std::string_view key) const {
    const auto found = lines_.find(key);
    return found == lines_.end() ? 0 : found->second;
  }

  [[nodiscard]] std::uint32_t line_in_redirect(std::size_t redirect, std::string_view key) const {
    return redirect_lines_[redirect].find(key)->second;
  }

  void report_missing(const ProfileTable& table) {
    switch (table.shape) {
      case ProfileTable::Shape::once:
        return read_keys(table.name, {}, 0);
      case ProfileTable::Shape::repeated:
        return report(0, std::string(table.name), fmt::format("is missing: write [[{}]]", table.name));
      case ProfileTable::Shape::needs:
        return;
      case ProfileTable::Shape::request:
        missing_facts_.push_back({std::string(table.name), 0, "a table", &registration_request_condition()});
    }
  }

  void read_table(const ProfileTable& table, const TomlNode& node) {
    switch (table.shape) {
      case ProfileTable::Shape::once:
        if (const auto* keys = std::get_if<TomlTable>(&node.value)) return read_keys(table.name, *keys, node.line);
        return report_no_table(table.name, node);
      case ProfileTable::Shape::repeated:
        if (!node.is_list_of_tables())
          return report(node.line, std::string(table.name),
                        fmt::format("must be a list of tables, [[{}]], not {}", table.name, describe(node)));
        for (const TomlNode& element : std::get<TomlArray>(node.value)) read_redirect(table.name, element);
        return;
      case ProfileTable::Shape::needs:
        return read_metadata(table, node);
      case ProfileTable::Shape::request:
        given_facts_.push_back({std::string(table.name), node.line, "a table", &registration_request_condition()});
        return read_registration_request(table.name, node);
    }
  }

  void read_redirect(std::string_view table, const TomlNode& element) {
    draft_.redirect_template.reset();
    draft_.redirect_example.clear();
    draft_.redirect_note.clear();
    draft_.redirect_document.clear();
    draft_.redirect_parameters.clear();
    draft_.redirect_state.reset();
    const auto& keys = std::get<TomlTable>(element.value);
    read_keys(table, keys, element.line);
    auto& lines = redirect_lines_.emplace_back();
    for (const TomlMember& key : keys) lines.emplace(fmt::format("{}.{}", table, key.name), key.node.line);
    if (draft_.redirect_template)
      draft_.profile.redirects.push_back({std::move(*draft_.redirect_template), draft_.redirect_example,
                                          draft_.redirect_note, draft_.redirect_document, draft_.redirect_parameters,
                                          draft_.redirect_state});
  }

  /// The members of another document: their names are not ours to check.
  void read_metadata(const ProfileTable& table, const TomlNode& node) {
    const auto* members = std::get_if<TomlTable>(&node.value);
    if (members == nullptr) return report_no_table(table.name, node);
    auto& needs = draft_.profile.*table.needs;
    for (const auto& [name, value] : *members) {
      const std::string key = fmt::format("{}.{}", table.name, name);
      if (const auto* flag = std::get_if<bool>(&value.value); flag != nullptr && *flag) {
        needs[name] = true;
        continue;
      }
      const auto texts = read_texts(value, "true, or a list of texts");
      if (texts && !texts->empty())
        needs[name] = boost::json::array(texts->begin(), texts->end());
      else
        report(value.line, key, texts ? "must not be empty" : texts.error());
    }
  }

  void read_registration_request(std::string_view table, const TomlNode& node) {
    const auto* members = std::get_if<TomlTable>(&node.value);
    if (members == nullptr) return report_no_table(table, node);
    auto& request = draft_.profile.registration_request.emplace();
    for (const auto& [name, value] : *members) {
      if (const auto text = read_text(value, "a text")) {
        request[name] = *text;
      } else if (const auto* flag = std::get_if<bool>(&value.value)) {
        request[name] = *flag;
      } else if (const auto texts = read_texts(value, "a text, true or false, or a list of texts")) {
        request[name] = boost::json::array(texts->begin(), texts->end());
      } else {
        report(value.line, fmt::format("{}.{}", table, name), texts.error());
      }
    }
  }

  /// `line`: where the table begins; 0 where it is not there.
  void read_keys(std::string_view table, const TomlTable& keys, std::uint32_t line) {
    std::set<std::string_view> given;
    for (const auto& [name, node] : keys) {
      given.insert(name);
      read_key(table, name, node);
    }
    for (const ProfileKey& key : profile_keys())
      if (key.table == table && !given.contains(key.name)) report_missing(key, line);
  }

  void report_missing(const ProfileKey& key, std::uint32_t line) {
    switch (key.presence) {
      case Presence::required:
        return report(line, key.path(), fmt::format("is missing: it must be {}", key.shape));
      case Presence::optional:
        return;
      case Presence::fact:
        missing_facts_.push_back({key.path(), line, key.shape, key.where});
    }
  }

  /// A fact is given or named as unknown, where it is one; which, shows when all tables are read.
  void check_facts() {
    if (std::ranges::find(faults_, "unknown", &ConfigurationFault::key) != faults_.end()) return;
    // What depends on a key that is wrong is left alone: its fault would lead astray.
    const bool is_sound = faults_.empty();
    const auto& unknown = draft_.profile.unknown;
    const auto is_unknown = [&](const std::string& key) { return contains(unknown, key); };
    const auto is_fact = [&](const Fact& fact) { return fact.where == nullptr || fact.where->holds(draft_.profile); };
    for (const Fact& fact : missing_facts_) {
      if (fact.where != nullptr && !is_sound) continue;
      if (is_fact(fact) && !is_unknown(fact.key))
        report(fact.line, fact.key, fmt::format("is missing: it must be {}, or be named in unknown", fact.shape));
      if (!is_fact(fact) && is_unknown(fact.key))
        report(line_of("unknown"), "unknown",
               fmt::format("must not name \"{}\", which is a fact only where {}", fact.key, fact.where->text));
    }
    if (is_sound)
      for (const Fact& fact : given_facts_)
        if (!is_fact(fact)) report(fact.line, fact.key, fmt::format("must be there only where {}", fact.where->text));
    for (const std::string& name : unknown)
      if (lines_.contains(name))
        report(line_of("unknown"), "unknown", fmt::format("must not name \"{}\", which is there", name));
  }

  void read_key(std::string_view table, std::string_view name, const TomlNode& node) {
    const auto keys = profile_keys();
    const auto key =
        std::ranges::find_if(keys, [&](const ProfileKey& k) { return k.table == table && k.name == name; });
    if (key == keys.end())
      return report(node.line, table.empty() ? std::string(name) : fmt::format("{}.{}", table, name),
                    fmt::format("is not a key that a profile can have; {}", suggest(table, name)));
    if (key->presence == Presence::fact) given_facts_.push_back({key->path(), node.line, key->shape, key->where});
    if (!table.empty()) lines_.emplace(key->path(), node.line);
    const ProfileTaken taken = std::visit([&](auto take) { return take_value(*key, take, node); }, key->take);
    if (!taken) report(node.line, key->path(), taken.error());
  }

  static std::string suggest(std::string_view table, std::string_view name) {
    std::vector<std::string_view> names;
    for (const ProfileKey& key : profile_keys())
      if (key.table == table) names.push_back(key.name);
    if (table.empty())
      for (const ProfileTable& known : profile_tables()) names.push_back(known.name);
    const auto near = std::ranges::find_if(names, [&](std::string_view known) { return is_slip(name, known); });
    if (near != names.end()) return fmt::format("did you mean \"{}\"?", *near);
    return fmt::format("expected one of: {}", fmt::join(names, ", "));
  }

  template <class T, class Take>
  ProfileTaken hand_on(Read<T> read, Take take) {
    if (!read) return std::unexpected(std::move(read).error());
    return take(draft_, *read);
  }
  ProfileTaken take_value(const ProfileKey& key, TakeProfileText take, const TomlNode& node) {
    return hand_on(read_text(node, key.shape), take);
  }
  ProfileTaken take_value(const ProfileKey& key, TakeProfileBoolean take, const TomlNode& node) {
    return hand_on(read_boolean(node, key.shape), take);
  }
  ProfileTaken take_value(const ProfileKey& key, TakeProfileList take, const TomlNode& node) {
    return hand_on(read_texts(node, key.shape), take);
  }
  ProfileTaken take_value(const ProfileKey& key, TakeProfileDate take, const TomlNode& node) {
    return hand_on(read_date(node, key.shape), take);
  }

  /// A fact, and the line where it stands, or where its table begins.
  struct Fact {
    std::string key;
    std::uint32_t line;
    std::string_view shape;
    const Condition* where;
  };

  std::filesystem::path file_;
  ProfileDraft draft_;
  std::vector<Fact> missing_facts_;
  std::vector<Fact> given_facts_;
  std::map<std::string, std::uint32_t, std::less<>> lines_;
  std::set<std::string, std::less<>> given_tables_;
  std::vector<std::map<std::string, std::uint32_t, std::less<>>> redirect_lines_;
  std::vector<ConfigurationFault> faults_;
};

}  // namespace

std::expected<ProfileFile, std::vector<ConfigurationFault>> parse_profile(std::string_view text,
                                                                          const std::filesystem::path& file) {
  const auto top = parse_toml(text);
  if (!top)
    return std::unexpected(std::vector<ConfigurationFault>{
        {file, top.error().line, "", fmt::format("is not TOML: {}", top.error().message)}});
  ProfileReader reader(file);
  reader.read_top(std::get<TomlTable>(top->value));
  reader.check();
  if (reader.faults().empty()) return reader.finish();
  std::ranges::stable_sort(reader.faults(), {}, &ConfigurationFault::line);
  return std::unexpected(std::move(reader.faults()));
}

}  // namespace chatelaine::app
