#pragma once

#include "net/cancellation.hpp"
#include "net/request_body.hpp"
#include "net/response.hpp"
#include "net/stream.hpp"

namespace chatelaine::net {

/// Looks with each tick of the loop whether a connection's client is still there, while somebody would stop for it:
/// whoever works on the answer (`cancellation`), or the source of one that is sent.
class ClientWatch final : private Loop::Watched {
 public:
  ClientWatch(Stream& stream, const RequestBody& body) : Watched(stream.loop()), stream_(stream), body_(body) {}

  [[nodiscard]] Cancellation& cancellation() { return cancellation_; }
  [[nodiscard]] bool has_client_gone() const { return cancellation_.is_cancelled(); }

  /// While an answer is streamed: passes the ticks to its source, and tells it once when the client has gone.
  class Sending {
   public:
    Sending(ClientWatch& watch, BodySource& source) : watch_(watch) {
      watch_.source_ = &source;
      watch_.is_source_told_ = false;
    }
    ~Sending() { watch_.source_ = nullptr; }
    Sending(const Sending&) = delete;
    Sending& operator=(const Sending&) = delete;

   private:
    ClientWatch& watch_;
  };

 private:
  void tick() override;
  [[nodiscard]] bool is_client_gone();

  Stream& stream_;
  const RequestBody& body_;
  Cancellation cancellation_;
  BodySource* source_ = nullptr;
  bool is_source_told_ = false;
};

}  // namespace chatelaine::net
