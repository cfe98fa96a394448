#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <string>

#include "rehearsal/loopback_listener.hpp"
#include "rehearsal/part.hpp"

/// A person who signs in with a browser of their own.
namespace chatelaine::rehearsal {

/// What somebody who asks a person must know.
struct PersonsTurn {
  std::string url;
  /// Whether the browser is sent to the assistant's own host, or to this machine.
  bool comes_to_this_machine = false;
  /// To which the browser comes back by itself; null where it does not, and the address must be pasted.
  LoopbackListener* listener = nullptr;
  /// A sentence: why there is no listener, though the browser comes to this machine; else empty.
  std::string hindrance;
};
/// Shows a person the URL, and gives the address at which their browser ended. The error is the rest of a sentence that
/// says why there is none. May block.
using AskPerson = std::function<std::expected<std::string, std::string>(const PersonsTurn&)>;

/// The sign-in of a person: listens where the assistant would listen on their machine.
class Person {
 public:
  Person(const AskPerson& ask, const UsedRedirect& redirect);

  /// What the request must name: as it was given, or with the port at which there is a listener.
  [[nodiscard]] const UsedRedirect& redirect() const { return redirect_; }
  /// Where the browser was sent back to, which is the redirect URI; or what is in the way.
  [[nodiscard]] std::expected<std::string, Remark> sign_in(std::string url);

 private:
  const AskPerson& ask_;
  UsedRedirect redirect_;
  std::unique_ptr<LoopbackListener> listener_;
  std::string hindrance_;
};

}  // namespace chatelaine::rehearsal
