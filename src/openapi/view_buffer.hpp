#pragma once

#include <streambuf>
#include <string_view>

namespace chatelaine::openapi {

/// Reads from the text where it is.
class ViewBuffer final : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view text) {
    char* begin = const_cast<char*>(text.data());  // NOLINT(cppcoreguidelines-pro-type-const-cast): only read from
    setg(begin, begin, begin + text.size());
  }
};

}  // namespace chatelaine::openapi
