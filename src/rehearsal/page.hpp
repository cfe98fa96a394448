#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// A page as far as somebody must read it who fills in its forms.
namespace chatelaine::rehearsal {

enum class FieldKind : std::uint8_t { text, password, hidden, checkbox, other };

struct PageField {
  FieldKind kind = FieldKind::text;
  std::string name;
  std::string value;
  /// Of a checkbox.
  bool is_checked = false;
};

/// What submits a form when it is pressed.
struct PageButton {
  std::string name;  ///< may be empty: then it sends nothing of its own
  std::string value;
  std::string label;  ///< what a person reads on it
};

struct PageForm {
  std::string action;  ///< as it is written; empty: the page's own URL
  bool is_post = false;
  std::vector<PageField> fields;
  std::vector<PageButton> buttons;
};

struct Page {
  std::string title;
  std::vector<PageForm> forms;
  /// What a screen reader would announce at once (`role="alert"`): why something was refused.
  std::string alert;
  /// All that a person reads on it, in one line.
  std::string text;
};

inline constexpr std::size_t kMostForms = 32;
inline constexpr std::size_t kMostFields = 256;

/// Reads a stranger's HTML, however broken: what cannot be read is left out. Nothing is fetched, no script runs, and
/// texts are cut at 8 KiB (THREATS N41).
[[nodiscard]] Page read_page(std::string_view html);

}  // namespace chatelaine::rehearsal
