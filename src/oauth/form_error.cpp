#include "oauth/form_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace chatelaine::oauth {
namespace {

bool looks_like_a_name(std::string_view text) {
  constexpr std::size_t kLongest = 64;
  const auto is_name_character = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '-';
  };
  return !text.empty() && text.size() <= kLongest && std::ranges::all_of(text, is_name_character);
}

std::string describe_parameter(std::string_view name) {
  return looks_like_a_name(name) ? fmt::format("The parameter '{}'", name) : "A parameter";
}

}  // namespace

OAuthError describe_form_error(const FormError& error) {
  switch (error.kind) {
    case FormError::Kind::repeated_parameter:
      return refuse(ErrorCode::invalid_request, describe_parameter(error.parameter) + " appears more than once.")
          .error();
    case FormError::Kind::bad_percent_encoding:
      return refuse(ErrorCode::invalid_request,
                    describe_parameter(error.parameter) + " holds a % that two hexadecimal digits do not follow.")
          .error();
    case FormError::Kind::too_many_parameters:
      return refuse(ErrorCode::invalid_request, "The request holds more than 128 parameters.").error();
  }
  std::unreachable();
}

}  // namespace chatelaine::oauth
