#include "openapi/multipart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace chatelaine::openapi {
namespace {

/// RFC 7578 §4.2: what would end the quoted name is percent-encoded, as browsers do.
std::string quote(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"' || static_cast<unsigned char>(c) < 0x20) {
      quoted += fmt::format("%{:02X}", c);
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

/// RFC 2046 §5.1.1: it stands in no part. It follows from them, so that the same parts make the same body.
std::string find_boundary(const std::vector<Part>& parts) {
  std::size_t seed = parts.size();
  for (const Part& part : parts) seed = seed * 31 + std::hash<std::string>{}(part.content);
  for (;; ++seed) {
    std::string boundary = fmt::format("form-{:016x}", seed);
    const auto contains = [&](const Part& part) { return part.content.find(boundary) != std::string::npos; };
    if (std::ranges::none_of(parts, contains)) return boundary;
  }
}

}  // namespace

Multipart write_multipart(const std::vector<Part>& parts) {
  const std::string boundary = find_boundary(parts);
  std::string body;
  for (const Part& part : parts) {
    body += fmt::format("--{}\r\nContent-Disposition: form-data; name={}", boundary, quote(part.name));
    if (part.file_name) body += "; filename=" + quote(*part.file_name);
    if (!part.media_type.empty()) body += "\r\nContent-Type: " + part.media_type;
    body += "\r\n\r\n" + part.content + "\r\n";
  }
  return {"multipart/form-data; boundary=" + boundary, body + "--" + boundary + "--\r\n"};
}

}  // namespace chatelaine::openapi
