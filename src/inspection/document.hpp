#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_members.hpp"
#include "inspection/finding.hpp"
#include "inspection/outside.hpp"

/// What answers have in common, whatever was asked for.
namespace chatelaine::inspection {

[[nodiscard]] bool is_redirect(int status);
/// Whether the answer is 2xx.
[[nodiscard]] bool is_success(const Visit& visit);
/// Whether there was time for the question.
[[nodiscard]] bool was_asked(const Visit& visit);
/// What to change where an answer did not come for that reason.
[[nodiscard]] std::string change_for(net::FetchError::Kind kind);
/// "https://a/b", or "POST https://a/b".
[[nodiscard]] std::string name_question(const Visit& visit);
/// "https://a/b answers with a redirect (status 302) to "/c"", or with a status, or why it does not answer.
[[nodiscard]] std::string describe_answer(const Visit& visit);
/// "Cache-Control is "no-cache"", or "there is no Cache-Control".
[[nodiscard]] std::string describe_header(const net::FetchedDocument& answer, std::string_view name);
/// The finding where there was no answer at all: `skipped` where nothing was asked, else a fault. What is to be
/// changed is then what keeps the answer away, and not what `check` is about.
[[nodiscard]] std::optional<Finding> find_silence(Check check, const Visit& visit);
/// The same, and a fault where the answer is not status 200.
[[nodiscard]] std::optional<Finding> find_refusal(Check check, const Visit& visit);

/// The answer's JSON object, or the fault: as above, or another text.
[[nodiscard]] std::expected<json::object, Finding> read_object(Check check, const Visit& visit);

/// Whether a server says that there is no such document: status 404, 410, or one that wants a token first.
[[nodiscard]] bool is_absent(const Visit& visit);
[[nodiscard]] bool is_json(const net::FetchedDocument& answer);

/// The strings of a member that is a list of them; nothing where it is absent or anything else.
[[nodiscard]] std::optional<std::vector<std::string>> find_list(const json::object& document, std::string_view member);
/// `"a", "b"`, bounded.
[[nodiscard]] std::string join(const std::vector<std::string>& words);

/// Finds out whether media type `application/json` was sent with a document.
[[nodiscard]] Finding judge_type(Check check, const Visit& visit);

}  // namespace chatelaine::inspection
