#pragma once

#include <optional>
#include <string>
#include <vector>

namespace chatelaine::openapi {

/// One part of a form (RFC 7578 §4.2, §4.4).
struct Part {
  std::string name;
  /// Of a file.
  std::optional<std::string> file_name;
  /// Empty: text.
  std::string media_type;
  std::string content;
};

struct Multipart {
  /// With its boundary, which stands in no part.
  std::string content_type;
  std::string body;
};

/// `multipart/form-data` of these parts, in their order.
[[nodiscard]] Multipart write_multipart(const std::vector<Part>& parts);

}  // namespace chatelaine::openapi
