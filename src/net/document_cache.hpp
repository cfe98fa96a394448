#pragma once

#include <cstddef>
#include <expected>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "base/task.hpp"
#include "base/time.hpp"

namespace chatelaine::net {

/// Why a document could not be had.
struct DocumentFault {
  enum class Kind : std::uint8_t {
    /// It may be there later: the server does not answer, or says that it cannot. An older copy may serve meanwhile.
    passing,
    /// The server has answered, and what it said is no such document. An older copy does not count any more.
    definite
  };
  Kind kind;
  /// For the document's author.
  std::string sentence;
};

/// A document as it was read, and for how long its server vouches for it.
template <class Document>
struct FreshDocument {
  std::shared_ptr<const Document> document;
  milliseconds fresh_for;
};

/// What bounds a cache that strangers can fill, and what they can make us fetch (THREATS N44).
struct DocumentCacheLimits {
  std::size_t most_entries = 1'000;
  /// At the same time, of different documents.
  std::size_t most_fetches = 128;
  /// Between two fetches of one document, whatever became of the first.
  milliseconds cool_down{std::chrono::seconds{30}};
  /// How much longer a copy serves while its server does not answer.
  milliseconds stale_for{std::chrono::hours{1}};
};

/// Documents of others by their URL, read once and kept while they are fresh; concurrent requests share one fetch.
/// Whatever was not asked for the longest goes first. Thread-safe; no lock is held while a fetch is under way.
template <class Document>
class DocumentCache {
 public:
  using Shared = std::shared_ptr<const Document>;
  using Outcome = std::expected<Shared, DocumentFault>;
  using Fetched = std::expected<FreshDocument<Document>, DocumentFault>;
  using Fetch = std::function<Task<Fetched>(std::string url)>;

  /// `clock` outlives the cache.
  DocumentCache(Fetch fetch, const Clock& clock, DocumentCacheLimits limits = {})
      : fetch_(std::move(fetch)), clock_(clock), limits_(limits) {}

  /// The document, or why it cannot be had.
  // DEVIATION draft-ietf-oauth-client-id-metadata-document-03 §5.2: that too is kept, for the cool-down, since
  // strangers choose what is fetched and could otherwise have us ask somebody's server as often as they ask us (THREATS
  // N44).
  Task<Outcome> find(std::string url) {
    auto decision = decide(url, nullptr);
    return follow(std::move(url), std::move(decision));
  }

  /// A later reading than `known`, which lacks something; `known` itself where the cool-down has not passed or nothing
  /// newer can be had.
  Task<Outcome> find_newer(std::string url, const Shared& known) {
    auto decision = decide(url, known.get());
    return follow(std::move(url), std::move(decision));
  }

 private:
  /// A fetch and who waits for it.
  struct Flight {
    std::optional<Outcome> outcome;
    std::vector<Resume<Outcome>> waiting;
  };
  struct Join {
    std::shared_ptr<Flight> flight;
  };
  struct Begin {
    std::shared_ptr<Flight> flight;
  };
  using Decision = std::variant<Outcome, Join, Begin>;

  struct Entry {
    std::string url;
    Shared document;
    Instant fetched_at;
    milliseconds fresh_for{0};
    std::optional<Instant> tried_at;
    DocumentFault fault{DocumentFault::Kind::passing, {}};
    std::shared_ptr<Flight> flight;
  };

  /// A clock that was put back makes nothing last longer than it should.
  static bool is_within(Instant begin, milliseconds length, Instant now) {
    return begin <= now && now < begin + length;
  }

  /// Under the lock.
  Entry& touch(const std::string& url) {
    if (const auto found = by_url_.find(url); found != by_url_.end()) {
      recent_first_.splice(recent_first_.begin(), recent_first_, found->second);
      return recent_first_.front();
    }
    recent_first_.push_front({});
    recent_first_.front().url = url;
    by_url_.emplace(url, recent_first_.begin());
    if (recent_first_.size() > limits_.most_entries) {
      by_url_.erase(recent_first_.back().url);
      recent_first_.pop_back();
    }
    return recent_first_.front();
  }

