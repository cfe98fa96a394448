#pragma once

#include <chrono>

#include "inspection/outside.hpp"

namespace chatelaine::inspection {

struct Patience {
  /// For one request. Claude's connectors wait as long for an answer.
  milliseconds each{10'000};
  /// For all of them; what has not been answered by then is skipped.
  milliseconds total{60'000};
};

/// Asks through the one door out: redirects are not followed, size and time are bounded (THREATS N40, N41). The time
/// for all begins when it is made.
class FetchingOutside final : public Outside {
 public:
  FetchingOutside(net::Fetcher& fetcher, net::AddressPolicy addresses, Patience patience, const Clock& clock);

  Task<Visit> visit(Question question) override;

 private:
  net::Fetcher& fetcher_;
  net::AddressPolicy addresses_;
  Patience patience_;
  const Clock& clock_;
  std::chrono::steady_clock::time_point end_;
};

}  // namespace chatelaine::inspection
