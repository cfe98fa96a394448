#include "net/client_watch.hpp"

namespace chatelaine::net {

void ClientWatch::tick() {
  if (source_ != nullptr) source_->tick(stream_.loop());
  const bool matters = source_ != nullptr || cancellation_.is_watched();
  if (!matters) return;
  if (!has_client_gone() && is_client_gone()) cancellation_.cancel();
  // It may have gone before there was a source.
  if (source_ == nullptr || is_source_told_ || !has_client_gone()) return;
  is_source_told_ = true;
  source_->cancel();
}

bool ClientWatch::is_client_gone() {
  switch (stream_.look_at_peer()) {
    case Peer::there:
      return false;
    case Peer::has_finished_sending:
      // Its request may end so, and not be read yet.
      return !body_.is_open();
    case Peer::gone:
      break;
  }
  return true;
}

}  // namespace chatelaine::net
