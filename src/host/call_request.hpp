#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/form.hpp"
#include "base/uri.hpp"
#include "net/response.hpp"
#include "openapi/description.hpp"

namespace chatelaine::host {

/// `key=value`, as a person gives it.
using Argument = Form::Field;

/// Reads `key=value`; the error is a sentence.
[[nodiscard]] std::expected<Argument, std::string> parse_argument(std::string_view text);

/// A request to the API, without the token.
struct CallRequest {
  std::string method;
  std::string url;
  std::vector<net::Header> headers;
  std::string body;
};

/// Places arguments by name into the operation's path, query, headers and body. A name that stands in several places
/// fills all of them; `body` is the whole body where nothing is described by that name; an array takes a JSON array or
/// the name several times. The error names what is missing, unknown or of the wrong type. The URL always stays on the
/// base's origin and below its path.
[[nodiscard]] std::expected<CallRequest, std::string> make_call_request(const HttpUrl& base,
                                                                        const openapi::Operation& operation,
                                                                        const std::vector<Argument>& arguments);

}  // namespace chatelaine::host
