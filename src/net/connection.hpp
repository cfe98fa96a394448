#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "net/address.hpp"
#include "net/answer_head.hpp"
#include "net/client_watch.hpp"
#include "net/message_check.hpp"
#include "net/request_body.hpp"
#include "net/router.hpp"
#include "net/server.hpp"
#include "net/stream.hpp"

namespace chatelaine::net {

/// What all connections of a server share.
struct ServerFacts {
  ServerLimits limits;
  std::vector<AddressBlock> trusted_proxies;
  Handler handler;
  Log& log;
  std::atomic<std::size_t> connections{0};
};

/// One client's connection: reads a request, has it answered, writes the answer, and again. Pipelined requests wait in
/// the buffer and are answered in order.
class Connection {
 public:
  Connection(ServerFacts& facts, Loop& loop, Socket socket, TlsSession tls);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  /// Serves to the end.
  Task<void> serve();

 private:
  enum class After : std::uint8_t { next_request, close, linger, abort };

  Task<void> serve_requests();
  /// The head's length in the buffer; nothing where the connection is over (a refusal has been sent then).
  Task<std::optional<std::size_t>> receive_head();
  [[nodiscard]] bool make_room();
  Task<void> refuse(MessageFault fault);
  Task<After> answer(std::size_t head_size);
  Task<Response> ask_handler();
  Response answer_fault(std::exception_ptr fault);
  Task<After> send(Response& response);
  Task<IoOutcome> send_whole(const Response& response);
  Task<IoOutcome> send_stream(BodySource& source, AnswerFraming framing);
  Task<std::expected<std::string_view, std::string>> read_source(BodySource& source);
  void log_fault(std::string_view fault);
  Task<void> wait_for_body_readers();
  Task<void> linger();
  void begin_request(std::size_t head_size);
  void name_request();
  void keep_rest();

  ServerFacts& facts_;
  Loop& loop_;
  Stream stream_;
  bool uses_tls_;
  asio::ip::address peer_;
  std::string peer_text_;
  bool is_peer_trusted_ = false;

  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::size_t filled_ = 0;
  HeadScanner scanner_;
  bool has_served_ = false;

  RequestHead head_;
  Framing framing_;
  std::array<char, 16> id_{};
  std::string forwarded_address_;
  Request request_;
  FlightNotes notes_;
  RequestBody body_;
  ClientWatch client_;
  std::string out_;
};

}  // namespace chatelaine::net
