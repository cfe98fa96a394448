#include "openapi/reference.hpp"

#include <fmt/format.h>

#include "base/form.hpp"

namespace chatelaine::openapi {
namespace {

constexpr int kMostSteps = 32;
constexpr std::size_t kLongestPointer = 4'000;

const json::value* find_pointer(const json::value& root, std::string_view pointer) {
  if (!pointer.empty() && pointer.front() != '/') return nullptr;
  boost::system::error_code error;
  const json::value* found = root.find_pointer(pointer, error);
  return error ? nullptr : found;
}

/// The pointer anew, where its way ends at an object that is itself a `$ref`: tools that bundle files write pointers
/// into what is referred to.
std::optional<std::string> continue_at_reference(const json::value& root, std::string_view pointer) {
  const json::value* current = &root;
  while (!pointer.empty()) {
    const std::string_view token = pointer.substr(0, pointer.find('/', 1));
    const json::value* child = find_pointer(*current, token);
    if (child == nullptr) break;
    current = child;
    pointer.remove_prefix(token.size());
  }
  const json::object* object = current->if_object();
  const json::string* reference = object == nullptr ? nullptr : find_string(*object, "$ref");
  if (reference == nullptr || !reference->starts_with('#')) return std::nullopt;
  auto target = percent_decode(std::string_view(*reference).substr(1));
  if (target) target->append(pointer);
  return target;
}

}  // namespace

std::expected<const json::object*, Fault> References::resolve(const json::value& value) const {
  const json::value* current = &value;
  for (int step = 0; step < kMostSteps; ++step) {
    const json::object* object = current->if_object();
    if (object == nullptr) {
      return std::unexpected(Fault{"", "wrong_type", "this is not an object", "an object, or a $ref to one"});
    }
    const json::string* reference = find_string(*object, "$ref");
    if (reference == nullptr) return object;
    const std::string_view text(*reference);
    budget_.take_text(text.size());
    if (!text.starts_with('#')) {
      return std::unexpected(Fault{"", "external_reference",
                                   fmt::format("the $ref {} leads out of this file", shorten(text)),
                                   "a $ref such as #/components/parameters/id"});
    }
    current = find_target(text).value;
    if (current == nullptr) {
      return std::unexpected(Fault{"", "broken_reference", fmt::format("the $ref {} names nothing", shorten(text)),
                                   "a $ref to what exists"});
    }
  }
  return std::unexpected(Fault{"", "reference_cycle", "this $ref comes back to itself", "a $ref that ends somewhere"});
}

References::Target References::find_target(std::string_view reference) const {
  auto pointer = reference.starts_with('#') ? percent_decode(reference.substr(1)) : std::nullopt;
  if (!pointer) return {};
  Target target{find_pointer(root_, *pointer), *pointer};
  for (int step = 0; target.value == nullptr && step < kMostSteps; ++step) {
    pointer = continue_at_reference(root_, *pointer);
    if (!pointer || pointer->size() > kLongestPointer) break;
    target = {find_pointer(root_, *pointer), *pointer};
  }
  return target;
}

const json::object* References::follow(const json::value& value, const std::string& path) const {
  auto found = resolve(value);
  if (found) return *found;
  found.error().path = path;
  budget_.add_fault(std::move(found.error()));
  return nullptr;
}

const json::object* References::follow_if_possible(const json::value& value) const {
  return resolve(value).value_or(nullptr);
}

std::string escape_pointer(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace chatelaine::openapi
