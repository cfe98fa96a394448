#include "rehearsal/page_choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/ascii.hpp"
#include "inspection/finding.hpp"

namespace chatelaine::rehearsal {
namespace {

using inspection::quote;

constexpr int kMostPages = 12;
constexpr std::array<std::string_view, 11> kAllowWords{
    "allow", "authorize", "authorise", "accept", "approve", "grant", "consent", "agree", "confirm", "continue", "yes"};
constexpr std::array<std::string_view, 9> kDenyWords{"deny",   "cancel", "decline", "reject",  "refuse",
                                                     "forbid", "abort",  "not you", "sign out"};
constexpr std::array<std::string_view, 7> kNameWords{"user", "mail", "login", "identifier", "account", "name", "id"};

template <std::size_t N>
bool has_word(const std::string& text, const std::array<std::string_view, N>& words) {
  const std::string lower = to_lower(text);
  return std::ranges::any_of(words, [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

std::string all_of(const PageButton& button) { return fmt::format("{} {}", button.label, button.value); }

bool denies(const PageButton& button) { return has_word(all_of(button), kDenyWords); }

std::size_t count(const PageForm& form, FieldKind kind) {
  return static_cast<std::size_t>(std::ranges::count(form.fields, kind, &PageField::kind));
}

/// The last text field before the password; where there is none, the first.
const PageField* find_name_field(const PageForm& form) {
  const PageField* found = nullptr;
  for (const PageField& field : form.fields) {
    if (field.kind == FieldKind::password && found != nullptr) break;
    if (field.kind == FieldKind::text) found = &field;
  }
  return found;
}

const PageField* find_password_field(const PageForm& form) {
  const auto found = std::ranges::find(form.fields, FieldKind::password, &PageField::kind);
  return found == form.fields.end() ? nullptr : &*found;
}

const PageButton* find_allow_button(const PageForm& form) {
  const auto known = std::ranges::find_if(
      form.buttons, [](const PageButton& b) { return b.name == "decision" && b.value == "allow"; });
  if (known != form.buttons.end()) return &*known;
  const auto worded = std::ranges::find_if(
      form.buttons, [](const PageButton& b) { return !denies(b) && has_word(all_of(b), kAllowWords); });
  return worded == form.buttons.end() ? nullptr : &*worded;
}

const PageButton* find_plain_button(const PageForm& form) {
  const auto found = std::ranges::find_if(form.buttons, [](const PageButton& b) { return !denies(b); });
  return found == form.buttons.end() ? nullptr : &*found;
}

/// Whether a box is ticked besides those that are.
bool is_sent(const PageField& field, PageAct act) {
  if (field.kind != FieldKind::checkbox || field.is_checked) return true;
  return act == PageAct::allow && to_lower(field.name).find("remember") == std::string::npos;
}

FilledForm fill(const PageForm& form, PageAct act, const PageButton* button) {
  FilledForm filled{act, form.action, form.is_post, {}};
  for (const PageField& field : form.fields)
    if (is_sent(field, act)) filled.fields.add(field.name, field.value);
  if (button != nullptr && !button->name.empty()) filled.fields.add(button->name, button->value);
  return filled;
}

std::expected<FilledForm, std::string> sign_in(const Page& page, const PageForm& form, std::string_view user,
                                               std::string_view password, const Progress& progress) {
  if (progress.has_signed_in) {
    const std::string why = page.alert.empty() ? std::string() : fmt::format(" It says: {}.", quote(page.alert));
    return std::unexpected("the server asks for the password again: user name or password are wrong." + why);
  }
  if (count(form, FieldKind::password) > 1)
    return std::unexpected(fmt::format("the page {} asks for a new password", quote(page.title)));
  FilledForm filled = fill(form, PageAct::sign_in, find_plain_button(form));
  if (const PageField* const name = find_name_field(form)) filled.fields.set(name->name, std::string(user));
  filled.fields.set(find_password_field(form)->name, std::string(password));
  return filled;
}

bool asks_for_name(const PageForm& form) {
  return count(form, FieldKind::text) == 1 && has_word(find_name_field(form)->name, kNameWords);
}

/// A form without anything that a person could do, which a script would have sent.
bool sends_itself(const PageForm& form) {
  return form.is_post && form.buttons.empty() && !form.fields.empty() &&
         std::ranges::all_of(form.fields, [](const PageField& f) { return f.kind == FieldKind::hidden; });
}

}  // namespace

std::expected<FilledForm, std::string> choose_form(const Page& page, std::string_view user, std::string_view password,
                                                   const Progress& progress) {
  if (progress.pages > kMostPages)
    return std::unexpected(fmt::format("after {} pages the sign-in has not come to an end", kMostPages));
  for (const PageForm& form : page.forms)
    if (find_password_field(form) != nullptr) return sign_in(page, form, user, password, progress);
  for (const PageForm& form : page.forms)
    if (const PageButton* const button = find_allow_button(form); button != nullptr && !asks_for_name(form))
      return fill(form, PageAct::allow, button);
  for (const PageForm& form : page.forms) {
    if (progress.has_given_name || !asks_for_name(form)) continue;
    FilledForm filled = fill(form, PageAct::name, find_plain_button(form));
    filled.fields.set(find_name_field(form)->name, std::string(user));
    return filled;
  }
  if (page.forms.size() == 1 && sends_itself(page.forms.front()))
    return fill(page.forms.front(), PageAct::go_on, nullptr);
  return std::unexpected(
      fmt::format("the page {} has neither a password field nor a button that allows", quote(page.title)));
}

}  // namespace chatelaine::rehearsal
