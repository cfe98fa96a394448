#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/live.hpp"
#include "base/time.hpp"
#include "net/request.hpp"
#include "net/response.hpp"
#include "net/router.hpp"

namespace chatelaine::pages {

/// The data of a template: text by name, sections as lists of data (one element: shown; none: not). Text is escaped
/// wherever a template shows it.
class Data {
 public:
  Data& set(std::string name, std::string text);
  /// A section that is there or not.
  Data& show(std::string name, bool shown);
  Data& add(std::string list, Data element);
  /// A section with one `text`: how templates take a notice or a problem. Left out where the text is empty.
  Data& add_text(std::string name, std::string text);
  /// A hidden field of the page's form: an element of the list `hidden`.
  Data& add_hidden(std::string name, std::string value);

  struct Text {
    std::string name;
    std::string value;
  };
  struct List {
    std::string name;
    std::vector<Data> elements;
  };
  [[nodiscard]] const std::vector<Text>& texts() const { return texts_; }
  [[nodiscard]] const std::vector<List>& lists() const { return lists_; }

 private:
  std::vector<Text> texts_;
  std::vector<List> lists_;
};

/// Whether browsers shall never again come without TLS (RFC 6797): where our public URL is https.
enum class StrictTransport { off, on };

/// What every page of one side shares.
struct Frame {
  /// The service's name, in the title and the header.
  std::string service_name;
  /// Where assets are served: "/oauth/assets" or "/assets".
  std::string assets_path;
  /// An image on this origin; empty: our own mark.
  std::string logo_url;
  StrictTransport strict_transport = StrictTransport::off;
};

/// Whether a page runs scripts: none, or files of our own origin alone. Each page must work without.
enum class Scripts { none, own };

/// What a page may do beside showing itself.
struct PagePolicy {
  /// Origins beside our own that a form is sent to, or that its answer may redirect to (browsers apply form-action to
  /// the redirect too).
  std::vector<std::string> form_targets;
  Scripts scripts = Scripts::none;
};

/// Renders the pages of web/templates, compiled in. Thread-safe.
class Renderer {
 public:
  explicit Renderer(Frame frame);

  /// `data` may also carry what the frame knows: `home` (one element with `home_url`) links the name, `who` (one
  /// element with `person` and `account_url`) shows who is signed in.
  ///
  /// A whole answer: the template `name` (web/templates/NAME.mustache) inside the frame, with the security headers of
  /// `add_page_headers` and, as the frame says, Strict-Transport-Security.
  [[nodiscard]] net::Response render(int status, std::string_view name, std::string_view title, const Data& data,
                                     const PagePolicy& policy = {}) const;
  [[nodiscard]] const Frame& frame() const { return frame_.get(); }
  /// Every page from now on; `assets_path` must stay what it was, since its routes are made once.
  void set_frame(Frame frame) { frame_.set(std::move(frame)); }

 private:
  Live<Frame> frame_;
};

/// An embedded asset (css, js, svg). `name` is `HASH/FILE`, cached for a year; 404 for everything else, a hash of other
/// content among it.
[[nodiscard]] net::Response serve_asset(std::string_view name);
/// `ASSETS_PATH/{hash}/{name}` and nothing else.
void add_asset_routes(net::Router& router, const std::string& assets_path);
/// The URL path of an asset with its content's hash: `/oauth/assets/3f2a91/chatelaine.css`.
[[nodiscard]] std::string asset_url(std::string_view assets_path, std::string_view name);

/// `default-src 'none'` Content-Security-Policy with `frame-ancestors 'none'`, X-Frame-Options, nosniff,
/// `Referrer-Policy: strict-origin` (a page's address may carry a one-time link, and what it loads may come from the
/// API; no-referrer would make browsers send `Origin: null` with our own forms), no-store, Cross-Origin-Opener-Policy,
/// Permissions-Policy. A form target that is no origin or scheme is left out, so that the browser refuses the redirect
/// rather than read a policy that somebody else wrote.
void add_page_headers(net::Response& response, const PagePolicy& policy);

/// What an error page says: what happened, whose turn it is, what to do; the technical detail one click away.
struct ErrorPage {
  int status = 400;
  std::string title;
  std::string what_happened;
  std::string what_to_do;
  /// Shown folded; may be empty.
  std::string detail;
  /// A way on, such as `/sign-in` and "Sign in"; may be empty.
  std::string next_href;
  std::string next_label;
};
[[nodiscard]] net::Response render_error(const Renderer& renderer, const ErrorPage& page);
/// What every page for people passes on its way out: an error page gets the request's id, which its reader can give to
/// the operator (`chatelaine trace ID`), and what it tells is noted for the flight recorder where nobody knew better.
void finish_page(const net::Request& request, net::Response& response);
/// 404 for a page of what is switched off here.
[[nodiscard]] net::Response render_closed(const Renderer& renderer);
/// "You are signed in", on a page that goes on to `next` by itself.
[[nodiscard]] net::Response render_signed_in(const Renderer& renderer, const std::string& next);
/// 503 with Retry-After: a queue is full, or what is to be kept cannot be.
[[nodiscard]] net::Response render_busy(const Renderer& renderer);
/// 429 with Retry-After (RFC 6585 §4) for who has guessed too often: what happened, how long to wait, and what else
/// there is to say of it, if anything.
[[nodiscard]] net::Response render_wait(const Renderer& renderer, milliseconds wait, std::string what_happened,
                                        std::string_view what_else = {});

}  // namespace chatelaine::pages
