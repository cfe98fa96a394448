#include "rehearsal/at_once.hpp"

#include <optional>

namespace chatelaine::rehearsal {
namespace {

using inspection::Visit;

/// Lives on the waiter's own frame: all of it happens on one executor.
struct Pending {
  std::vector<std::optional<Visit>> visits;
  std::size_t left = 0;
  std::optional<Resume<bool>> waiting;
};

Task<void> visit_one(inspection::Outside& outside, inspection::Question question, Pending& pending, std::size_t place) {
  Visit visit = co_await outside.visit(std::move(question));
  pending.visits[place].emplace(std::move(visit));
  if (--pending.left == 0 && pending.waiting) (*pending.waiting)(true);
}

}  // namespace

Task<std::vector<Visit>> visit_at_once(inspection::Outside& outside, std::vector<inspection::Question> questions) {
  Executor& executor = co_await current_executor();
  Pending pending;
  pending.visits.resize(questions.size());
  pending.left = questions.size();
  for (std::size_t i = 0; i < questions.size(); ++i)
    spawn(executor, visit_one(outside, std::move(questions[i]), pending, i));
  if (pending.left > 0) {
    const auto start = [&](Resume<bool> resume) { pending.waiting = resume; };
    co_await suspend<bool>(start);
  }
  std::vector<Visit> visits;
  visits.reserve(pending.visits.size());
  for (std::optional<Visit>& visit : pending.visits) visits.push_back(*std::move(visit));
  co_return visits;
}

}  // namespace chatelaine::rehearsal
