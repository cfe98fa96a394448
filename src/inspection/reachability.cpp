#include "inspection/reachability.hpp"

#include <fmt/format.h>

#include <chrono>

#include "base/ascii.hpp"
#include "base/uri.hpp"
#include "inspection/document.hpp"
#include "net/http_date.hpp"

namespace chatelaine::inspection {
namespace {

using Kind = net::FetchError::Kind;

constexpr milliseconds kCertificateNotice = std::chrono::days{14};
// What servers allow for when they compare a JWT's moments with their clock.
constexpr milliseconds kMostClockSkew = std::chrono::minutes{1};

Finding judge_silence(const Visit& visit) {
  const NoAnswer& why = visit.answer.error();
  if (!why.kind) return skip(Check::reachable, why.message);
  switch (*why.kind) {
    case Kind::tls_failed:
      return find_fault(Check::certificate, why.message);
    case Kind::too_large:
      return find_good(Check::reachable, why.message + " It was not read on.");
    case Kind::forbidden_address:
    case Kind::bad_url:
    case Kind::unresolvable:
    case Kind::unreachable:
    case Kind::timed_out:
    case Kind::bad_answer:
      break;
  }
  return find_fault(Check::reachable, why.message, change_for(*why.kind));
}

Finding judge_status(const Visit& visit) {
  const int status = visit.answer->status;
  if (status < 500) return find_good(Check::reachable, describe_answer(visit));
  return find_warning(Check::reachable, describe_answer(visit), "See in the server's log why it fails at this URL.");
}

}  // namespace

Finding judge_certificate(const std::optional<Visit>& soonest) {
  if (!soonest) return skip(Check::certificate, "no answer came by TLS");
  const Instant ends_at = soonest->answer->certificate_ends_at.value();
  const milliseconds left = ends_at - soonest->answered_at;
  const auto url = parse_http_url(soonest->url);
  std::string seen =
      fmt::format("the certificate of {} ends at {}", url ? url->authority() : soonest->url, format_instant(ends_at));
  if (left >= kCertificateNotice) return find_good(Check::certificate, std::move(seen));
  const auto days = std::chrono::floor<std::chrono::days>(left).count();
  return find_warning(Check::certificate, fmt::format("{}, in {} day{}", seen, days, days == 1 ? "" : "s"),
                      "Renew the certificate now, and see why that did not happen by itself.");
}

Finding judge_clock(const Visit& visit) {
  if (!visit.answer) return skip(Check::clock, describe_answer(visit));
  // RFC 9111 §5.1: a cache sends it, and the Date of when it got the answer.
  if (!visit.answer->header("Age").empty())
    return skip(Check::clock, fmt::format("{} answers from a cache, with an old Date", visit.url));
  const std::string_view date = visit.answer->header("Date");
  // RFC 9110 §6.6.1: an origin server with a clock sends Date.
  if (date.empty())
    return find_warning(Check::clock, fmt::format("{} sends no header Date", name_question(visit)),
                        "Send the header Date.");
  const auto theirs = net::parse_http_date(date);
  if (!theirs)
    return find_warning(Check::clock,
                        fmt::format("the header Date of {}, {}, is no HTTP date", name_question(visit), quote(date)),
                        "Write Date as in \"Sun, 06 Nov 1994 08:49:37 GMT\".");
  const milliseconds skew = *theirs - visit.answered_at;
  if (std::chrono::abs(skew) <= kMostClockSkew) return find_good(Check::clock, "its clock and this machine's agree");
  return find_warning(Check::clock, fmt::format("the clock of {} is {} s {} this machine's", visit.url,
                                                std::chrono::round<seconds>(std::chrono::abs(skew)).count(),
                                                skew.count() > 0 ? "ahead of" : "behind"));
}

Finding judge_reachability(const Visit& visit) { return visit.answer ? judge_status(visit) : judge_silence(visit); }

bool is_out_of_reach(const Visit& visit) {
  if (visit.answer || !was_asked(visit)) return false;
  switch (*visit.answer.error().kind) {
    case Kind::bad_url:
    case Kind::forbidden_address:
    case Kind::unresolvable:
    case Kind::unreachable:
    case Kind::tls_failed:
      return true;
    // Another page of it may be smaller, quicker or better.
    case Kind::timed_out:
    case Kind::too_large:
    case Kind::bad_answer:
      return false;
  }
  return false;
}

Finding judge_plain_http(const Visit& visit) {
  if (!visit.answer) {
    const NoAnswer& why = visit.answer.error();
    return why.kind ? find_good(Check::plain_http, "nothing answers at http:// of the same host")
                    : skip(Check::plain_http, why.message);
  }
  const std::string location = to_lower(visit.answer->header("Location"));
  if (is_redirect(visit.answer->status) && location.starts_with("https://"))
    return find_good(Check::plain_http, fmt::format("{} leads to https", visit.url));
  return find_warning(Check::plain_http, describe_answer(visit));
}

}  // namespace chatelaine::inspection