  /// What is known without a fetch. Under the lock.
  Outcome fall_back(const Entry& entry, Instant now) const {
    if (entry.document && is_within(entry.fetched_at, entry.fresh_for + limits_.stale_for, now)) return entry.document;
    return std::unexpected(entry.fault);
  }

  Outcome fall_back_while_busy(const Entry& entry, Instant now) const {
    Outcome known = fall_back(entry, now);
    if (known) return known;
    return std::unexpected(DocumentFault{DocumentFault::Kind::passing,
                                         "This server fetches too many documents at this moment: try again."});
  }

  /// `lacking`: the reading that does not do, or null.
  Decision decide(const std::string& url, const Document* lacking) {
    const std::scoped_lock lock(mutex_);
    const Instant now = clock_.now();
    Entry& entry = touch(url);
    if (entry.document && entry.document.get() != lacking && is_within(entry.fetched_at, entry.fresh_for, now))
      return Outcome(entry.document);
    if (entry.flight) return Join{entry.flight};
    if (entry.tried_at && is_within(*entry.tried_at, limits_.cool_down, now)) return fall_back(entry, now);
    if (flights_ >= limits_.most_fetches) return fall_back_while_busy(entry, now);
    ++flights_;
    entry.tried_at = now;
    entry.flight = std::make_shared<Flight>();
    return Begin{entry.flight};
  }

  /// A fault of our own must not leave the others waiting.
  Task<Fetched> fetch_or_fault(const std::string& url) {
    try {
      co_return co_await fetch_(url);
    } catch (const std::exception&) {
      co_return std::unexpected(DocumentFault{DocumentFault::Kind::passing, "The document cannot be fetched."});
    }
  }

  Task<Outcome> follow(std::string url, Decision decision) {
    if (auto* known = std::get_if<Outcome>(&decision)) co_return std::move(*known);
    if (const auto* join = std::get_if<Join>(&decision)) {
      const auto& flight = join->flight;
      const auto start = [this, &flight](Resume<Outcome> resume) { wait(*flight, resume); };
      Outcome outcome = co_await suspend<Outcome>(start);
      co_return outcome;
    }
    Fetched fetched = co_await fetch_or_fault(url);
    co_return land(url, std::get<Begin>(decision).flight, std::move(fetched));
  }

  void wait(Flight& flight, Resume<Outcome> resume) {
    std::unique_lock lock(mutex_);
    if (!flight.outcome) {
      flight.waiting.push_back(resume);
      return;
    }
    const Outcome outcome = *flight.outcome;
    lock.unlock();
    resume(outcome);
  }

  Outcome land(const std::string& url, const std::shared_ptr<Flight>& flight, Fetched fetched) {
    std::unique_lock lock(mutex_);
    const Instant now = clock_.now();
    --flights_;
    Entry& entry = touch(url);
    if (entry.flight == flight) entry.flight.reset();
    if (fetched) {
      entry.document = std::move(fetched->document);
      entry.fetched_at = now;
      entry.fresh_for = fetched->fresh_for;
    } else {
      entry.fault = std::move(fetched.error());
      if (entry.fault.kind == DocumentFault::Kind::definite) entry.document.reset();
    }
    Outcome outcome = fall_back(entry, now);
    flight->outcome = outcome;
    const auto waiting = std::exchange(flight->waiting, {});
    lock.unlock();
    for (auto resume : waiting) resume(outcome);
    return outcome;
  }

  Fetch fetch_;
  const Clock& clock_;
  DocumentCacheLimits limits_;

  std::mutex mutex_;
  std::list<Entry> recent_first_;
  std::unordered_map<std::string, typename std::list<Entry>::iterator> by_url_;
  std::size_t flights_ = 0;
};

}  // namespace chatelaine::net
