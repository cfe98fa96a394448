#include "net/fetch.hpp"

#include <algorithm>
#include <csignal>
#include <list>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "net/request.hpp"
#include "net/transfer.hpp"

namespace chatelaine::net {

std::string_view FetchedDocument::header(std::string_view name) const {
  for (const Header& header : headers) {
    if (equals_ignoring_case(header.name, name)) return header.value;
  }
  return {};
}

/// The thread that runs libcurl, and what waits for it.
struct Fetcher::State {
  explicit State(std::string roots) : ca_file(std::move(roots)) {
    // Once for the process, and never undone, since others may use libcurl too.
    static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
    multi = initialised == CURLE_OK ? curl_multi_init() : nullptr;
    if (multi == nullptr) throw std::runtime_error("libcurl could not be initialised");
    curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, 256L);
    thread = std::thread([this] { run(); });
  }
  ~State() {
    {
      const std::scoped_lock lock(mutex);
      is_ending = true;
    }
    curl_multi_wakeup(multi);
    thread.join();
    curl_multi_cleanup(multi);
  }

  void enqueue(std::unique_ptr<Transfer> transfer) {
    {
      const std::scoped_lock lock(mutex);
      waiting.push_back(std::move(transfer));
    }
    curl_multi_wakeup(multi);
  }

  void run();
  [[nodiscard]] bool begin_waiting();
  void begin(std::unique_ptr<Transfer> transfer);
  void finish_done();
  void abandon_running();

  const std::string ca_file;
  CURLM* multi = nullptr;
  std::mutex mutex;
  std::vector<std::unique_ptr<Transfer>> waiting;
  bool is_ending = false;
  /// The thread's own.
  std::list<std::unique_ptr<Transfer>> running;
  std::thread thread;
};

void Fetcher::State::run() {
  // A peer that closes shows as an error; with NOSIGNAL libcurl leaves SIGPIPE to us.
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
  while (begin_waiting()) {
    int still_running = 0;
    curl_multi_perform(multi, &still_running);
    finish_done();
    curl_multi_poll(multi, nullptr, 0, 60'000, nullptr);
  }
  abandon_running();
}

bool Fetcher::State::begin_waiting() {
  std::vector<std::unique_ptr<Transfer>> batch;
  bool goes_on = true;
  {
    const std::scoped_lock lock(mutex);
    batch.swap(waiting);
    goes_on = !is_ending;
  }
  for (auto& transfer : batch) begin(std::move(transfer));
  return goes_on;
}

void Fetcher::State::begin(std::unique_ptr<Transfer> transfer) {
  if (auto prepared = transfer->prepare(ca_file); !prepared) return transfer->fail(std::move(prepared.error()));
  curl_multi_add_handle(multi, transfer->handle());
  running.push_back(std::move(transfer));
}

void Fetcher::State::finish_done() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    CURL* const handle = message->easy_handle;
    curl_multi_remove_handle(multi, handle);
    const auto done = std::ranges::find(running, handle, [](const auto& transfer) { return transfer->handle(); });
    (*done)->finish(code);
    running.erase(done);
  }
}

void Fetcher::State::abandon_running() {
  for (const auto& transfer : running) {
    curl_multi_remove_handle(multi, transfer->handle());
    transfer->fail({FetchError::Kind::unreachable, "The program is stopping."});
  }
  running.clear();
}

Fetcher::Fetcher(std::string ca_file) : state_(std::make_unique<State>(std::move(ca_file))) {}
Fetcher::~Fetcher() = default;

Task<std::expected<FetchedDocument, FetchError>> Fetcher::fetch(FetchRequest request) {
  const auto start = [this, &request](Resume<FetchOutcome> resume) {
    state_->enqueue(std::make_unique<Transfer>(std::move(request), resume));
  };
  co_return co_await suspend<FetchOutcome>(start);
}

}  // namespace chatelaine::net
