#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/request.hpp"
#include "net/response.hpp"

namespace chatelaine::provider::testing {

/// A request as tests write it. Sent to a router it owns every byte that net::Request only views.
struct TestRequest {
  std::string method = "GET";
  std::string target;
  std::vector<net::Header> headers;
  std::string body;

  TestRequest& with(std::string name, std::string value) & {
    headers.push_back({std::move(name), std::move(value)});
    return *this;
  }
  TestRequest&& with(std::string name, std::string value) && {
    return std::move(with(std::move(name), std::move(value)));
  }
};

/// An answer whose body is whole.
struct TestResponse {
  int status = 0;
  std::vector<net::Header> headers;
  std::string body;

  /// The first header of that name, or nothing.
  [[nodiscard]] std::optional<std::string> header(std::string_view name) const;
  /// A string or number member of the JSON body; an empty string where there is none.
  [[nodiscard]] std::string member(std::string_view name) const;
  /// A parameter of the Location header's query; an empty string where there is none.
  [[nodiscard]] std::string location_parameter(std::string_view name) const;
  /// The value of the form field of that name in an HTML body; an empty string where there is none.
  [[nodiscard]] std::string form_field(std::string_view name) const;
};

/// Reads `METHOD TARGET`, header lines, an empty line and the body, with LF line ends; the last LF is not the body's.
[[nodiscard]] TestRequest parse_request(std::string_view text);

/// The words of a page as a reader sees them: tags taken off, white space made one blank, entities decoded.
[[nodiscard]] std::string visible_text(std::string_view html);

}  // namespace chatelaine::provider::testing
