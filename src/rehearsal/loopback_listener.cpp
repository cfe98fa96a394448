#include "rehearsal/loopback_listener.hpp"

#include <fmt/format.h>

#include "base/uri.hpp"

namespace chatelaine::rehearsal {
namespace {

constexpr std::string_view kAddress = "127.0.0.1";
constexpr std::string_view kPage =
    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Chatelaine</title>"
    "<p>You can close this page. The rehearsal goes on in the terminal.</p></html>\n";
/// For the page to reach the browser.
constexpr milliseconds kLastWords{2'000};

net::ServerSettings make_settings(std::string listen) {
  net::ServerSettings settings;
  settings.listen = std::move(listen);
  // One loop: requests are answered one after the other. Browsers open connections in advance and say nothing on them,
  // so that a single one would keep the answer out.
  settings.threads = 1;
  settings.limits.connections = 8;
  settings.limits.header_timeout = milliseconds{5'000};
  settings.limits.keep_alive_timeout = milliseconds{1'000};
  return settings;
}

net::Response say(int status, std::string_view type, std::string body) {
  net::Response response = net::make_response(status, type, std::move(body));
  net::forbid_storing(response);
  // The address holds the code: it goes nowhere from here (RFC 9700 §4.2.4).
  response.add_header("Referrer-Policy", "no-referrer");
  response.add_header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  response.add_header("X-Content-Type-Options", "nosniff");
  return response;
}

std::string listen_at(std::uint16_t port) { return fmt::format("{}:{}", kAddress, port); }

}  // namespace

bool is_of_this_machine(const oauth::RedirectUri& uri) {
  const auto url = parse_http_url(uri.value());
  return url && url->scheme == "http" && (url->host == kAddress || url->host == "localhost");
}

std::expected<std::unique_ptr<LoopbackListener>, std::string> LoopbackListener::open(const UsedRedirect& redirect) {
  const auto url = parse_http_url(redirect.uri.value());
  if (!url || !is_of_this_machine(redirect.uri))
    return std::unexpected(fmt::format("{} is not on this machine", redirect.uri.value()));
  const std::string path = url->path.empty() ? "/" : url->path;
  const bool has_free_port = redirect.of != nullptr && redirect.of->uri.has_open_port() && url->host == kAddress;
  const auto make = [&](std::uint16_t port) {
    return std::unique_ptr<LoopbackListener>(new LoopbackListener(redirect, path, listen_at(port)));
  };
  try {
    if (url->has_port || !has_free_port) {
      auto listener = make(url->port);
      listener->server_->start();
      return listener;
    }
  } catch (const std::runtime_error&) {
    if (!has_free_port)
      return std::unexpected(
          fmt::format("port {} of this machine, to which the browser comes back, cannot be listened at", url->port));
  }
  try {
    auto listener = make(0);
    auto uri = redirect.of->uri.fill(std::to_string(listener->server_->port()));
    if (!uri) return std::unexpected(fmt::format("{} takes no other port", redirect.of->uri.text()));
    listener->redirect_.uri = *std::move(uri);
    listener->server_->start();
    return listener;
  } catch (const std::runtime_error&) {
    return std::unexpected("no port of this machine can be listened at");
  }
}

LoopbackListener::LoopbackListener(UsedRedirect redirect, std::string path, const std::string& listen)
    : redirect_(std::move(redirect)), path_(std::move(path)) {
  server_ = std::make_unique<net::Server>(
      make_settings(listen), [this](const net::Request& request) { return answer(request); }, log_);
}

LoopbackListener::~LoopbackListener() { server_->stop(kLastWords); }

Task<net::Response> LoopbackListener::answer(const net::Request& request) {
  if (request.path != path_) {
    const std::scoped_lock lock(mutex_);
    // Browsers ask for it by themselves.
    if (request.path != "/favicon.ico") other_path_ = request.path;
    co_return say(404, "text/plain; charset=utf-8", "There is nothing here.\n");
  }
  if (request.method != net::Method::get) {
    net::Response refusal = say(405, "text/plain; charset=utf-8", "Only GET is answered here.\n");
    refusal.add_header("Allow", "GET");
    co_return refusal;
  }
  {
    const std::scoped_lock lock(mutex_);
    const std::string& uri = redirect_.uri.value();
    // The first one counts: a browser may ask again.
    if (!location_) location_ = request.query.empty() ? uri : fmt::format("{}?{}", uri, request.query);
  }
  changed_.notify_all();
  co_return say(200, "text/html; charset=utf-8", std::string(kPage));
}

std::optional<std::string> LoopbackListener::wait_for(milliseconds patience) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, patience, [this] { return location_.has_value(); });
  return location_;
}

std::string LoopbackListener::other_path() const {
  const std::scoped_lock lock(mutex_);
  return other_path_;
}

}  // namespace chatelaine::rehearsal
