#include "pages/page.hpp"
#include "provider/endpoints/endpoints.hpp"

namespace chatelaine::provider::endpoints {

Task<net::Response> asset(const Context& context, const net::Request& request) {
  co_return pages::serve_asset(request.path.substr(context.renderer.frame().assets_path.size() + 1));
}

}  // namespace chatelaine::provider::endpoints
