#include "oauth/parameters.hpp"

namespace chatelaine::oauth {

std::expected<Form, FormError> parse_parameters(std::string_view text) { return parse_form(text, kResourceParameter); }

}  // namespace chatelaine::oauth
