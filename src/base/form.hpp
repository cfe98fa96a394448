#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chatelaine {

/// The parameters of a query or of an `application/x-www-form-urlencoded` body (WHATWG URL §5.1; RFC 6749 app. B), each
/// name once unless its reader says otherwise: the single parser for queries, forms and (through oauth/token_request)
/// JSON bodies. Values may be passwords: they are wiped before their memory is freed.
class Form {
 public:
  struct Field {
    std::string name;
    std::string value;
  };

  Form() = default;
  explicit Form(std::vector<Field> fields) : fields_(std::move(fields)) {}
  Form(Form&&) noexcept = default;
  Form& operator=(Form&& other) noexcept;
  Form(const Form&) = default;
  Form& operator=(const Form& other);
  ~Form();

  /// Nothing where the parameter is absent; an empty string where it came empty; the first of several.
  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const;
  /// Every value of the parameter, in their order.
  [[nodiscard]] std::vector<std::string_view> get_all(std::string_view name) const;
  /// The value, or an empty view where the parameter is absent.
  [[nodiscard]] std::string_view get_or_empty(std::string_view name) const;
  [[nodiscard]] const std::vector<Field>& fields() const { return fields_; }
  void add(std::string name, std::string value);
  void set(std::string_view name, std::string value);

 private:
  void wipe_values() noexcept;

  std::vector<Field> fields_;
};

/// What stopped a form from being read; `parameter` names the culprit where there is one.
struct FormError {
  enum class Kind { repeated_parameter, bad_percent_encoding, too_many_parameters };
  Kind kind;
  std::string parameter;
};

/// Reads at most 128 parameters. A repeated name is an error (RFC 6749 §3.1, §3.2), unless it is `repeatable`, and so
/// is a `%` without two hex digits.
[[nodiscard]] std::expected<Form, FormError> parse_form(std::string_view text,
                                                        std::optional<std::string_view> repeatable = std::nullopt);
/// As `parse_form`, but a repeated name is kept: for what must be passed on rather than understood.
[[nodiscard]] std::expected<std::vector<Form::Field>, FormError> parse_form_fields(std::string_view text);
/// `name=value&…`, with everything but unreserved characters percent-encoded (a blank is `%20`, which every reader
/// takes).
[[nodiscard]] std::string encode_form(const std::vector<Form::Field>& fields);
[[nodiscard]] inline std::string encode_form(const Form& form) { return encode_form(form.fields()); }

/// Percent-encodes all but RFC 3986's unreserved characters.
[[nodiscard]] std::string percent_encode(std::string_view text);
/// Decodes `%XX`; a `+` stays a `+`. Nothing on a stray `%`.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);

}  // namespace chatelaine
