#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "inspection/finding.hpp"

/// A rehearsal is what an assistant does with a server, from discovery to revocation, played by a profile. It shares
/// the doctor's words: a remark is a finding under a code of its own, with the same verdicts.
namespace chatelaine::rehearsal {

using inspection::Verdict;

/// In the order in which they are played.
enum class Step : std::uint8_t {
  discovery,
  registration,
  redirects,
  authorization,
  exchange,
  call,
  refresh,
  expiry,
  /// Late, since it may cost the grant.
  refresh_at_once,
  revocation,
  /// Nothing that the assistant does: a rehearsal takes away the client that it registered.
  removal,
  /// What the doctor sees besides, without signing in.
  outside,
};
/// The enumerator's own name.
[[nodiscard]] std::string_view to_string(Step step);
[[nodiscard]] std::span<const Step> all_steps();

/// What must hold for an assistant, beyond what the doctor looks at. The enumerator is the stable code.
enum class Point : std::uint8_t {
  endpoints,
  client,
  client_registration,
  redirect_uri,
  sign_in,
  answer,
  state,
  issuer_returned,
  pkce_optional,
  scope_optional,
  resource_indicator,
  token_answer,
  token_encoding,
  token_client,
  token_time,
  redirect_uri_at_exchange,
  refresh_token,
  lifetime,
  api_call,
  call_answer,
  tools,
  refreshed,
  refreshed_at_once,
  expired,
  revoked,
  refused_clearly,
  client_removed,
  /// A step that was not played.
  not_played,
};

struct PointDescription {
  Point point;
  std::string_view code;
  /// What must hold, as a sentence.
  std::string_view holds;
  /// What to change where it does not.
  std::string_view change;
  /// What becomes of the assistant otherwise; the rest of a sentence that begins with its name.
  std::string_view consequence;
};
[[nodiscard]] std::span<const PointDescription> point_descriptions();
[[nodiscard]] const PointDescription& describe(Point point);

/// One thing that was noticed.
struct Remark {
  /// Of a Point, or of a check of the doctor's.
  std::string_view code;
  Verdict verdict;
  /// A sentence, one line of bounded length.
  std::string seen;
  /// What to change, and where; empty for `ok` and `skipped`.
  std::string change;
  /// As in PointDescription; empty for `ok` and `skipped`.
  std::string_view consequence;
};
using Remarks = std::vector<Remark>;

[[nodiscard]] Remark notice(Point point, std::string seen);
[[nodiscard]] Remark skip(Point point, std::string why);
/// The words of a step that the assistant does not play, or of which it is not known whether it does.
[[nodiscard]] Remarks leave_out(std::string why);
/// Where `change` is empty, what the point's description says.
[[nodiscard]] Remark find_fault(Point point, std::string seen, std::string change = {});
[[nodiscard]] Remark find_warning(Point point, std::string seen, std::string change = {});
/// What the doctor found.
[[nodiscard]] Remark adopt(const inspection::Finding& finding);
/// The faults and warnings among findings.
[[nodiscard]] Remarks adopt_troubles(const inspection::Findings& findings);
void append(Remarks& remarks, Remarks more);
[[nodiscard]] bool has_fault(const Remarks& remarks);

struct StepReport {
  Step step;
  Remarks remarks;
  milliseconds took{0};

  /// The worst of its remarks.
  [[nodiscard]] Verdict verdict() const;
};
/// Hears of each step as soon as it is over.
using Listener = std::function<void(const StepReport&)>;

/// docs/operators/rehearse-codes.md.
[[nodiscard]] std::string render_point_reference();

}  // namespace chatelaine::rehearsal
