#include "rehearsal/page.hpp"

#include <libxml/HTMLparser.h>
#include <libxml/tree.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <mutex>

#include "base/ascii.hpp"

namespace chatelaine::rehearsal {
namespace {

constexpr std::size_t kMostText = 8 * 1024;

struct FreeDocument {
  void operator()(xmlDoc* document) const { xmlFreeDoc(document); }
};
using Document = std::unique_ptr<xmlDoc, FreeDocument>;

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(text));
}

std::string cut(std::string_view text) { return std::string(text.substr(0, kMostText)); }

bool is_element(const xmlNode& node, std::string_view name) {
  return node.type == XML_ELEMENT_NODE && view(node.name) == name;
}

const xmlAttr* find_attribute(const xmlNode& node, std::string_view name) {
  for (const xmlAttr* attribute = node.properties; attribute != nullptr; attribute = attribute->next)
    if (view(attribute->name) == name) return attribute;
  return nullptr;
}

std::string attribute_of(const xmlNode& node, std::string_view name) {
  const xmlAttr* const attribute = find_attribute(node, name);
  const xmlNode* const text = attribute == nullptr ? nullptr : attribute->children;
  return text == nullptr ? std::string() : cut(view(text->content));
}

/// The next node in the document's order; nothing after `root`.
const xmlNode* next_within(const xmlNode* node, const xmlNode& root) {
  // Only elements have children here: those of an entity would lead out of the tree.
  if (node->type == XML_ELEMENT_NODE && node->children != nullptr) return node->children;
  while (node != &root && node->next == nullptr) node = node->parent;
  return node == &root ? nullptr : node->next;
}

/// What is in no line of its own, so that words before and after it belong together.
bool is_inline(const xmlNode& node) {
  constexpr std::array<std::string_view, 12> kNames{"a",    "abbr",  "b",    "code",   "em",  "i",
                                                    "mark", "small", "span", "strong", "sub", "u"};
  return std::ranges::find(kNames, view(node.name)) != kNames.end();
}

/// What a browser that runs scripts does not show.
bool is_unseen(const xmlNode& node) {
  return is_element(node, "script") || is_element(node, "style") || is_element(node, "noscript") ||
         is_element(node, "template");
}

std::string text_within(const xmlNode& root) {
  std::string text;
  for (const xmlNode* node = &root; node != nullptr && text.size() < kMostText; node = next_within(node, root)) {
    const bool is_text = node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE;
    const bool is_seen = is_text && (node->parent == nullptr || !is_unseen(*node->parent));
    if (is_seen) text += view(node->content);
    if (node->type == XML_ELEMENT_NODE && !is_inline(*node)) text += ' ';
  }
  // One line, as a browser shows it.
  std::string line;
  for (const char c : text) {
    const bool is_blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!is_blank)
      line += c;
    else if (!line.empty() && line.back() != ' ')
      line += ' ';
  }
  while (line.ends_with(' ')) line.pop_back();
  return cut(line);
}

FieldKind kind_of(std::string_view type) {
  if (type == "password") return FieldKind::password;
  if (type == "hidden") return FieldKind::hidden;
  if (type == "checkbox") return FieldKind::checkbox;
  if (type.empty() || type == "text" || type == "email" || type == "tel") return FieldKind::text;
  return FieldKind::other;
}

void add_button(PageForm& form, const xmlNode& node, std::string label) {
  if (form.buttons.size() >= kMostFields) return;
  form.buttons.push_back({attribute_of(node, "name"), attribute_of(node, "value"), std::move(label)});
}

void add_input(PageForm& form, const xmlNode& node) {
  const std::string type = to_lower(attribute_of(node, "type"));
  if (type == "submit" || type == "image") return add_button(form, node, attribute_of(node, "value"));
  if (type == "button" || type == "reset" || type == "file") return;
  PageField field{kind_of(type), attribute_of(node, "name"), attribute_of(node, "value"),
                  find_attribute(node, "checked") != nullptr};
  if (field.kind == FieldKind::checkbox && find_attribute(node, "value") == nullptr) field.value = "on";
  // A radio button that nobody has chosen sends nothing.
  const bool is_sent = type != "radio" || field.is_checked;
  if (!field.name.empty() && is_sent && form.fields.size() < kMostFields) form.fields.push_back(std::move(field));
}

/// The chosen option, or the first.
std::string chosen_of(const xmlNode& select) {
  const xmlNode* chosen = nullptr;
  for (const xmlNode* node = &select; node != nullptr; node = next_within(node, select)) {
    if (!is_element(*node, "option")) continue;
    if (chosen == nullptr || find_attribute(*node, "selected") != nullptr) chosen = node;
  }
  if (chosen == nullptr) return {};
  return find_attribute(*chosen, "value") == nullptr ? text_within(*chosen) : attribute_of(*chosen, "value");
}

void add_control(PageForm& form, const xmlNode& node) {
  if (find_attribute(node, "disabled") != nullptr) return;
  if (is_element(node, "input")) return add_input(form, node);
  if (is_element(node, "button")) {
    const std::string type = to_lower(attribute_of(node, "type"));
    if (type.empty() || type == "submit") add_button(form, node, text_within(node));
    return;
  }
  const bool is_select = is_element(node, "select");
  if (!is_select && !is_element(node, "textarea")) return;
  PageField field{FieldKind::other, attribute_of(node, "name"), is_select ? chosen_of(node) : text_within(node), false};
  if (!field.name.empty() && form.fields.size() < kMostFields) form.fields.push_back(std::move(field));
}

PageForm read_form(const xmlNode& root) {
  PageForm form{attribute_of(root, "action"), to_lower(attribute_of(root, "method")) == "post", {}, {}};
  for (const xmlNode* node = &root; node != nullptr; node = next_within(node, root)) add_control(form, *node);
  return form;
}

Document parse(std::string_view html) {
  static std::once_flag initialised;
  std::call_once(initialised, [] { xmlInitParser(); });
  if (html.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return nullptr;
  constexpr int kOptions =
      HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET | HTML_PARSE_COMPACT;
  return Document(htmlReadMemory(html.data(), static_cast<int>(html.size()), nullptr, "UTF-8", kOptions));
}

}  // namespace

Page read_page(std::string_view html) {
  Page page;
  const Document document = parse(html);
  const xmlNode* const root = document ? xmlDocGetRootElement(document.get()) : nullptr;
  if (root == nullptr) return page;
  for (const xmlNode* node = root; node != nullptr; node = next_within(node, *root)) {
    if (is_element(*node, "body") && page.text.empty()) page.text = text_within(*node);
    if (is_element(*node, "title") && page.title.empty()) page.title = text_within(*node);
    if (is_element(*node, "form") && page.forms.size() < kMostForms) page.forms.push_back(read_form(*node));
    if (node->type == XML_ELEMENT_NODE && page.alert.empty() && attribute_of(*node, "role") == "alert")
      page.alert = text_within(*node);
  }
  return page;
}

}  // namespace chatelaine::rehearsal
