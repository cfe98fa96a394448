#pragma once

#include <string_view>

namespace chatelaine::net {

/// Reads bytes as a request (and as an answer) with its body, and ends the process where one is taken that breaks a
/// promise of the layer: what was parsed is part of the input, holds no control characters, is framed in one way, and
/// is judged alike however the bytes arrive. For the fuzz target and for the replay of its corpus.
void check_http_invariants(std::string_view bytes);

}  // namespace chatelaine::net
