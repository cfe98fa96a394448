#pragma once

#include <expected>
#include <string>

#include "base/form.hpp"
#include "base/task.hpp"
#include "net/request.hpp"
#include "net/response.hpp"
#include "pages/page.hpp"

namespace chatelaine::pages {

/// A page's form has at most this many bytes, unless its page says otherwise.
inline constexpr std::size_t kPostedFormLimit = std::size_t{16} * 1024;

/// What a browser posted (`application/x-www-form-urlencoded`, at most `limit` bytes), or the error page to
/// answer instead: 415 for another content type, 413 for more, 408 for a body that does not come, 400 for one that
/// breaks off, repeats a field or is wrongly encoded.
[[nodiscard]] Task<std::expected<Form, net::Response>> read_posted_form(const net::Request& request,
                                                                        const Renderer& renderer,
                                                                        std::size_t limit = kPostedFormLimit);

/// The body as it came, not parsed; 415, 413, 408 and 400 (broken off) as above.
[[nodiscard]] Task<std::expected<std::string, net::Response>> read_posted_text(const net::Request& request,
                                                                               const Renderer& renderer,
                                                                               std::size_t limit);

/// 403: the form was not ours or has grown old (pages::Csrf), with what a person can do about it.
[[nodiscard]] net::Response refuse_foreign_form(const Renderer& renderer);

/// 400: a form with the buttons Allow and Deny said neither.
[[nodiscard]] net::Response refuse_undecided(const Renderer& renderer);

}  // namespace chatelaine::pages
