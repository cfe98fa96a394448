#include "gateway/call_ledger.hpp"

#include "base/block_on.hpp"

namespace chatelaine::gateway {

CallLedger::CallLedger(storage::Ledger& ledger, const Clock& clock, Log& log)
    : writer_([&ledger, &clock](const std::vector<storage::CallRecord>& calls,
                                std::uint32_t dropped) { block_on(ledger.add_calls(calls, dropped, clock.now())); },
              [&log](std::string_view reason) {
                log.warning("the records of calls could not be written", {{"reason", std::string(reason)}});
              }) {}

}  // namespace chatelaine::gateway
