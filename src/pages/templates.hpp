#pragma once

#include <string>
#include <string_view>

#include "pages/page.hpp"

namespace chatelaine::pages {

/// web/templates/NAME.mustache inside the frame, filled with `data`. Throws std::logic_error where there is no such
/// template or it is malformed: a template is part of the program. Thread-safe.
[[nodiscard]] std::string render_template(std::string_view name, const Data& data);

/// The text that is parsed: the frame, with the template in the place of `{{> page}}` and other templates in the place
/// of their `{{> NAME}}`.
[[nodiscard]] std::string compose_template(std::string_view name);

}  // namespace chatelaine::pages
