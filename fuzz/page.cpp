#include "rehearsal/page.hpp"

#include "rehearsal/page_choice.hpp"
#include "targets.hpp"

namespace chatelaine::fuzz {

/// A stranger's sign-in page: no form grows beyond its bounds, and whatever is chosen is one that the page has.
void check_page(std::string_view bytes) {
  const rehearsal::Page page = rehearsal::read_page(bytes);
  require(page.forms.size() <= rehearsal::kMostForms);
  for (const rehearsal::PageForm& form : page.forms) {
    require(form.fields.size() <= rehearsal::kMostFields && form.buttons.size() <= rehearsal::kMostFields);
    for (const rehearsal::PageField& field : form.fields) require(!field.name.empty());
  }
  const auto filled = rehearsal::choose_form(page, "user", "password", {});
  require(!filled || !page.forms.empty());
}

}  // namespace chatelaine::fuzz
