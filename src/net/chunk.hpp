#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace chatelaine::net {

/// Reads the chunked coding (RFC 9112 §7.1) from bytes as they arrive. Extensions are read over, and refused where they
/// hold quotes; trailers are checked and dropped, since nobody asked for any (RFC 9110 §6.5.1).
class ChunkDecoder {
 public:
  enum class Step : std::uint8_t { piece, needs_more, end, broken };
  struct Outcome {
    Step step;
    /// Part of the input, for Step::piece.
    std::string_view piece;
  };
  /// Takes what it has read off the front of `input`. After `end`, what is left belongs to the next message.
  [[nodiscard]] Outcome next(std::string_view& input);

 private:
  enum class State : std::uint8_t {
    size,
    extension,
    size_newline,
    data,
    data_return,
    data_newline,
    trailer_start,
    trailer_name,
    trailer_value,
    trailer_newline,
    end_newline,
    ended,
    broken
  };
  [[nodiscard]] State step(char c);
  [[nodiscard]] State step_size(char c);
  [[nodiscard]] State step_trailer(char c);

  State state_ = State::size;
  std::uint64_t left_ = 0;
  unsigned size_digits_ = 0;
  /// Bytes of extensions and trailers, which nothing else bounds.
  unsigned overhead_ = 0;
};

/// The line before a chunk of that size.
void append_chunk_size(std::string& out, std::size_t size);

}  // namespace chatelaine::net
