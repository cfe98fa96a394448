#include "app/cli/client_resources.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chatelaine::app {
namespace {

std::optional<oauth::AccessTokenFormat> read_format(std::string_view text) {
  if (text == "default") return std::nullopt;
  const auto format = oauth::parse_access_token_format(text);
  if (!format) throw WrongUsage(fmt::format("--access-token-format takes jwt, opaque or default, not \"{}\"", text));
  return format;
}

std::vector<oauth::Resource> read_resources(const std::vector<std::string>& texts,
                                            const oauth::ProtectedResources& resources) {
  std::vector<oauth::Resource> read;
  if (texts == std::vector<std::string>{"none"}) return read;
  for (const std::string& text : texts) {
    const oauth::ProtectedResource* resource = resources.find(text);
    if (resource == nullptr)
      throw WrongUsage(
          fmt::format("--introspects: \"{}\" is neither [api] resource nor a [[resource]] of the configuration", text));
    if (std::ranges::find(read, resource->identifier) == read.end()) read.push_back(resource->identifier);
  }
  return read;
}

}  // namespace

void apply_resource_options(oauth::Client& client, const Arguments& arguments,
                            const oauth::ProtectedResources& resources) {
  if (const auto text = arguments.find("--access-token-format")) client.access_token_format = read_format(*text);
  if (arguments.has("--introspects")) client.introspects = read_resources(arguments.all("--introspects"), resources);
}

std::string_view access_token_format_name(const oauth::Client& client) {
  return client.access_token_format ? oauth::to_string(*client.access_token_format) : "default";
}

json::value list_introspected(const oauth::Client& client) {
  if (!client.introspects) return nullptr;
  json::array list;
  for (const oauth::Resource& resource : *client.introspects) list.emplace_back(resource.value());
  return list;
}

}  // namespace chatelaine::app
