#include "inspection/fetching_outside.hpp"

#include <algorithm>

namespace chatelaine::inspection {

FetchingOutside::FetchingOutside(net::Fetcher& fetcher, net::AddressPolicy addresses, Patience patience,
                                 const Clock& clock)
    : fetcher_(fetcher),
      addresses_(addresses),
      patience_(patience),
      clock_(clock),
      end_(std::chrono::steady_clock::now() + patience.total) {}

Task<Visit> FetchingOutside::visit(Question question) {
  const NoAnswer late{std::nullopt, "The time for all questions was over."};
  Visit visit{question.method, question.url, std::unexpected(late), {}};
  const auto left = std::chrono::duration_cast<milliseconds>(end_ - std::chrono::steady_clock::now());
  if (left <= milliseconds{0}) co_return visit;
  net::FetchRequest request;
  request.method = std::move(question.method);
  request.url = std::move(question.url);
  request.headers = std::move(question.headers);
  request.body = std::move(question.body);
  const milliseconds each = question.timeout.value_or(patience_.each);
  request.policy = {addresses_, question.most_bytes, std::min(each, left), question.plain_http};
  auto answer = co_await fetcher_.fetch(std::move(request));
  visit.answered_at = clock_.now();
  // Whom our own end cut off was not given the time that a request has: that is nothing to blame a server for.
  const bool is_cut_off = !answer && answer.error().kind == net::FetchError::Kind::timed_out && left < each;
  if (answer)
    visit.answer = *std::move(answer);
  else if (!is_cut_off)
    visit.answer = std::unexpected(NoAnswer{answer.error().kind, std::move(answer.error().message)});
  co_return visit;
}

}  // namespace chatelaine::inspection
