#pragma once

#include <span>
#include <string>
#include <string_view>

#include "inspection/outside.hpp"
#include "rehearsal/messages.hpp"
#include "rehearsal/part.hpp"

/// What a server refuses, by its words, and what mends it. Pure.
namespace chatelaine::rehearsal {

/// The secrets of a request, which its answer must not be quoted with.
using Sent = std::span<const std::string_view>;

/// A server's own words, at most `limit` characters of them, as a sentence that follows another, with the blank before
/// it; empty where there are none.
[[nodiscard]] std::string quote_words(std::string_view words, Sent sent = {}, std::size_t limit = 200);

/// A page of the authorization endpoint that is an error. What it is about is guessed from what it shows to people,
/// and not at all where its status says that the server met something else (404, 410, 429, 5xx).
[[nodiscard]] Remark judge_refused_page(const inspection::Visit& visit, const Speech& speech,
                                        const UsedRedirect& redirect);

/// RFC 6749 §4.1.2.1: an error in the query of the redirect URI.
[[nodiscard]] Remark judge_refused_authorization(std::string_view error, std::string_view description,
                                                 const Speech& speech, const UsedRedirect& redirect);

/// RFC 6749 §3.3: a server may refuse a scope. What was given on the command line is whoever rehearses to change.
void blame_given_scope(Remarks& remarks, const Given& given);

/// RFC 6749 §5.2: what a token request is refused for by `error`; where that does not say, `otherwise`.
[[nodiscard]] Point find_refused_part(std::string_view error, std::string_view description,
                                      const oauth::AssistantProfile& profile, Point otherwise);

}  // namespace chatelaine::rehearsal
