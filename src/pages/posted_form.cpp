#include "pages/posted_form.hpp"

#include <stdexcept>

#include "base/secret.hpp"

namespace chatelaine::pages {
namespace {

constexpr std::string_view kFormType = "application/x-www-form-urlencoded";

bool is_form_type(std::string_view content_type) {
  std::string_view type = content_type.substr(0, content_type.find(';'));
  while (type.ends_with(' ') || type.ends_with('\t')) type.remove_suffix(1);
  return net::equals_ignoring_case(type, kFormType);
}

constexpr std::string_view kGoBack = "Go back, load the page again and send the form once more.";

ErrorPage unreadable(int status, std::string what_happened) {
  ErrorPage page;
  page.status = status;
  page.title = "That form could not be read";
  page.what_happened = std::move(what_happened);
  page.what_to_do = std::string(kGoBack);
  return page;
}

ErrorPage describe(net::BodyError error) {
  switch (error) {
    case net::BodyError::too_large:
      return unreadable(413, "What was sent is longer than any form here.");
    case net::BodyError::timed_out:
      return unreadable(408, "The form did not arrive in time.");
    case net::BodyError::broken:
      return unreadable(400, "The form broke off on its way.");
  }
  throw std::logic_error("a body error of no known kind");
}

ErrorPage describe(const FormError& error) {
  ErrorPage page = unreadable(400, "The form is not written as a browser writes it.");
  switch (error.kind) {
    case FormError::Kind::repeated_parameter:
      page.detail = "The field " + error.parameter + " is there twice.";
      break;
    case FormError::Kind::bad_percent_encoding:
      page.detail = "A percent sign is not followed by two hexadecimal digits.";
      break;
    case FormError::Kind::too_many_parameters:
      page.detail = "There are more fields than any form here has.";
      break;
  }
  return page;
}

}  // namespace

Task<std::expected<std::string, net::Response>> read_posted_text(const net::Request& request, const Renderer& renderer,
                                                                 std::size_t limit) {
  const auto content_type = request.header("Content-Type");
  if (!content_type || !is_form_type(*content_type)) {
    ErrorPage page = unreadable(415, "What was sent is not a form.");
    page.detail = "The content type must be application/x-www-form-urlencoded.";
    co_return std::unexpected(render_error(renderer, page));
  }
  auto body = co_await net::read_whole_body(request, limit);
  if (!body) co_return std::unexpected(render_error(renderer, describe(body.error())));
  co_return std::move(*body);
}

Task<std::expected<Form, net::Response>> read_posted_form(const net::Request& request, const Renderer& renderer,
                                                          std::size_t limit) {
  auto text = co_await read_posted_text(request, renderer, limit);
  if (!text) co_return std::unexpected(std::move(text.error()));
  auto form = parse_form(*text);
  // It may hold a password.
  wipe(text->data(), text->size());
  if (!form) co_return std::unexpected(render_error(renderer, describe(form.error())));
  co_return std::move(*form);
}

net::Response refuse_foreign_form(const Renderer& renderer) {
  ErrorPage page;
  page.status = 403;
  page.title = "That form has grown old";
  page.what_happened =
      "We could not see that the form came from this browser, so nothing was done. Perhaps you have signed in or out "
      "in another tab, or your browser keeps no cookies for this site.";
  page.what_to_do = "Allow cookies for this site, go back, load the page again and send the form once more.";
  return render_error(renderer, page);
}

net::Response refuse_undecided(const Renderer& renderer) {
  const ErrorPage page{.status = 400,
                       .title = "Nothing was decided",
                       .what_happened = "What your browser sent says neither Allow nor Deny.",
                       .what_to_do = "Go back, load the page again and press one of its two buttons.",
                       .detail = "Missing or unknown parameter: decision"};
  return render_error(renderer, page);
}

}  // namespace chatelaine::pages
