#include "net/chunk.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

namespace chatelaine::net {
namespace {

struct Decoded {
  ChunkDecoder::Step step;
  std::string body;
  std::string rest;
  bool operator==(const Decoded&) const = default;
};

Decoded decode(std::string_view coded, std::size_t step_size) {
  ChunkDecoder decoder;
  Decoded decoded{ChunkDecoder::Step::needs_more, {}, {}};
  for (std::size_t at = 0; at < coded.size(); at += step_size) {
    std::string_view input = coded.substr(at, step_size);
    while (true) {
      const auto [step, piece] = decoder.next(input);
      decoded.step = step;
      if (step != ChunkDecoder::Step::piece) break;
      decoded.body += piece;
    }
    if (decoded.step == ChunkDecoder::Step::needs_more) continue;
    decoded.rest = std::string(input) + std::string(coded.substr(std::min(at + step_size, coded.size())));
    break;
  }
  if (decoded.step == ChunkDecoder::Step::broken) decoded.rest.clear();
  return decoded;
}

struct Row {
  std::string_view sentence;
  std::string coded;
  std::optional<std::string_view> body;
  std::string_view rest = "";
};

TEST(Chunk, rfc_9112_section_7_1) {
  const std::vector<Row> rows{
      {"an empty body", "0\r\n\r\n", ""},
      {"one chunk", "5\r\nhello\r\n0\r\n\r\n", "hello"},
      {"two chunks, hexadecimal in either case", "A\r\n0123456789\r\nb\r\n0123456789a\r\n0\r\n\r\n",
       "01234567890123456789a"},
      {"what follows belongs to the next message", "1\r\nx\r\n0\r\n\r\nGET /", "x", "GET /"},
      {"an extension is passed over", "1;a=b;c\r\nx\r\n0;last\r\n\r\n", "x"},
      {"leading zeros", "0001\r\nx\r\n000\r\n\r\n", "x"},
      {"trailers are dropped", "1\r\nx\r\n0\r\nA: b\r\nC:\r\n\r\n", "x"},
      {"a chunk may hold line ends", "4\r\n\r\n\r\n\r\n0\r\n\r\n", "\r\n\r\n"},
      {"no size", "\r\n\r\n", {}},
      {"a size that is no number", "x\r\n", {}},
      {"0x is no hexadecimal here", "0x1\r\nx\r\n0\r\n\r\n", {}},
      {"a sign", "+1\r\nx\r\n0\r\n\r\n", {}},
      {"a minus", "-1\r\nx\r\n0\r\n\r\n", {}},
      {"a blank before the size", " 1\r\nx\r\n0\r\n\r\n", {}},
      {"a blank after the size", "1 \r\nx\r\n0\r\n\r\n", {}},
      {"a size beyond every body", "100000000000\r\n", {}},
      {"a size that would wrap around", "10000000000000001\r\nx\r\n", {}},
      {"a bare line feed after the size", "1\nx\r\n0\r\n\r\n", {}},
      {"a bare carriage return in the size", "1\rx\r\n", {}},
      {"a bare line feed after the data", "1\r\nx\n0\r\n\r\n", {}},
      {"data longer than its size", "1\r\nxy\r\n0\r\n\r\n", {}},
      {"a quoted extension", "1;a=\"b\"\r\nx\r\n0\r\n\r\n", {}},
      {"a quote that hides a line end", "1;a=\"\r\nx\r\n", {}},
      {"a bare line feed in an extension", "1;a\nx\r\n0\r\n\r\n", {}},
      {"a control character in an extension", std::string("1;a\0\r\n", 6), {}},
      {"endless extensions", "1;" + std::string(20000, 'a'), {}},
      {"a folded trailer", "0\r\nA: b\r\n c\r\n\r\n", {}},
      {"a trailer without a name", "0\r\n: b\r\n\r\n", {}},
      {"a trailer without a colon", "0\r\nA\r\n\r\n", {}},
      {"a blank in a trailer's name", "0\r\nA : b\r\n\r\n", {}},
      {"a control character in a trailer", std::string("0\r\nA: \0\r\n\r\n", 11), {}},
      {"endless trailers", "0\r\nA: " + std::string(20000, 'a'), {}},
      {"a bare line feed at the end", "0\r\n\n", {}},
  };
  for (const Row& row : rows) {
    for (const std::size_t step_size : {std::size_t{1}, std::size_t{3}, std::size_t{100000}}) {
      const Decoded expected = row.body
                                   ? Decoded{ChunkDecoder::Step::end, std::string(*row.body), std::string(row.rest)}
                                   : Decoded{ChunkDecoder::Step::broken, {}, {}};
      Decoded actual = decode(row.coded, step_size);
      if (!row.body) actual.body.clear();
      EXPECT_EQ(actual, expected) << row.sentence << ", " << step_size << " bytes at a time";
    }
  }
}

TEST(Chunk, an_unfinished_body_asks_for_more) {
  for (const std::string_view coded :
       {"", "1", "1\r", "1\r\n", "1\r\nx", "1\r\nx\r\n", "0\r\n", "0\r\n\r", "0\r\nA: b"}) {
    EXPECT_EQ(decode(coded, 1).step, ChunkDecoder::Step::needs_more) << coded;
  }
}

}  // namespace
}  // namespace chatelaine::net
