#include "net/request.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "base/block_on.hpp"

namespace chatelaine::net {
namespace {

Request with_headers(std::span<const HeaderView> headers) {
  Request request;
  request.headers = headers;
  return request;
}

TEST(Request, header_names_ignore_case_and_values_lose_outer_blanks) {
  const std::vector<HeaderView> headers{{"Content-TYPE", " text/plain\t"}, {"A", "1"}, {"a", "2"}};
  const Request request = with_headers(headers);
  EXPECT_EQ(request.header("content-type"), "text/plain");
  EXPECT_EQ(request.header("A"), "1");
  EXPECT_EQ(request.header("b"), std::nullopt);
  EXPECT_TRUE(request.has_repeated_header("a"));
  EXPECT_FALSE(request.has_repeated_header("Content-Type"));
  EXPECT_FALSE(request.has_repeated_header("none"));
}

TEST(Request, rfc_6265_section_5_4_cookies) {
  struct Row {
    std::string_view sentence;
    std::vector<HeaderView> headers;
    std::optional<std::string_view> value;
  };
  const std::vector<Row> rows{
      {"one cookie", {{"Cookie", "s=1"}}, "1"},
      {"among others", {{"Cookie", "a=0; s=1; t=2"}}, "1"},
      {"a value with an equals sign", {{"Cookie", "s=a=b"}}, "a=b"},
      {"an empty value", {{"Cookie", "s="}}, ""},
      {"no blank after the semicolon", {{"Cookie", "a=0;s=1"}}, "1"},
      {"in a second header", {{"Cookie", "a=0"}, {"cookie", "s=1"}}, "1"},
      {"absent", {{"Cookie", "a=0"}}, std::nullopt},
      {"no cookies at all", {}, std::nullopt},
      {"names keep their case", {{"Cookie", "S=1"}}, std::nullopt},
      {"a name that ends alike", {{"Cookie", "xs=1"}}, std::nullopt},
      {"no equals sign", {{"Cookie", "s"}}, std::nullopt},
      {"twice the same value", {{"Cookie", "s=1; s=1"}}, "1"},
      {"twice with different values is nobody's cookie", {{"Cookie", "s=1; s=2"}}, std::nullopt},
      {"the same over two headers", {{"Cookie", "s=1"}, {"Cookie", "s=2"}}, std::nullopt},
  };
  for (const Row& row : rows) EXPECT_EQ(with_headers(row.headers).cookie("s"), row.value) << row.sentence;
}

/// Gives scripted pieces, then an error or the end.
class ScriptedBody final : public BodyReader {
 public:
  ScriptedBody(std::vector<std::string> pieces, std::optional<std::uint64_t> announced, std::optional<BodyError> error)
      : pieces_(std::move(pieces)), announced_(announced), error_(error) {}
  Task<std::expected<std::string_view, BodyError>> read() override {
    if (next_ < pieces_.size()) co_return std::string_view(pieces_[next_++]);
    if (error_) co_return std::unexpected(*error_);
    co_return std::string_view{};
  }
  [[nodiscard]] std::optional<std::uint64_t> announced_length() const override { return announced_; }

 private:
  std::vector<std::string> pieces_;
  std::optional<std::uint64_t> announced_;
  std::optional<BodyError> error_;
  std::size_t next_ = 0;
};

TEST(Request, read_whole_body_joins_pieces_and_keeps_to_the_limit) {
  struct Row {
    std::string_view sentence;
    ScriptedBody body;
    std::expected<std::string, BodyError> outcome;
  };
  std::vector<Row> rows{
      {"no piece", {{}, 0, {}}, ""},
      {"two pieces", {{"ab", "cd"}, 4, {}}, "abcd"},
      {"exactly the limit, chunked", {{"abcde", "fghij"}, {}, {}}, "abcdefghij"},
      {"one over the limit, chunked", {{"abcde", "fghijk"}, {}, {}}, std::unexpected(BodyError::too_large)},
      {"announced over the limit is refused unread",
       {{}, 11, BodyError::broken},
       std::unexpected(BodyError::too_large)},
      {"a broken body", {{"ab"}, 4, BodyError::broken}, std::unexpected(BodyError::broken)},
      {"a stalled body", {{"ab"}, 4, BodyError::timed_out}, std::unexpected(BodyError::timed_out)},
  };
  for (Row& row : rows) {
    Request request;
    request.body = &row.body;
    EXPECT_EQ(block_on(read_whole_body(request, 10)), row.outcome) << row.sentence;
  }
  EXPECT_EQ(block_on(read_whole_body(Request{}, 10)), "");
}

}  // namespace
}  // namespace chatelaine::net
