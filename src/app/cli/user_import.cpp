#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <map>
#include <ostream>

#include "accounts/accounts.hpp"
#include "app/cli/user_account.hpp"
#include "base/ascii.hpp"
#include "base/block_on.hpp"

namespace chatelaine::app {
namespace {

/// A row of the file and where it stands: a line of JSON Lines, or an element of the array.
struct ImportRow {
  std::string place;
  json::value value;
};

using Faults = std::vector<std::string>;

std::string read_file(const std::string& name, Console& console) {
  if (name == "-") return {std::istreambuf_iterator<char>(console.in), std::istreambuf_iterator<char>()};
  std::ifstream stream(name, std::ios::binary);
  if (!stream) throw CommandFailed(fmt::format("{} cannot be read", name));
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

std::vector<ImportRow> read_array(std::string_view text, Faults& faults) {
  auto document = parse_json(text);
  if (!document) {
    faults.push_back(fmt::format("line {}: {}", document.error().line, document.error().message));
    return {};
  }
  std::vector<ImportRow> rows;
  for (json::value& element : document->as_array())
    rows.push_back({fmt::format("element {}", rows.size() + 1), std::move(element)});
  return rows;
}

std::vector<ImportRow> read_lines(std::string_view text, Faults& faults) {
  std::vector<ImportRow> rows;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    auto value = parse_json(line);
    if (value)
      rows.push_back({fmt::format("line {}", number), std::move(*value)});
    else
      faults.push_back(fmt::format("line {}: {}", number, value.error().message));
  }
  return rows;
}

/// The text of a member that may be absent or null; what is neither is a fault.
std::string read_member(const json::object& object, std::string_view name, const std::string& place, Faults& faults) {
  const json::value* member = object.if_contains(name);
  if (member == nullptr || member->is_null()) return "";
  if (const json::string* text = member->if_string()) return std::string(*text);
  faults.push_back(fmt::format("{}: \"{}\" must be a text", place, name));
  return "";
}

/// One row as an account; what is wrong with it goes to `faults`.
storage::User read_row(Foundation& foundation, const ImportRow& row, Faults& faults) {
  const json::object* object = row.value.if_object();
  if (object == nullptr) {
    faults.push_back(fmt::format("{}: must be an object with \"email\"", row.place));
    return {};
  }
  for (const auto& member : *object)
    if (member.key() != "email" && member.key() != "name" && member.key() != "subject" &&
        member.key() != "password_hash")
      faults.push_back(fmt::format("{}: \"{}\" is not one of email, name, subject, password_hash", row.place,
                                   std::string_view(member.key())));
  std::string email = read_member(*object, "email", row.place, faults);
  std::string name = read_member(*object, "name", row.place, faults);
  const std::string subject = read_member(*object, "subject", row.place, faults);
  const std::string hash = read_member(*object, "password_hash", row.place, faults);
  if (!hash.empty())
    if (const auto checked = crypto::check_hash_format(hash); !checked)
      faults.push_back(fmt::format("{}: \"password_hash\": {}", row.place, checked.error()));
  try {
    storage::User user = make_account(foundation, std::move(email), std::move(name), subject, storage::Role::user);
    if (!hash.empty()) user.password_hash = crypto::PasswordHash(hash);
    return user;
  } catch (const WrongUsage& wrong) {
    faults.push_back(fmt::format("{}: {}", row.place, wrong.what()));
    return {};
  }
}

/// Addresses and subjects that stand twice in the file or are taken already.
void check_unique(Foundation& foundation, const std::vector<ImportRow>& rows, const std::vector<storage::User>& users,
                  Faults& faults) {
  std::map<std::string, std::string> emails;
  std::map<std::string, std::string> subjects;
  for (const auto& user : block_on(foundation.storage->users().list_users())) {
    emails.emplace(to_lower(user.email), "the database");
    subjects.emplace(user.subject.value(), "the database");
  }
  for (std::size_t i = 0; i < users.size(); ++i) {
    const auto [email, is_new_email] = emails.emplace(to_lower(users[i].email), rows[i].place);
    if (!is_new_email)
      faults.push_back(fmt::format("{}: {} is in {} already", rows[i].place, users[i].email, email->second));
    const auto [subject, is_new_subject] = subjects.emplace(users[i].subject.value(), rows[i].place);
    if (!is_new_subject)
      faults.push_back(
          fmt::format("{}: the subject {} is in {} already", rows[i].place, users[i].subject.value(), subject->second));
  }
}

[[noreturn]] void refuse_import(const Faults& faults) {
  std::string text = "nothing was imported:";
  for (const std::string& fault : faults) text += fmt::format("\n  {}", fault);
  throw CommandFailed(text);
}

/// Storage has no verb for many users at once: where one fails after all the checks (another command was quicker, the
/// disk is full), the ones before it are taken back.
void add_all(Foundation& foundation, const std::vector<storage::User>& users) {
  std::size_t added = 0;
  try {
    for (; added < users.size(); ++added) add_account(foundation, users[added]);
  } catch (const std::exception&) {
    for (std::size_t i = 0; i < added; ++i)
      static_cast<void>(block_on(foundation.storage->users().remove_user(users[i].id, foundation.clock.now())));
    throw;
  }
}

}  // namespace

ExitCode import_users(const Arguments& arguments, Console& console) {
  Session session = open_side(arguments);
  const std::string text = read_file(arguments.get("FILE"), console);
  Faults faults;
  const auto start = text.find_first_not_of(" \t\r\n");
  const bool is_array = start != std::string::npos && text[start] == '[';
  const std::vector<ImportRow> rows = is_array ? read_array(text, faults) : read_lines(text, faults);
  if (!faults.empty()) refuse_import(faults);
  std::vector<storage::User> users;
  users.reserve(rows.size());
  for (const ImportRow& row : rows) users.push_back(read_row(*session, row, faults));
  if (faults.empty()) check_unique(*session, rows, users, faults);
  if (!faults.empty()) refuse_import(faults);
  add_all(*session, users);
  if (wants_json(arguments))
    print_json(console, json::object{{"imported", users.size()}});
  else
    console.out << fmt::format("Imported {} users.\n", users.size());
  return ExitCode::done;
}

}  // namespace chatelaine::app
