#include <gtest/gtest.h>

#include <mutex>

#include "net/server.hpp"
#include "net/test_socket.hpp"

namespace chatelaine::net {
namespace {

/// Keeps what is recorded.
class RecordingLog final : public Log {
 public:
  void write(Level, std::string_view, std::initializer_list<Field>) override {}
  void record(FlightRecord flight) override {
    const std::scoped_lock lock(mutex_);
    records_.push_back(std::move(flight));
  }
  std::vector<FlightRecord> records() {
    const std::scoped_lock lock(mutex_);
    return records_;
  }

 private:
  std::mutex mutex_;
  std::vector<FlightRecord> records_;
};

Task<Response> note_and_answer(const Request& request) {
  request.note([](FlightNotes& notes) { notes.stage = FlightStage::token_request; });
  if (request.path == "/quiet") co_return make_response(200, "text/plain", "quiet");
  if (request.path == "/throw") throw std::runtime_error("a fault");
  request.note([](FlightNotes& notes) { notes.tell(FlightOutcome::failed, "It was wrong."); });
  co_return make_response(400, "text/plain", std::string(request.id));
}

TEST(Notes, AreRecordedOnceUnderTheRequestsIdAndStatus) {
  RecordingLog log;
  ServerSettings settings;
  settings.listen = "127.0.0.1:0";
  settings.threads = 1;
  Server server(settings, note_and_answer, log);
  server.start();
  // On one connection, so that none has anything of the one before.
  TestSocket client(server.port());
  for (const char* const path : {"/told", "/quiet", "/throw"})
    client.send("GET " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n\r\n");
  client.shutdown_send();
  const std::string answers = client.receive_all();
  const auto records = log.records();
  ASSERT_EQ(records.size(), 2U) << "nothing was told of the quiet one";
  EXPECT_NE(answers.find("X-Request-Id: " + records[0].request_id), std::string::npos);
  EXPECT_EQ(records[0].status, 400);
  EXPECT_EQ(records[0].notes.sentence, "It was wrong.");
  EXPECT_EQ(records[1].status, 500);
  EXPECT_EQ(records[1].notes.sentence, "This server failed: a fault.");
  EXPECT_EQ(records[1].notes.stage, FlightStage::token_request);
}

}  // namespace
}  // namespace chatelaine::net
