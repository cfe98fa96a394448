#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "base/form.hpp"
#include "rehearsal/page.hpp"

/// What somebody does with the pages of a sign-in who knows no more of them than that they have forms.
namespace chatelaine::rehearsal {

enum class PageAct : std::uint8_t {
  /// Name and password, or the name alone where the page asks for no more.
  sign_in,
  name,
  allow,
  /// The only thing that can be done.
  go_on,
};

/// A form as it is to be sent. Its values may hold the password: Form wipes them.
struct FilledForm {
  PageAct act;
  std::string action;
  bool is_post = false;
  Form fields;
};

/// What was done on the pages before.
struct Progress {
  bool has_given_name = false;
  bool has_signed_in = false;
  int pages = 0;
};

/// Chooses the form, and fills it: hidden fields stay as they are; the person's name goes into the text field before
/// the password; of a consent's buttons the one that allows is pressed (ours by its name and value, others by what is
/// written on them), and no box stays unchecked but "remember". The error is a sentence that says where it got stuck.
[[nodiscard]] std::expected<FilledForm, std::string> choose_form(const Page& page, std::string_view user,
                                                                 std::string_view password, const Progress& progress);

}  // namespace chatelaine::rehearsal
