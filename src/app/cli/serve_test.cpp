// Runs the program itself: what a script sees of `serve` and `host`.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <csignal>
#include <thread>

#include "app/cli/run_for_test.hpp"

namespace chatelaine::app {
namespace {

/// A port that was free a moment ago.
std::uint16_t find_free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(socket, reinterpret_cast<sockaddr*>(&address), size);
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(socket);
  return ntohs(address.sin_port);
}

/// The whole answer to a GET on a connection of its own.
std::string get(std::uint16_t port, const std::string& path) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    const std::string request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
    static_cast<void>(::write(socket, request.data(), request.size()));
    char buffer[4096];
    for (ssize_t count = 0; (count = ::read(socket, buffer, sizeof buffer)) > 0;)
      answer.append(buffer, static_cast<std::size_t>(count));
  }
  ::close(socket);
  return answer;
}

/// The program with its stdout in a pipe and its stderr in a file.
class Program {
 public:
  Program(std::vector<std::string> words, const std::filesystem::path& log) {
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    child_ = ::fork();
    if (child_ == 0) {
      const int error = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
      ::dup2(ends[1], STDOUT_FILENO);
      ::dup2(error, STDERR_FILENO);
      std::string program = CHATELAINE_BINARY;
      std::vector<char*> arguments{program.data()};
      for (std::string& word : words) arguments.push_back(word.data());
      arguments.push_back(nullptr);
      ::execv(program.c_str(), arguments.data());
      ::_exit(127);
    }
    ::close(ends[1]);
    out_ = ends[0];
  }
  ~Program() {
    if (child_ > 0) {
      ::kill(child_, SIGKILL);
      ::waitpid(child_, nullptr, 0);
    }
    ::close(out_);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  /// The next line of stdout; empty where it ended.
  [[nodiscard]] std::string read_line() const {
    std::string line;
    char c = 0;
    while (::read(out_, &c, 1) == 1 && c != '\n') line += c;
    return line;
  }
  void signal(int number) const { ::kill(child_, number); }
  /// Its exit code; -1 where a signal ended it.
  [[nodiscard]] int wait() {
    int status = 0;
    ::waitpid(child_, &status, 0);
    child_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t child_ = 0;
  int out_ = -1;
};

std::string read_text(const std::filesystem::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

/// Waits for what another process does soon.
template <class Condition>
bool becomes_true(Condition condition) {
  for (int i = 0; i < 500; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  return false;
}

class Serve : public testing::Test {
 protected:
  void write_configuration(const std::string& more = "") const {
    place_.write("issuer = \"" + issuer_ + "\"\nlisten = \"127.0.0.1:" + std::to_string(port_) + "\"\n" + more);
  }
  [[nodiscard]] Program start() const {
    return Program({"serve", "--config", place_.file().string()}, place_.directory() / "log");
  }
  [[nodiscard]] std::string log() const { return read_text(place_.directory() / "log"); }

  Workplace place_;
  std::uint16_t port_ = find_free_port();
  std::string issuer_ = "http://127.0.0.1:" + std::to_string(port_);
};

TEST_F(Serve, SaysReadyOnceItAnswersAndStopsOnSigterm) {
  write_configuration();
  Program program = start();
  EXPECT_EQ(program.read_line(), "ready " + issuer_) << log();
  EXPECT_TRUE(get(port_, "/healthz").starts_with("HTTP/1.1 200 ")) << log();
  EXPECT_NE(get(port_, "/.well-known/oauth-authorization-server").find("\"issuer\":\"" + issuer_ + "\""),
            std::string::npos);
  program.signal(SIGTERM);
  EXPECT_EQ(program.read_line(), "") << "nothing else stands on stdout";
  EXPECT_EQ(program.wait(), 0) << log();
}

TEST_F(Serve, ServesANewVerificationTokenAfterSighupAndKeepsTheOldWhereTheFileIsBroken) {
  write_configuration();
  Program program = start();
  ASSERT_EQ(program.read_line(), "ready " + issuer_) << log();
  const auto manifest = [&] { return get(port_, "/.well-known/ai-plugin.json"); };
  EXPECT_EQ(manifest().find("0123abcd"), std::string::npos);
  write_configuration("[plugin]\nname_for_human = \"Renamed\"\n[plugin.verification_tokens]\nopenai = \"0123abcd\"\n");
  program.signal(SIGHUP);
  EXPECT_TRUE(becomes_true([&] { return manifest().find("0123abcd") != std::string::npos; })) << log();
  EXPECT_NE(get(port_, "/sign-in").find("Renamed</title>"), std::string::npos) << "pages follow too";
  write_configuration("[plugn]\n");
  program.signal(SIGHUP);
  EXPECT_TRUE(becomes_true([&] { return log().find("The new configuration is not used") != std::string::npos; }));
  EXPECT_NE(log().find("did you mean the table [plugin]?"), std::string::npos) << log();
  EXPECT_NE(manifest().find("0123abcd"), std::string::npos);
  program.signal(SIGTERM);
  EXPECT_EQ(program.wait(), 0) << log();
}

TEST_F(Serve, TakesOtherResourcesAfterSighupButNoOtherSpellingOfItsOwn) {
  const auto write_resources = [&](const std::string& aliases, const std::string& others) {
    write_configuration("[[resource]]\nidentifier = \"" + issuer_ + "\"\naliases = [" + aliases + "]\n" + others);
  };
  write_resources(R"("urn:a", "urn:b")", "");
  Program program = start();
  ASSERT_EQ(program.read_line(), "ready " + issuer_) << log();
  // The order of the aliases says nothing.
  write_resources(R"("urn:b", "urn:a")", "[[resource]]\nidentifier = \"urn:other\"\n");
  program.signal(SIGHUP);
  EXPECT_TRUE(becomes_true([&] { return log().find("Configuration read again") != std::string::npos; })) << log();
  write_resources(R"("urn:b")", "");
  program.signal(SIGHUP);
  EXPECT_TRUE(becomes_true([&] {
    return log().find("resource.aliases of api.resource has changed, which needs a restart") != std::string::npos;
  })) << log();
  program.signal(SIGTERM);
  EXPECT_EQ(program.wait(), 0) << log();
}

TEST_F(Serve, SeesWhatACommandAddsWhileItRuns) {
  write_configuration();
  Program program = start();
  ASSERT_EQ(program.read_line(), "ready " + issuer_) << log();
  const Ran added = place_.run({"client", "add", "X", "--redirect-uri", "https://a.example/cb", "--json"});
  ASSERT_EQ(added.code, ExitCode::done) << added.err;
  const std::string id(added.json().at("client_id").as_string());
  // A known client with its URI is answered by redirect, an unknown one by a page.
  const std::string path =
      "/oauth/authorize?response_type=nonsense&redirect_uri=https%3A%2F%2Fa.example%2Fcb&client_id=";
  EXPECT_TRUE(get(port_, path + id).starts_with("HTTP/1.1 303 ")) << get(port_, path + id);
  EXPECT_TRUE(get(port_, path + "nobody").starts_with("HTTP/1.1 400 "));
}

TEST_F(Serve, DoesNotStartOverAPathThatTheApiClaims) {
  place_.write("openapi.yaml",
               "openapi: 3.0.1\ninfo: {title: T, version: '1'}\npaths:\n  /sign-in:\n    get:\n      operationId: x\n"
               "      responses: {'200': {description: ok}}\n");
  write_configuration("[api]\nupstream = \"http://127.0.0.1:9\"\nopenapi = \"openapi.yaml\"\n");
  Program program = start();
  EXPECT_EQ(program.read_line(), "");
  EXPECT_EQ(program.wait(), 2);
  EXPECT_NE(log().find("GET /sign-in of the API's OpenAPI is a path of our own"), std::string::npos) << log();
}

TEST_F(Serve, EndsWithTwoWhereTheConfigurationIsWrong) {
  place_.write("issuer = 1\n");
  Program program = start();
  EXPECT_EQ(program.wait(), 2);
  EXPECT_NE(log().find(":1: issuer: must be a URL in quotes, not an integer"), std::string::npos) << log();
}

TEST_F(Serve, EndsWithTwoWhereWhatTheConfigurationNamesCannotBeUsed) {
  struct Row {
    std::string_view name;
    std::string more;
    std::string_view says;
  };
  const Row rows[] = {
      {"no such description", "[api]\nopenapi = \"none.yaml\"\n", "none.yaml"},
      {"no such certificate", "[tls]\ncertificate = \"none.pem\"\nprivate_key = \"none.key\"\n", "none.pem"},
      {"a master key that is none", "", "does not hold a master key"},
  };
  for (const Row& row : rows) {
    write_configuration(row.more);
    if (row.more.empty()) {
      place_.write("chatelaine.key", "nonsense");
      ASSERT_EQ(::chmod((place_.directory() / "chatelaine.key").c_str(), 0600), 0);
    }
    Program program = start();
    EXPECT_EQ(program.read_line(), "") << row.name;
    EXPECT_EQ(program.wait(), 2) << row.name << log();
    EXPECT_NE(log().find(row.says), std::string::npos) << row.name << ": " << log();
  }
}

TEST(Host, SaysReadyWithItsOwnUrlAndStopsOnSigint) {
  const Workplace place;
  const std::uint16_t port = find_free_port();
  const std::string url = "http://127.0.0.1:" + std::to_string(port);
  place.write("[host]\nurl = \"" + url + "\"\nlisten = \"127.0.0.1:" + std::to_string(port) + "\"\n");
  Program program({"host", "--config", place.file().string()}, place.directory() / "log");
  EXPECT_EQ(program.read_line(), "ready " + url) << read_text(place.directory() / "log");
  EXPECT_TRUE(get(port, "/healthz").starts_with("HTTP/1.1 200 "));
  program.signal(SIGINT);
  EXPECT_EQ(program.wait(), 0) << read_text(place.directory() / "log");
}

}  // namespace
}  // namespace chatelaine::app
