#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <ostream>

#include "app/cli/command.hpp"
#include "app/cli/session.hpp"
#include "app/log/escape.hpp"
#include "base/block_on.hpp"
#include "inspection/fetching_outside.hpp"
#include "inspection/inspection.hpp"

namespace chatelaine::app {
namespace {

using inspection::Completeness;
using inspection::Finding;
using inspection::Verdict;

/// `--ca-file` alone: a configuration that lies about must not decide whom to trust.
std::string find_ca_file(const Arguments& arguments) {
  const auto named = arguments.find("--ca-file");
  if (!named) return {};
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(*named, ignored))
    throw WrongUsage(fmt::format("--ca-file: {} cannot be read", *named));
  return *named;
}

milliseconds read_patience(const Arguments& arguments, std::string_view option, milliseconds otherwise) {
  const auto text = arguments.find(option);
  if (!text) return otherwise;
  const auto duration = parse_duration(*text);
  if (!duration) throw WrongUsage(fmt::format("{}: {}", option, duration.error()));
  if (*duration <= milliseconds{0}) throw WrongUsage(fmt::format("{} must be longer than nothing", option));
  return *duration;
}

std::size_t count(const inspection::Findings& findings, Verdict verdict) {
  return static_cast<std::size_t>(std::ranges::count(findings, verdict, &Finding::verdict));
}

std::string count_word(std::size_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

void print_finding(Console& console, const Finding& finding) {
  const inspection::CheckDescription& check = inspection::describe(finding.check);
  console.out << fmt::format("{:<8} {:<23} {}\n", to_string(finding.verdict), check.code,
                             escape_controls(finding.seen));
  if (finding.verdict == Verdict::warning || finding.verdict == Verdict::fault) {
    // What it names by its key stands there; what holds by itself, nowhere.
    const bool has_key = check.chatelaine.find('`') != std::string_view::npos;
    console.out << fmt::format("{:9}change: {}\n{:9}with Chatelaine{}: {}\n{:9}stumbles: {}\n", "",
                               escape_controls(finding.change), "", has_key ? " (chatelaine.toml)" : "",
                               check.chatelaine, "", check.stumbles);
  }
  // A look takes up to a minute: whoever waits sees how far it is.
  console.out.flush();
}

/// What came of a look, and under which conditions.
struct Report {
  std::string url;
  inspection::Findings findings;
  Completeness completeness = Completeness::whole;
  /// Empty where none was named.
  std::string ca_file;

  [[nodiscard]] bool is_whole() const { return completeness == Completeness::whole; }
  [[nodiscard]] bool is_good() const { return is_whole() && count(findings, Verdict::fault) == 0; }
};

void print_verdict(Console& console, const Report& report) {
  const inspection::Findings& findings = report.findings;
  const std::size_t faults = count(findings, Verdict::fault);
  const std::size_t warnings = count(findings, Verdict::warning);
  const std::string_view meaning = faults > 0           ? "Assistants cannot connect, or not all of them."
                                   : !report.is_whole() ? "What was looked at is not in the way of assistants."
                                   : warnings > 0       ? "Assistants can connect; some may stumble."
                                                        : "Nothing is in the way of assistants.";
  console.out << fmt::format("\n{}, {}; {} ok, {} skipped. {}\n", count_word(faults, "fault"),
                             count_word(warnings, "warning"), count(findings, Verdict::ok),
                             count(findings, Verdict::skipped), meaning);
  if (!report.is_whole()) console.out << "Time ran out before everything was looked at: give --total more.\n";
  if (!report.ca_file.empty())
    console.out << fmt::format("The roots in {} were trusted besides; assistants may not know them.\n",
                               escape_controls(report.ca_file));
}

json::object to_json(const Report& report) {
  json::array checks;
  for (const Finding& finding : report.findings) {
    const inspection::CheckDescription& check = inspection::describe(finding.check);
    json::object row{{"code", check.code}, {"verdict", to_string(finding.verdict)}, {"seen", finding.seen}};
    if (!finding.change.empty()) {
      row["change"] = finding.change;
      row["chatelaine"] = check.chatelaine;
      row["stumbles"] = check.stumbles;
    }
    checks.push_back(std::move(row));
  }
  json::object document{{"url", report.url},
                        {"ok", report.is_good()},
                        {"complete", report.is_whole()},
                        {"faults", count(report.findings, Verdict::fault)},
                        {"warnings", count(report.findings, Verdict::warning)},
                        {"checks", std::move(checks)}};
  if (!report.ca_file.empty()) document["ca_file"] = report.ca_file;
  return document;
}

ExitCode examine(const Arguments& arguments, Console& console) {
  const auto target = inspection::parse_target(arguments.get("URL"));
  if (!target) throw WrongUsage(target.error());
  inspection::Patience patience;
  patience.each = read_patience(arguments, "--timeout", patience.each);
  patience.total = read_patience(arguments, "--total", patience.total);
  const SystemClock clock;
  Report report{.url = target->url.text, .findings = {}, .ca_file = find_ca_file(arguments)};
  net::Fetcher fetcher(report.ca_file);
  inspection::FetchingOutside outside(fetcher, target->addresses, patience, clock);
  const bool is_json = wants_json(arguments);
  report.completeness = block_on(inspection::inspect(outside, *target, [&](const Finding& finding) {
    if (!is_json) print_finding(console, finding);
    report.findings.push_back(finding);
  }));
  if (is_json)
    print_json(console, to_json(report));
  else
    print_verdict(console, report);
  return report.is_good() ? ExitCode::done : ExitCode::failed;
}

const std::array kCommands = {
    Command{
        "doctor",
        "Checks from outside, without signing in, whether assistants can connect to a server: ours or anybody's, given "
        "a plugin's domain, an issuer, or an MCP endpoint's URL. docs/operators/doctor.md explains each code. What it "
        "sends is meant to be refused; an endpoint that takes it is told of, and sent nothing else. Asks public "
        "addresses alone, and loopback where the URL is loopback.",
        "chatelaine doctor https://todo.example.com",
        "a line for each check (ok, warning, fault, skipped), what to change where, and who stumbles; as JSON "
        "{\"url\",\"ok\",\"complete\",\"faults\",\"warnings\",\"checks\":[{\"code\",\"verdict\":"
        "\"ok|warning|fault|skipped\",\"seen\",\"change\",\"chatelaine\",\"stumbles\"}]}, the last three for warnings "
        "and faults. Faults exit 1, and so does a look for which there was no time (\"complete\":false); warnings "
        "alone "
        "exit 0. With --ca-file also \"ca_file\".",
        {{ArgumentKind::positional, "URL", "", "What to look at; a domain alone means https, or http on loopback"},
         {ArgumentKind::value, "--timeout", "DURATION", "How long a request may take; 10s without it"},
         {ArgumentKind::value, "--total", "DURATION",
          "How long all of them may take, the rest being skipped; 60s without it"},
         {ArgumentKind::value, "--ca-file", "FILE",
          "Further certificate authorities (PEM) to trust, which the verdict then says; no configuration names any"}},
        examine},
};

}  // namespace

CommandGroup doctor_commands() {
  return {"doctor", "Checks from outside whether assistants can connect to a server, and says what to change.",
          kCommands};
}

}  // namespace chatelaine::app
