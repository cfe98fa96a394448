#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace chatelaine {

/// Writes a flat JSON object in the order of the calls, straight into one string: for answers that are made for every
/// request, and for those that hold a secret, of which a tree of values would keep copies.
///
///     JsonObjectWriter().add("token_type", "bearer").add("expires_in", 59).finish()
class JsonObjectWriter {
 public:
  /// `name` is one of ours and is written as it is; `value` is valid UTF-8 and is escaped.
  JsonObjectWriter& add(std::string_view name, std::string_view value);
  JsonObjectWriter& add(std::string_view name, const char* value) { return add(name, std::string_view(value)); }
  JsonObjectWriter& add(std::string_view name, std::int64_t value);
  JsonObjectWriter& add(std::string_view name, bool value);
  /// An array of texts.
  JsonObjectWriter& add(std::string_view name, const std::vector<std::string_view>& values);
  /// The object's text. The writer is empty afterwards.
  [[nodiscard]] std::string finish();

 private:
  void begin(std::string_view name);
  void write(std::string_view text);

  std::string text_ = "{";
};

}  // namespace chatelaine
