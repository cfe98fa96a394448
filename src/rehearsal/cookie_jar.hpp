#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "net/response.hpp"

namespace chatelaine::rehearsal {

/// The cookies of one origin, for the length of a sign-in (RFC 6265 §5, as far as one origin and a few minutes need
/// it). At most 64 of them, 8 KiB each.
class CookieJar {
 public:
  /// Takes what an answer's `Set-Cookie` headers say; `path` is that of the request.
  void take(const std::vector<net::Header>& headers, std::string_view path);
  /// The header `Cookie` for a request; empty where there is none to send.
  [[nodiscard]] std::string header_for(std::string_view path) const;

 private:
  struct Cookie {
    std::string name;
    std::string value;
    std::string path;
  };

  void take_one(std::string_view header, std::string_view path);

  std::vector<Cookie> cookies_;
};

}  // namespace chatelaine::rehearsal
