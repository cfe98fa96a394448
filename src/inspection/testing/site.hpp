#pragma once

#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "inspection/finding.hpp"
#include "inspection/outside.hpp"

namespace chatelaine::inspection {

/// 2026-01-02 03:04:05 UTC, at which every answer comes.
[[nodiscard]] Instant now_for_test();

/// The internet as a table of answers: at first `https://todo.example`, a plugin, an authorization server, and the
/// protected resource `/mcp`, all as they should be.
class Site final : public Outside {
 public:
  Site();

  /// The answer at a path of https://todo.example, or at a whole URL; a JSON body of its own where there is none yet.
  [[nodiscard]] net::FetchedDocument& at(std::string_view path, std::string_view method = "GET");
  /// What a POST with that very body is answered.
  [[nodiscard]] net::FetchedDocument& at_post(std::string_view path, std::string_view body);
  void remove(std::string_view path, std::string_view method = "GET");
  /// Sets a member of the JSON document there; null takes it out.
  void set(std::string_view path, std::string_view member, json::value value);
  /// In both metadata documents.
  void set_metadata(std::string_view member, const json::value& value);
  void set_header(std::string_view path, std::string_view name, std::string value, std::string_view method = "GET");
  /// What is answered where there is nothing: status 404 at first.
  net::FetchedDocument nothing;
  /// Changes an answer by what was asked, its headers for instance.
  std::function<void(const Question& question, net::FetchedDocument& answer)> adjust;
  /// No answer at all there.
  void silence(std::string_view path, net::FetchError::Kind kind, std::string_view message,
               std::initializer_list<std::string_view> methods = {"GET", "POST"});

  Task<Visit> visit(Question question) override;

  [[nodiscard]] const std::vector<std::string>& asked() const { return asked_; }
  /// After so many questions the time is over.
  std::size_t most_questions = 1000;

 private:
  std::map<std::string, net::FetchedDocument, std::less<>> answers_;
  std::map<std::string, NoAnswer, std::less<>> silences_;
  std::vector<std::string> asked_;
};

[[nodiscard]] std::optional<std::string> find_header(const Question& question, std::string_view name);

/// Everything that `inspect` finds there.
[[nodiscard]] Findings inspect_site(Site& site, std::string_view url);

}  // namespace chatelaine::inspection
