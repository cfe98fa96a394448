#include "app/profiles/profile_values.hpp"

#include "oauth/clients/client_metadata_document.hpp"

namespace chatelaine::app {
namespace {

ProfileTaken check_document(const std::string& url) {
  const auto checked = oauth::parse_document_url(oauth::ClientId(url));
  if (!checked) return std::unexpected(fmt::format("must be the URL of a document: {}", checked.error()));
  return {};
}

}  // namespace

ProfileTaken keep_text(const std::string& text, std::string& place) {
  if (text.empty()) return std::unexpected("must not be empty");
  place = text;
  return {};
}

ProfileTaken keep_texts(const std::vector<std::string>& texts, std::vector<std::string>& place) {
  if (contains(texts, "")) return std::unexpected("must hold no empty text");
  place = texts;
  return {};
}

ProfileTaken keep_names(const std::vector<std::string>& texts, std::vector<std::string>& place) {
  for (const std::string& text : texts)
    if (!is_profile_name(text))
      return std::unexpected(fmt::format("must hold names of small letters, digits and \"-\", not \"{}\"", text));
  return keep_any<std::string>(texts, texts, kAsItIs, place);
}

ProfileTaken keep_header(const std::string& text, std::optional<std::string>& place) {
  if (std::ranges::any_of(text, [](unsigned char c) { return c > 0x7e; }))
    return std::unexpected("must be in ASCII, as headers are");
  return keep_text(text, place.emplace());
}

ProfileTaken keep_duration(const std::string& text, std::optional<seconds>& place) {
  const auto read = parse_duration(text);
  if (!read) return std::unexpected(fmt::format("must be a duration such as \"10s\" or \"5m\", not \"{}\"", text));
  place = std::chrono::floor<seconds>(*read);
  if (*place != *read) return std::unexpected(fmt::format("must be whole seconds, not \"{}\"", text));
  return {};
}

ProfileTaken keep_timeout(const std::string& text, std::optional<seconds>& place) {
  ProfileTaken taken = keep_duration(text, place);
  if (taken && *place == seconds(0)) return std::unexpected("must be at least \"1s\"");
  return taken;
}

ProfileTaken keep_sources(const std::vector<std::string>& texts, std::vector<std::string>& place) {
  if (texts.empty()) return std::unexpected("must not be empty");
  for (const std::string& text : texts)
    if (text.find(", https://") == std::string::npos)
      return std::unexpected(
          fmt::format("must hold a title and a URL each, such as \"Manual, https://a.example/\", not \"{}\"", text));
  place = texts;
  return {};
}

ProfileTaken keep_separator(const std::string& text, std::string& place) {
  if (text != " " && text != ",") return std::unexpected(fmt::format("must be \" \" or \",\", not \"{}\"", text));
  place = text;
  return {};
}

ProfileTaken keep_blank(const std::string& text, std::string& place) {
  if (text != "%20" && text != "+") return std::unexpected(fmt::format("must be \"%20\" or \"+\", not \"{}\"", text));
  place = text;
  return {};
}

ProfileTaken keep_release(const std::string& text, std::string& place) {
  const auto is_of_dates = [](char c) { return c == '-' || (c >= '0' && c <= '9'); };
  if (text.size() != std::string_view("2025-11-25").size() || !std::ranges::all_of(text, is_of_dates))
    return std::unexpected(fmt::format("must be a release such as \"2025-11-25\", not \"{}\"", text));
  place = text;
  return {};
}

ProfileTaken keep_algorithm(const std::string& text, std::optional<crypto::SignatureAlgorithm>& place) {
  constexpr auto kName = [](crypto::SignatureAlgorithm algorithm) { return crypto::to_string(algorithm); };
  place = crypto::parse_signature_algorithm(text);
  if (place) return {};
  return std::unexpected(
      fmt::format("must be {}, not \"{}\"",
                  list_choices<crypto::SignatureAlgorithm>(
                      std::span<const crypto::SignatureAlgorithm>(crypto::kSignatureAlgorithms), kName),
                  text));
}

ProfileTaken keep_document(const std::string& text, std::string& place) {
  if (auto checked = check_document(text); !checked) return checked;
  return keep_text(text, place);
}

ProfileTaken keep_document_template(const std::string& text, std::string& place) {
  std::string url = text;
  const std::size_t begin = url.find('{');
  const std::size_t end = url.find('}', std::min(begin, url.size()));
  if (end != std::string::npos) url.replace(begin, end + 1 - begin, "x");
  if (auto checked = check_document(url); !checked) return checked;
  return keep_text(text, place);
}

bool is_profile_name(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

}  // namespace chatelaine::app
