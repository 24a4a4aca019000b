#pragma once

#include <functional>

#include "sim/model/inside.hpp"

/// What apply.cpp needs of waiting.cpp and packets.cpp. Not for others.
namespace loopscope::model {

inline constexpr const char* ends_together_doubt =
    "whether the timeout or the patience ends first is a matter of milliseconds";

/// Lets time pass, with all that happens meanwhile, until `until` or until `done` says so.
void advance(World& world, Time until, const std::function<bool()>& done);
/// Waits for the end of the process's call, until `limit` at most.
Prediction finish(World& world, std::size_t process, Time limit);
/// Keepalive probes change nothing while the peer can answer; where it cannot, the model does not follow
/// them.
void doubt_keepalive(World& world);

/// `packets pass`: the first `count` go on.
void let_go(World& world, Held& held, std::uint64_t count);
/// `packets drop`. TCP that wanted to send one of them again and could not, because its first copy was still
/// held, does so as soon as that is gone (skb_still_in_host_queue, tcp_tsq_write).
void lose(World& world, Held& held, std::uint64_t count);

}  // namespace loopscope::model
