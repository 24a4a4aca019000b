#include "sim/hold/hold.hpp"

#include <map>

#include "sim/base/system_error.hpp"
#include "sim/hold/queue.hpp"
#include "sim/hold/repeats.hpp"
#include "sim/hold/rules.hpp"

namespace loopscope::hold {
namespace {

Nanoseconds now() { return std::chrono::steady_clock::now().time_since_epoch(); }  // CLOCK_MONOTONIC on Linux

}  // namespace

struct Holder::Private {
  // In this order: when they go, the rules go first, so that nothing new reaches a queue without a reader.
  Queue queue;
  Rules rules;
  Repeats repeats;
  std::map<trace::HeldId, std::uint32_t> held;  ///< the kernel's number of each
  Numbers numbers;

  std::optional<Arrival> arrive(Queued queued);
  bool settle(trace::HeldId id, bool pass);
  void let_all_go();
};

std::optional<Arrival> Holder::Private::arrive(Queued queued) {
  if (!rules.installed()) {  // it was on its way when holding ended
    queue.verdict(queued.number, true);
    return std::nullopt;
  }
  Arrival arrival;
  arrival.hook = queued.hook;
  arrival.monotonic = now();
  arrival.packet = std::move(queued.packet);
  const auto answer = repeats.look_at(arrival.packet, arrival.monotonic);
  arrival.repeats = answer.of;
  if (answer.what == Repeats::What::Surplus) {
    queue.verdict(queued.number, false);
    return arrival;
  }
  arrival.id = ++*numbers;
  held.emplace(arrival.id, queued.number);
  repeats.held(arrival.id, arrival.packet);
  return arrival;
}

bool Holder::Private::settle(trace::HeldId id, bool pass) {
  const auto found = held.find(id);
  if (found == held.end()) return false;
  const std::uint32_t number = found->second;
  held.erase(found);
  // First the note, then the verdict: what the packet sets off may be queued before the verdict's call
  // returns.
  if (pass) {
    repeats.passed(id, now());
  } else {
    repeats.dropped(id);
  }
  queue.verdict(number, pass);
  return true;
}

void Holder::Private::let_all_go() {
  while (!held.empty()) settle(held.begin()->first, true);
  for (Queued& queued : queue.take()) arrive(std::move(queued));
}

Holder::Holder(std::unique_ptr<Private> inside) : inside_(std::move(inside)) {}
Holder::Holder(Holder&&) noexcept = default;
Holder& Holder::operator=(Holder&&) noexcept = default;

Holder::~Holder() {
  if (!inside_) return;
  try {
    hold(false);
  } catch (const std::exception&) {  // the queue closes anyway, and the kernel drops what is left in it
  }
}

tl::expected<Holder, std::string> Holder::open(std::uint16_t queue_number, Numbers numbers) {
  try {
    auto queue = Queue::open(queue_number);
    if (!queue) return tl::unexpected(queue.error());
    auto rules = Rules::open(queue_number);
    if (!rules) return tl::unexpected(rules.error());
    return Holder(std::unique_ptr<Private>(
        new Private{std::move(*queue), std::move(*rules), {}, {}, std::move(numbers)}));
  } catch (const SystemError& error) {  // a kernel without netfilter's netlink family: EPROTONOSUPPORT
    return tl::unexpected("this kernel has no netfilter (CONFIG_NETFILTER): " + std::string(error.what()));
  }
}

Way Holder::way() const noexcept { return inside_->rules.way(); }
int Holder::fd() const noexcept { return inside_->queue.fd(); }
bool Holder::holding() const noexcept { return inside_->rules.installed(); }

void Holder::hold(bool on) {
  if (on) return inside_->rules.install();
  inside_->rules.remove();
  inside_->let_all_go();
}

std::vector<Arrival> Holder::take() {
  std::vector<Arrival> arrivals;
  for (Queued& queued : inside_->queue.take()) {
    if (auto arrival = inside_->arrive(std::move(queued))) arrivals.push_back(std::move(*arrival));
  }
  return arrivals;
}

bool Holder::pass(trace::HeldId id) { return inside_->settle(id, true); }
bool Holder::drop(trace::HeldId id) { return inside_->settle(id, false); }

std::vector<trace::HeldId> Holder::held() const {
  std::vector<trace::HeldId> ids;
  ids.reserve(inside_->held.size());
  for (const auto& [id, number] : inside_->held) ids.push_back(id);
  return ids;
}

Losses Holder::losses() const { return inside_->queue.losses(); }

}  // namespace loopscope::hold
