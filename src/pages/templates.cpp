#include "pages/templates.hpp"

#include <fmt/format.h>

#include <kainjow/mustache.hpp>
#include <map>
#include <stdexcept>

#include "pages/embedded.hpp"

namespace chatelaine::pages {
namespace {

namespace mustache = kainjow::mustache;

std::string_view find_template(std::string_view name) {
  const std::string path = fmt::format("templates/{}.mustache", name);
  for (const EmbeddedFile& file : embedded_files()) {
    if (file.name == path) return file.bytes;
  }
  throw std::logic_error(fmt::format("there is no template called {}", name));
}

// Partials are put in place before parsing: kainjow parses them again at each use.
std::string expand_partials(std::string_view text, std::string_view page) {
  constexpr std::string_view kOpen = "{{> ";
  constexpr std::string_view kClose = "}}";
  std::string out;
  while (true) {
    const auto open = text.find(kOpen);
    out += text.substr(0, open);
    if (open == std::string_view::npos) return out;
    text.remove_prefix(open + kOpen.size());
    const auto close = text.find(kClose);
    if (close == std::string_view::npos) throw std::logic_error("a partial's tag is not closed");
    const std::string_view named = text.substr(0, close);
    out += expand_partials(find_template(named == "page" ? page : named), page);
    text.remove_prefix(close + kClose.size());
  }
}

mustache::mustache parse_template(std::string_view name) {
  mustache::mustache parsed(compose_template(name));
  if (!parsed.is_valid()) throw std::logic_error(fmt::format("template {}: {}", name, parsed.error_message()));
  return parsed;
}

// kainjow does not promise that one parsed template may be rendered by two threads, so each thread parses its own.
mustache::mustache& parsed_template(std::string_view name) {
  thread_local std::map<std::string, mustache::mustache, std::less<>> parsed;
  const auto found = parsed.find(name);
  if (found != parsed.end()) return found->second;
  return parsed.emplace(std::string(name), parse_template(name)).first->second;
}

mustache::data to_mustache(const Data& data) {
  mustache::data object(mustache::data::type::object);
  for (const Data::Text& text : data.texts()) object.set(text.name, text.value);
  for (const Data::List& list : data.lists()) {
    mustache::data elements(mustache::data::type::list);
    for (const Data& element : list.elements) elements.push_back(to_mustache(element));
    object.set(list.name, elements);
  }
  return object;
}

}  // namespace

std::string compose_template(std::string_view name) { return expand_partials(find_template("frame"), name); }

std::string render_template(std::string_view name, const Data& data) {
  return parsed_template(name).render(to_mustache(data));
}

}  // namespace chatelaine::pages
