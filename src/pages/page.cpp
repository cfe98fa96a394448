#include "pages/page.hpp"

#include <algorithm>

#include "pages/embedded.hpp"
#include "pages/templates.hpp"

namespace chatelaine::pages {
namespace {

constexpr std::string_view kAssetFolder = "assets/";
/// Where the template `error` leaves room for the request's id. Escaped text holds no element, so it is the template's.
constexpr std::string_view kRequestPlace = R"(<code class="request-id">)";

// A template names an asset by its file name with `_` for the dot: `{{mark_svg}}` is the URL of assets/mark.svg.
std::string asset_variable(std::string_view name) {
  std::string variable(name);
  std::ranges::replace(variable, '.', '_');
  return variable;
}

void set_assets(Data& data, const Frame& frame) {
  for (const EmbeddedFile& file : embedded_files()) {
    if (!file.name.starts_with(kAssetFolder)) continue;
    const std::string_view name = file.name.substr(kAssetFolder.size());
    data.set(asset_variable(name), asset_url(frame.assets_path, name));
  }
}

std::string describe(seconds wait) {
  if (wait < std::chrono::minutes{2}) return std::to_string(wait.count()) + " seconds";
  return std::to_string(std::chrono::ceil<std::chrono::minutes>(wait).count()) + " minutes";
}

}  // namespace

Data& Data::set(std::string name, std::string text) {
  texts_.push_back({std::move(name), std::move(text)});
  return *this;
}

Data& Data::show(std::string name, bool shown) {
  if (shown) return add(std::move(name), Data());
  lists_.push_back({std::move(name), {}});
  return *this;
}

Data& Data::add(std::string list, Data element) {
  const auto found = std::ranges::find(lists_, list, &List::name);
  if (found != lists_.end()) {
    found->elements.push_back(std::move(element));
  } else {
    lists_.push_back({std::move(list), {}});
    lists_.back().elements.push_back(std::move(element));
  }
  return *this;
}

Data& Data::add_text(std::string name, std::string text) {
  if (text.empty()) return *this;
  Data element;
  element.set("text", std::move(text));
  return add(std::move(name), std::move(element));
}

Data& Data::add_hidden(std::string name, std::string value) {
  Data field;
  field.set("name", std::move(name)).set("value", std::move(value));
  return add("hidden", std::move(field));
}

Renderer::Renderer(Frame frame) : frame_(std::move(frame)) {}

net::Response Renderer::render(int status, std::string_view name, std::string_view title, const Data& data,
                               const PagePolicy& policy) const {
  const Frame& frame = frame_.get();
  Data whole = data;
  whole.set("page_title", std::string(title)).set("service_name", frame.service_name);
  set_assets(whole, frame);
  whole.set("logo_url", frame.logo_url.empty() ? asset_url(frame.assets_path, "mark.svg") : frame.logo_url);
  net::Response response = net::make_response(status, "text/html; charset=utf-8", render_template(name, whole));
  add_page_headers(response, policy);
  if (frame.strict_transport == StrictTransport::on) {
    // RFC 6797 §7.2, for this name alone: what else its domain holds is not ours to judge.
    response.add_header("Strict-Transport-Security", "max-age=31536000");
  }
  return response;
}

net::Response render_error(const Renderer& renderer, const ErrorPage& page) {
  Data data;
  data.set("what_happened", page.what_happened).set("what_to_do", page.what_to_do);
  if (!page.detail.empty()) {
    Data detail;
    detail.set("detail", page.detail);
    data.add("details", std::move(detail));
  }
  if (!page.next_href.empty()) {
    Data next;
    next.set("href", page.next_href).set("label", page.next_label);
    data.add("next", std::move(next));
  }
  net::Response response = renderer.render(page.status, "error", page.title, data);
  response.trouble = page.what_happened;
  return response;
}

void finish_page(const net::Request& request, net::Response& response) {
  if (response.trouble.empty()) return;
  request.note([&](FlightNotes& notes) {
    const bool is_step = notes.stage != FlightStage::none;
    if (is_step && notes.outcome == FlightOutcome::untold) notes.tell(FlightOutcome::failed, response.trouble);
  });
  const std::size_t place = response.body.find(kRequestPlace);
  if (place == std::string::npos) return;
  response.body.insert(place + kRequestPlace.size(), request.id);
}

net::Response render_closed(const Renderer& renderer) {
  return render_error(renderer,
                      {.status = 404,
                       .title = "There is nothing here",
                       .what_happened = "What this page was for is switched off here, by this server's operator.",
                       .what_to_do = "Close this page. Whoever sent you here may have the address of another server."});
}

net::Response render_signed_in(const Renderer& renderer, const std::string& next) {
  Data link;
  link.set("href", next).set("label", "Go on");
  Data data;
  data.set("text", "You are signed in.").add("next", std::move(link));
  net::Response response = renderer.render(200, "message", "Signed in", data);
  response.add_header("Refresh", "0;url=" + next);
  return response;
}

net::Response render_busy(const Renderer& renderer) {
  net::Response response = render_error(
      renderer, {.status = 503,
                 .title = "Too busy at this moment",
                 .what_happened = "More is being asked of this server than it can do right now. Nothing was changed.",
                 .what_to_do = "Wait a few seconds, go back and try again."});
  response.add_header("Retry-After", "5");
  return response;
}

net::Response render_wait(const Renderer& renderer, milliseconds wait, std::string what_happened,
                          std::string_view what_else) {
  const auto rounded = std::chrono::ceil<seconds>(wait);
  ErrorPage page{.status = 429,
                 .title = "Too many attempts",
                 .what_happened = std::move(what_happened),
                 .what_to_do = "Wait " + describe(rounded) + ", go back and try again."};
  if (!what_else.empty()) page.what_to_do.append(" ").append(what_else);
  net::Response response = render_error(renderer, page);
  response.add_header("Retry-After", std::to_string(rounded.count()));
  return response;
}

}  // namespace chatelaine::pages
