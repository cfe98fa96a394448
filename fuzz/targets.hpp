#pragma once

#include <cstdlib>
#include <string_view>

/// What libFuzzer is set upon: every parser of ours that reads what a stranger wrote. Each reads bytes, and ends the
/// process where a promise of the parser is broken. `corpus/NAME` holds the seeds of `check_NAME` and the inputs of
/// mended crashes; fuzz/corpus_test.cpp replays them.
namespace chatelaine::fuzz {

void check_challenge(std::string_view bytes);
void check_check_question(std::string_view bytes);
void check_client_assertion(std::string_view bytes);
void check_client_metadata(std::string_view bytes);
void check_client_metadata_document(std::string_view bytes);
void check_form(std::string_view bytes);
void check_handles(std::string_view bytes);
void check_http_request(std::string_view bytes);
void check_id_token(std::string_view bytes);
void check_jwk(std::string_view bytes);
void check_jwt(std::string_view bytes);
void check_manifest(std::string_view bytes);
void check_mcp_message(std::string_view bytes);
void check_openapi(std::string_view bytes);
void check_page(std::string_view bytes);
void check_password_hash(std::string_view bytes);
void check_redirect_template(std::string_view bytes);
void check_token_answer(std::string_view bytes);
void check_tool_call(std::string_view bytes);
void check_uri(std::string_view bytes);
void check_user_code(std::string_view bytes);

inline void require(bool holds) {
  if (!holds) std::abort();
}
/// Whether a view points into another, so that it was not made up.
inline bool is_within(std::string_view part, std::string_view whole) {
  return part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

}  // namespace chatelaine::fuzz
