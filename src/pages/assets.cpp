#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <stdexcept>

#include "base/base64url.hpp"
#include "crypto/digest.hpp"
#include "pages/embedded.hpp"
#include "pages/page.hpp"

namespace chatelaine::pages {
namespace {

constexpr std::string_view kFolder = "assets/";
constexpr std::size_t kHashBytes = 8;

struct Asset {
  std::string_view bytes;
  std::string_view content_type;
  std::string hash;
};

std::string_view content_type_of(std::string_view name) {
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  if (name.ends_with(".js")) return "text/javascript; charset=utf-8";
  if (name.ends_with(".svg")) return "image/svg+xml";
  throw std::logic_error(fmt::format("no content type is known for the asset {}", name));
}

using Assets = std::map<std::string, Asset, std::less<>>;

Assets read_assets() {
  Assets assets;
  for (const EmbeddedFile& file : embedded_files()) {
    if (!file.name.starts_with(kFolder)) continue;
    const std::string name(file.name.substr(kFolder.size()));
    const crypto::Sha256 digest = crypto::sha256(file.bytes);
    assets[name] = {file.bytes, content_type_of(name), hex_encode(digest.view().substr(0, kHashBytes))};
  }
  return assets;
}

const Assets& all_assets() {
  static const Assets assets = read_assets();
  return assets;
}

net::Response asset_not_found() {
  return net::make_response(404, "text/plain; charset=utf-8", "There is no such file.\n");
}

Task<net::Response> answer_asset(std::string name) { co_return serve_asset(name); }

}  // namespace

std::string asset_url(std::string_view assets_path, std::string_view name) {
  const auto found = all_assets().find(name);
  if (found == all_assets().end()) throw std::logic_error(fmt::format("there is no asset called {}", name));
  return fmt::format("{}/{}/{}", assets_path, found->second.hash, name);
}

net::Response serve_asset(std::string_view name) {
  const auto slash = std::min(name.find('/'), name.size());
  const auto found = all_assets().find(name.substr(std::min(slash + 1, name.size())));
  if (found == all_assets().end() || name.substr(0, slash) != found->second.hash) return asset_not_found();
  const Asset& asset = found->second;
  net::Response response = net::make_response(200, asset.content_type, std::string(asset.bytes));
  response.add_header("Cache-Control", "public, max-age=31536000, immutable")
      .add_header("X-Content-Type-Options", "nosniff")
      .add_header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  return response;
}

void add_asset_routes(net::Router& router, const std::string& assets_path) {
  const std::size_t prefix = assets_path.size() + 1;
  router.add(net::Method::get, assets_path + "/{hash}/{name}",
             [prefix](const net::Request& request) { return answer_asset(std::string(request.path.substr(prefix))); });
}

}  // namespace chatelaine::pages
