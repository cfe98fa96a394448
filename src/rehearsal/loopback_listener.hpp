#pragma once

#include <condition_variable>
#include <expected>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/log.hpp"
#include "base/time.hpp"
#include "net/server.hpp"
#include "rehearsal/part.hpp"

namespace chatelaine::rehearsal {

/// Where a browser calls back an assistant that runs on its person's own machine (RFC 8252 §7.3): it listens on
/// 127.0.0.1 alone, takes the first GET of the redirect URI's path as the answer, and shows a page that says that it
/// can be closed. Nothing is read but heads, of few connections and bounded size.
class LoopbackListener {
 public:
  /// At the port of `redirect`; where that is taken, at a free one if its template leaves the port open and it names an
  /// address: RFC 8252 §7.3 has servers take any port then, but not for `localhost`. The error is a sentence, also
  /// where the redirect URI is of no such place.
  [[nodiscard]] static std::expected<std::unique_ptr<LoopbackListener>, std::string> open(const UsedRedirect& redirect);
  ~LoopbackListener();
  LoopbackListener(const LoopbackListener&) = delete;
  LoopbackListener& operator=(const LoopbackListener&) = delete;

  /// With the port at which it listens.
  [[nodiscard]] const UsedRedirect& redirect() const { return redirect_; }
  /// The address with which the browser has come back; nothing where it does not within `patience`. Blocks.
  [[nodiscard]] std::optional<std::string> wait_for(milliseconds patience);
  /// Another path that was asked for last, without its query; empty where there was none.
  [[nodiscard]] std::string other_path() const;

 private:
  LoopbackListener(UsedRedirect redirect, std::string path, const std::string& listen);
  [[nodiscard]] Task<net::Response> answer(const net::Request& request);

  UsedRedirect redirect_;
  std::string path_;
  SilentLog log_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<std::string> location_;
  std::string other_path_;
  /// The last one, since its threads use the others.
  std::unique_ptr<net::Server> server_;
};

/// Whether a browser on this machine comes back to a listener here: http at `127.0.0.1` or `localhost`.
[[nodiscard]] bool is_of_this_machine(const oauth::RedirectUri& uri);

}  // namespace chatelaine::rehearsal
