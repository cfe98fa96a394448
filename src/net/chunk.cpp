#include "net/chunk.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "net/grammar.hpp"

namespace chatelaine::net {
namespace {

/// 16 TiB a chunk; leading zeros count.
constexpr unsigned kMostSizeDigits = 11;
constexpr unsigned kMostOverhead = 16 * 1024;

}  // namespace

ChunkDecoder::Outcome ChunkDecoder::next(std::string_view& input) {
  while (true) {
    if (state_ == State::ended) return {Step::end, {}};
    if (state_ == State::broken) return {Step::broken, {}};
    if (input.empty()) return {Step::needs_more, {}};
    if (state_ == State::data) {
      const std::string_view piece =
          input.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size())));
      input.remove_prefix(piece.size());
      left_ -= piece.size();
      if (left_ == 0) state_ = State::data_return;
      return {Step::piece, piece};
    }
    const char c = input.front();
    input.remove_prefix(1);
    state_ = step(c);
  }
}

ChunkDecoder::State ChunkDecoder::step(char c) {
  switch (state_) {
    case State::size:
      return step_size(c);
    case State::extension:
      if (c == '\r') return State::size_newline;
      // DEVIATION RFC 9112 §7.1.1: quoted extension values are refused: readers differ on where they end.
      if (++overhead_ > kMostOverhead || c == '"' || !is_target_text(std::string_view(&c, 1))) return State::broken;
      return State::extension;
    case State::size_newline:
      if (c != '\n') return State::broken;
      size_digits_ = 0;
      return left_ == 0 ? State::trailer_start : State::data;
    case State::data_return:
      return c == '\r' ? State::data_newline : State::broken;
    case State::data_newline:
      return c == '\n' ? State::size : State::broken;
    case State::end_newline:
      return c == '\n' ? State::ended : State::broken;
    case State::trailer_start:
    case State::trailer_name:
    case State::trailer_value:
    case State::trailer_newline:
      return step_trailer(c);
    case State::data:
    case State::ended:
    case State::broken:
      break;
  }
  return State::broken;
}

ChunkDecoder::State ChunkDecoder::step_size(char c) {
  if (const int digit = hex_value(c); digit >= 0) {
    if (++size_digits_ > kMostSizeDigits) return State::broken;
    left_ = left_ * 16 + static_cast<unsigned>(digit);
    return State::size;
  }
  if (size_digits_ == 0) return State::broken;
  if (c == ';') return State::extension;
  return c == '\r' ? State::size_newline : State::broken;
}

ChunkDecoder::State ChunkDecoder::step_trailer(char c) {
  if (++overhead_ > kMostOverhead) return State::broken;
  const std::string_view character(&c, 1);
  switch (state_) {
    case State::trailer_start:
      if (c == '\r') return State::end_newline;
      return is_token(character) ? State::trailer_name : State::broken;
    case State::trailer_name:
      if (c == ':') return State::trailer_value;
      return is_token(character) ? State::trailer_name : State::broken;
    case State::trailer_value:
      if (c == '\r') return State::trailer_newline;
      return is_field_value(character) ? State::trailer_value : State::broken;
    case State::trailer_newline:
      return c == '\n' ? State::trailer_start : State::broken;
    case State::size:
    case State::extension:
    case State::size_newline:
    case State::data:
    case State::data_return:
    case State::data_newline:
    case State::end_newline:
    case State::ended:
    case State::broken:
      break;
  }
  return State::broken;
}

void append_chunk_size(std::string& out, std::size_t size) {
  std::array<char, 20> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), size, 16).ptr;
  out.append(text.data(), end);
  out += "\r\n";
}

}  // namespace chatelaine::net
