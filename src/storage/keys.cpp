#include "storage/keys.hpp"

#include <utility>

namespace chatelaine::storage {

std::string_view to_string(KeyPurpose purpose) {
  switch (purpose) {
    case KeyPurpose::sign_tokens:
      return "sign_tokens";
    case KeyPurpose::refresh_tokens:
      return "refresh_tokens";
  }
  std::unreachable();
}

}  // namespace chatelaine::storage
