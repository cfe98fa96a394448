#include "net/address.hpp"

#include <charconv>

#include "net/grammar.hpp"

namespace chatelaine::net {
namespace {

namespace ip = boost::asio::ip;

std::optional<unsigned> parse_number(std::string_view text, unsigned most) {
  unsigned number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || rest != text.data() + text.size() || number > most) return std::nullopt;
  return number;
}

std::optional<ip::address> parse_address(std::string_view text) {
  boost::system::error_code error;
  ip::address address = ip::make_address(std::string(text), error);
  if (error) return std::nullopt;
  return address;
}

ip::address_v6 to_v6(const ip::address& address) {
  return address.is_v4() ? ip::make_address_v6(ip::v4_mapped, address.to_v4()) : address.to_v6();
}

}  // namespace

ip::address unmap(const ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, address.to_v6());
  return address;
}

std::expected<ip::tcp::endpoint, std::string> parse_endpoint(std::string_view text) {
  const auto wrong = std::unexpected("\"" + std::string(text) +
                                     "\" is no address to listen on: write 127.0.0.1:8080, [::1]:8080 or 0.0.0.0:80");
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return wrong;
  std::string_view host = text.substr(0, colon);
  const bool is_bracketed = host.starts_with('[') && host.ends_with(']');
  if (is_bracketed) host = host.substr(1, host.size() - 2);
  const auto address = host == "localhost" ? parse_address("127.0.0.1") : parse_address(host);
  const auto port = parse_number(text.substr(colon + 1), 65535);
  if (!address || !port || address->is_v6() != is_bracketed) return wrong;
  return ip::tcp::endpoint(*address, static_cast<std::uint16_t>(*port));
}

std::expected<AddressBlock, std::string> AddressBlock::parse(std::string_view text) {
  const auto wrong = std::unexpected("\"" + std::string(text) +
                                     "\" is no address block: write 10.0.0.0/8, 2001:db8::/32 or one address");
  const std::size_t slash = text.find('/');
  const auto address = parse_address(text.substr(0, slash));
  if (!address) return wrong;
  const unsigned width = address->is_v4() ? 32 : 128;
  const auto prefix = slash == std::string_view::npos ? width : parse_number(text.substr(slash + 1), width);
  if (!prefix) return wrong;
  return AddressBlock(to_v6(*address), *prefix + (128 - width));
}

bool AddressBlock::contains(const ip::address& address) const {
  const auto mine = base_.to_bytes();
  const auto theirs = to_v6(address).to_bytes();
  for (unsigned bit = 0; bit < prefix_; bit += 8) {
    const unsigned width = std::min(8U, prefix_ - bit);
    const unsigned mask = (0xffU << (8 - width)) & 0xffU;
    if (((mine[bit / 8] ^ theirs[bit / 8]) & mask) != 0) return false;
  }
  return true;
}

std::string find_client_address(const ip::address& peer, std::string_view forwarded_for,
                                const std::vector<AddressBlock>& trusted) {
  const auto is_trusted = [&](const ip::address& address) {
    return std::ranges::any_of(trusted, [&](const AddressBlock& block) { return block.contains(address); });
  };
  ip::address client = unmap(peer);
  while (is_trusted(client) && !forwarded_for.empty()) {
    const std::size_t comma = forwarded_for.rfind(',');
    const std::size_t start = comma == std::string_view::npos ? 0 : comma + 1;
    const auto claimed = parse_address(trim_blanks(forwarded_for.substr(start)));
    if (!claimed) break;
    client = unmap(*claimed);
    forwarded_for = forwarded_for.substr(0, comma == std::string_view::npos ? 0 : comma);
  }
  return client.to_string();
}

}  // namespace chatelaine::net
