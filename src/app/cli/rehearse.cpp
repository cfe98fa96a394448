#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <istream>
#include <ostream>

#include "app/cli/command.hpp"
#include "app/cli/profile.hpp"
#include "app/cli/session.hpp"
#include "app/log/escape.hpp"
#include "app/wiring/master_key.hpp"
#include "app/wiring/secret_file.hpp"
#include "base/block_on.hpp"
#include "inspection/fetching_outside.hpp"
#include "rehearsal/rehearsal.hpp"
#include "rehearsal/report.hpp"

namespace chatelaine::app {
namespace {

using rehearsal::Given;
using rehearsal::StepReport;

/// What the assistant may take in all: sign-ins by hand and waiting are not counted by anything shorter.
constexpr milliseconds kWholePatience{std::chrono::hours{24}};
constexpr milliseconds kLookPatience{30'000};
/// For a person at a browser, who may have to look for a password.
constexpr milliseconds kPersonPatience{std::chrono::minutes{10}};
/// Between two looks at what a person does: at the browser, and at the terminal.
constexpr milliseconds kBetweenLooks{100};
constexpr std::size_t kMostSecretBytes = 4096;

milliseconds read_duration(const Arguments& arguments, std::string_view option, milliseconds otherwise) {
  const auto text = arguments.find(option);
  if (!text) return otherwise;
  const auto duration = parse_duration(*text);
  if (!duration) throw WrongUsage(fmt::format("{}: {}", option, duration.error()));
  if (*duration <= milliseconds{0}) throw WrongUsage(fmt::format("{} must be longer than nothing", option));
  return *duration;
}

std::string find_ca_file(const Arguments& arguments) {
  const auto named = arguments.find("--ca-file");
  if (!named) return {};
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(*named, ignored))
    throw WrongUsage(fmt::format("--ca-file: {} cannot be read", *named));
  return *named;
}

std::string read_url(const Arguments& arguments, std::string_view option) {
  const auto text = arguments.find(option);
  if (!text) return {};
  if (const auto url = parse_http_url(*text); !url) throw WrongUsage(fmt::format("{} {}", option, url.error()));
  return *text;
}

/// Never an argument: whoever lists processes would read it.
std::optional<oauth::ClientSecret> find_client_secret(const Arguments& arguments) {
  if (const auto file = arguments.find("--client-secret-file")) {
    const auto bytes = read_secret_file(*file, Permissions::as_mounted, kMostSecretBytes);
    if (!bytes) throw WrongUsage(fmt::format("--client-secret-file: {} {}", *file, bytes.error()));
    std::string_view text = bytes->reveal();
    while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
    return oauth::ClientSecret(text);
  }
  auto text = read_process_environment("CHATELAINE_REHEARSE_CLIENT_SECRET");
  if (!text) return std::nullopt;
  oauth::ClientSecret secret(*text);
  wipe(text->data(), text->size());
  return secret;
}

std::optional<rehearsal::SignIn> find_sign_in() {
  const auto user = read_process_environment("CHATELAINE_REHEARSE_USER");
  auto password = read_process_environment("CHATELAINE_REHEARSE_PASSWORD");
  if (user.has_value() != password.has_value())
    throw WrongUsage("CHATELAINE_REHEARSE_USER and CHATELAINE_REHEARSE_PASSWORD come together");
  if (!user) return std::nullopt;
  rehearsal::SignIn person{*user, rehearsal::Password(*password)};
  wipe(password->data(), password->size());
  return person;
}

Given read_given(const Arguments& arguments, const oauth::AssistantProfile& profile) {
  const auto target = inspection::parse_target(arguments.get("URL"));
  if (!target) throw WrongUsage(target.error());
  Given given;
  given.target = *target;
  given.sign_in = find_sign_in();
  given.client_id = oauth::ClientId(arguments.get("--client-id"));
  given.client_secret = find_client_secret(arguments);
  given.client_id_document = read_url(arguments, "--client-id-document");
  given.redirect_value = arguments.get("--redirect-id");
  given.scope = arguments.get("--scope");
  given.authorization_url = read_url(arguments, "--authorization-url");
  given.token_url = read_url(arguments, "--token-url");
  given.openapi_url = read_url(arguments, "--openapi");
  given.call_path = arguments.get("--call");
  given.wait = std::chrono::duration_cast<seconds>(read_duration(arguments, "--wait", milliseconds{0}));
  const bool has_other_ways = profile.registers(oauth::RegistrationWay::metadata_document) ||
                              profile.registers(oauth::RegistrationWay::dynamic);
  if (!has_other_ways && given.client_id.value().empty())
    throw WrongUsage(
        fmt::format("{} is added by hand: give --client-id, and its secret in "
                    "CHATELAINE_REHEARSE_CLIENT_SECRET or --client-secret-file",
                    profile.title));
  return given;
}

void print_step(Console& console, const StepReport& step) {
  console.out << fmt::format("{:<8} {:<16} {:>6} ms\n", to_string(step.verdict()), to_string(step.step),
                             step.took.count());
  for (const rehearsal::Remark& remark : step.remarks) {
    console.out << fmt::format("         {:<8} {:<24} {}\n", to_string(remark.verdict), remark.code,
                               escape_controls(remark.seen));
    if (!remark.change.empty()) console.out << fmt::format("{:18}change: {}\n", "", escape_controls(remark.change));
  }
  console.out.flush();
}

/// On stderr, so that stdout holds the report alone.
void show_turn(Console& console, const rehearsal::PersonsTurn& turn) {
  std::string_view then =
      "Then paste the address at which the browser ended, which is the assistant's own and may show an error there: ";
  if (turn.listener != nullptr)
    then =
        "The browser comes back to this program by itself. Where it runs on another machine, paste the address at "
        "which it ended: ";
  else if (turn.comes_to_this_machine)
    then = "Then paste the address at which the browser ended, though it shows an error there: ";
  const std::string hindrance = turn.hindrance.empty() ? std::string() : fmt::format("({})\n\n", turn.hindrance);
  console.err << fmt::format("Open this in a browser, sign in and allow:\n\n  {}\n\n{}{}", escape_controls(turn.url),
                             hindrance, then)
              << std::flush;
}

/// Whether a line can be read within `patience`.
bool has_input(Console& console, milliseconds patience) {
  if (console.in.rdbuf()->in_avail() > 0) return true;
  pollfd terminal{STDIN_FILENO, POLLIN, 0};
  return ::poll(&terminal, 1, static_cast<int>(patience.count())) > 0;
}

/// Nothing at the end of the input.
std::optional<std::string> read_pasted(Console& console) {
  std::string line;
  if (!std::getline(console.in, line)) return std::nullopt;
  while (line.ends_with('\r') || line.ends_with(' ')) line.pop_back();
  return line.substr(std::min(line.find_first_not_of(' '), line.size()));
}

/// Waits for the browser and for what is pasted, whichever comes first.
std::expected<std::string, std::string> ask_person(Console& console, const rehearsal::PersonsTurn& turn,
                                                   milliseconds patience) {
  show_turn(console, turn);
  bool is_terminal_open = true;
  const auto end = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < end) {
    if (turn.listener != nullptr) {
      const auto location = turn.listener->wait_for(is_terminal_open ? milliseconds{0} : kBetweenLooks);
      if (location) {
        console.err << "the browser came back.\n" << std::flush;
        return *location;
      }
    }
    if (!is_terminal_open || !has_input(console, kBetweenLooks)) continue;
    const auto pasted = read_pasted(console);
    if (pasted && !pasted->empty()) return *pasted;
    if (turn.listener == nullptr) return std::unexpected("nobody came back from the sign-in: nothing was pasted");
    is_terminal_open = pasted.has_value();
  }
  console.err << '\n' << std::flush;
  return std::unexpected(fmt::format("nobody came back from the sign-in within {}", format_duration(patience)));
}

/// Before anything is played, so that a run of minutes is not for nothing; what stands in the file stays until then.
void check_junit(const Arguments& arguments) {
  const auto path = arguments.find("--junit");
  if (path && !std::ofstream(*path, std::ios::app))
    throw WrongUsage(fmt::format("--junit: {} cannot be written: {}", *path, std::strerror(errno)));
}

void write_junit(const Arguments& arguments, const rehearsal::Report& report) {
  const auto path = arguments.find("--junit");
  if (!path) return;
  std::ofstream file(*path, std::ios::binary);
  file << to_junit(report);
  if (!file.flush()) throw CommandFailed(fmt::format("--junit: {} cannot be written", *path));
}

ExitCode rehearse(const Arguments& arguments, Console& console) {
  const oauth::AssistantProfile profile =
      find_profile(find_profiles_directory(arguments), arguments.get("PROFILE")).profile;
  const Given given = read_given(arguments, profile);
  const milliseconds each = read_duration(arguments, "--timeout", inspection::Patience{}.each);
  const milliseconds person = read_duration(arguments, "--sign-in-timeout", kPersonPatience);
  const bool is_json = wants_json(arguments);
  if (!given.sign_in && !console.is_terminal)
    throw WrongUsage(
        "nobody is at a terminal to sign in with a browser: set CHATELAINE_REHEARSE_USER and "
        "CHATELAINE_REHEARSE_PASSWORD");
  check_junit(arguments);
  rehearsal::Report report{profile.name, profile.title, given.target.url.text, {}};
  const SystemClock clock;
  SystemRandomness randomness;
  net::Fetcher fetcher(find_ca_file(arguments));
  inspection::FetchingOutside outside(fetcher, given.target.addresses, {each, kWholePatience}, clock);
  const auto make_look = [&]() -> std::unique_ptr<inspection::Outside> {
    const inspection::Patience patience{each, kLookPatience};
    return std::make_unique<inspection::FetchingOutside>(fetcher, given.target.addresses, patience, clock);
  };
  const rehearsal::Stage stage{outside,
                               make_look,
                               clock,
                               randomness,
                               [&](const rehearsal::PersonsTurn& turn) { return ask_person(console, turn, person); },
                               [&](const StepReport& step) {
                                 if (!is_json) print_step(console, step);
                                 report.steps.push_back(step);
                               }};
  block_on(rehearsal::rehearse(stage, profile, given));
  if (is_json)
    print_json(console, to_json(report));
  else
    console.out << '\n' << escape_controls(make_verdict(report)) << '\n' << std::flush;
  write_junit(arguments, report);
  return report.is_good() ? ExitCode::done : ExitCode::failed;
}

const std::array kCommands = {
    Command{
        "rehearse",
        "Plays an assistant against a server, ours or anybody's, as its profile (`chatelaine profile list`) says that "
        "it speaks: discovery, registration, sign-in, token exchange, calls, refresh, revocation. A client that it "
        "registered it deletes at the end. With "
        "CHATELAINE_REHEARSE_USER and CHATELAINE_REHEARSE_PASSWORD it fills in the sign-in and consent forms by "
        "itself; without them it prints a URL for a person's browser on a terminal, and waits until that comes back to "
        "it, "
        "or asks for the address at which it ended where that is not on this machine. "
        "docs/operators/rehearse.md says more.",
        "chatelaine rehearse claude https://todo.example.com/mcp",
        "each step as it is over, with the time that it took and what was noticed, and a verdict; as JSON "
        "{\"profile\",\"title\",\"url\",\"ok\",\"verdict\",\"faults\",\"warnings\",\"steps\":[{\"step\",\"verdict\":"
        "\"ok|warning|fault|skipped\",\"milliseconds\",\"remarks\":[{\"code\",\"verdict\",\"seen\",\"change\"}]}]}, "
        "the last for warnings and faults. Faults exit 1; warnings and steps that could not be played exit 0. No "
        "token, secret, code or password is shown.",
        {{ArgumentKind::positional, "PROFILE", "",
          "The assistant: chatgpt-plugin, gpt-action, chatgpt-app, claude, "
          "claude-code, cursor, vscode, coze, or one of your own"},
         {ArgumentKind::positional, "URL", "",
          "What is entered at the assistant: a plugin's domain, an action's API, an MCP endpoint (of a bare origin, "
          "/mcp on it)"},
         {ArgumentKind::value, "--client-id", "ID",
          "The client that was added by hand, for whom does not register itself"},
         {ArgumentKind::value, "--client-secret-file", "FILE",
          "Its secret; else CHATELAINE_REHEARSE_CLIENT_SECRET holds it"},
         {ArgumentKind::value, "--client-id-document", "URL",
          "A client ID metadata document to be known by in place of the assistant's own, for a server that cannot "
          "reach that"},
         {ArgumentKind::value, "--redirect-id", "ID",
          "What stands in place of the {…} in the assistant's redirect URIs; without it, as in the profile's example"},
         {ArgumentKind::value, "--scope", "SCOPE", "The scope that is typed in at the assistant"},
         {ArgumentKind::value, "--authorization-url", "URL",
          "Of an action, as its author types it in; without it, what the server's metadata says"},
         {ArgumentKind::value, "--token-url", "URL", "The same for the token endpoint"},
         {ArgumentKind::value, "--openapi", "URL", "An action's OpenAPI description, to find an operation to call"},
         {ArgumentKind::value, "--call", "PATH", "What to call by GET, for plugins and actions"},
         {ArgumentKind::value, "--wait", "DURATION",
          "Waits for the access token's end where that is not later, and refreshes then"},
         {ArgumentKind::value, "--timeout", "DURATION",
          "How long a request may take where the profile does not say; 10s without it"},
         {ArgumentKind::value, "--sign-in-timeout", "DURATION",
          "How long a person may take at the browser; 10m without it"},
         {ArgumentKind::value, "--junit", "FILE", "Writes the report there as JUnit's XML"},
         {ArgumentKind::value, "--ca-file", "FILE", "Further certificate authorities (PEM) to trust"}},
        rehearse},
};

}  // namespace

CommandGroup rehearse_commands() {
  return {"rehearse", "Plays an assistant against a server, and says whether it connects and stays connected.",
          kCommands};
}

}  // namespace chatelaine::app
